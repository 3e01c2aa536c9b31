"""Pictures of rows in a batch: the first that lies on this machine, and why it could not be read."""

from collections.abc import Callable
from typing import TypeVar

from shopclerk.catalog.product import Product
from shopclerk.errors import PictureError

Shown = TypeVar("Shown")


def is_file(path: str) -> bool:
    """Tell whether a picture is named by a path; addresses are not fetched for rows."""
    return "://" not in path and not path.lower().startswith("data:")


def look_at(
    product: Product, look: Callable[[str], Shown] | None
) -> tuple[Shown | None, str | None]:
    """Return what a row's picture shows, and why nothing where it cannot be read: the row goes by its words then.

    Args:
        product: The row.
        look: Opens a picture by its path; None looks at none.
    """
    path = next(filter(is_file, product.images), None)
    if look is None or path is None:
        return None, None
    try:
        return look(path), None
    except PictureError as error:
        return None, f"By words alone. {error}"
