"""The output of a batch run, put together from its chunks: CSV, TSV, JSON Lines or Parquet.

It is written beside its place, flushed and renamed: under its own name the file is whole.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Protocol, Self

import pyarrow as pa
import pyarrow.parquet as pq

from shopclerk.agents.batch.columns import is_json
from shopclerk.agents.batch.journal import flush_folder, storage_errors
from shopclerk.errors import SettingError

OUT_FORMATS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
GROUP_ROWS, GROUP_BYTES = 10_000, 16_000_000


def refuse_format(target: Path) -> None:
    """See that an output's format can be written.

    Raises:
        SettingError: It cannot.
    """
    if target.suffix.lower() not in OUT_FORMATS:
        raise SettingError(
            f"'{target}' cannot be written. Its extension is {target.suffix or 'none'}. "
            f"Allowed: {' '.join(OUT_FORMATS)}."
        )
    if target.is_dir():
        raise SettingError(f"'{target}' is a folder. Name a file in it.")


def assemble(
    target: Path, schema: pa.Schema, tables: Iterable[pa.Table], done: Callable[[int], None]
) -> None:
    """Write the chunks as one file.

    Args:
        target: The output; its extension says which format.
        schema: All columns; with no chunk at all the file still has them.
        tables: The chunks in order.
        done: Called with the number of rows written so far.

    Raises:
        StorageError: The disk is full or the place cannot be written.
    """
    beside = target.with_name(f".{target.name}.tmp")
    rows = 0
    with storage_errors(target):
        try:
            with beside.open("wb") as stream:
                with _writer(target.suffix.lower(), stream, schema) as writer:
                    for table in _merged(tables):
                        writer.write(table)
                        rows += table.num_rows
                        done(rows)
                _flush(stream)
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        flush_folder(target.parent)


def _merged(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Join chunks into row groups that are quick to read."""
    kept: list[pa.Table] = []
    for table in tables:
        kept.append(table)
        if (
            sum(each.num_rows for each in kept) >= GROUP_ROWS
            or sum(each.nbytes for each in kept) >= GROUP_BYTES
        ):
            yield pa.concat_tables(kept)
            kept = []
    if kept:
        yield pa.concat_tables(kept)


class Writer(Protocol):
    """Writes tables to a stream."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *_: object) -> None:
        """End; the stream stays open."""

    def write(self, table: pa.Table) -> None:
        """Write some rows."""


def _writer(suffix: str, stream: IO[bytes], schema: pa.Schema) -> Writer:
    if suffix == ".parquet":
        return _ParquetWriter(stream, schema)
    if suffix in (".jsonl", ".ndjson"):
        return _LinesWriter(stream, schema)
    return _DelimitedWriter(stream, schema, "\t" if suffix == ".tsv" else ",")


class _ParquetWriter:
    def __init__(self, stream: IO[bytes], schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(stream, schema, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def write(self, table: pa.Table) -> None:
        self._writer.write_table(table)


class _TextWriter:
    def __init__(self, stream: IO[bytes], schema: pa.Schema) -> None:
        self._text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=False)
        self._schema = schema

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.detach()


class _LinesWriter(_TextWriter):
    def write(self, table: pa.Table) -> None:
        nested = [field.name for field in self._schema if is_json(field)]
        for batch in table.to_batches(max_chunksize=1_000):
            for row in batch.to_pylist():
                for name in nested:
                    row[name] = None if row[name] is None else json.loads(row[name])
                self._text.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")


class _DelimitedWriter(_TextWriter):
    def __init__(self, stream: IO[bytes], schema: pa.Schema, mark: str) -> None:
        super().__init__(stream, schema)
        self._writer = csv.writer(self._text, delimiter=mark, lineterminator="\n")
        self._cells = [_unwrapped if is_json(field) else _cell for field in schema]
        self._writer.writerow(schema.names)

    def write(self, table: pa.Table) -> None:
        for batch in table.to_batches(max_chunksize=1_000):
            columns = [
                [cell(value) for value in column.to_pylist()]
                for cell, column in zip(self._cells, batch.columns, strict=True)
            ]
            self._writer.writerows(zip(*columns, strict=True))


def _cell(value: Any) -> Any:
    """Return what stands in a delimited file: lists and objects as JSON, moments in ISO 8601."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _plain(value) if isinstance(value, bytes | date | time) else value


def _unwrapped(value: str | None) -> Any:
    """Return JSON text as it stands, a lone text or number without its marks."""
    if value is None or value[:1] in "[{":
        return value
    return _cell(json.loads(value))


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else repr(value)


def _flush(stream: IO[bytes]) -> None:
    import os

    stream.flush()
    os.fsync(stream.fileno())
