"""Stand-ins for models: quick, deterministic, without weights."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.text import analyse


class HashEncoder:
    """A hashing bag of words: texts that share words are near, an empty text points anywhere."""

    id = "hash-64"
    dimension = 64

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> NDArray[np.float32]:
        """Return `(len(texts), 64) float32`, rows of length one."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for term in analyse(text) or [""]:
                place = zlib.crc32(term.encode("utf-8", "surrogatepass"))
                vector[place % self.dimension] += 1.0
        self.encoded += len(texts)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class ReverseReranker:
    """Prefers the texts that come last: what was ranked best comes out worst."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return 0, 1, 2, … in the order given."""
        self.seen += texts
        return [float(number) for number, _ in enumerate(texts)]
