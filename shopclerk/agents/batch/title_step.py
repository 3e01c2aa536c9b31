"""The step that writes titles."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from shopclerk.agents.batch.steps import Kind, Outcome
from shopclerk.catalog.product import Product

if TYPE_CHECKING:
    from shopclerk.models.title_writer import Title, TitleInput


class Writer(Protocol):
    """Writes titles for a batch of listings."""

    def write(self, products: "Sequence[TitleInput]") -> "Sequence[Title]":
        """Return a title for each."""


class TitleStep:
    """Writes the title and its short form.

    Args:
        writer: Who writes.
        made_by: The writer's name, with what it depends on.
    """

    name: ClassVar[str] = "title"
    columns: ClassVar[Mapping[str, Kind]] = {
        "new_title": "text",
        "short_title": "text",
        "changes": "texts",
        "writer": "text",
        "confidence": "number",
    }

    def __init__(self, writer: Writer, made_by: str) -> None:
        self._writer, self.made_by = writer, made_by

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return titles and what was changed in them."""
        titles = self._writer.write([title_input(product) for product in products])
        return [Outcome(_cells(title)) for title in titles]


def title_input(product: Product) -> "TitleInput":
    """Return what the writer reads of a product."""
    from shopclerk.models.title_writer import TitleInput

    return TitleInput(
        id=product.id,
        title=product.title,
        description=product.description,
        brand=product.brand,
        category=product.category,
        attributes={name: product.attribute_values(name) for name in product.attributes},
    )


def _cells(title: "Title") -> dict[str, Any]:
    return {
        "new_title": title.title,
        "short_title": title.short_title,
        "changes": [f"{one.rule}: '{one.before}' → '{one.after}'" for one in title.changes],
        "writer": f"{title.writer}, repaired" if title.repaired else title.writer,
        "confidence": round(title.confidence, 3),
    }
