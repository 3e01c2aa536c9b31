"""Linear heads over a listing's picture and words, and their fusion; inference is numpy and scipy alone.

A head reads some parts of a listing. The heads' logits are added up by weights of their own for listings with a picture
only, with words only, and with both (late fusion); the joint head reads all parts at once (early fusion) and has been
trained with either side left out at random, see `finetune/fusion_fit.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Matrix = Any
"""A dense `(n, d) float32` or a scipy sparse matrix of that shape."""

PICTURE, TERMS, MEANING, PRESENCE = "picture", "terms", "meaning", "presence"
HEAD_PARTS: dict[str, tuple[str, ...]] = {
    "picture": (PICTURE,),
    "text": (TERMS, MEANING),
    "joint": (PICTURE, TERMS, MEANING, PRESENCE),
}
"""Head to the parts it reads."""
Pattern = Literal["picture", "text", "both"]
PATTERN_HEADS: dict[Pattern, tuple[str, ...]] = {
    "picture": ("picture", "joint"),
    "text": ("text", "joint"),
    "both": ("picture", "text", "joint"),
}
"""What a listing has to the heads that can judge it."""


@dataclass(frozen=True)
class Inputs:
    """Listings as numbers; what a listing lacks is a row of zeros.

    Attributes:
        picture: `(n, d) float32`, standardised.
        terms: `(n, vocabulary)` sparse TF-IDF.
        meaning: `(n, 384) float32`, the text encoder's vectors.
        has_picture: `(n,) bool`.
        has_text: `(n,) bool`.
    """

    picture: Vectors
    terms: Matrix
    meaning: Vectors
    has_picture: NDArray[np.bool_]
    has_text: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return how many listings."""
        return len(self.has_picture)

    def part(self, name: str) -> Matrix:
        """Return one part, `(n, d)`."""
        if name == PRESENCE:
            return np.stack([self.has_picture, self.has_text], axis=1).astype(np.float32)
        return {PICTURE: self.picture, TERMS: self.terms, MEANING: self.meaning}[name]

    def take(self, rows: NDArray[Any]) -> "Inputs":
        """Return some of the listings, in the order given."""
        return Inputs(
            self.picture[rows],
            self.terms[rows],
            self.meaning[rows],
            self.has_picture[rows],
            self.has_text[rows],
        )

    def without(self, picture: NDArray[np.bool_], text: NDArray[np.bool_]) -> "Inputs":
        """Return the listings with the picture, or the words, of those marked taken away."""
        from scipy.sparse import diags_array

        seen, read = self.has_picture & ~picture, self.has_text & ~text
        return Inputs(
            self.picture * seen[:, None],
            (diags_array(read.astype(np.float32)) @ self.terms).tocsr(),
            self.meaning * read[:, None],
            seen,
            read,
        )

    def pattern(self, name: Pattern) -> NDArray[np.bool_]:
        """Return which listings have just what a pattern names."""
        if name == "both":
            return self.has_picture & self.has_text
        return (
            self.has_picture & ~self.has_text
            if name == "picture"
            else self.has_text & ~self.has_picture
        )


@dataclass(frozen=True)
class LinearHead:
    """Weights of the parts that a head reads.

    Attributes:
        weights: Part to `(d, labels) float32`.
        bias: `(labels,) float32`.
    """

    weights: Mapping[str, Vectors]
    bias: Vectors

    def logits(self, inputs: Inputs) -> Vectors:
        """Return `(n, labels) float32`."""
        total = np.zeros((len(inputs), len(self.bias)), np.float32) + self.bias
        for name, weight in self.weights.items():
            total += np.asarray(inputs.part(name) @ weight)
        return total


@dataclass(frozen=True)
class FusedHeads:
    """Several heads and how much each counts.

    Attributes:
        heads: Name to head.
        mixes: What a listing has, to the weight of each head.
    """

    heads: Mapping[str, LinearHead]
    mixes: Mapping[Pattern, Mapping[str, float]]

    @property
    def labels(self) -> int:
        """How many labels are told apart."""
        return len(next(iter(self.heads.values())).bias)

    def can_judge(self, inputs: Inputs) -> NDArray[np.bool_]:
        """Return for which listings there is a head."""
        able = np.zeros(len(inputs), bool)
        for pattern in self.mixes:
            able |= inputs.pattern(pattern)
        return able

    def logits(self, inputs: Inputs) -> Vectors:
        """Return `(n, labels) float32`; zeros for listings that no head can judge."""
        total = np.zeros((len(inputs), self.labels), np.float32)
        for pattern, mix in self.mixes.items():
            rows = np.flatnonzero(inputs.pattern(pattern))
            if len(rows):
                chosen = inputs.take(rows)
                total[rows] = mixed({n: self.heads[n].logits(chosen) for n in mix}, mix)
        return total

    def tensors(self) -> dict[str, Vectors]:
        """Return everything by name, as `of` takes it."""
        named = {f"{head}.bias": each.bias for head, each in self.heads.items()}
        for head, each in self.heads.items():
            named |= {f"{head}.{part}": weight for part, weight in each.weights.items()}
        for pattern, mix in self.mixes.items():
            named |= {f"mix.{pattern}.{n}": np.array([w], np.float32) for n, w in mix.items()}
        return named

    @classmethod
    def of(cls, tensors: Mapping[str, Vectors]) -> "FusedHeads":
        """Make the heads from named tensors.

        Raises:
            KeyError: A tensor is missing.
            ValueError: Tensors do not fit together.
        """
        names = {name for name in HEAD_PARTS if f"{name}.bias" in tensors}
        heads = {
            name: LinearHead(_parts(tensors, name), tensors[f"{name}.bias"].astype(np.float32))
            for name in names
        }
        mixes = {
            pattern: {n: float(tensors[f"mix.{pattern}.{n}"][0]) for n in _mixed(tensors, pattern)}
            for pattern in PATTERN_HEADS
        }
        fused = cls(heads, {pattern: mix for pattern, mix in mixes.items() if mix})
        fused.check()
        return fused

    def check(self) -> None:
        """Refuse parts that do not fit together, here and not at the first listing.

        Raises:
            ValueError: They do not.
        """
        if not self.heads or not self.mixes:
            raise ValueError("it has no heads")
        for name, head in self.heads.items():
            widths = {len(head.bias), self.labels, *(w.shape[1] for w in head.weights.values())}
            if len(widths) > 1:
                raise ValueError(f"the parts of the head '{name}' are of different widths")
            if not all(np.isfinite(each).all() for each in (head.bias, *head.weights.values())):
                raise ValueError("its weights hold what is no number")
        if missing := {name for mix in self.mixes.values() for name in mix} - set(self.heads):
            raise ValueError(f"the heads {sorted(missing)} are missing")


def mixed(logits: Mapping[str, Vectors], mix: Mapping[str, float]) -> Vectors:
    """Return the weighted sum of some heads' logits."""
    return np.asarray(sum(np.float32(weight) * logits[name] for name, weight in mix.items()))


def _parts(tensors: Mapping[str, Vectors], head: str) -> dict[str, Vectors]:
    return {
        part: tensors[f"{head}.{part}"].astype(np.float32)
        for part in HEAD_PARTS[head]
        if f"{head}.{part}" in tensors
    }


def _mixed(tensors: Iterable[str], pattern: Pattern) -> list[str]:
    start = f"mix.{pattern}."
    return sorted(name.removeprefix(start) for name in tensors if name.startswith(start))
