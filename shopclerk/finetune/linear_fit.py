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
Fitted = tuple[dict[str, Vectors], Vectors]
"""Weights by part, and the bias."""

TERM_SCALE = 12.0
"""What terms are multiplied by while learning; a term's row has length one, a standardised picture's about 50."""
HISTORY = 8


def fit_head(
    inputs: Inputs,
    parts: Sequence[str],
    loss: Loss,
    labels: int,
    *,
    decays: Sequence[float],
    iterations: int,
    judge: Callable[[LinearHead], float] | None = None,
) -> tuple[LinearHead, float]:
    """Fit one head, with the penalty under which it judges unseen listings best.

    Args:
        inputs: The listings.
        parts: What of them the head reads.
        loss: What is made small, beside the penalty.
        labels: How many labels there are.
        decays: Weights of the penalty, half the sum of squares, the largest first; each fit begins where the one
            before ended, and they end where `judge` finds no more gain.
        iterations: Steps at most, half as many from the second penalty on.
        judge: A head's loss on unseen listings; None takes the last penalty.

    Returns:
        The head, and the penalty's weight.
    """
    read = {name: _scaled(name, inputs.part(name)) for name in parts}
    scales = {name: np.float32(TERM_SCALE if name == TERMS else 1.0) for name in parts}
    best: tuple[LinearHead, float] | None = None
    least, start, steps = np.inf, None, iterations
    for decay in decays:
        start = minimise(read, loss, labels, decay=decay, iterations=steps, start=start)
        weights, bias = start
        head = LinearHead({name: each * scales[name] for name, each in weights.items()}, bias)
        height = judge(head) if judge else -np.inf
        if best is not None and height > least:
            break
        best, least, steps = (head, decay), height, max(iterations // 2, 1)
    assert best is not None
    return best


def _scaled(name: str, part: Matrix) -> Matrix:
    return part * np.float32(TERM_SCALE) if name == TERMS else part


def minimise(
    parts: Mapping[str, Matrix],
    loss: Loss,
    labels: int,
    *,
    decay: float,
    iterations: int,
    start: Fitted | None = None,
) -> Fitted:
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
    first = np.zeros(size) if start is None else _packed(start)
    found = minimize(value, first, jac=True, method="L-BFGS-B", options=options)
    return _unpacked(found.x, shapes, labels)


def _packed(fitted: Fitted) -> NDArray[np.float64]:
    weights, bias = fitted
    return np.concatenate([*(each.ravel() for each in weights.values()), bias]).astype(np.float64)


def _unpacked(
    flat: NDArray[np.float64], shapes: Mapping[str, tuple[int, int]], labels: int
) -> Fitted:
    small, weights, start = flat.astype(np.float32), {}, 0
    for name, (rows, columns) in shapes.items():
        weights[name] = small[start : start + rows * columns].reshape(rows, columns)
        start += rows * columns
    return weights, small[start : start + labels]
