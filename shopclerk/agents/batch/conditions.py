"""Which rows are wanted: `COLUMN=VALUE`, `COLUMN!=VALUE`, `COLUMN~TEXT`, `COLUMN!~TEXT`; all must hold."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shopclerk.errors import SettingError, unknown

_FORM = re.compile(r"\s*(?P<column>[^=~!]+?)\s*(?P<op>!=|!~|=|~)\s*(?P<value>.*?)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one column.

    Attributes:
        column: The file's column.
        op: `=` is equal, `~` is contained; `!=` and `!~` are the contrary. Letter case does not count.
        value: What the column is compared with; empty for a cell that is empty.
    """

    column: str
    op: str
    value: str

    def holds(self, cells: Mapping[str, Any]) -> bool:
        """Return whether a row is wanted; of a list one item is enough."""
        cell = cells.get(self.column)
        items = cell if isinstance(cell, list | tuple) else [cell]
        texts = [_text(item) for item in items] or [""]
        wanted = _text(self.value)
        found = wanted in texts if self.op.endswith("=") else any(wanted in text for text in texts)
        return not found if self.op.startswith("!") else found


def parse_conditions(texts: Iterable[str]) -> tuple[Condition, ...]:
    """Read conditions as they are typed.

    Raises:
        SettingError: A text is no condition.
    """
    return tuple(_parse(text) for text in texts)


def resolve(
    conditions: Sequence[Condition], header: Sequence[str], fields: Mapping[str, str]
) -> tuple[Condition, ...]:
    """Find the columns meant: by exact name, by name without letter case, or by our field's name.

    Args:
        conditions: As typed.
        header: The file's columns, as far as they are known yet.
        fields: Product field to the file's column.
    """
    folded = {name.strip().casefold(): name for name in reversed(header)} | {
        name: name for name in header
    }
    return tuple(
        replace(
            one,
            column=folded.get(one.column)
            or folded.get(one.column.casefold())
            or fields.get(one.column.casefold(), one.column),
        )
        for one in conditions
    )


def refuse_unknown(conditions: Sequence[Condition], header: Sequence[str]) -> None:
    """See that every condition is on a column that the file has.

    Raises:
        SettingError: It has none of that name.
    """
    for condition in conditions:
        if condition.column not in header:
            raise SettingError(f"--where: {unknown('column', condition.column, header)}")


def _parse(text: str) -> Condition:
    found = _FORM.fullmatch(text)
    if not found:
        raise SettingError(
            f"--where takes COLUMN=VALUE, COLUMN!=VALUE, COLUMN~TEXT or COLUMN!~TEXT, not '{text}'."
        )
    return Condition(found["column"], found["op"], found["value"])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split()).casefold()
