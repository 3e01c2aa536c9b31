"""Columns of a batch file: what type the input's have, what the new ones are named, how cells are stored.

Chunks are kept as Arrow tables. A column of JSON Lines whose values are nested, or of several types, is kept
as JSON text and marked so, to become values again where the output is JSON Lines.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from shopclerk.agents.batch.steps import ROW_ERROR, Answer, Kind, Step

ROW_ID = "row_id"
_JSON_MARK = {b"shopclerk": b"json"}
_BIGGEST_INT = 2**63


class OutColumn(NamedTuple):
    """A new column.

    Attributes:
        name: Its name in the output; no column of the input has it.
        kind: What it holds.
        keys: The keys of an answer to fill it from; the first that holds something counts.
    """

    name: str
    kind: Kind
    keys: tuple[str, ...]


def out_columns(steps: Sequence[Step], taken: Collection[str]) -> list[OutColumn]:
    """Return the new columns of some steps, beside columns that are there already.

    One step's columns go by their own names and its error is the row's. Of several steps, a name that does
    not speak of its step gets it in front: `title_writer`.
    """
    alone = len(steps) == 1
    found = [OutColumn(ROW_ID, "text", (ROW_ID,))]
    for step in steps:
        for name, kind in step.columns.items():
            shown = name if alone or step.name in name else f"{step.name}_{name}"
            found.append(OutColumn(shown, kind, (f"{step.name}.{name}",)))
        if not alone:
            found.append(OutColumn(f"{step.name}_{ROW_ERROR}", "text", (f"{step.name}.error",)))
    errors = (ROW_ERROR, f"{steps[0].name}.error") if alone else (ROW_ERROR,)
    return _free_names([*found, OutColumn(ROW_ERROR, "text", errors)], taken)


def _free_names(columns: Iterable[OutColumn], taken: Collection[str]) -> list[OutColumn]:
    """Number the names that are taken; names that differ by letter case alone count as one."""
    used = {name.casefold() for name in taken}
    free = []
    for column in columns:
        name, number = column.name, 1
        while name.casefold() in used:
            number += 1
            name = f"{column.name}_{number}"
        used.add(name.casefold())
        free.append(column._replace(name=name))
    return free


class KindSurvey:
    """Learns, row by row, what type each column of a JSON Lines file needs; memory grows with columns alone."""

    def __init__(self) -> None:
        self._kinds: dict[str, set[str]] = {}

    def add(self, cells: Mapping[str, Any]) -> None:
        """Look at one row."""
        for name, value in cells.items():
            kinds = self._kinds.setdefault(name, set())
            if value is not None:
                kinds.add(_kind_of(value))

    def schema(self) -> pa.Schema:
        """Return the columns in the order of their first appearance."""
        return pa.schema([_input_field(name, kinds) for name, kinds in self._kinds.items()])


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if -_BIGGEST_INT <= value < _BIGGEST_INT else "json"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "texts"
    return {str: "text", float: "float"}.get(type(value), "json")


def _input_field(name: str, kinds: set[str]) -> pa.Field:
    if kinds <= {"text"}:
        return pa.field(name, pa.string())
    if len(kinds) == 1:
        kind = next(iter(kinds))
        plain = {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64()}
        plain["texts"] = pa.list_(pa.string())
        if kind in plain:
            return pa.field(name, plain[kind])
    return pa.field(name, pa.string(), metadata=_JSON_MARK)


def text_schema(header: Iterable[str]) -> pa.Schema:
    """Return the schema of a file whose cells are all texts."""
    return pa.schema([pa.field(name, pa.string()) for name in header])


def out_field(column: OutColumn) -> pa.Field:
    """Return the Arrow field of a new column."""
    if column.kind == "json":
        return pa.field(column.name, pa.string(), metadata=_JSON_MARK)
    types = {"text": pa.string(), "number": pa.float64(), "texts": pa.list_(pa.string())}
    return pa.field(column.name, types[column.kind])


def is_json(field: pa.Field) -> bool:
    """Return whether a column holds JSON texts that stand for values."""
    return bool(field.metadata and field.metadata.get(b"shopclerk") == b"json")


def input_table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows of a text file as a table; what a row has not is null."""
    return pa.table(
        [_array((row.get(field.name) for row in rows), field) for field in schema], schema=schema
    )


def answer_table(
    answers: Sequence[Answer], row_ids: Sequence[str], columns: Sequence[OutColumn]
) -> pa.Table:
    """Return the new cells of a chunk as a table."""
    fields = [out_field(column) for column in columns]
    arrays = []
    for column, field in zip(columns, fields, strict=True):
        if column.keys == (ROW_ID,):
            arrays.append(_array(row_ids, field))
            continue
        arrays.append(_array((_first(row, column.keys) for row in answers), field))
    return pa.table(arrays, schema=pa.schema(fields))


def _first(row: Answer, keys: Sequence[str]) -> Any:
    return next((row[key] for key in keys if row.get(key) is not None), None)


def _array(values: Iterable[Any], field: pa.Field) -> pa.Array:
    if is_json(field):
        return pa.array([None if value is None else _json(value) for value in values], pa.string())
    return pa.array([_sound(value) for value in values], field.type)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _sound(value: Any) -> Any:
    """Replace half surrogate pairs, which JSON escapes can name and UTF-8 cannot hold."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list | tuple):
        return [_sound(item) for item in value]
    return value
