"""Facets: which values a field takes, and how often, over the whole catalogue or part of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from shopclerk.catalog.store import Store


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a field and the number of products that have it."""

    value: str
    count: int


def facet_counts(
    store: Store, rows: Iterable[int] | None = None, *, most: int = 20
) -> dict[str, list[FacetCount]]:
    """Count the values of every field, the most frequent first.

    Args:
        store: The catalogue.
        rows: Row numbers to count over; None means all.
        most: How many values a field may list.
    """
    query = (
        "SELECT field, value, count(*) FROM product_facet"
        " JOIN facet_value ON facet_value.id = product_facet.value_id {where}"
        " GROUP BY value_id ORDER BY field, count(*) DESC, value"
    )
    if rows is None:
        found = store.db.execute(query.format(where=""))
    else:
        where = "WHERE row IN (SELECT value FROM json_each(?))"
        found = store.db.execute(query.format(where=where), (json.dumps(list(rows)),))
    counts: dict[str, list[FacetCount]] = {}
    for field, value, count in found:
        values = counts.setdefault(field, [])
        if len(values) < most:
            values.append(FacetCount(value, count))
    return counts


def all_facet_values(store: Store) -> dict[str, dict[str, int]]:
    """Return every value of every field with its count."""
    counts = facet_counts(store, most=10**9)
    return {
        field: {facet.value: facet.count for facet in values} for field, values in counts.items()
    }
