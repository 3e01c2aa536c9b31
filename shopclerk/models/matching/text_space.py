"""Texts as sparse vectors: which words two listings share, each weighed by how rare it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class TextSpace:
    """Some texts over the words that occur in them.

    Attributes:
        idf: Word's place to its weight, log((N + 1) / (n + 0.5)), never below 0.1.
        places: Word to its place.
        counts: `(texts, words)` sparse, 1 where a word occurs.
    """

    idf: Floats
    places: dict[str, int]
    counts: Any

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> "TextSpace":
        """Return the space of some texts, each given as its words."""
        from scipy.sparse import csr_matrix

        places: dict[str, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        frequency: Counter[int] = Counter()
        for row, text in enumerate(texts):
            distinct = {places.setdefault(word, len(places)) for word in text}
            rows += [row] * len(distinct)
            columns += sorted(distinct)
            frequency.update(distinct)
        shape = (len(texts), max(len(places), 1))
        ones = np.ones(len(rows), np.float32)
        known = np.array([frequency[place] for place in range(shape[1])], np.float32)
        idf = np.maximum(np.log((len(texts) + 1) / (known + 0.5)), 0.1).astype(np.float32)
        return cls(idf, places, csr_matrix((ones, (rows, columns)), shape=shape))

    @cached_property
    def _weighted(self) -> Any:
        from scipy.sparse import diags

        return (self.counts @ diags(self.idf)).tocsr()

    @cached_property
    def _mass(self) -> Floats:
        return np.asarray(self._weighted.sum(axis=1), np.float32).ravel()

    @cached_property
    def _norm(self) -> Floats:
        squares = self._weighted.multiply(self._weighted).sum(axis=1)
        return np.sqrt(np.asarray(squares, np.float32).ravel())

    def cosine(self, left: Ints, right: Ints) -> Floats:
        """Return the cosine of pairs of texts by their rows, each word weighed by its idf."""
        dots = self._weighted[left].multiply(self._weighted[right]).sum(axis=1)
        norms = self._norm[left] * self._norm[right]
        return np.asarray(np.asarray(dots).ravel() / np.maximum(norms, 1e-6), np.float32)

    def shared(self, left: Ints, right: Ints) -> tuple[Floats, Floats, Floats]:
        """Return how much of the left, of the right text is shared, and the weight of what is shared."""
        both = self._weighted[left].multiply(self.counts[right]).sum(axis=1)
        weight = np.asarray(both, np.float32).ravel()
        return (
            weight / np.maximum(self._mass[left], 1e-6),
            weight / np.maximum(self._mass[right], 1e-6),
            weight,
        )

    def rarest_missing(self, left: Ints, right: Ints) -> Floats:
        """Return the weight of the rarest word of the left text that the right one lacks."""
        rows = self._weighted[left]
        lacking = rows - rows.multiply(self.counts[right])
        return np.asarray(lacking.max(axis=1).toarray(), np.float32).ravel()


def grams(text: str, size: int = 3) -> list[str]:
    """Return the runs of `size` characters of a text, its ends marked by a blank."""
    padded = f" {text} "
    return [padded[place : place + size] for place in range(max(1, len(padded) - size + 1))]
