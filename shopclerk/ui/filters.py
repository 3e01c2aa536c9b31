"""The filters beside the results: which fields are offered, and what was picked there as search conditions."""

from collections.abc import Mapping, Sequence
from typing import Any

from shopclerk.catalog.facets import FacetCount

MOST_FIELDS = 4
MOST_VALUES = 20
LEAST_SHARE = 0.1
"""Share of the results that must have a field for it to be offered."""
FIRST = ("category", "brand")

Facets = Mapping[str, Sequence[FacetCount]]


def offered(facets: Facets, total: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the fields that tell the results apart, each with its values as (label with count, value).

    Categories and brands come first, then the fields that most of the results have.
    """
    have = {name: sum(each.count for each in counts) for name, counts in facets.items() if counts}
    others = [
        name
        for name in sorted(have, key=lambda name: (-have[name], name))
        if name not in FIRST and len(facets[name]) > 1 and have[name] >= LEAST_SHARE * total
    ]
    names = [name for name in FIRST if name in have] + others
    return [
        (
            name,
            [(f"{each.value} ({each.count})", each.value) for each in facets[name][:MOST_VALUES]],
        )
        for name in names[:MOST_FIELDS]
    ]


def conditions(
    picked: Mapping[str, Sequence[str]],
    price_min: float | None,
    price_max: float | None,
) -> dict[str, dict[str, Any]]:
    """Return what was picked as `{field: {operator: value}}`."""
    tests: dict[str, dict[str, Any]] = {
        name: {"under" if name == "category" else "in": list(values)}
        for name, values in picked.items()
        if values
    }
    for op, value in ((">=", price_min), ("<=", price_max)):
        if value is not None:
            tests.setdefault("price", {})[op] = value
    return tests


def joined(
    one: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return conditions of which both must hold; where both name the same test of a field, the other's stands."""
    return {
        name: {**one.get(name, {}), **other.get(name, {})} for name in dict.fromkeys((*one, *other))
    }
