"""shopclerk: an assistant for shops that finds products and keeps listings clean.

The names here are what a program needs; they are loaded when they are first used, so that importing the package costs
nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shopclerk.async_shop import AsyncShop
    from shopclerk.errors import ShopclerkError
    from shopclerk.settings import Settings
    from shopclerk.shop import Shop

__version__ = "0.1.0"
__all__ = ["AsyncShop", "Settings", "Shop", "ShopclerkError", "__version__"]

_PLACES = {
    "AsyncShop": "async_shop",
    "Settings": "settings",
    "Shop": "shop",
    "ShopclerkError": "errors",
}


def __getattr__(name: str) -> Any:
    """Load a public name.

    Raises:
        AttributeError: There is none of this name.
    """
    if name not in _PLACES:
        raise AttributeError(f"module 'shopclerk' has no attribute '{name}'")
    return getattr(import_module(f"shopclerk.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
