"""The plain ways of searching that shopclerk is compared with: BM25, vectors, and their rank fusion."""

from collections.abc import Sequence
from typing import Protocol

import bm25s
import numpy as np
import Stemmer

from shopclerk.catalog.product import Product
from shopclerk.models.text_encoder import TextEncoder


class Rival(Protocol):
    """Ranks all products of a catalogue."""

    def rank(self, query: str, depth: int) -> list[int]:
        """Return the positions of up to `depth` products, best first."""
        ...


class StemmedBm25:
    """BM25 by bm25s, Snowball stems, English stop words left out."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._size = len(products)
        self._index = bm25s.BM25()
        texts = [product.embedding_text() for product in products]
        self._index.index(self._tokens(texts), show_progress=False)

    def _tokens(self, texts: list[str]) -> "bm25s.tokenization.Tokenized":
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)

    def rank(self, query: str, depth: int) -> list[int]:
        """Return the products that share a word with the query, best first."""
        tokens = self._tokens([query])
        found, scores = self._index.retrieve(tokens, k=min(depth, self._size), show_progress=False)
        return [int(row) for row, score in zip(found[0], scores[0], strict=True) if score > 0]


class ExactVectors:
    """Cosine with every product's vector, by one matrix product."""

    def __init__(self, products: Sequence[Product], encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._vectors = encoder.encode([product.embedding_text() for product in products])

    def repeated(self, count: int) -> "ExactVectors":
        """Repeat the vectors up to a count, to time a large matrix without encoding it."""
        self._vectors = np.resize(self._vectors, (count, self._vectors.shape[1]))
        return self

    def rank(self, query: str, depth: int) -> list[int]:
        """Return the nearest products, best first."""
        cosines = self._vectors @ self._encoder.encode([query])[0]
        depth = min(depth, len(cosines))
        best = np.argpartition(-cosines, depth - 1)[:depth]
        return [int(row) for row in best[np.argsort(-cosines[best], kind="stable")]]


class RankFusion:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009), k = 60, of two rankings of 100."""

    K = 60
    DEPTH = 100

    def __init__(self, *rivals: Rival) -> None:
        self._rivals = rivals

    def rank(self, query: str, depth: int) -> list[int]:
        """Return the products by the sum of 1 / (60 + rank), best first."""
        scores: dict[int, float] = {}
        for rival in self._rivals:
            for place, row in enumerate(rival.rank(query, max(depth, self.DEPTH)), 1):
                scores[row] = scores.get(row, 0.0) + 1 / (self.K + place)
        return sorted(scores, key=lambda row: (-scores[row], row))[:depth]
