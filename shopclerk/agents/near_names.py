"""Category names near in meaning to a word: 'sneakers' in a shop that says 'Sports Shoes'."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.wording import stems
from shopclerk.catalog.search import QueryEncoder

NEAR_COSINE = 0.66
BESIDE_BEST = 0.04
MAX_NAMES = 1_500


class NearNames:
    """Finds category names by the cosine of their sentence vectors.

    Args:
        lexicon: Holds the names; beyond 1,500 only the most frequent are compared.
        encoder: Makes the vectors, when first needed.
        least: The cosine below which a name is not near.
    """

    def __init__(
        self, lexicon: Lexicon, encoder: QueryEncoder | None, *, least: float = NEAR_COSINE
    ) -> None:
        counts = lexicon.values["category"]
        # A department is near to much that it does not hold: 'toilets' to Bathroom.
        umbrellas = lexicon.umbrellas()
        names = [name for name in counts if name not in umbrellas]
        self._names = sorted(names, key=lambda name: -counts[name])[:MAX_NAMES]
        self._encoder = encoder
        self._least = least

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return self._encoder.encode(self._names) if self._encoder else np.zeros((0, 1), np.float32)

    def __call__(self, phrase: str) -> list[str]:
        """Return the names near to a phrase, the nearest first; mostly one or none."""
        if self._encoder is None or not self._names:
            return []
        cosines = self._vectors @ self._encoder.encode([phrase])[0]
        order: Sequence[int] = np.argsort(-cosines).tolist()
        near = [
            (self._names[index], float(cosines[index]))
            for index in order[:8]
            if cosines[index] >= self._least and not _modifies(phrase, self._names[index])
        ]
        return [name for name, cosine in near if cosine >= near[0][1] - BESIDE_BEST]


def _modifies(phrase: str, name: str) -> bool:
    """Whether the phrase stands in the name as anything but its head: 'laptop' in 'Laptop Bag'."""
    words, inner = stems(name), stems(phrase)
    return any(word in words[:-1] for word in inner) and not set(inner) & set(words[-1:])
