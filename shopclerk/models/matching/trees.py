"""Gradient-boosted trees as plain arrays: numpy decides, safetensors keeps; nothing is unpickled.

Friedman 2001, Greedy Function Approximation, section 4.4. scikit-learn's histogram trees train them
(`finetune/tree_fit.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Tensors = Mapping[str, NDArray[Any]]

PARTS = ("feature", "threshold", "left", "right", "value", "missing_left", "roots", "baseline")
CELLS = 2_000_000
"""Rows times trees looked at in one go."""


@dataclass(frozen=True)
class Trees:
    """A sum of regression trees; all nodes of all trees lie in one array.

    Attributes:
        names: Features, in the order of the columns.
        tensors: By `PARTS`: a node's feature, threshold, children (itself in a leaf) and value, whether a missing
            value goes left, the first node of each tree, and what is added to every sum.
    """

    names: tuple[str, ...]
    tensors: Tensors

    def logits(self, values: Floats) -> Floats:
        """Return the sum of the trees for `(n, features)`, `(n,)`."""
        roots = self.tensors["roots"]
        step = max(1, CELLS // max(1, len(roots)))
        parts = [self._logits(values[at : at + step]) for at in range(0, len(values), step)]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _logits(self, values: Floats) -> Floats:
        tensors, (count, width) = self.tensors, values.shape
        flat = np.ascontiguousarray(values).ravel()
        starts = np.repeat(np.arange(count, dtype=np.int64) * width, len(tensors["roots"]))
        nodes = np.tile(tensors["roots"], count)
        total = np.zeros(count, np.float64)
        rows = np.repeat(np.arange(count), len(tensors["roots"]))
        while len(nodes):
            inner = tensors["left"].take(nodes) != nodes
            leaves = ~inner
            total += np.bincount(rows[leaves], tensors["value"].take(nodes[leaves]), count)
            nodes, starts, rows = nodes[inner], starts[inner], rows[inner]
            cells = flat.take(starts + tensors["feature"].take(nodes))
            leftward = cells <= tensors["threshold"].take(nodes)
            leftward |= np.isnan(cells) & tensors["missing_left"].take(nodes).astype(bool)
            nodes = np.where(leftward, tensors["left"].take(nodes), tensors["right"].take(nodes))
        return np.asarray(total + tensors["baseline"], np.float32)

    def probabilities(self, values: Floats) -> Floats:
        """Return `(n,)` probabilities."""
        return sigmoid(self.logits(values))

    @classmethod
    def of(cls, names: Sequence[str], tensors: Tensors) -> "Trees":
        """Return trees after a look at whether their parts fit together.

        Raises:
            ValueError: They do not.
        """
        count = len(tensors["feature"])
        for part in PARTS:
            if part not in tensors:
                raise ValueError(f"the trees lack '{part}'")
        for part in ("left", "right", "roots"):
            if len(tensors[part]) and not 0 <= tensors[part].min() <= tensors[part].max() < count:
                raise ValueError(f"the trees' '{part}' points outside them")
        places = np.arange(count)
        inner = tensors["left"] != places
        for part in ("left", "right"):
            if (tensors[part][inner] <= places[inner]).any():
                raise ValueError(f"the trees' '{part}' points backwards")
        if count and not 0 <= tensors["feature"].min() <= tensors["feature"].max() < len(names):
            raise ValueError("the trees ask for features that have no name")
        if not np.isfinite(tensors["value"]).all():
            raise ValueError("the trees hold what is no number")
        return cls(tuple(names), tensors)

    @classmethod
    def joined(cls, several: Sequence["Trees"]) -> "Trees":
        """Return the mean of several models over the same features as one."""
        first, count = several[0], len(several)
        shift = np.cumsum([0, *(len(each.tensors["feature"]) for each in several)])[:-1]
        tensors: dict[str, NDArray[Any]] = {}
        for part in PARTS:
            pieces = [each.tensors[part] for each in several]
            if part in ("left", "right", "roots"):
                pieces = [piece + by for piece, by in zip(pieces, shift, strict=True)]
            if part in ("value", "baseline"):
                pieces = [piece / count for piece in pieces]
            tensors[part] = (
                np.sum(pieces, axis=0) if part == "baseline" else np.concatenate(pieces)
            ).astype(first.tensors[part].dtype)
        return cls(first.names, tensors)


def sigmoid(logits: Floats) -> Floats:
    """Return probabilities from logits."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)


def logit(probabilities: Floats) -> Floats:
    """Return logits from probabilities, within -12 and 12."""
    p = np.clip(probabilities, 6e-6, 1 - 6e-6)
    return np.asarray(np.log(p / (1 - p)), np.float32)
