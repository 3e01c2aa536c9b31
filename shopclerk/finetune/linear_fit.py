"""Fitting linear heads: L-BFGS over all listings at once, with a quadratic penalty on the weights.

Liu and Nocedal 1989 by scipy. Picture parts are standardised and terms have length one, so one penalty suits both once
terms are scaled up (`TERM_SCALE`).
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.linear_heads import TERMS, Inputs, LinearHead, Matrix

Vectors = NDArray[np.float32]
Loss = Callable[[Vectors], tuple[float, Vectors]]
"""Logits `(n, labels)` to the loss and its gradient."""

TERM_SCALE = 12.0
"""What terms are multiplied by while learning; a term's row has length one, a standardised picture's about 50."""
HISTORY = 8


def fit_head(
    inputs: Inputs,
    parts: Sequence[str],
    loss: Loss,
    labels: int,
    *,
    decay: float,
    iterations: int,
) -> LinearHead:
    """Fit one head.

    Args:
        inputs: The listings.
        parts: What of them the head reads.
        loss: What is made small, beside the penalty.
        labels: How many labels there are.
        decay: Weight of the penalty, half the sum of squares.
        iterations: Steps at most.
    """
    read = {name: _scaled(name, inputs.part(name)) for name in parts}
    weights, bias = minimise(read, loss, labels, decay=decay, iterations=iterations)
    scales = {name: TERM_SCALE if name == TERMS else 1.0 for name in parts}
    return LinearHead(
        {name: each * np.float32(scales[name]) for name, each in weights.items()}, bias
    )


def _scaled(name: str, part: Matrix) -> Matrix:
    return part * np.float32(TERM_SCALE) if name == TERMS else part


def minimise(
    parts: Mapping[str, Matrix], loss: Loss, labels: int, *, decay: float, iterations: int
) -> tuple[dict[str, Vectors], Vectors]:
    """Return weights by part `(d, labels)` and the bias `(labels,)` that make loss and penalty small."""
    from scipy.optimize import minimize

    shapes = {name: (part.shape[1], labels) for name, part in parts.items()}

    def value(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = _unpacked(flat, shapes, labels)
        logits = bias + sum(np.asarray(part @ weights[name]) for name, part in parts.items())
        height, slope = loss(np.asarray(logits, np.float32))
        slopes = [
            np.asarray(part.T @ slope) + np.float32(decay) * weights[name]
            for name, part in parts.items()
        ]
        penalty = sum(float(np.vdot(each, each)) for each in weights.values())
        flat_slope = np.concatenate([*(each.ravel() for each in slopes), slope.sum(axis=0)])
        return height + decay / 2 * penalty, flat_slope.astype(np.float64)

    size = sum(rows * columns for rows, columns in shapes.values()) + labels
    options = {"maxiter": iterations, "maxcor": HISTORY, "ftol": 1e-6, "gtol": 1e-7}
    found = minimize(value, np.zeros(size), jac=True, method="L-BFGS-B", options=options)
    return _unpacked(found.x, shapes, labels)


def _unpacked(
    flat: NDArray[np.float64], shapes: Mapping[str, tuple[int, int]], labels: int
) -> tuple[dict[str, Vectors], Vectors]:
    small, weights, start = flat.astype(np.float32), {}, 0
    for name, (rows, columns) in shapes.items():
        weights[name] = small[start : start + rows * columns].reshape(rows, columns)
        start += rows * columns
    return weights, small[start : start + labels]
