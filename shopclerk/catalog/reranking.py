"""Reordering the best hits of a search by a model that reads query and product together.

Its scores are laid beside the search's own, weighted as the model was judged on held-out queries; a model without a weight
decides alone. In a request for several things each product is read beside the item that it fits best, and the best
product of each item stays as good as the best of any other.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol


class PairScorer(Protocol):
    """What search needs of a reranker."""

    @property
    def weight(self) -> float | None:
        """How much its scores count beside the search's own; None: it alone decides."""
        ...

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score a text; higher is better."""
        ...


def reranked(
    rows: Sequence[int],
    fused: Mapping[int, float],
    asked: Mapping[int, str],
    texts: Mapping[int, str],
    scorer: PairScorer,
) -> list[int]:
    """Return rows in the order of search and reranker together.

    Args:
        rows: The best hits, best first.
        fused: The search's score of each.
        asked: What each is read beside: the query, or the item of it that the product fits best.
        texts: What the reranker reads of each.
        scorer: The reranker.
    """
    read = _scores(rows, asked, texts, scorer)
    weight = scorer.weight
    if weight is None:
        total = read
    else:
        best: dict[str, float] = {}
        for row in rows:
            best[asked[row]] = max(read[row], best.get(asked[row], read[row]))
        total = {row: fused[row] + weight * (read[row] - best[asked[row]]) for row in rows}
    return sorted(rows, key=lambda row: -total[row])


def _scores(
    rows: Sequence[int], asked: Mapping[int, str], texts: Mapping[int, str], scorer: PairScorer
) -> dict[int, float]:
    read: dict[int, float] = {}
    for query in dict.fromkeys(asked[row] for row in rows):
        group = [row for row in rows if asked[row] == query]
        scores = scorer.score(query, [texts[row] for row in group])
        read.update(zip(group, scores, strict=True))
    return read
