"""How well a phrase names a region of a picture, and which words name it best.

Three witnesses speak: a head that was learned on listings says how likely each of the phrase's words is; the
head's meaning of the region is laid beside the phrase's, less what any other word would get there; and what the
region means before anything is learned (class names, or a CLIP model's own space) is laid beside it too.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.models.class_names import ClassNames, class_names
from shopclerk.models.text_encoder import TextEncoder

if TYPE_CHECKING:
    from shopclerk.models.eye import Looking
    from shopclerk.models.picture_head import PictureHead

Vectors = NDArray[np.float32]
Scores = NDArray[np.float64]
Terms = Callable[[str], Sequence[str]]
"""Cuts a text into words as the head's vocabulary has them."""

UNKNOWN_WORD = 0.3
"""Probability that stands for a word which the head does not know; the same for all regions."""
MEANING_WEIGHT = 3.0
"""What a difference in cosine counts beside one in the logarithm of a probability."""
SHARED_SPACE_WEIGHT = 100.0
"""The same in the space of a CLIP model, whose cosines lie close together (Radford et al. 2021, section 2.3)."""
CONTRAST = 0.1
"""Temperature of the mean over other words: small lets the most likely of them count alone."""
SURE_WORD = 0.5
"""A word this likely is a tag."""

_LEAST = 1e-3


class RegionScorer(Protocol):
    """Judges regions by words."""

    @property
    def id(self) -> str:
        """Names the models in use."""
        ...

    def score(self, crops: Sequence[Image.Image], phrase: str) -> Scores:
        """Return how well the phrase names each crop, `(n,)`, 0 to 1."""
        ...

    def tags(self, crops: Sequence[Image.Image], k: int) -> list[list[tuple[str, float]]]:
        """Return the best words for each crop, at most `k`, with how sure each is, 0 to 1."""
        ...


class Looker(Protocol):
    """Turns pictures into vectors and into meanings."""

    @property
    def id(self) -> str:
        """Names the weights."""
        ...

    @property
    def shares_space(self) -> bool:
        """Whether its meanings are in a space of its own with texts, as CLIP's are."""
        ...

    def look(self, images: Sequence[Image.Image]) -> tuple[Vectors, Vectors]:
        """Return vectors `(n, d)` and meanings `(n, m)`, rows of length one."""
        ...

    def meaning_of(self, text: str) -> Vectors:
        """Return what words mean in the space of those meanings, `(m,)` of length one."""
        ...


class WordHead(Protocol):
    """Says what vectors of pictures mean in words."""

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The words it knows."""
        ...

    def words(self, vectors: Vectors) -> Vectors:
        """Return the probability of each word, `(n, V)`."""
        ...

    def meanings(self, vectors: Vectors) -> Vectors:
        """Return unit vectors in the text encoder's space, `(n, 384)`."""
        ...


class Names:
    """Names of things, to fall back on where no head knows better.

    Args:
        names: The names.
        vectors: Makes their vectors, `(len(names), m)`, in the space of a looker's meanings.
    """

    def __init__(self, names: Sequence[str], vectors: Callable[[], Vectors]) -> None:
        self.names = names
        self._make = vectors

    @cached_property
    def vectors(self) -> Vectors:
        """Their vectors."""
        return self._make()


class SpaceScorer:
    """Judges regions in the space where pictures and words meet.

    Args:
        looker: Looks at the crops.
        texts: Encodes phrases into the space of the head's meanings.
        terms: Cuts a phrase into words as the head's vocabulary has them.
        head: What was learned of pictures and words, where anything was.
        names: Names to tag with, where the head is unsure or there is none.
    """

    def __init__(
        self,
        looker: Looker,
        texts: TextEncoder,
        terms: Terms,
        *,
        head: WordHead | None = None,
        names: Names | None = None,
    ) -> None:
        self._looker = looker
        self._texts = texts
        self._terms = terms
        self._head = head
        self._names = names

    @property
    def id(self) -> str:
        """The looker's name, and the head's where there is one."""
        head = getattr(self._head, "id", "head") if self._head else "class names"
        return f"{self._looker.id} | {head}"

    @cached_property
    def _places(self) -> dict[str, int]:
        return (
            {word: place for place, word in enumerate(self._head.vocabulary)} if self._head else {}
        )

    @cached_property
    def _vocabulary(self) -> Vectors:
        assert self._head is not None
        return self._texts.encode(self._head.vocabulary)

    def score(self, crops: Sequence[Image.Image], phrase: str) -> Scores:
        """Return how well the phrase names each crop, `(n,)`, 0 to 1."""
        if not crops:
            return np.zeros(0)
        vectors, meanings = self._looker.look(crops)
        evidence = self._seen(meanings, phrase)
        if self._head:
            evidence = evidence + self._words(vectors, phrase) + self._contrast(vectors, phrase)
        return np.asarray(1 / (1 + np.exp(-evidence)), np.float64)

    def _seen(self, meanings: Vectors, phrase: str) -> Scores:
        """Return how near the phrase is before anything is learned, `(n,)`."""
        near = meanings @ self._looker.meaning_of(phrase)
        if not self._looker.shares_space:
            return np.asarray(MEANING_WEIGHT * near, np.float64)
        others = meanings @ self._names.vectors.T if self._names else np.zeros((len(near), 1))
        nearest = others.max(axis=1)
        return np.asarray(SHARED_SPACE_WEIGHT * (near - nearest), np.float64)

    def _words(self, vectors: Vectors, phrase: str) -> Scores:
        """Return the mean logarithm of the probabilities of the phrase's words, `(n,)`."""
        assert self._head is not None
        words = [self._places.get(term) for term in dict.fromkeys(self._terms(phrase))]
        known = [place for place in words if place is not None]
        unknown = (len(words) - len(known)) * np.log(UNKNOWN_WORD)
        likely = np.log(self._head.words(vectors)[:, known] + _LEAST).sum(axis=1)
        return np.asarray((likely + unknown) / max(1, len(words)), np.float64)

    def _contrast(self, vectors: Vectors, phrase: str) -> Scores:
        """Return how much nearer the phrase is than the words of the vocabulary are, `(n,)`."""
        assert self._head is not None
        meanings = self._head.meanings(vectors)
        others = np.exp(meanings @ self._vocabulary.T / CONTRAST).mean(axis=1)
        near = meanings @ self._texts.encode([phrase])[0]
        return np.asarray(MEANING_WEIGHT * (near - CONTRAST * np.log(others)), np.float64)

    def tags(self, crops: Sequence[Image.Image], k: int) -> list[list[tuple[str, float]]]:
        """Return the best words for each crop: sure ones of the head, else the nearest names."""
        if not crops:
            return []
        vectors, meanings = self._looker.look(crops)
        learned = self._head.words(vectors) if self._head else np.zeros((len(crops), 0), np.float32)
        return [
            self._sure(row, k) or self._nearest(meaning, k)
            for row, meaning in zip(learned, meanings, strict=True)
        ]

    def _sure(self, probabilities: Vectors, k: int) -> list[tuple[str, float]]:
        if not self._head:
            return []
        best = np.argsort(-probabilities, kind="stable")[:k]
        return [
            (self._head.vocabulary[place], float(probabilities[place]))
            for place in best
            if probabilities[place] >= SURE_WORD
        ]

    def _nearest(self, meaning: Vectors, k: int) -> list[tuple[str, float]]:
        if not self._names:
            return []
        near = self._names.vectors @ meaning
        return [
            (self._names.names[place], float(np.clip(near[place], 0, 1)))
            for place in np.argsort(-near, kind="stable")[:k]
        ]


def open_scorer(
    eye: "Looking", texts: TextEncoder, terms: Terms, cache: Path, head: "PictureHead | None"
) -> SpaceScorer:
    """Return the scorer over an eye, tagging with the names of ImageNet's classes where the head is unsure.

    Args:
        eye: Looks at the crops.
        texts: Encodes phrases into the space of the head's meanings.
        terms: Cuts a phrase into words as the head's vocabulary has them.
        cache: Folder for what is computed once.
        head: What was learned; one that takes other vectors than the eye's, or points into another space than the
            texts', is left out.
    """
    fits = head is not None and head.encoder == eye.id and head.text_encoder == texts.id

    def vectors() -> Vectors:
        if eye.shares_space:
            return np.stack([eye.meaning_of(name) for name in class_names()])
        names = ClassNames(texts, cache)
        return names.meanings(np.eye(len(class_names()), dtype=np.float32))

    return SpaceScorer(
        eye, texts, terms, head=head if fits else None, names=Names(class_names(), vectors)
    )
