"""How good a matcher is: precision, recall, F1, average precision, and the threshold that serves F1."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[Any]
Scores = NDArray[Any]

RESAMPLES = 40
GRID = np.linspace(0.02, 0.98, 97)
LEVEL = 1e-9


def f1_at(labels: Labels, probabilities: Scores, threshold: float) -> dict[str, float]:
    """Return f1, precision and recall of the pairs from a threshold on; 0 where nothing is found."""
    chosen = probabilities >= threshold
    right = float((chosen & (labels == 1)).sum())
    precision = right / max(1.0, float(chosen.sum()))
    recall = right / max(1.0, float((labels == 1).sum()))
    total = precision + recall
    return {
        "f1": 2 * precision * recall / total if total else 0.0,
        "precision": precision,
        "recall": recall,
    }


def average_precision(labels: Labels, scores: Scores) -> float:
    """Return the mean of precision at every right pair, ties broken against them; 0 without right pairs."""
    order = np.lexsort((labels, -scores))
    right = labels[order] == 1
    if not right.any():
        return 0.0
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    return float(precision[right].mean())


def best_threshold(labels: Labels, probabilities: Scores, seed: int = 7) -> float:
    """Return the threshold whose F1 is best in the mean of resampled pairs, which a lucky pair cannot sway.

    Of thresholds in a row that serve the same, the one in the middle.
    """
    rng = np.random.default_rng(seed)
    total = np.zeros(len(GRID))
    for _ in range(RESAMPLES):
        rows = rng.integers(0, len(labels), len(labels))
        total += _f1_curve(labels[rows], probabilities[rows])
    first = last = int(total.argmax())
    while last + 1 < len(GRID) and total[last + 1] >= total[first] - LEVEL:
        last += 1
    return float(GRID[(first + last) // 2])


def _f1_curve(labels: Labels, probabilities: Scores) -> NDArray[np.float64]:
    """Return F1 at every threshold of the grid."""
    same = np.sort(probabilities[labels == 1])
    every = np.sort(probabilities)
    right = len(same) - np.searchsorted(same, GRID)
    chosen = len(every) - np.searchsorted(every, GRID)
    return np.asarray(2 * right / np.maximum(1, chosen + len(same)), np.float64)
