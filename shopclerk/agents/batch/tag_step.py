"""The step that suggests tags."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from shopclerk.agents.batch.row_pictures import look_at
from shopclerk.agents.batch.steps import Kind, Outcome
from shopclerk.catalog.product import Product

if TYPE_CHECKING:
    from PIL import Image

    from shopclerk.catalog.picture_search import PictureQuery
    from shopclerk.tools.tag_suggester import TagSuggester


class TagStep:
    """Suggests tags by a listing's words and its picture.

    Args:
        suggester: Suggests them.
        made_by: The tagger and the catalogue behind it.
        look: A picture, and how it looks, by its path; None looks at none.
    """

    name: ClassVar[str] = "tags"
    columns: ClassVar[Mapping[str, Kind]] = {"new_tags": "texts", "tags_from": "texts"}

    def __init__(
        self,
        suggester: "TagSuggester",
        made_by: str,
        look: "Callable[[str], tuple[Image.Image, PictureQuery | None]] | None" = None,
    ) -> None:
        self._suggester, self.made_by, self._look = suggester, made_by, look

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return tags that each has not been given, and where each tag came from."""
        return [self._one(product) for product in products]

    def _one(self, product: Product) -> Outcome:
        from shopclerk.tools.tag_suggester import Wanted

        own = {tag.casefold() for tag in product.tags}
        words = ". ".join(text for text in (product.title, product.description) if text)
        seen, why = look_at(product, self._look)
        found = self._suggester.suggest(Wanted(words, *(seen or ())))
        new = [one for one in found if one.tag.casefold() not in own]
        cells = {"new_tags": [one.tag for one in new], "tags_from": [one.source for one in new]}
        return Outcome(cells, {"tags": (*product.tags, *(one.tag for one in new))}, why)
