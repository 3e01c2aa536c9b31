"""The rows of a batch file, chunk by chunk: CSV, TSV, JSON Lines and Parquet.

A file is read twice: once to count the wanted rows, to learn the columns' types and to put aside broken rows,
and once for the work. Both passes stream; memory holds a chunk or two.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pyarrow as pa

from shopclerk.agents.batch.columns import KindSurvey, input_table, text_schema
from shopclerk.agents.batch.conditions import Condition, refuse_unknown, resolve
from shopclerk.agents.batch.steps import Request
from shopclerk.catalog.feeds import OwnColumns, google_name, layout_of
from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import read_header, read_raw_rows
from shopclerk.errors import SettingError, UnreadableFileError, unknown

TEXT_FORMATS = (".csv", ".tsv", ".jsonl", ".ndjson")
FORMATS = (*TEXT_FORMATS, ".parquet")
MAX_COLUMNS = 2_000

Reject = Callable[[int, str, str], None]
"""Takes the line, the reason and the text of a row that cannot be read."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of which file.

    Attributes:
        path: The file.
        columns: Product field to the file's column, as `--map` gives it.
        where: Conditions that a row must meet.
        limit: Rows at most; None for all.
    """

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    where: tuple[Condition, ...] = ()
    limit: int | None = None


class Chunk(NamedTuple):
    """Some rows that follow one another.

    Attributes:
        number: 0 for the first chunk.
        table: The input's columns.
        requests: The same rows as the steps need them.
    """

    number: int
    table: pa.Table
    requests: list[Request]


class Survey(NamedTuple):
    """What the first pass found: the input's columns and the number of wanted rows."""

    schema: pa.Schema
    rows: int


class Source(Protocol):
    """A file of rows."""

    def survey(self, reject: Reject) -> Survey:
        """Read it once; hand on the rows that cannot be read."""

    def chunks(self, schema: pa.Schema, size: int) -> Iterator[Chunk]:
        """Return the wanted rows in chunks of a size, the last one shorter."""


def open_source(selection: Selection) -> Source:
    """Return the source for a file, by its extension.

    Raises:
        UnreadableFileError: It is missing, of an unknown format, damaged, or lacks a title.
        SettingError: A mapped field or a condition's column that there is not.
    """
    for name in selection.columns:
        if name not in Product.model_fields:
            raise SettingError(unknown("product field", name, Product.model_fields))
    suffix = suffix_of(selection.path)
    if suffix not in FORMATS:
        raise UnreadableFileError(
            f"'{selection.path}' cannot be read. Its extension is {suffix or 'none'}. Allowed: "
            f"{' '.join(FORMATS)}, text also with .gz. Export the file in one of these formats."
        )
    if suffix == ".parquet":
        from shopclerk.agents.batch.parquet_source import ParquetSource

        return ParquetSource(selection)
    return TextSource(selection)


def suffix_of(path: Path) -> str:
    """Return a file's extension in small letters, without .gz."""
    return Path(path.name.lower().removesuffix(".gz")).suffix


def digest_of(path: Path) -> str:
    """Return a hash of a file's bytes.

    Raises:
        UnreadableFileError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "blake2b").hexdigest()[:32]
    except OSError as error:
        raise UnreadableFileError(
            f"'{path}' cannot be read. {error.strerror or error}. Check the path."
        ) from error


class TextSource:
    """A CSV, TSV or JSON Lines file."""

    def __init__(self, selection: Selection) -> None:
        """Look at the header.

        Raises:
            UnreadableFileError: The file or its header cannot be used.
        """
        self._selection = selection
        self._header = read_header(selection.path)
        self._is_json = suffix_of(selection.path) in (".jsonl", ".ndjson")
        self._refuse_twins()
        plan = OwnColumns(selection.columns).columns(self._header)
        self._where = resolve(selection.where, self._header, plan)
        self._joins_rows = layout_of(self._header) == "shopify"

    def survey(self, reject: Reject) -> Survey:
        """Count the wanted rows and learn the columns' types."""
        kinds, rows = KindSurvey(), 0
        for cells, _ in self._rows(reject):
            rows += 1
            if self._is_json:
                kinds.add(cells)
        schema = kinds.schema() if self._is_json else text_schema(self._header)
        if len(schema) > MAX_COLUMNS:
            raise UnreadableFileError(
                f"'{self._selection.path}' has {len(schema):,} columns. Allowed: {MAX_COLUMNS:,}. "
                "Nest keys that differ from row to row in one object."
            )
        refuse_unknown(self._where, [*schema.names, *self._header])
        return Survey(schema, rows)

    def chunks(self, schema: pa.Schema, size: int) -> Iterator[Chunk]:
        """Return the wanted rows in chunks."""
        number, rows = 0, []
        for row in self._rows(lambda *_: None):
            rows.append(row)
            if len(rows) == size:
                yield _chunk(number, rows, schema)
                number, rows = number + 1, []
        if rows:
            yield _chunk(number, rows, schema)

    def _rows(self, reject: Reject) -> Iterator[tuple[Mapping[str, Any], Request]]:
        taken = 0
        selection = self._selection
        for number, row in enumerate(read_raw_rows(selection.path, columns=selection.columns), 1):
            if taken == selection.limit:
                return
            if row.error and not row.cells:
                reject(row.line, row.error, row.raw)
            elif all(condition.holds(row.cells) for condition in self._where):
                taken += 1
                yield row.cells, self._request(row.cells, row.fields, number)

    def _request(self, cells: Mapping[str, Any], fields: Mapping[str, Any], number: int) -> Request:
        row_id = row_id_of(fields, number)
        if self._joins_rows and not fields.get("title"):
            handle = next((cells[name] for name in cells if google_name(name) == "handle"), "")
            return Request(row_id, None if handle else fields)
        return Request(row_id, fields)

    def _refuse_twins(self) -> None:
        twin = next((name for name in self._header if self._header.count(name) > 1), None)
        if twin is not None:
            raise UnreadableFileError(
                f"'{self._selection.path}' has two columns named '{twin}'; one would be lost. "
                "Rename one of them."
            )


def row_id_of(fields: Mapping[str, Any], number: int) -> str:
    """Return a row's own id, or its number in the file where it has none."""
    own = fields.get("id")
    return str(own).strip() or str(number) if own is not None else str(number)


def _chunk(
    number: int, rows: Sequence[tuple[Mapping[str, Any], Request]], schema: pa.Schema
) -> Chunk:
    table = input_table([cells for cells, _ in rows], schema)
    return Chunk(number, table, [request for _, request in rows])
