"""What a catalogue knows of its attributes: the schema of each category, counts of values, brands; made when first asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store
from shopclerk.models.attribute_extractor import EmbeddedExtractor
from shopclerk.models.attribute_gazetteer import Gazetteer
from shopclerk.models.attribute_rows import labelled, stated
from shopclerk.models.attribute_schema import Schema
from shopclerk.models.value_normaliser import ValueNormaliser

MOST_PRODUCTS = 3_000
"""Products that are read at most, evenly over the catalogue, so that the first answer takes seconds."""
BRAND = "brand"


@dataclass(frozen=True, slots=True)
class AttributeKnowledge:
    """What a catalogue knows.

    Attributes:
        schema: Attributes by category.
        gazetteer: Counts of values that stand in the products' own texts.
        normaliser: Knows the brands' spellings.
    """

    schema: Schema
    gazetteer: Gazetteer
    normaliser: ValueNormaliser


def attributes_of(product: Product) -> dict[str, tuple[str, ...]]:
    """Return a product's attributes, its brand among them."""
    given = {name: product.attribute_values(name) for name in product.attributes}
    if product.brand:
        given.setdefault(BRAND, (product.brand,))
    return given


def learn_attributes(products: list[Product]) -> AttributeKnowledge:
    """Read products for what they know of attributes."""
    rows = [
        stated(product.title, product.description or "", product.category or "", given)
        for product in products
        if (given := attributes_of(product))
    ]
    windows = [window for row in rows if row is not None for window in labelled(row)]
    schema = Schema.of((product.category or "", attributes_of(product)) for product in products)
    brands = dict.fromkeys(product.brand for product in products if product.brand)
    return AttributeKnowledge(schema, Gazetteer.of(windows), ValueNormaliser.of((), brands))


class AttributeShelf:
    """The knowledge of one catalogue, kept until the catalogue changes, and the extractor that reads with it.

    Args:
        store: The catalogue.
        open_extractor: Opens the extractor over a shop's counts.
    """

    def __init__(
        self, store: Store, open_extractor: Callable[[Gazetteer], EmbeddedExtractor]
    ) -> None:
        self._store, self._open = store, open_extractor
        self._known: tuple[int, AttributeKnowledge, EmbeddedExtractor] | None = None

    def get(self) -> tuple[AttributeKnowledge, EmbeddedExtractor]:
        """Return the knowledge and the extractor, made anew where the catalogue has changed."""
        generation = self._store.generation
        if self._known is None or self._known[0] != generation:
            knowledge = learn_attributes(list(self._some()))
            self._known = (generation, knowledge, self._open(knowledge.gazetteer))
        return self._known[1], self._known[2]

    def _some(self) -> Iterator[Product]:
        step = max(1, len(self._store) // MOST_PRODUCTS)
        return islice(self._store.products(), 0, None, step)
