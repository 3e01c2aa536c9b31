"""Search by picture, by picture and words, and by words in pictures.

Candidates come from the vector index of pictures and, where the picture's meaning lies in the space of the
texts, from the products' texts; all of them are then scored by both. A picture that is the same file saved
anew is known by its print and comes first.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.picture_store import PictureStore
from shopclerk.catalog.text import content_terms
from shopclerk.catalog.vectors import VectorIndex

Vectors = NDArray[np.float32]

MAX_CANDIDATES = 200
POINTING = frozenset("same similar like alike one picture photo image pic".split())
"""Words by which a message points at the picture rather than says what should differ."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureQuery:
    """A shopper's picture as numbers.

    Attributes:
        vector: How it looks, `(d,) float32` of length one.
        meaning: What it means before any head, `(m,)` of length one.
        known_by: Its print, see `picture_prints.py`; None for a region of a picture.
        name: What it is called in the conversation.
    """

    vector: Vectors
    meaning: Vectors
    known_by: str | None = None
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
        asked = [term for term in content_terms(words) if term not in POINTING]
        wanted = self.space.picture_query(query, asked)
        scores = self._near(wanted, allowed)
        same = self._same(query, allowed)
        scores |= self._fits(wanted, [row for row in same if row not in scores])
        weight = self.space.weights.text
        if weight and self._texts is not None:
            meaning = self.space.meaning(query)
            texts = self._texts.nearest(meaning, MAX_CANDIDATES, allowed=allowed)
            scores |= self._fits(wanted, [row for row in texts if row not in scores])
            texts |= self._texts.similarities(meaning, [row for row in scores if row not in texts])
            scores = {row: score + weight * texts.get(row, 0.0) for row, score in scores.items()}
        return scaled(self._present(scores))

    def knows(self, words: str) -> bool:
        """Whether pictures can say something of a query in words."""
        return self.space.knows(content_terms(words))

    def unseen_words(self, words: str) -> str:
        """Return the words that pictures can say nothing of, without those that only point at the picture."""
        terms = content_terms(words)
        return " ".join(t for t in terms if t not in POINTING and not self.space.knows([t]))

    @staticmethod
    def only_points(words: str) -> bool:
        """Whether words beside a picture ask for nothing but it."""
        return POINTING.issuperset(content_terms(words))

    def by_words(
        self, words: str, allowed: Sequence[int] | None, others: Iterable[int]
    ) -> dict[int, float]:
        """Return rows with how well their pictures fit words, 1 is best; `others` are scored as well."""
        wanted = self.space.words_query(self._meaning_of(words), content_terms(words))
        scores = self._near(wanted, allowed)
        scores |= self._fits(wanted, [row for row in others if row not in scores])
        return scaled(self._present(scores))

    def same(self, query: PictureQuery, scores: Mapping[int, float]) -> list[int]:
        """Return the rows among some that show the very picture asked with, nearest first."""
        return [row for row in self._same(query, None) if row in scores]

    def _same(self, query: PictureQuery, allowed: Sequence[int] | None) -> list[int]:
        same = [] if query.known_by is None else self.pictures.same_as(query.known_by)
        among = same if allowed is None or not same else set(allowed)
        return [row for row in same if row in among]

    def query_of(self, row: int) -> PictureQuery | None:
        """Return a product's own picture as a query, None where it has none."""
        stored = self.pictures.of(row)
        return None if stored is None else PictureQuery(stored.vector, stored.meaning)

    def _present(self, scores: dict[int, float]) -> dict[int, float]:
        """Drop pictures that are gone but still lie in the index."""
        for row in self.pictures.gone():
            scores.pop(row, None)
        return scores

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
