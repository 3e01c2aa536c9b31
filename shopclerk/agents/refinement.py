"""How a message changes the search in effect."""

from collections.abc import Mapping
from typing import Any

from shopclerk.agents.numbers import Numbers
from shopclerk.agents.reading import Reading
from shopclerk.tools.arguments import SearchArguments

Values = dict[str, list[str]]


def refined(base: SearchArguments, reading: Reading) -> SearchArguments:
    """Return a search with what a message adds, replaces, rules out and takes back.

    A value replaces the earlier values of its field; a value ruled out is no longer asked for, and the other
    way round; a number replaces its like. Results begin at the first page again.
    """
    changes: dict[str, Any] = {"page": 1, **_filters(base, reading)}
    changes |= _numbers(base, reading.numbers, reading.relaxed)
    if "category" in reading.wanted:
        changes |= {"category": reading.wanted["category"], "query": ""}
    if reading.rest:
        changes["query"] = " ".join(reading.rest)
    if reading.sort:
        changes["sort"] = reading.sort
    if reading.in_stock:
        changes["in_stock"] = True
    elif reading.relaxed & {"stock", "*"}:
        changes["in_stock"] = False
    return base.model_copy(update=changes)


def _filters(base: SearchArguments, reading: Reading) -> dict[str, Values]:
    filters, exclude = _kept(base.filters, reading), _kept(base.exclude, reading)
    for name, values in reading.unwanted.items():
        exclude[name] = list(dict.fromkeys([*exclude.get(name, []), *values]))
        _take_out(filters, name, values)
    for name, values in reading.wanted.items():
        if name != "category":
            filters[name] = values
            _take_out(exclude, name, values)
    return {"filters": filters, "exclude": exclude}


def _kept(before: Mapping[str, list[str]], reading: Reading) -> Values:
    if "*" in reading.relaxed:
        return {}
    return {name: values for name, values in before.items() if name not in reading.relaxed}


def _take_out(fields: Values, name: str, values: list[str]) -> None:
    left = [value for value in fields.pop(name, []) if value not in values]
    if left:
        fields[name] = left


def _numbers(base: SearchArguments, numbers: Numbers, relaxed: set[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if relaxed & {"price", "*"}:
        changes |= {"price_min": None, "price_max": None}
    if relaxed & {"rating", "*"}:
        changes["rating_min"] = None
    if numbers.price_min is not None or numbers.price_max is not None:
        low = numbers.price_min if numbers.price_min is not None else base.price_min
        high = numbers.price_max if numbers.price_max is not None else base.price_max
        if low is not None and high is not None and low > high:
            low, high = numbers.price_min, numbers.price_max
        changes |= {"price_min": low, "price_max": high}
    if numbers.rating_min is not None:
        changes["rating_min"] = numbers.rating_min
    return changes
