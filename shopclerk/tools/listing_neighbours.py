"""The listings of a catalogue nearest to one, which may be in it or not."""

from collections.abc import Callable, Mapping

from shopclerk.catalog.picture_search import PictureQuery
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Searcher
from shopclerk.errors import UnknownProductError
from shopclerk.models.quality.agreement_checks import Neighbour
from shopclerk.models.quality.finding import Listing

NEAREST = 20

PictureOf = Callable[[str], PictureQuery]
"""A listing's picture, by its path, as a query; raises `PictureError`."""


class CatalogNeighbours:
    """Finds neighbours by the vectors of texts and pictures.

    Args:
        searcher: Search over the catalogue.
        picture_of: Looks at a listing's picture; None where the shop looks at none.
    """

    def __init__(self, searcher: Searcher, picture_of: PictureOf | None = None) -> None:
        self._searcher = searcher
        self._picture_of = picture_of

    def by_words(self, listing: Listing) -> list[Neighbour]:
        """Return the listings nearest by title, brand and description, itself left out."""
        searcher = self._searcher
        vectors, encoder = searcher.models.vectors, searcher.models.encoder
        if vectors is None or encoder is None or not len(searcher.store):
            return []
        vector = encoder.encode([words_of(listing)])[0]
        return self._neighbours(vectors.nearest(vector, NEAREST + 1), listing)

    def by_picture(self, listing: Listing) -> list[Neighbour]:
        """Return the listings whose pictures look most like the listing's, itself left out."""
        pictures = self._searcher.pictures
        if pictures is None or not listing.images:
            return []
        query = self._known_picture(listing)
        if query is None and self._picture_of is not None:
            query = self._picture_of(listing.images[0])
        if query is None:
            return []
        return self._neighbours(pictures.by_picture(query, "", None), listing)

    def _known_picture(self, listing: Listing) -> PictureQuery | None:
        """Return the picture as it was read when the catalogue was indexed, where this very listing is in it."""
        store, pictures = self._searcher.store, self._searcher.pictures
        try:
            same = store.get(listing.id).images[:1] == tuple(listing.images[:1])
        except UnknownProductError:
            return None
        return pictures.query_of(store.row_of(listing.id)) if same and pictures else None

    def _neighbours(self, scores: Mapping[int, float], listing: Listing) -> list[Neighbour]:
        rows = sorted(scores, key=lambda row: (-scores[row], row))[: NEAREST + 1]
        products = self._searcher.store.by_rows(rows)
        near = [
            Neighbour(products[row].id, products[row].category, max(0.0, min(1.0, scores[row])))
            for row in rows
            if row in products and products[row].id != listing.id
        ]
        return near[:NEAREST]


def words_of(listing: Listing) -> str:
    """Return what a listing says besides its category."""
    if isinstance(listing, Product):
        return listing.model_copy(update={"category": None}).embedding_text()
    return ". ".join(filter(None, (listing.title, listing.brand, listing.description)))[:2_000]
