"""The step that writes titles."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from shopclerk.agents.batch.steps import Kind, Outcome
from shopclerk.catalog.product import Product

if TYPE_CHECKING:
    from shopclerk.models.title_writer import Title, TitleWriter

NAMELESS = "The title names no product, only emoji, marks or promotion, and no other field does. Write what it is."


class TitleStep:
    """Writes the title and its short form.

    Args:
        writer: Who writes.
        words: Names the shop whose words mend misspelt ones, if any.
    """

    name: ClassVar[str] = "title"
    columns: ClassVar[Mapping[str, Kind]] = {
        "new_title": "text",
        "short_title": "text",
        "changes": "texts",
        "writer": "text",
        "confidence": "number",
    }

    def __init__(self, writer: "TitleWriter", words: str = "") -> None:
        self._writer = writer
        self.made_by = f"{writer.id}, words of {words}" if words else writer.id

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return titles and what was changed in them; later steps see the new ones."""
        titles = self._writer.write(products)
        return [
            Outcome(_cells(title), {"title": title.title})
            if title.title
            else Outcome(_cells(title), error=NAMELESS)
            for title in titles
        ]


def _cells(title: "Title") -> dict[str, Any]:
    return {
        "new_title": title.title,
        "short_title": title.short_title,
        "changes": [f"{one.rule}: '{one.before}' → '{one.after}'" for one in title.changes],
        "writer": f"{title.writer}, repaired" if title.repaired else title.writer,
        "confidence": round(title.confidence, 3),
    }
