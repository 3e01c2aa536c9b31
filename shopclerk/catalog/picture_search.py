"""Search by picture, by picture and words, and by words in pictures.

Candidates come from the vector index of pictures and, where the picture's meaning lies in the space of the
texts, from the products' texts; all of them are then scored by both. A picture that is the same file saved
anew is known by its perceptual hash and comes first.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.picture_store import PictureStore
from shopclerk.catalog.text import content_terms
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.pictures.fingerprint import SAME_DISTANCE

Vectors = NDArray[np.float32]

MAX_CANDIDATES = 200
POINTING = frozenset("same similar like alike one picture photo image pic".split())
"""Words by which a message points at the picture rather than says what should differ."""
SAME_COSINE = 0.9
"""Pictures of the same fingerprint count as the same only if they also look alike, colours included."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureQuery:
    """A shopper's picture as numbers.

    Attributes:
        vector: How it looks, `(d,) float32` of length one.
        meaning: What it means before any head, `(m,)` of length one.
        fingerprint: Its perceptual hash, None for a region of a picture.
        name: What it is called in the conversation.
    """

    vector: Vectors
    meaning: Vectors
    fingerprint: str | None = None
    name: str = ""


class Weighing(Protocol):
    """How much the products' texts count beside their pictures."""

    @property
    def text(self) -> float:
        """Weight of the likeness of the picture's meaning and the product's text."""
        ...


class Space(Protocol):
    """What search needs of the space in which pictures and words meet."""

    @property
    def weights(self) -> Weighing:
        """How the parts count."""
        ...

    def picture_query(self, look: PictureQuery, asked: Iterable[str] = ()) -> Vectors:
        """Return the query for a picture and words beside it."""
        ...

    def words_query(self, meaning: Vectors, terms: Iterable[str]) -> Vectors:
        """Return the query for words alone."""
        ...

    def meaning(self, look: PictureQuery) -> Vectors:
        """Return what a picture means in the space of the texts."""
        ...

    def knows(self, terms: Iterable[str]) -> bool:
        """Whether the space has learned any of the words."""
        ...


class PictureSearch:
    """Searches the pictures of one catalogue.

    Args:
        pictures: What the store keeps of pictures.
        index: Their vectors.
        space: Where pictures and words meet.
        texts: The vectors of the products' texts; None where the picture's meaning is of another space.
        meaning_of: Gives the meaning of words in the space of the pictures' meanings.
    """

    def __init__(
        self,
        pictures: PictureStore,
        index: VectorIndex,
        space: Space,
        texts: VectorIndex | None,
        meaning_of: Callable[[str], Vectors],
    ) -> None:
        self._meaning_of = meaning_of
        self.pictures = pictures
        self.space = space
        self._index = index
        self._texts = texts

    def by_picture(
        self, query: PictureQuery, words: str, allowed: Sequence[int] | None
    ) -> dict[int, float]:
        """Return rows with how well they fit a picture, and words asked for beside it; 1 is best."""
        wanted = self.space.picture_query(query, content_terms(words))
        scores = self._near(wanted, allowed)
        weight = self.space.weights.text
        if weight and self._texts is not None:
            meaning = self.space.meaning(query)
            texts = self._texts.nearest(meaning, MAX_CANDIDATES, allowed=allowed)
            scores |= self._fits(wanted, [row for row in texts if row not in scores])
            texts |= self._texts.similarities(meaning, [row for row in scores if row not in texts])
            scores = {row: score + weight * texts.get(row, 0.0) for row, score in scores.items()}
        return scaled(scores)

    def knows(self, words: str) -> bool:
        """Whether pictures can say something of a query in words."""
        return self.space.knows(content_terms(words))

    def unseen_words(self, words: str) -> str:
        """Return the words that pictures can say nothing of, without those that only point at the picture."""
        terms = content_terms(words)
        return " ".join(t for t in terms if t not in POINTING and not self.space.knows([t]))

    def by_words(
        self, words: str, allowed: Sequence[int] | None, others: Iterable[int]
    ) -> dict[int, float]:
        """Return rows with how well their pictures fit words, 1 is best; `others` are scored as well."""
        wanted = self.space.words_query(self._meaning_of(words), content_terms(words))
        scores = self._near(wanted, allowed)
        scores |= self._fits(wanted, [row for row in others if row not in scores])
        return scaled(scores)

    def same(self, query: PictureQuery, scores: Mapping[int, float]) -> list[int]:
        """Return the rows among some that show the very picture asked with, nearest first."""
        if query.fingerprint is None:
            return []
        same = self.pictures.same_as(query.fingerprint, SAME_DISTANCE)
        return [row for row in same if row in scores and self._looks_alike(query, row)]

    def query_of(self, row: int) -> PictureQuery | None:
        """Return a product's own picture as a query, None where it has none."""
        stored = self.pictures.of(row)
        return None if stored is None else PictureQuery(stored.vector, stored.meaning)

    def _looks_alike(self, query: PictureQuery, row: int) -> bool:
        stored = self.pictures.of(row)
        return stored is not None and float(stored.vector @ query.vector) >= SAME_COSINE

    def _near(self, wanted: Vectors, allowed: Sequence[int] | None) -> dict[int, float]:
        length = float(np.linalg.norm(wanted))
        if not length:
            return {}
        found = self._index.nearest(wanted / length, MAX_CANDIDATES, allowed=allowed)
        return {row: cosine * length for row, cosine in found.items()}

    def _fits(self, wanted: Vectors, rows: Sequence[int]) -> dict[int, float]:
        return self._index.similarities(wanted, rows)


def scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """Return scores divided by the best of them, those below zero as zero."""
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return dict.fromkeys(scores, 0.0)
    return {row: max(score, 0.0) / best for row, score in scores.items()}
