"""Filters: which products may be shown at all.

A filter is written `{field: {operator: value}}`. Fields are the product's own (`price`, `brand`,
`category`, ...), any attribute, `tags`, or `any` (title, description, brand, category, tags and attribute
values together). All conditions must hold. Text is compared case folded and without accents; a product
without the field passes only a negative condition. `matches` says in Python what `FilterCompiler` says
in SQL; a property test keeps the two alike.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store
from shopclerk.catalog.text import fold
from shopclerk.errors import FilterError, unknown

NUMBER_FIELDS = ("price", "rating", "stock")
TEXT_FIELDS = ("id", "title", "description", "url", "currency")
FACET_FIELDS = ("brand", "category", "tags")

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one field."""

    field: str
    op: str
    value: Any


TEXT_TESTS: dict[str, Callable[[str, Any], bool]] = {
    "==": lambda text, value: text == fold(str(value)),
    "in": lambda text, value: text in {fold(str(item)) for item in value},
    "contains": lambda text, value: fold(str(value)) in text,
    "contains_any": lambda text, value: any(fold(str(item)) in text for item in value),
    "under": lambda text, value: _is_under(text, value),
}
"""Tests on a folded text. `under` asks for a category path or any node below it."""

NUMBER_TESTS: dict[str, Callable[[float, float], bool]] = {
    "<=": lambda number, value: number <= value,
    ">=": lambda number, value: number >= value,
    "<": lambda number, value: number < value,
    ">": lambda number, value: number > value,
    "==": lambda number, value: number == value,
}

NEGATIVE = {
    "!=": "==",
    "not in": "in",
    "not contains": "contains",
    "not contains_any": "contains_any",
    "not under": "under",
}
LIST_OPERATORS = ("in", "not in", "contains_any", "not contains_any", "under", "not under")
OPERATORS = (*dict.fromkeys((*NUMBER_TESTS, *TEXT_TESTS)), *NEGATIVE)


def _is_under(text: str, value: Any) -> bool:
    """Tell whether a folded category path lies at or below one of the paths or level names."""
    levels = [level.strip() for level in text.split(">")]
    for path in [value] if isinstance(value, str) else value:
        wanted = [level.strip() for level in fold(path).split(">")]
        width = len(wanted)
        if any(levels[i : i + width] == wanted for i in range(len(levels) - width + 1)):
            return True
    return False


def parse_filters(filters: Mapping[str, Mapping[str, Any]] | None) -> tuple[Condition, ...]:
    """Turn `{field: {operator: value}}` into conditions.

    Raises:
        FilterError: An unknown operator, or a value that the operator cannot take.
    """
    return tuple(
        _condition(field, op, value)
        for field, tests in (filters or {}).items()
        for op, value in _tests(field, tests).items()
    )


def _tests(field: str, tests: object) -> Mapping[str, Any]:
    if not isinstance(tests, Mapping):
        raise FilterError(
            f"The filter on '{field}' is {tests!r}; write {{operator: value}}, "
            f'for instance {{"{field}": {{"==": {json.dumps(str(tests))}}}}}.'
        )
    return tests


def _condition(field: str, op: str, value: Any) -> Condition:
    if op not in OPERATORS:
        raise FilterError(unknown("filter operator", op, OPERATORS))
    if op in LIST_OPERATORS:
        value = (value,) if isinstance(value, str) else tuple(_listed(field, op, value))
    elif op in ("<=", ">=", "<", ">") or (field in NUMBER_FIELDS and op in ("==", "!=")):
        value = _number(field, value)
    return Condition(field if field in NUMBER_FIELDS else field.casefold(), op, value)


def _listed(field: str, op: str, value: object) -> Iterable[str]:
    if not isinstance(value, Sequence):
        raise FilterError(f"The filter '{field} {op}' takes a list of texts, not {value!r}.")
    return (str(item) for item in value)


def _number(field: str, value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever a caller wrote; checked right here
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if math.isnan(number):
        raise FilterError(f"The filter on '{field}' takes a number, not {str(value)[:80]!r}.")
    return number


# -- in Python ---------------------------------------------------------------------------------------


def matches(product: Product, conditions: Iterable[Condition]) -> bool:
    """Tell whether a product meets every condition."""
    return all(_meets(product, condition) for condition in conditions)


def _meets(product: Product, condition: Condition) -> bool:
    if condition.op in NEGATIVE:
        return not _meets(
            product, Condition(condition.field, NEGATIVE[condition.op], condition.value)
        )
    if condition.field in NUMBER_FIELDS:
        number = getattr(product, condition.field)
        return number is not None and _number_test(condition)(number)
    return any(_text_meets(text, condition) for text in _field_texts(product, condition.field))


def _number_test(condition: Condition) -> Callable[[float], bool]:
    if condition.op not in NUMBER_TESTS:
        raise FilterError(
            f"'{condition.field}' is a number; it takes {', '.join(NUMBER_TESTS)}, not '{condition.op}'."
        )
    return lambda number: NUMBER_TESTS[condition.op](number, condition.value)


def _text_meets(text: str, condition: Condition) -> bool:
    folded = fold(text)
    if condition.op in TEXT_TESTS:
        return TEXT_TESTS[condition.op](folded, condition.value)
    number = _NUMBER.search(folded)
    return number is not None and NUMBER_TESTS[condition.op](
        float(number.group().replace(",", ".")), condition.value
    )


def _field_texts(product: Product, field: str) -> list[str]:
    if field == "any":
        return [" ".join((product.title, *product.search_texts().values()))]
    if field in TEXT_FIELDS:
        value = getattr(product, field)
        return [] if value is None else [str(value)]
    return [value for name, value in product.facets() if name == field]


# -- in SQL ------------------------------------------------------------------------------------------


class FilterCompiler:
    """Compiles conditions to SQL over one store; the facet values are cached until a write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._generation = -1
        self._values: dict[str, list[tuple[int, str]]] = {}

    def where(self, conditions: Sequence[Condition]) -> tuple[str, list[Any]]:
        """Return an SQL condition on `product` and its parameters; '1' where there is nothing to test.

        Raises:
            FilterError: A field that no product has, or an operator the field cannot take.
        """
        parts, values = [], []
        for condition in conditions:
            sql, given = self._compile(condition)
            parts.append(sql)
            values += given
        return " AND ".join(parts) or "1", values

    def fields(self) -> list[str]:
        """Return the names a filter may use on this catalogue."""
        return [*NUMBER_FIELDS, *TEXT_FIELDS, "any", *sorted({*FACET_FIELDS, *self._facets()})]

    def _facets(self) -> dict[str, list[tuple[int, str]]]:
        generation = self._store.generation
        if generation != self._generation:
            rows = self._store.db.execute("SELECT id, field, value FROM facet_value")
            self._values = {}
            for value_id, field, value in rows:
                self._values.setdefault(field, []).append((value_id, fold(value)))
            self._generation = generation
        return self._values

    def _compile(self, condition: Condition) -> tuple[str, list[Any]]:
        if condition.op in NEGATIVE:
            positive = Condition(condition.field, NEGATIVE[condition.op], condition.value)
            sql, given = self._compile(positive)
            return f"NOT ({sql})", given
        if condition.field in NUMBER_FIELDS:
            _number_test(condition)
            op = "=" if condition.op == "==" else condition.op
            sql = f"({condition.field} IS NOT NULL AND {condition.field} {op} ?)"
            return sql, [condition.value]
        if condition.field in TEXT_FIELDS or condition.field == "any":
            return self._scan(condition)
        return self._facet(condition)

    def _facet(self, condition: Condition) -> tuple[str, list[Any]]:
        facets = self._facets()
        if condition.field not in facets and condition.field not in FACET_FIELDS:
            raise FilterError(unknown("field", condition.field, self.fields()))
        hits = [
            value_id
            for value_id, folded in facets.get(condition.field, ())
            if _text_meets(folded, condition)
        ]
        return (
            "product.row IN (SELECT row FROM product_facet WHERE value_id IN "
            "(SELECT value FROM json_each(?)))",
            [json.dumps(hits)],
        )

    def _scan(self, condition: Condition) -> tuple[str, list[Any]]:
        if condition.field == "id" and condition.op in ("==", "in"):
            wanted = [condition.value] if condition.op == "==" else condition.value
            folded = {fold(str(item)) for item in wanted}
            rows = [row for row, text in self._texts("id") if fold(text) in folded]
        else:
            rows = [
                row
                for row, text in self._texts(condition.field)
                if text is not None and _text_meets(text, condition)
            ]
        return "product.row IN (SELECT value FROM json_each(?))", [json.dumps(rows)]

    def _texts(self, field: str) -> Iterable[tuple[int, str]]:
        if field == "id":
            return self._store.db.execute("SELECT row, id FROM product")
        return (
            (row, text)
            for row, data in self._store.db.execute("SELECT row, data FROM product")
            for text in _field_texts(Product.model_validate_json(data), field)
        )
