"""A listing made by the helper, as a card in the terminal."""

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from shopclerk.agents.listing.draft import Draft, Made

if TYPE_CHECKING:
    from rich.console import Console

Row = tuple[str, Any, Made | None]


def print_card(draft: Draft, console: "Console", *, brief: bool = False) -> None:
    """Print a listing: each field with who made it and how sure that is, then what the checks found.

    Args:
        draft: The listing.
        console: Where to.
        brief: Leave out the description, and who made what.
    """
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value, made in _rows(draft, brief):
        if value:
            by = f"{made.by} {made.confidence:.0%}" if made and made.confidence else ""
            cells = Text(name, style="bold"), Text(str(value)), Text(by, style="dim")
            table.add_row(*cells[: 2 if brief else 3])
    console.print(table)
    verdict = draft.value("checks") or {}
    console.print(f"\nQuality {verdict.get('score', '?')} of 100")
    for finding in verdict.get("findings", []):
        said = f"  {finding['severity']}: {finding['message']} {finding['mend']['advice']}"
        console.print(Text(said))
    for same in draft.value("duplicates") or []:
        console.print(Text(f"  like {same['id']} ({same['probability']:.0%}): {same['why']}"))


def _rows(draft: Draft, brief: bool) -> list[Row]:
    product, made = draft.product(), draft.made
    read = [(name, ", ".join(product.attribute_values(name))) for name in product.attributes]
    if brief:
        read = [("attributes", "; ".join(f"{name}: {value}" for name, value in read))]
    return [
        ("title", product.title, made.get("title")),
        ("category", product.category, made.get("category")),
        ("brand", product.brand, None),
        ("price", product.price and f"{product.price:.2f} {product.currency}", None),
        *((name, value, made.get("attributes")) for name, value in read),
        ("tags", ", ".join(product.tags), made.get("tags")),
        ("description", None if brief else product.description, made.get("description")),
        ("picture", draft.value("caption"), made.get("caption")),
    ]
