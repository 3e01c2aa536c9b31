"""From probabilities to values: the best span for every name, all names together.

Two names seldom share a word, so that a choice pays for every piece it shares with another; how dearly is counted
from what the scorer was trained on (`Overlap`). A beam walks through the names, the surest first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Span = tuple[int, int]

BEAM = 24
TRIED = 8
SECOND_VALUE = 0.3
"""Probability from which another span is a further value of a name that may have several."""
MOST_COST = 6.0


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen for a name.

    Attributes:
        spans: First and last piece of each value, empty for `not stated`.
        confidences: Probability of each, or one number, that of `not stated`.
    """

    spans: tuple[Span, ...]
    confidences: tuple[float, ...]


def overlap_cost(pairs: int, sharing: int) -> float:
    """Return what sharing a piece costs, in nats: the log odds against it among pairs of values."""
    rate = (sharing + 0.5) / (pairs + 1.0)
    return min(MOST_COST, max(0.0, math.log((1 - rate) / rate)))


def choose(
    scores: Array, spans: NDArray[np.int64], cost: float, several: Sequence[bool]
) -> list[Choice]:
    """Choose a span, or `not stated`, for every name.

    Args:
        scores: Log-probabilities `(names, 1 + spans)`, `not stated` first.
        spans: `(spans, 2)`.
        cost: What a choice pays where it shares pieces with another.
        several: Whether a name may have several values.
    """
    tried = [np.argsort(-row, kind="stable")[:TRIED].tolist() for row in scores]
    order = sorted(range(len(scores)), key=lambda k: -float(scores[k].max()))
    beams: list[tuple[float, dict[int, int]]] = [(0.0, {})]
    for k in order:
        grown = []
        for total, chosen in beams:
            for option in tried[k]:
                price = cost * sum(_share(spans, option, other) for other in chosen.values())
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
