"""A look before the leap: the first rows before and after, as a page of HTML, with nothing else written."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from shopclerk.agents.batch.columns import OutColumn, out_columns
from shopclerk.agents.batch.engines import InlineEngine
from shopclerk.agents.batch.job import answered_table
from shopclerk.agents.batch.journal import storage_errors
from shopclerk.agents.batch.source import Selection, open_source
from shopclerk.agents.batch.steps import Step

PREVIEW_ROWS = 20
MAX_SHOWN_CHARS = 1_000


class Part(NamedTuple):
    """A piece of a text: `same`, `gone` or `new`."""

    kind: str
    text: str


class PreviewRow(NamedTuple):
    """One row before and after.

    Attributes:
        row_id: Its id.
        before: The title as it stands in the file.
        after: The new title, empty where there is none.
        cells: Name and text of every other new column that is filled.
    """

    row_id: str
    before: str
    after: str
    cells: list[tuple[str, str]]

    def parts(self) -> list[Part]:
        """Return the two titles as one, word by word, what went and what came."""
        before, after = self.before.split(), self.after.split()
        found: list[Part] = []
        for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if op == "equal":
                found.append(Part("same", " ".join(before[a:b])))
                continue
            gone, new = " ".join(before[a:b]), " ".join(after[c:d])
            found += [part for part in (Part("gone", gone), Part("new", new)) if part.text]
        return found


def preview(selection: Selection, steps: Sequence[Step]) -> list[PreviewRow]:
    """Work on the rows of a selection, at most `PREVIEW_ROWS` of them where it has no limit of its own."""
    source = open_source(selection)
    survey = source.survey(lambda *_: None)
    columns = out_columns(steps, survey.schema.names)
    wanted = selection.limit or PREVIEW_ROWS
    chunks = source.chunks(survey.schema, min(wanted, PREVIEW_ROWS))
    rows: list[PreviewRow] = []
    for answered in InlineEngine(steps).run(chunks):
        table = answered_table(answered, survey.schema, columns).select(
            [column.name for column in columns]
        )
        rows += _rows(answered.chunk.requests, table.to_pylist(), columns)
        if len(rows) >= wanted:
            break
    return rows[:wanted]


def _rows(
    requests: Sequence[Any], cells: Sequence[dict[str, Any]], columns: Sequence[OutColumn]
) -> Iterator[PreviewRow]:
    title = next((one.name for one in columns if one.keys[0] == "title.new_title"), None)
    for request, row in zip(requests, cells, strict=True):
        shown = [
            (name, _shown(value))
            for name, value in islice(row.items(), 1, None)
            if name != title and value not in (None, "", [])
        ]
        before = str((request.fields or {}).get("title") or "")
        after = row[title] or "" if title else before
        yield PreviewRow(request.row_id, before[:MAX_SHOWN_CHARS], after, shown)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))[:MAX_SHOWN_CHARS]
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return text[:MAX_SHOWN_CHARS]


def write_page(rows: Sequence[PreviewRow], source: Path, target: Path) -> None:
    """Write the page; all that comes from the file is escaped and shown as text.

    Raises:
        StorageError: It cannot be written.
    """
    from jinja2 import Environment, StrictUndefined

    template = files(__package__).joinpath("before_after.html").read_text("utf-8")
    made = Environment(autoescape=True, undefined=StrictUndefined).from_string(template)
    with storage_errors(target):
        target.write_text(made.render(rows=rows, source=source.name), encoding="utf-8")
