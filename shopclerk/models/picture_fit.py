"""How well a space of pictures and words fits a catalogue, told from the catalogue alone.

For some pictures the ten most alike are found, once through the space and once by the look alone; the better way
is the one whose listings have more in common with the picture's own. Some listings have much in common with every
other, and a space that has learned nothing finds those; so what the listings found share with any picture's listing
is taken off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.picture_space import Look, PictureSpace

Vectors = NDArray[np.float32]

NEIGHBOURS = 10
ITSELF = 0.9999
"""Cosine from which two pictures are one."""


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
    """Return the means of `agreements`: by the space, by look alone; 0 where nothing is asked."""
    if not len(asked):
        return 0.0, 0.0
    by_space, by_look = agreements(space, known, asked).mean(axis=0)
    return round(float(by_space), 4), round(float(by_look), 4)


def agreements(space: PictureSpace, known: Listings, asked: Listings) -> Vectors:
    """Return how much more a picture's listing has in common with those found than other listings have.

    Args:
        space: The space.
        known: Where to look.
        asked: What is looked for; where it lies in `known` too, it does not find itself.

    Returns:
        `(len(asked), 2) float32`, differences of mean cosines: by the space, by look alone.
    """
    nowhere = np.zeros(known.texts.shape[1], np.float32)
    stored = space.product_vectors([Look(v, nowhere) for v in known.vectors], known.terms)
    told = np.zeros((len(asked), 2), np.float32)
    own = asked.texts - asked.texts.sum(axis=0) / max(1, len(asked))
    for row, (vector, text) in enumerate(zip(asked.vectors, own, strict=True)):
        look = Look(vector, nowhere)
        likeness = known.vectors @ vector
        fused = stored @ space.picture_query(look)
        if space.weights.text:
            fused = fused + space.weights.text * (known.texts @ space.meaning(look))
        others = np.flatnonzero(likeness <= ITSELF)
        for way, scores in enumerate((fused, likeness)):
            best = others[np.argsort(-scores[others])[:NEIGHBOURS]]
            told[row, way] = (known.texts[best] @ text).sum() / max(1, len(best))
    return told
