"""What a product file holds, whatever its format: a header and records, each with its line.

CSV, TSV, JSON Lines, Parquet and Google Merchant XML. A record that cannot be read comes with a reason; only a file that
cannot be read as a whole raises.
"""

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shopclerk.catalog.feeds import (
    Layout,
    OwnColumns,
    Record,
    layout_of,
    xml_records,
)
from shopclerk.errors import UnreadableFileError

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


class _Line(NamedTuple):
    number: int
    text: str
    error: str


class Table(NamedTuple):
    """What a file holds; `fixed` where every record has the columns of the header."""

    header: list[str]
    records: Iterator[Record]
    layout: Layout
    fixed: bool = True


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a file into an `UnreadableFileError` that names it."""
    try:
        yield
    except UnreadableFileError as error:
        raise UnreadableFileError(f"'{path}' cannot be read. {error}") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFileError(f"'{path}' cannot be read. {reason}.") from error


def format_of(path: Path) -> str:
    """Return the extension that says the format, without .gz.

    Raises:
        UnreadableFileError: There is no such file, or none of a known format.
    """
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


def opened(path: Path) -> io.BufferedReader:
    """Open a file for reading bytes, unpacked."""
    if path.name.lower().endswith(".gz"):
        return io.BufferedReader(gzip.GzipFile(path))
    return path.open("rb")


def text_table(stream: io.BufferedReader, suffix: str) -> Table:
    """Return what a text file holds; the table must outlive the stream.

    Raises:
        UnreadableFileError: It is empty, binary, or its header is broken.
    """
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


def _peeked(records: Iterator[Record], layout: Layout) -> Table:
    """Take the columns of the first records for a header."""
    start = list(islice(records, PEEKED_RECORDS))
    header = dict.fromkeys(chain.from_iterable(record.cells for record in start))
    return Table(list(header), chain(start, records), layout, fixed=False)


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


def _delimited_table(lines: _Lines, delimiter: str | None) -> Table:
    first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        raise UnreadableFileError(_EMPTY)
    mark = delimiter or max(",;\t|", key=re.sub('"[^"]*"', "", first.text).count)
    cells, _ = _cells(first, lines, mark)
    if first.error or cells is None:
        raise UnreadableFileError(f"Its header is broken. {first.error or _OPEN_QUOTE}")
    header = [cell.strip() for cell in cells]
    return Table(header, _delimited_records(lines, header, mark), layout_of(header))


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


def parquet_table(path: Path, columns: Mapping[str, str]) -> Table:
    """Return what a Parquet file holds, of a layout of our own only the columns that are read.

    Raises:
        UnreadableFileError: It is damaged.
    """
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
    return Table(header, _parquet_records(frame), layout)


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
