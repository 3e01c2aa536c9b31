"""What a shop makes of the pictures of rows that it does not have yet."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shopclerk.catalog.product import Product
from shopclerk.models.quality.agreement_checks import votes
from shopclerk.models.quality.norms import levels_of
from shopclerk.pictures import Picture, open_picture
from shopclerk.tools.listing_neighbours import CatalogNeighbours

if TYPE_CHECKING:
    from PIL import Image

    from shopclerk.catalog.picture_search import PictureQuery
    from shopclerk.shop import Shop

KEPT = 1_024
"""Pictures whose vectors are kept, since several steps look at the same row."""


class Seen(NamedTuple):
    """A picture, and the same as numbers where the shop has pictures to compare it with."""

    image: "Image.Image"
    look: "PictureQuery | None"


class RowPictures:
    """Looks at pictures of rows for the steps. Each method raises `PictureError` where one cannot be read.

    Args:
        shop: The shop that the rows are held against.
        folder: What relative paths are relative to.
    """

    def __init__(self, shop: "Shop", folder: Path) -> None:
        self._shop, self._folder = shop, folder
        self._query = lru_cache(maxsize=KEPT)(self._look)
        self._neighbours = CatalogNeighbours(shop.searcher, self._query)

    def open(self, path: str) -> Picture:
        """Return a picture."""
        return open_picture(path, self._shop.gallery.limits, folder=self._folder)

    def seen(self, path: str) -> Seen:
        """Return a picture with its look."""
        look = self._query(path) if self._shop.searcher.pictures is not None else None
        return Seen(self.open(path).image, look)

    def words(self, path: str) -> Mapping[str, float]:
        """Return the category names of the listings that look most like a picture, with their votes."""
        asked = Product(id="picture", title="picture", images=(path,))
        near = self._neighbours.by_picture(asked)
        return votes([each for each in near if levels_of(each.category)], lambda levels: levels[-1])

    def _look(self, path: str) -> "PictureQuery":
        return self._shop.gallery.query(self.open(path))
