"""How well a space of pictures and words fits a catalogue, told from the catalogue alone.

For some pictures the ten most alike are found, once through the space and once by the look alone; the better way
is the one whose listings have more in common with the picture's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.picture_space import Look, PictureSpace

Vectors = NDArray[np.float32]

NEIGHBOURS = 10


@dataclass(frozen=True)
class Listings:
    """Pictures with their listings.

    Attributes:
        vectors: The image encoder's, `(n, d)`, rows of length one.
        texts: The text encoder's for each listing, `(n, m)`, rows of length one.
        terms: The words of each listing.
    """

    vectors: Vectors
    texts: Vectors
    terms: Sequence[Sequence[str]]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.vectors)

    def part(self, chosen: Iterable[int]) -> "Listings":
        """Return some of them."""
        places = np.fromiter(chosen, np.int64)
        return Listings(
            self.vectors[places], self.texts[places], [self.terms[place] for place in places]
        )


def agreement(space: PictureSpace, known: Listings, asked: Listings) -> tuple[float, float]:
    """Return the mean cosine of a picture's listing with those found for it: by the space, by look alone.

    Args:
        space: The space.
        known: Where to look.
        asked: What is looked for; where it lies in `known` too, it does not find itself.
    """
    nowhere = np.zeros(known.texts.shape[1], np.float32)
    stored = space.product_vectors([Look(v, nowhere) for v in known.vectors], known.terms)
    by_space: list[float] = []
    by_look: list[float] = []
    for vector, text in zip(asked.vectors, asked.texts, strict=True):
        look = Look(vector, nowhere)
        likeness = known.vectors @ vector
        fused = stored @ space.picture_query(look)
        if space.weights.text:
            fused = fused + space.weights.text * (known.texts @ space.meaning(look))
        for scores, into in ((fused, by_space), (likeness, by_look)):
            others = np.where(likeness > 0.9999, -np.inf, scores)
            best = np.argsort(-others)[:NEIGHBOURS]
            into.append(float((known.texts[best] @ text).mean()))
    if not by_space:
        return 0.0, 0.0
    return round(float(np.mean(by_space)), 4), round(float(np.mean(by_look)), 4)
