"""Full-text search over the store: BM25 by SQLite's FTS5, under filters, and which words a product holds."""

from collections.abc import Sequence

from shopclerk.catalog.store import TEXT_COLUMNS, Store
from shopclerk.catalog.text import content_terms
from shopclerk.catalog.vectors import WIDE_MARGIN, WIDE_SHARE

COLUMN_WEIGHTS = (4.0, 2.0, 2.0, 1.5, 1.0)
"""BM25 weights of title, brand, category, attributes, description."""
MAX_QUERY_TERMS = 48


class FullText:
    """Finds products by their words.

    Args:
        store: The catalogue's store.
        depth: How many products a search ranks.
    """

    def __init__(self, store: Store, depth: int) -> None:
        self._store = store
        self._depth = depth

    def ranked(self, text: str, allowed: list[int] | None) -> dict[int, float]:
        """Return the best rows with their BM25 score, higher is better, best first."""
        terms = content_terms(text)[:MAX_QUERY_TERMS]
        if not terms or (allowed is not None and not allowed):
            return {}
        match = _any_of(terms)
        if allowed is None:
            return self._best(match, self._depth)
        wide = self._wide(match, allowed)
        return self._best(match, self._depth, allowed) if wide is None else wide

    def _wide(self, match: str, allowed: list[int]) -> dict[int, float] | None:
        """Take the best of all and drop what is not allowed; None where that may leave too few.

        With many rows allowed this finds the same rows as a restricted query, and faster.
        """
        share = len(allowed) / max(len(self._store), 1)
        if share < WIDE_SHARE:
            return None
        reach = int(WIDE_MARGIN * self._depth / share)
        found, among = self._best(match, reach), set(allowed)
        kept = [(row, score) for row, score in found.items() if row in among]
        if len(kept) < self._depth and len(found) >= reach:
            return None
        return dict(kept[: self._depth])

    def _best(self, match: str, count: int, allowed: list[int] | None = None) -> dict[int, float]:
        weights = ", ".join(str(weight) for weight in COLUMN_WEIGHTS)
        restriction = "" if allowed is None else "AND +rowid IN (SELECT value FROM json_each(?))"
        rows = self._store.db.execute(
            f"SELECT rowid, -bm25(product_text, {weights}) AS score FROM product_text"
            f" WHERE product_text MATCH ? {restriction} ORDER BY score DESC LIMIT {count}",
            [match, *([] if allowed is None else [as_json(allowed)])],
        )
        return dict(rows)

    def coverage(self, terms: Sequence[str], rows: Sequence[int]) -> dict[int, float]:
        """Return the share of the terms that each row holds, in any field."""
        covered: dict[int, float] = {}
        for term in terms:
            for row in self._holding(_any_of([term]), rows):
                covered[row] = covered.get(row, 0.0) + 1
        return {row: count / len(terms) for row, count in covered.items()}

    def matched(self, terms: Sequence[str], rows: Sequence[int]) -> dict[int, list[str]]:
        """Return the fields of each row that hold any of the terms."""
        matched: dict[int, list[str]] = {}
        for column in TEXT_COLUMNS if terms else ():
            for row in self._holding(f"{column} : ({_any_of(terms)})", rows):
                matched.setdefault(row, []).append(column)
        return matched

    def _holding(self, match: str, rows: Sequence[int]) -> list[int]:
        found = self._store.db.execute(
            "SELECT rowid FROM product_text WHERE product_text MATCH ?"
            " AND +rowid IN (SELECT value FROM json_each(?))",
            (match, as_json(rows)),
        )
        return [row for (row,) in found]


def _any_of(terms: Sequence[str]) -> str:
    return " OR ".join(f'"{term}"' for term in terms)


def as_json(rows: Sequence[int]) -> str:
    """Return row numbers as the JSON array that SQLite reads."""
    return "[" + ",".join(map(str, rows)) + "]"
