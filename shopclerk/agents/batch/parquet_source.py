"""The rows of a Parquet file, its columns kept in their own types."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from shopclerk.agents.batch.conditions import refuse_unknown, resolve
from shopclerk.agents.batch.source import Chunk, Reject, Selection, Survey, row_id_of
from shopclerk.agents.batch.steps import Request
from shopclerk.catalog.feeds import Layout, OwnColumns, fields_of, layout_of
from shopclerk.errors import RowError, UnreadableFileError

ROWS_A_READ = 1_000


class ParquetSource:
    """A Parquet file."""

    def __init__(self, selection: Selection) -> None:
        """Look at the columns.

        Raises:
            UnreadableFileError: The file cannot be read, or has no title, or not a mapped column.
        """
        self._selection = selection
        if not selection.path.is_file():
            raise self._unreadable("There is no such file. Check the path.")
        with self._plain_errors(), pq.ParquetFile(selection.path) as file:
            self._schema = file.schema_arrow.remove_metadata()
        header = self._schema.names
        chosen = self._chosen(header)
        self._layout: Layout = layout_of(header)
        plan = OwnColumns(chosen).columns(header)
        if self._layout == "own" and "title" not in plan:
            raise self._unreadable(
                f"There is no column for title. Columns found: {', '.join(header[:30])}. "
                "Say which one it is with --map title=COLUMN."
            )
        self._to_fields = fields_of(self._layout, chosen)
        self._where = resolve(selection.where, header, plan)
        refuse_unknown(self._where, header)
        conditions = {condition.column for condition in self._where}
        read = conditions | set(plan.values()) if self._layout == "own" else set(header)
        self._read = [name for name in header if name in read]

    def survey(self, reject: Reject) -> Survey:
        """Count the wanted rows; a Parquet file has no broken ones."""
        limit = self._selection.limit
        with self._plain_errors():
            if not self._where:
                with pq.ParquetFile(self._selection.path) as file:
                    rows = file.metadata.num_rows
            else:
                columns = [condition.column for condition in self._where]
                rows = sum(table.num_rows for table, _ in self._wanted(columns))
        return Survey(self._schema, rows if limit is None else min(rows, limit))

    def chunks(self, schema: pa.Schema, size: int) -> Iterator[Chunk]:
        """Return the wanted rows in chunks."""
        number = 0
        kept: list[pa.Table] = []
        requests: list[Request] = []
        for table, more in self._wanted(None):
            kept.append(table)
            requests += more
            while len(requests) >= size:
                whole = pa.concat_tables(kept)
                yield Chunk(number, whole.slice(0, size), requests[:size])
                number, kept, requests = number + 1, [whole.slice(size)], requests[size:]
        if requests:
            yield Chunk(number, pa.concat_tables(kept), requests)

    def _wanted(self, columns: list[str] | None) -> Iterator[tuple[pa.Table, list[Request]]]:
        left, first = self._selection.limit, 1
        for batch in self._batches(columns):
            names = [name for name in self._read if name in batch.schema.names]
            rows = batch.select(names).to_pylist()
            places = [place for place, row in enumerate(rows) if self._holds(row)]
            places = places if left is None else places[:left]
            left = None if left is None else left - len(places)
            table = pa.Table.from_batches([batch]).take(pa.array(places, pa.int64()))
            yield table, [self._request(rows[place], first + place) for place in places]
            first += len(rows)
            if left == 0:
                return

    def _batches(self, columns: list[str] | None) -> Iterator[pa.RecordBatch]:
        # Without pre-buffering a row group of a million rows is not held as a whole.
        with self._plain_errors():
            file = pq.ParquetFile(self._selection.path, pre_buffer=False, buffer_size=1 << 20)
        with file:
            batches = file.iter_batches(ROWS_A_READ, columns=columns, use_threads=False)
            while True:
                with self._plain_errors():
                    batch = next(batches, None)
                if batch is None:
                    return
                yield batch.replace_schema_metadata(None)

    def _holds(self, row: Mapping[str, Any]) -> bool:
        return all(condition.holds(row) for condition in self._where)

    def _request(self, row: Mapping[str, Any], number: int) -> Request:
        try:
            fields = self._to_fields(row)
        except RowError:
            fields = {}
        return Request(row_id_of(fields, number), fields)

    def _chosen(self, header: Sequence[str]) -> dict[str, str]:
        folded = {name.strip().casefold(): name for name in reversed(header)}
        chosen = {}
        for field, name in self._selection.columns.items():
            found = name if name in header else folded.get(name.strip().casefold())
            if found is None:
                raise self._unreadable(
                    f"There is no column '{name}', mapped to {field}. "
                    f"Columns found: {', '.join(header[:30])}."
                )
            chosen[field] = found
        return chosen

    def _unreadable(self, reason: str) -> UnreadableFileError:
        return UnreadableFileError(f"'{self._selection.path}' cannot be read. {reason}")

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except pa.ArrowException as error:
            reason = str(error).partition("\n")[0][:200]
            raise self._unreadable(f"Its Parquet is damaged: {reason}. Write it again.") from None
        except OSError as error:
            # Arrow reports damaged pages as OSError too, without a system's reason.
            reason = error.strerror or f"Its Parquet is damaged: {str(error)[:200]}"
            raise self._unreadable(f"{reason}.") from None
