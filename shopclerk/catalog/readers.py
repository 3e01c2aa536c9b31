"""Product files read row by row: CSV, TSV, JSON Lines, Parquet and Google Merchant XML.

A row that cannot become a product comes back with its line and a reason; the rest goes on. Only a
file that cannot be read as a whole raises. Memory stays flat: what grows with the file is a hash of
8 bytes for each id, to find duplicates.
"""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shopclerk.catalog.feeds import (
    OwnColumns,
    Record,
    ToFields,
    by_handle,
    fields_of,
)
from shopclerk.catalog.product import Product
from shopclerk.catalog.rejects import build_product, clip
from shopclerk.catalog.tables import (
    Table,
    format_of,
    opened,
    parquet_table,
    plain_errors,
    text_table,
)
from shopclerk.errors import RowError, SettingError, UnreadableFileError, unknown

if TYPE_CHECKING:
    pass


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
    with plain_errors(path):
        suffix = format_of(path)
        if suffix == ".parquet":
            yield from _rows(parquet_table(path, columns), columns)
            return
        with opened(path) as stream:
            table = text_table(stream, suffix)  # outlives the stream, should a caller stop early
            yield from _rows(table, columns)


def read_header(path: Path) -> list[str]:
    """Return the columns of a text file; of JSON Lines those of its first records.

    Raises:
        UnreadableFileError: As for `read_rows`.
    """
    with plain_errors(path):
        suffix = format_of(path)
        with opened(path) as stream:
            table = text_table(stream, suffix)  # outlives the stream
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
    with plain_errors(path):
        suffix = format_of(path)
        with opened(path) as stream:
            table = text_table(stream, suffix)
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


def _rows(table: Table, columns: Mapping[str, str]) -> Iterator[Row]:
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
    table: Table, columns: Mapping[str, str], needed: Sequence[str] = ("id", "title")
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
