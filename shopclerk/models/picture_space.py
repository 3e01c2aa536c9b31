"""Where pictures and words meet: what is stored of a product's picture, and how a query is laid beside it.

A product's vector has three parts of length one each: how it looks (the image encoder's vector), what it means
(a vector in the text encoder's space) and which words its listing holds or its picture suggests (square roots
of shares, so that the dot product of two of them is their Bhattacharyya coefficient). A query weighs the parts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.image_encoder import unit_rows
from shopclerk.models.picture_head import PictureHead

Vectors = NDArray[np.float32]
Route = Literal["own head", "shipped head", "shipped head for words", "class names", "shared space"]

OWN_WORDS = 0.7
"""Share of a product's own words beside those that its picture suggests."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts when a picture is looked for.

    Attributes:
        look: Likeness to the eye.
        meaning: Likeness of what the pictures mean.
        words: Agreement in words.
        text: Likeness of the picture's meaning and the product's text.
        asked: What a word asked for beside the picture counts.
    """

    look: float
    meaning: float
    words: float
    text: float
    asked: float = 2.0


ROUTES: dict[Route, Weights] = {
    "own head": Weights(0.1, 0.5, 1.0, 0.5),
    "shipped head": Weights(1.0, 0.25, 0.5, 0.5),
    "shipped head for words": Weights(1.0, 0.0, 0.0, 0.0),
    "class names": Weights(1.0, 0.0, 0.0, 0.0),
    "shared space": Weights(1.0, 0.0, 0.0, 0.0),
}
"""Chosen on the development data; docs/LOG.md has the figures."""


class Seen(Protocol):
    """A picture, or several of one product, as numbers.

    Attributes:
        vector: The image encoder's, `(d,) float32` of length one.
        meaning: What it means before any head, in the space of query texts, `(m,)` of length one.
    """

    @property
    def vector(self) -> Vectors:
        """How it looks."""
        ...

    @property
    def meaning(self) -> Vectors:
        """What it means."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """One picture as numbers, see `Seen`."""

    vector: Vectors
    meaning: Vectors


class PictureSpace:
    """The space that one route makes.

    Args:
        route: What gives pictures their meaning.
        size: Length d of the image encoder's vectors.
        head: The head of that route, where it has one.
    """

    def __init__(self, route: Route, size: int, head: PictureHead | None = None) -> None:
        self.route: Route = route
        self.size = size
        self.head = head
        self.weights = ROUTES[route]

    @property
    def id(self) -> str:
        """Names the space; vectors of different ids never meet."""
        return self.head.id if self.head else self.route.replace(" ", "-")

    def product_vectors(self, looks: Sequence[Seen], terms: Sequence[Iterable[str]]) -> Vectors:
        """Return what is stored, `(n, d + m + V)`, rows of length one.

        Args:
            looks: The products' pictures.
            terms: The words of each product's listing.
        """
        vectors = np.stack([look.vector for look in looks])
        parts = [vectors, self._meanings(looks, vectors)]
        if self.head:
            held = np.stack([self._held(words) for words in terms])
            parts.append(_shares(OWN_WORDS * held + (1 - OWN_WORDS) * self.head.words(vectors)))
        return unit_rows(np.concatenate(parts, axis=1))

    def picture_query(self, look: Seen, asked: Iterable[str] = ()) -> Vectors:
        """Return the query for a picture, with words asked for beside it, `(d + m + V,)`, not of length one."""
        weights = self.weights
        vectors = look.vector[None]
        parts = [
            weights.look * vectors[0],
            weights.meaning * self._meanings([look], vectors)[0],
        ]
        if self.head:
            suggested = _shares(self.head.words(vectors))[0]
            parts.append(weights.words * suggested + weights.asked * self._held(asked))
        return self._beside(parts)

    def words_query(self, meaning: Vectors, terms: Iterable[str]) -> Vectors:
        """Return the query for words alone, `(d + m + V,)`.

        Args:
            meaning: The words' vector in the space of meanings, `(m,)`.
            terms: The words.
        """
        parts = [np.zeros(self.size, np.float32), meaning]
        if self.head:
            parts.append(self._held(terms))
        return self._beside(parts)

    def meaning(self, look: Seen) -> Vectors:
        """Return what a picture means, `(m,)` of length one."""
        meaning: Vectors = self._meanings([look], look.vector[None])[0]
        return meaning

    def knows(self, terms: Iterable[str]) -> bool:
        """Whether pictures can be asked for by these words: by a head's own, or any in a shared space."""
        if self.route == "shared space":
            return True
        return self.head is not None and any(term in self.head.places for term in terms)

    @staticmethod
    def _beside(parts: list[Vectors]) -> Vectors:
        """Join a query's parts so that its dot product with what is stored is the sum of theirs."""
        return np.asarray(np.concatenate(parts) * np.sqrt(len(parts), dtype=np.float32))

    def _meanings(self, looks: Sequence[Seen], vectors: Vectors) -> Vectors:
        if self.head:
            return self.head.meanings(vectors)
        return np.stack([look.meaning for look in looks])

    def _held(self, terms: Iterable[str]) -> Vectors:
        assert self.head is not None
        held = np.zeros(len(self.head.vocabulary), np.float32)
        for term in terms:
            if (place := self.head.places.get(term)) is not None:
                held[place] = 1.0
        return held


def _shares(amounts: Vectors) -> Vectors:
    return unit_rows(np.sqrt(amounts))
