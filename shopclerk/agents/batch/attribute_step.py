"""The step that reads attributes out of a listing's words."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from shopclerk.agents.batch.steps import Kind, Outcome
from shopclerk.agents.listing.understanding import SURE
from shopclerk.catalog.product import Product

if TYPE_CHECKING:
    from shopclerk.models.attribute_extractor import AttributeExtractor, Extracted
    from shopclerk.tools.attribute_shelf import AttributeKnowledge

BRAND = "brand"


class AttributeStep:
    """Looks for the attributes that a shop's listings of the same category have.

    Args:
        extractor: Finds values.
        knowledge: What the shop's catalogue knows: which attributes a category has, spellings of values.
        shop: Names the catalogue.
    """

    name: ClassVar[str] = "attributes"
    columns: ClassVar[Mapping[str, Kind]] = {
        "new_attributes": "json",
        "normalised_attributes": "json",
        "attributes_confidence": "number",
    }

    def __init__(
        self, extractor: "AttributeExtractor", knowledge: "AttributeKnowledge", shop: str
    ) -> None:
        self._extractor, self._knowledge = extractor, knowledge
        self.made_by = f"{extractor.id}, attributes of {shop}"

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return what each states of the attributes it has not been given."""
        from shopclerk.models.attribute_extractor import Listing

        schema = self._knowledge.schema
        asked = []
        for product in products:
            given = {name.casefold() for name in product.attributes}
            given |= {BRAND} if product.brand else set()
            specs, source = schema.attributes(product.category or "")
            # Attributes of any category at all would only bring nonsense: a shoe's 'dietary'.
            known = specs if source != "all categories" else ()
            wanted = tuple(spec for spec in known if spec.name.casefold() not in given)
            asked.append(
                Listing(product.title, wanted, product.description or "", product.category or "")
            )
        found = self._extractor.extract(asked)
        return [self._outcome(*pair) for pair in zip(products, found, strict=True)]

    def _outcome(self, product: Product, found: "Mapping[str, Extracted]") -> Outcome:
        stated = {name: one for name, one in found.items() if one.values and one.confidence >= SURE}
        if not stated:
            return Outcome({"new_attributes": {}})
        values = {name: [value.text for value in one.values] for name, one in stated.items()}
        normal = {name: self._normal(name, texts, product) for name, texts in values.items()}
        cells = {
            "new_attributes": {name: _one_or_all(texts) for name, texts in values.items()},
            "normalised_attributes": {name: _one_or_all(texts) for name, texts in normal.items()},
            "attributes_confidence": round(min(one.confidence for one in stated.values()), 3),
        }
        return Outcome(cells, _learned(product, values))

    def _normal(self, name: str, texts: Sequence[str], product: Product) -> list[str]:
        normalise = self._knowledge.normaliser.normalise
        normal = [
            value
            for text in texts
            for value in normalise(text, name, product.category or "").values
        ]
        return list(dict.fromkeys(normal))


def _learned(product: Product, values: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    new = {name: tuple(texts) for name, texts in values.items() if name.casefold() != BRAND}
    learned: dict[str, Any] = {"attributes": {**new, **product.attributes}}
    brand = next((texts[0] for name, texts in values.items() if name.casefold() == BRAND), None)
    return learned | ({"brand": brand} if brand and not product.brand else {})


def _one_or_all(texts: list[str]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else texts
