"""What `import shopclerk` offers: whole, sorted, and typed as it stands."""

import importlib

import pytest

import shopclerk
from shopclerk.errors import ShopclerkError
from shopclerk.shop import Shop


def test_the_public_names_are_sorted_and_there() -> None:
    assert shopclerk.__all__ == sorted(shopclerk.__all__)
    assert dir(shopclerk) == shopclerk.__all__
    assert all(getattr(shopclerk, name) is not None for name in shopclerk.__all__)


@pytest.mark.parametrize("name", [name for name in shopclerk.__all__ if name != "__version__"])
def test_a_public_name_is_documented(name: str) -> None:
    public = getattr(shopclerk, name)
    methods = {key: each for key, each in vars(public).items() if callable(each) and key[0] != "_"}
    assert public.__doc__
    assert [key for key, each in methods.items() if not each.__doc__] == []


def test_they_are_those_of_their_modules() -> None:
    assert shopclerk.Shop is Shop
    assert shopclerk.ShopclerkError is ShopclerkError


def test_a_module_is_still_a_module() -> None:
    assert importlib.import_module("shopclerk.shop").Shop is shopclerk.Shop


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Shopp'"):
        _ = shopclerk.Shopp
