"""Product files read row by row: CSV, TSV, JSON Lines, Parquet and Google Merchant XML.

A row that cannot become a product comes back with its line and a reason; the rest goes on. Only a
file that cannot be read as a whole raises. Memory stays flat: what grows with the file is a hash of
8 bytes for each id, to find duplicates.
"""

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shopclerk.catalog.feeds import (
    Layout,
    OwnColumns,
    Record,
    ToFields,
    by_handle,
    fields_of,
    layout_of,
    xml_records,
)
from shopclerk.catalog.product import Product
from shopclerk.catalog.rejects import build_product, clip
from shopclerk.errors import RowError, SettingError, UnreadableFileError, unknown

if TYPE_CHECKING:
    import polars as pl

FORMATS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".xml")
MAX_LINE_CHARS = 4_000_000
MAX_JOINED_LINES = 200
MAX_JOINED_CHARS = 256_000
PEEKED_RECORDS = 100
PARQUET_SLICE_ROWS = 4_096

_EMPTY = "It is empty. Give a file with a header or records."
_OPEN_QUOTE = (
    f"A quote is not closed within {MAX_JOINED_LINES} lines, or text follows a closed one. "
    'Write a quote inside a quoted cell twice: "".'
)
_MAGIC = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\x1f\x8b": "compressed by gzip; its name must end in .gz",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file; its name must end in .parquet",
    b"SQLite format 3": "an SQLite database",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
}
_BINARY = frozenset(range(32)) - frozenset(b"\t\n\r\x0b\x0c\x1b")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# A description may be longer than the 128 KB that the csv module allows a cell by default.
csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE_CHARS))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: the product it holds, or why it holds none.

    Attributes:
        line: 1-based line it begins on; in Parquet and XML the number of the record.
        product: The product, or None for a rejected row.
        error: Why the row is rejected, or None.
        raw: The first 500 characters of a rejected row.
    """

    line: int
    product: Product | None = None
    error: str | None = None
    raw: str = ""


class _Line(NamedTuple):
    number: int
    text: str
    error: str


class RawRow(NamedTuple):
    """One row as a file holds it, and as fields that a product may be made of.

    Attributes:
        line: 1-based line it begins on.
        cells: Column name to value, as in the file.
        fields: Product field to raw value, for `build_product`.
        error: Why the row cannot be read, or empty.
        raw: The text of a row that cannot be read.
    """

    line: int
    cells: Mapping[str, object]
    fields: Mapping[str, object]
    error: str = ""
    raw: str = ""


class _Table(NamedTuple):
    """What a file holds; `fixed` where every record has the columns of the header."""

    header: list[str]
    records: Iterator[Record]
    layout: Layout
    fixed: bool = True


def read_rows(
    path: Path, *, columns: Mapping[str, str] | None = None
) -> Generator[Row, None, None]:
    """Read a product file row by row; the format goes by the extension, the layout by the header.

    Args:
        path: A .csv, .tsv, .jsonl, .ndjson, .parquet or .xml file; all but Parquet also as .gz.
        columns: Product field to the file's column, as `--map title=product_name` gives it; goes
            before what the header says by itself.

    Yields:
        A row for each product or rejected row, in the order of the file.

    Raises:
        UnreadableFileError: The file is missing, empty, binary, damaged or of an unknown format, or
            has no column for id or title, or none of a mapped name.
        SettingError: `columns` names a field that products do not have.
    """
    columns = columns or {}
    for field in columns:
        if field not in Product.model_fields:
            raise SettingError(unknown("product field", field, Product.model_fields))
    with _plain_errors(path):
        suffix = _format(path)
        if suffix == ".parquet":
            yield from _rows(_parquet_table(path, columns), columns)
            return
        with _opened(path) as stream:
            table = _text_table(stream, suffix)  # outlives the stream, should a caller stop early
            yield from _rows(table, columns)


def read_header(path: Path) -> list[str]:
    """Return the columns of a text file; of JSON Lines those of its first records.

    Raises:
        UnreadableFileError: As for `read_rows`.
    """
    with _plain_errors(path):
        suffix = _format(path)
        with _opened(path) as stream:
            table = _text_table(stream, suffix)  # outlives the stream
            return table.header


def read_raw_rows(
    path: Path, *, columns: Mapping[str, str] | None = None, needed: Sequence[str] = ("title",)
) -> Generator[RawRow, None, None]:
    """Read a text file row by row without making products: rows stay apart, ids may be missing or repeat.

    Args:
        path: A .csv, .tsv, .jsonl, .ndjson or .xml file, or one of them as .gz.
        columns: Product field to the file's column, as for `read_rows`.
        needed: Product fields that must have a column.

    Raises:
        UnreadableFileError: As for `read_rows`.
    """
    with _plain_errors(path):
        suffix = _format(path)
        with _opened(path) as stream:
            table = _text_table(stream, suffix)
            to_fields = fields_of(table.layout, _settled(table, columns or {}, needed))
            for record in table.records:
                yield _raw_row(record, to_fields)


def _raw_row(record: Record, to_fields: ToFields) -> RawRow:
    if record.error:
        return RawRow(record.line, {}, {}, record.error, clip(record.raw))
    try:
        return RawRow(record.line, record.cells, to_fields(record.cells))
    except RowError as refusal:
        return RawRow(record.line, record.cells, {}, str(refusal), clip(record.raw))


def _rows(table: _Table, columns: Mapping[str, str]) -> Iterator[Row]:
    chosen = _settled(table, columns)
    records = by_handle(table.records) if table.layout == "shopify" else table.records
    to_fields = fields_of(table.layout, chosen)
    seen: set[int] = set()
    return (_row(record, to_fields, seen) for record in records)


def _row(record: Record, to_fields: ToFields, seen: set[int]) -> Row:
    error = record.error
    if not error:
        try:
            product = build_product(to_fields(record.cells))
            _refuse_second(product.id, seen)
            return Row(record.line, product)
        except RowError as refusal:
            error = str(refusal)
    raw = record.raw or json.dumps(dict(record.cells), ensure_ascii=False, default=str)
    return Row(record.line, None, error, clip(raw))


def _refuse_second(product_id: str, seen: set[int]) -> None:
    digest = blake2b(product_id.encode(), digest_size=8).digest()
    key = int.from_bytes(digest, "little")
    if key in seen:
        raise RowError(f"id '{product_id}' stands in the file already. Allowed: once in a file.")
    seen.add(key)


def _settled(
    table: _Table, columns: Mapping[str, str], needed: Sequence[str] = ("id", "title")
) -> dict[str, str]:
    """Find the mapped columns in the header, then see that what is needed has one."""
    if not table.header and not table.fixed:
        return dict(columns)
    exact = {name: name for name in table.header}
    folded = {name.strip().casefold(): name for name in reversed(table.header)} | exact
    chosen: dict[str, str] = {}
    for field, name in columns.items():
        if name not in exact and name.strip().casefold() not in folded:
            raise _no_column(f"column '{name}', mapped to {field}", field, table.header)
        chosen[field] = exact.get(name) or folded[name.strip().casefold()]
    if table.fixed and table.layout == "own":
        found = OwnColumns(chosen).columns(table.header)
        for field in needed:
            if field not in found:
                raise _no_column(f"column for {field}", field, table.header)
    return chosen


def _no_column(what: str, field: str, header: list[str]) -> UnreadableFileError:
    names = ", ".join(name[:40] for name in header[:30]) + (", …" if len(header) > 30 else "")
    return UnreadableFileError(
        f"There is no {what}. Columns found: {names or 'none'}. "
        f"Say which one it is with --map {field}=COLUMN."
    )


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except UnreadableFileError as error:
        raise UnreadableFileError(f"'{path}' cannot be read. {error}") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFileError(f"'{path}' cannot be read. {reason}.") from error


def _format(path: Path) -> str:
    if path.is_dir():
        raise UnreadableFileError("It is a folder. Name one file in it.")
    if not path.is_file():
        raise UnreadableFileError("There is no such file. Check the path.")
    name = path.name.lower()
    suffix = Path(name.removesuffix(".gz")).suffix
    if suffix not in FORMATS or (suffix == ".parquet" and name.endswith(".gz")):
        shown = "".join(path.suffixes[-2:]) or "none"
        raise UnreadableFileError(
            f"Its extension is {shown}. Allowed: {' '.join(FORMATS)}, text also with .gz. "
            "Rename the file or export it in one of these formats."
        )
    return suffix


def _opened(path: Path) -> io.BufferedReader:
    if path.name.lower().endswith(".gz"):
        return io.BufferedReader(gzip.GzipFile(path))
    return path.open("rb")


def _text_table(stream: io.BufferedReader, suffix: str) -> _Table:
    head = stream.read(4096)
    stream.seek(0)
    _refuse_binary(head)
    if suffix == ".xml":
        return _peeked(xml_records(stream), "google")
    lines = _Lines(stream, head)
    if suffix in (".jsonl", ".ndjson"):
        return _peeked(_json_records(lines), "own")
    return _delimited_table(lines, "\t" if suffix == ".tsv" else None)


def _refuse_binary(head: bytes) -> None:
    if not head.strip():
        raise UnreadableFileError(_EMPTY)
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    controls = 0 if head.startswith(_WIDE) else sum(byte in _BINARY for byte in head)
    if controls > 8 and controls > len(head) / 10:
        kind = kind or "binary, or UTF-16 without a byte order mark"
    if kind:
        raise UnreadableFileError(f"It is {kind}. Export it as CSV or JSON Lines in UTF-8.")


def _peeked(records: Iterator[Record], layout: Layout) -> _Table:
    """Take the columns of the first records for a header."""
    start = list(islice(records, PEEKED_RECORDS))
    header = dict.fromkeys(chain.from_iterable(record.cells for record in start))
    return _Table(list(header), chain(start, records), layout, fixed=False)


class _Lines(Iterator[_Line]):
    """The decoded lines of a stream; lines read too far can be pushed back."""

    def __init__(self, stream: io.BufferedReader, head: bytes) -> None:
        wide = head.startswith(_WIDE)
        self._text = io.TextIOWrapper(
            stream,
            encoding="utf-16" if wide else "utf-8-sig",
            # What stands for a bad byte must be told from what the file may hold.
            errors="replace" if wide else "surrogateescape",
            newline="\r" if b"\r" in head and b"\n" not in head else "\n",
        )
        self._bad = re.compile("\ufffd" if wide else "[\ud800-\udfff]")
        self._texts = iter(partial(self._text.readline, MAX_LINE_CHARS), "")
        self._numbers = count(1)
        self._pushed: deque[_Line] = deque()

    def __next__(self) -> _Line:
        if self._pushed:
            return self._pushed.popleft()
        text = next(self._texts, "")
        if not text:
            self._text.close()
            raise StopIteration
        return _Line(next(self._numbers), text, self._flaw(text))

    def push_back(self, lines: list[_Line]) -> None:
        self._pushed.extendleft(reversed(lines))

    def _flaw(self, text: str) -> str:
        """Return why a line cannot be read, or an empty text."""
        if len(text) == MAX_LINE_CHARS:
            while len(text) == MAX_LINE_CHARS:
                text = self._text.readline(MAX_LINE_CHARS)
            return f"The line is too long. Allowed: less than {MAX_LINE_CHARS:,} characters."
        if "\0" in text:
            return "The line holds a NUL byte. Allowed: text only. Remove it."
        if not text.isascii() and (bad := self._bad.search(text)):
            return f"Character {bad.start() + 1} is not UTF-8. Save the file as UTF-8."
        return ""


def _delimited_table(lines: _Lines, delimiter: str | None) -> _Table:
    first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        raise UnreadableFileError(_EMPTY)
    mark = delimiter or max(",;\t|", key=re.sub('"[^"]*"', "", first.text).count)
    cells, _ = _cells(first, lines, mark)
    if first.error or cells is None:
        raise UnreadableFileError(f"Its header is broken. {first.error or _OPEN_QUOTE}")
    header = [cell.strip() for cell in cells]
    return _Table(header, _delimited_records(lines, header, mark), layout_of(header))


def _delimited_records(lines: _Lines, header: list[str], mark: str) -> Iterator[Record]:
    """Cut lines into records; a record that fails costs its first line, the next line is tried."""
    for first in lines:
        if not first.text.strip():
            continue
        cells, taken = _cells(first, lines, mark, len(header))
        if cells is None or len(cells) != len(header):
            lines.push_back(taken[1:])
            yield Record(first.number, first.text, {}, first.error or _misfit(cells, header, mark))
        elif any(map(str.strip, cells)):
            error = next((line.error for line in taken if line.error), "")
            raw = "".join(line.text for line in taken)
            yield Record(first.number, raw, dict(zip(header, cells, strict=True)), error)


def _cells(
    first: _Line, lines: _Lines, mark: str, width: int | None = None
) -> tuple[list[str] | None, list[_Line]]:
    """Split the record that begins on a line, and take more lines while a quote is open.

    Returns:
        The cells, None where quotes are broken; the lines taken.
    """
    plain = first.text.rstrip("\r\n").split(mark)
    if '"' not in first.text:
        return plain, [first]
    taken = [first]
    reader = csv.reader(
        _while_open(taken, lines), delimiter=mark, strict=True, skipinitialspace=True
    )
    try:
        cells = next(reader)
    except csv.Error:
        cells = None
    if mark == "\t" and len(plain) == width and (cells is None or len(cells) != width):
        lines.push_back(taken[1:])  # most TSV is written without quoting: a quote is just a letter
        return plain, [first]
    return cells, taken


def _while_open(taken: list[_Line], lines: _Lines) -> Iterator[str]:
    """Feed the csv reader, which asks for another line only while a quote is open."""
    yield taken[0].text
    size = 0
    for line in islice(lines, MAX_JOINED_LINES - 1):
        taken.append(line)
        size += len(line.text)
        if size > MAX_JOINED_CHARS:
            return
        yield line.text


def _misfit(cells: list[str] | None, header: list[str], mark: str) -> str:
    if cells is None:
        return _OPEN_QUOTE
    return (
        f"The line has {len(cells)} cells, the header {len(header)}. "
        f"Put a cell that holds {mark!r} in double quotes."
    )


def _json_records(lines: _Lines) -> Iterator[Record]:
    for line in lines:
        if line.text.strip():
            cells, error = ({}, line.error) if line.error else _json_cells(line.text)
            yield Record(line.number, line.text, cells, error)


def _json_cells(text: str) -> tuple[dict[str, object], str]:
    try:
        cells = json.loads(text)
    except json.JSONDecodeError as error:
        return {}, f"Broken JSON at character {error.pos + 1}: {error.msg}. Write an object a line."
    except (ValueError, RecursionError):
        return {}, "The JSON is nested too deep or has too long a number. Simplify it."
    if not isinstance(cells, dict):
        return {}, f"The line holds a JSON {type(cells).__name__}. Allowed: an object, {{…}}."
    return cells, ""


def _parquet_table(path: Path, columns: Mapping[str, str]) -> _Table:
    import polars as pl  # slow to load, and no other format needs it

    with _polars_errors():
        frame = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        header = list(frame.collect_schema())
    layout = layout_of(header)
    if layout == "own":  # a column that is not read, an embedding perhaps, costs nothing
        used = {*OwnColumns({}).columns(header).values()}
        mapped = {name.strip().casefold() for name in columns.values()}
        frame = frame.select(
            name for name in header if name in used or name.strip().casefold() in mapped
        )
    return _Table(header, _parquet_records(frame), layout)


def _parquet_records(frame: "pl.LazyFrame") -> Iterator[Record]:
    for start in count(0, PARQUET_SLICE_ROWS):
        with _polars_errors():
            rows = frame.slice(start, PARQUET_SLICE_ROWS).collect().to_dicts()
        yield from (Record(number, "", row) for number, row in enumerate(rows, start + 1))
        if len(rows) < PARQUET_SLICE_ROWS:
            return


@contextmanager
def _polars_errors() -> Iterator[None]:
    from polars.exceptions import PanicException, PolarsError

    try:
        yield
    except (PolarsError, PanicException) as error:
        reason = str(error).partition("\n")[0][:200]
        raise UnreadableFileError(f"Its Parquet is damaged: {reason}. Write it again.") from None
