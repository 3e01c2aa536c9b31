"""One listing against a catalogue: candidates by words, meaning and picture, judged by the matcher."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shopclerk.catalog.picture_search import PictureQuery
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Searcher, SearchRequest
from shopclerk.catalog.spelling import store_vocabulary
from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.text_space import WordCounts
from shopclerk.models.product_matcher import Match, ProductMatcher
from shopclerk.tools.matching_listings import listing_of, store_prints

CANDIDATES = 30
QUERY_CHARS = 300


@dataclass(frozen=True)
class Candidate:
    """A product that a listing may be.

    Attributes:
        product: The product.
        match: What is held of the two; `right` is the product's id.
    """

    product: Product
    match: Match


class CatalogMatcher:
    """Compares listings with one catalogue.

    Args:
        searcher: Over the catalogue; finds the candidates.
        matcher: Judges them.
    """

    def __init__(self, searcher: Searcher, matcher: ProductMatcher) -> None:
        self.searcher = searcher
        self.matcher = matcher
        self._counts: tuple[int, WordCounts] | None = None

    @property
    def counts(self) -> WordCounts:
        """How often words occur in the catalogue as it is now."""
        store = self.searcher.store
        generation = store.generation
        if self._counts is None or self._counts[0] != generation:
            counts = WordCounts(store_vocabulary(store), len(store))
            self._counts = (generation, counts)
        return self._counts[1]

    def duplicates_of(self, product_id: str) -> list[Candidate]:
        """Return the products that a product of the catalogue may be a duplicate of, the likeliest first.

        Raises:
            UnknownProductError: The catalogue does not hold this id.
        """
        store = self.searcher.store
        product = store.get(product_id)
        alike = self.searcher.similar(product_id, SearchRequest(limit=CANDIDATES))
        found = [*(hit.product for hit in alike.hits), *self._by_words(product.title)]
        others = _each_once(other for other in found if other.id != product_id)
        row = store.row_of(product_id)
        picture = store_prints(store, [row]).get(row)
        return self._judged(self.matcher.by_itself(), listing_of(product, picture), others)

    def items_like(self, listing: Listing, picture: PictureQuery | None = None) -> list[Candidate]:
        """Return the products that a listing from elsewhere may be, the likeliest first.

        Args:
            listing: The listing.
            picture: Its picture, if there is one and the catalogue has pictures.
        """
        found = self._by_words(f"{listing.brand} {listing.title}".strip())
        if picture is not None and self.searcher.pictures is not None:
            request = SearchRequest(picture=picture, limit=CANDIDATES)
            found += [hit.product for hit in self.searcher.search(request).hits]
        return self._judged(self.matcher, listing, _each_once(found))

    def _by_words(self, title: str) -> list[Product]:
        request = SearchRequest(title[:QUERY_CHARS], limit=CANDIDATES)
        return [hit.product for hit in self.searcher.search(request).hits]

    def _judged(
        self, matcher: ProductMatcher, listing: Listing, products: Sequence[Product]
    ) -> list[Candidate]:
        if not products:
            return []
        store = self.searcher.store
        rows = {product.id: store.row_of(product.id) for product in products}
        prints = store_prints(store, rows.values())
        others = [listing_of(product, prints.get(rows[product.id])) for product in products]
        known = matcher.read([listing, *others], self.counts)
        left = np.zeros(len(others), np.int64)
        matches = matcher.matches(known, left, left + np.arange(1, len(others) + 1))
        found = [Candidate(*pair) for pair in zip(products, matches, strict=True)]
        return sorted(found, key=lambda each: -each.match.probability)


def _each_once(products: Iterable[Product]) -> list[Product]:
    return list({product.id: product for product in products}.values())
