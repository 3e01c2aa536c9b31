"""From probabilities to values: the best span for every name, all names together.

Two names seldom share a word, so that two choices that share one pay for it; how dearly is counted from the shop's
labelled texts, name by name. A beam walks through the names, the surest first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.attribute_gazetteer import ANY, Gazetteer, pair_key, slot

Array = NDArray[np.float32]
Span = tuple[int, int]

BEAM = 24
TRIED = 8
SECOND_VALUE = 0.3
"""Probability from which another span is a further value of a name that may have several."""
MOST_COST, PRIOR = 6.0, 4.0


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen for a name.

    Attributes:
        spans: First and last piece of each value, empty for `not stated`.
        confidences: Probability of each, or one number, that of `not stated`.
    """

    spans: tuple[Span, ...]
    confidences: tuple[float, ...]


def overlap_costs(counts: Gazetteer, names: Sequence[str]) -> Array:
    """Return what it costs two names to share a piece, `(names, names)` in nats: the log odds against it.

    Pairs seen seldom lean on the rate of all pairs.
    """
    pairs, sharing = counts.sharing.get(ANY, (0, 0))
    usual = (sharing + 0.5) / (pairs + 2.0)
    costs = np.zeros((len(names), len(names)), np.float32)
    for row, name in enumerate(names):
        for column in range(row):
            pairs, sharing = counts.sharing.get(pair_key(slot(name), slot(names[column])), (0, 0))
            rate = (sharing + PRIOR * usual) / (pairs + PRIOR)
            cost = (
                min(MOST_COST, max(0.0, math.log((1 - rate) / max(rate, 1e-9))))
                if rate < 1
                else 0.0
            )
            costs[row, column] = costs[column, row] = cost
    return costs


def choose(
    scores: Array, spans: NDArray[np.int64], costs: Array, several: Sequence[bool]
) -> list[Choice]:
    """Choose a span, or `not stated`, for every name.

    Args:
        scores: Log-probabilities `(names, 1 + spans)`, `not stated` first.
        spans: `(spans, 2)`.
        costs: What two names pay whose choices share pieces, `(names, names)`.
        several: Whether a name may have several values.
    """
    tried = [np.argsort(-row, kind="stable")[:TRIED].tolist() for row in scores]
    order = sorted(range(len(scores)), key=lambda k: -float(scores[k].max()))
    beams: list[tuple[float, dict[int, int]]] = [(0.0, {})]
    for k in order:
        grown = []
        for total, chosen in beams:
            for option in tried[k]:
                price = sum(
                    float(costs[k, other])
                    for other, taken in chosen.items()
                    if _share(spans, option, taken)
                )
                grown.append((total + float(scores[k, option]) - price, {**chosen, k: option}))
        beams = sorted(grown, key=lambda beam: -beam[0])[:BEAM]
    best = beams[0][1]
    return [_choice(scores[k], spans, best[k], several[k]) for k in range(len(scores))]


def _share(spans: NDArray[np.int64], one: int, other: int) -> bool:
    if one == 0 or other == 0:
        return False
    a, b = spans[one - 1], spans[other - 1]
    return bool(a[0] <= b[1] and b[0] <= a[1])


def _choice(row: Array, spans: NDArray[np.int64], best: int, several: bool) -> Choice:
    if best == 0:
        return Choice((), (math.exp(float(row[0])),))
    chosen = [best]
    if several:
        for option in np.argsort(-row, kind="stable")[:TRIED].tolist():
            sure = math.exp(float(row[option])) >= SECOND_VALUE
            if sure and option and not any(_share(spans, option, c) or c == option for c in chosen):
                chosen.append(option)
    places = sorted(chosen, key=lambda option: int(spans[option - 1][0]))
    pairs = [(int(spans[o - 1][0]), int(spans[o - 1][1])) for o in places]
    return Choice(tuple(pairs), tuple(math.exp(float(row[o])) for o in places))
