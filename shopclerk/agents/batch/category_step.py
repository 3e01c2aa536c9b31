"""The step that puts listings into the taxonomy."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from shopclerk.agents.batch.row_pictures import look_at
from shopclerk.agents.batch.steps import Kind, Outcome
from shopclerk.catalog.product import Product

if TYPE_CHECKING:
    from shopclerk.models.category_mapper import CategoryMapper, CategoryMapping

SUGGESTIONS = 3


class CategoryStep:
    """Maps category text, title, description and picture to a category.

    Args:
        mapper: Maps to the taxonomy.
        taxonomy: The taxonomy's name and version.
        picture_words: Words that a picture suggests, by its path; None looks at none.
    """

    name: ClassVar[str] = "category"
    columns: ClassVar[Mapping[str, Kind]] = {
        "new_category": "text",
        "category_confidence": "number",
        "category_why": "text",
        "others": "texts",
    }

    def __init__(
        self,
        mapper: "CategoryMapper",
        taxonomy: str,
        picture_words: Callable[[str], Mapping[str, float]] | None = None,
    ) -> None:
        self._mapper, self.made_by = mapper, f"{mapper.id} over {taxonomy}"
        self._picture_words = picture_words

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return a category for each, or none where nothing fits; a seller's own is what later steps see."""
        from shopclerk.models.category_mapper import CategoryInput

        looks = [look_at(product, self._picture_words) for product in products]
        asked = [
            CategoryInput(one.category, one.title, one.description, words or {})
            for one, (words, _) in zip(products, looks, strict=True)
        ]
        found = self._mapper.map(asked, top=SUGGESTIONS)
        return [
            Outcome(_cells(mapping), _learned(product, mapping), why)
            for product, mapping, (_, why) in zip(products, found, looks, strict=True)
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
