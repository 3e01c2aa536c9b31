"""The rows of a file that could not be read, as a table."""

import json
from itertools import islice
from pathlib import Path

from shopclerk.ui.cards import table

MOST_SHOWN = 100


def rejects_table(path: Path | None) -> str:
    """Return the rows of a reject file with line and reason, empty where there are none."""
    if path is None or not path.is_file():
        return ""
    with path.open(encoding="utf-8") as lines:
        shown = [json.loads(line) for line in islice(lines, MOST_SHOWN)]
        count = len(shown) + sum(1 for _ in lines)
    rows = [(each.get("line", ""), each.get("reason", "")) for each in shown]
    caption = "1 row was left out" if count == 1 else f"{count:,} rows were left out"
    return table(("line", "why"), rows, caption=caption) if rows else ""
