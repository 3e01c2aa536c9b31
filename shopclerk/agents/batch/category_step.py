"""The step that puts listings into the taxonomy."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from shopclerk.agents.batch.steps import Kind, Outcome
from shopclerk.catalog.product import Product

if TYPE_CHECKING:
    from shopclerk.models.category_mapper import CategoryMapper, CategoryMapping

SUGGESTIONS = 3


class CategoryStep:
    """Maps category text, title and description to a category.

    Args:
        mapper: Maps to the taxonomy.
        taxonomy: The taxonomy's name and version.
    """

    name: ClassVar[str] = "category"
    columns: ClassVar[Mapping[str, Kind]] = {
        "new_category": "text",
        "category_confidence": "number",
        "category_why": "text",
        "others": "texts",
    }

    def __init__(self, mapper: "CategoryMapper", taxonomy: str) -> None:
        self._mapper, self.made_by = mapper, f"{mapper.id} over {taxonomy}"

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return a category for each, or none where nothing fits; a seller's own is what later steps see."""
        from shopclerk.models.category_mapper import CategoryInput

        asked = [CategoryInput(one.category, one.title, one.description) for one in products]
        found = self._mapper.map(asked, top=SUGGESTIONS)
        return [
            Outcome(_cells(mapping), _learned(product, mapping))
            for product, mapping in zip(products, found, strict=True)
        ]


def _cells(mapping: "CategoryMapping") -> dict[str, Any]:
    best = mapping.best
    others = [one.path for one in mapping.suggestions if one is not best]
    if best is None:
        return {"category_why": "Nothing fits well enough.", "others": others}
    return {
        "new_category": best.path,
        "category_confidence": round(best.confidence, 3),
        "category_why": best.why,
        "others": others,
    }


def _learned(product: Product, mapping: "CategoryMapping") -> dict[str, Any]:
    return {} if product.category or mapping.best is None else {"category": mapping.best.path}
