"""Texts as weighted terms: words, pairs of words, and pieces of words.

TF-IDF with sublinear counts (Salton and Buckley 1988). Pieces of three to five letters, word borders included, meet
misspelt and compound words; they cut any script. The vocabulary is learned from a shop's own texts.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Vectors = NDArray[np.float32]

PIECES = (3, 4, 5)
MAX_CHARS = 1_000
"""Of a text so much is read; what a listing is stands at its beginning."""
_WORD = re.compile(r"\w+")


def fold_words(text: str) -> list[str]:
    """Return the words of a text in order, case folded, of compatible form, without accents."""
    folded = unicodedata.normalize("NFKD", text[:MAX_CHARS].casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return _WORD.findall(bare)


def terms(text: str) -> Iterator[str]:
    """Yield words, `a|b` for neighbours, and pieces of words marked by `#`."""
    words = fold_words(text)
    yield from words
    for left, right in pairwise(words):
        yield f"{left}|{right}"
    for word in words:
        bounded = f" {word} "
        for size in PIECES:
            for start in range(max(0, len(bounded) - size + 1)):
                yield f"#{bounded[start : start + size]}"


@dataclass(frozen=True)
class Vocabulary:
    """Terms with their weights.

    Attributes:
        terms: The terms; their order is that of the columns.
        idf: `(len(terms),) float32`, how telling each is.
    """

    terms: tuple[str, ...]
    idf: Vectors

    @cached_property
    def _places(self) -> dict[str, int]:
        return {term: place for place, term in enumerate(self.terms)}

    @classmethod
    def learn(cls, texts: Sequence[str], *, least: int = 2, most: int = 12_000) -> "Vocabulary":
        """Take the terms that stand in so many texts at least, the commonest first.

        Args:
            texts: What to learn from.
            least: In how many texts a term must stand.
            most: How many terms are kept.
        """
        counts = Counter(term for text in texts for term in set(terms(text)))
        # By name within one count, so that equal texts give equal vocabularies.
        frequent = sorted((-count, term) for term, count in counts.items() if count >= least)
        kept = frequent[:most]
        idf = [math.log((1 + len(texts)) / (1 - negative)) + 1 for negative, _ in kept]
        return cls(tuple(term for _, term in kept), np.array(idf, np.float32))

    def weigh(self, texts: Sequence[str]) -> "csr_array":
        """Return `(len(texts), len(terms))` sparse, rows of length one or zero."""
        from scipy.sparse import csr_array

        starts, columns, values = [0], [], []
        for text in texts:
            counts = Counter(self._places[t] for t in terms(text) if t in self._places)
            weights = [(1 + math.log(n)) * float(self.idf[c]) for c, n in counts.items()]
            length = math.sqrt(sum(w * w for w in weights)) or 1.0
            columns += list(counts)
            values += [weight / length for weight in weights]
            starts.append(len(columns))
        shape = (len(texts), len(self.terms))
        data = (np.array(values, np.float32), np.array(columns, np.int64), np.array(starts))
        return csr_array(data, shape=shape)
