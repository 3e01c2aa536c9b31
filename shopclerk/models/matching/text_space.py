"""Texts as sparse vectors: which words two listings share, each weighed by how rare it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


FEWEST_TEXTS = 500
LEAST_WEIGHT = 0.01


@dataclass(frozen=True, slots=True)
class WordCounts:
    """In how many texts of a catalogue each word occurs.

    Attributes:
        words: Word to number of texts.
        texts: How many texts there are.
    """

    words: Mapping[str, int]
    texts: int


def rarity(counts: Floats, texts: int) -> Floats:
    """Return how rare words are, from near 0 (in every text) to about 1 (in one of very many).

    Inverse document frequency, log((N + 1) / (n + 0.5)), over its greatest value, so that catalogues of all sizes
    compare. A few texts count as if they were from `FEWEST_TEXTS` more: they cannot say which words are common.
    """
    total = texts + FEWEST_TEXTS + 1
    weights = np.log(total / (counts + 0.5)) / np.log(total / 0.5)
    return np.asarray(np.maximum(weights, LEAST_WEIGHT), np.float32)


@dataclass(frozen=True)
class TextSpace:
    """Some texts over the words that occur in them.

    Attributes:
        idf: Word's place to its weight, see `rarity`.
        places: Word to its place.
        counts: `(texts, words)` sparse, 1 where a word occurs.
    """

    idf: Floats
    places: dict[str, int]
    counts: Any

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]], known: "WordCounts | None" = None) -> "TextSpace":
        """Return the space of some texts, each given as its words.

        Args:
            texts: The texts.
            known: How often words occur in a larger catalogue that these texts are from; None to count here.
        """
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
        counts = np.array([frequency[place] for place in range(shape[1])], np.float32)
        if known is not None:
            listed = np.array([known.words.get(word, 0) for word in places] or [0], np.float32)
            counts = np.maximum(counts, listed)
        idf = rarity(counts, max(len(texts), known.texts if known else 0))
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
            np.asarray(weight / np.maximum(self._mass[left], 1e-6), np.float32),
            np.asarray(weight / np.maximum(self._mass[right], 1e-6), np.float32),
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
