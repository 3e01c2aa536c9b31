"""Listings made ready to be compared: each is read and encoded once, however many pairs it is in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.signs import Signs, read_signs
from shopclerk.models.matching.text_space import TextSpace, grams
from shopclerk.models.matching.words import folded

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """What matching needs of a text encoder."""

    @property
    def id(self) -> str:
        """Names the weights."""
        ...

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> Vectors:
        """Return `(len(texts), dimension) float32`, rows of length one."""
        ...


@dataclass(frozen=True)
class ListingSet:
    """Some listings, read.

    Attributes:
        listings: The listings.
        signs: What can be checked against others, one a listing.
        titles: Folded titles.
        title_space, text_space, gram_space: The words of titles, of all text, and the titles' runs of characters.
        code_idf: Model number to how rare it is.
        title_vectors, text_vectors: `(n, 384)` meanings of titles and of all text, None where nothing encodes.
    """

    listings: Sequence[Listing]
    signs: Sequence[Signs]
    titles: Sequence[str]
    title_space: TextSpace
    text_space: TextSpace
    gram_space: TextSpace
    code_idf: dict[str, float]
    title_vectors: Vectors | None
    text_vectors: Vectors | None

    @classmethod
    def of(cls, listings: Sequence[Listing], encoder: Encoder | None = None) -> "ListingSet":
        """Read some listings and, where there is an encoder, encode titles and texts."""
        signs = [read_signs(listing) for listing in listings]
        titles = [folded(listing.heading) for listing in listings]
        return cls(
            listings,
            signs,
            titles,
            TextSpace.of([sign.title_words for sign in signs]),
            TextSpace.of([sign.all_words for sign in signs]),
            TextSpace.of([grams(title) for title in titles]),
            code_weights(signs),
            None if encoder is None else encode_distinct(encoder, [t.heading for t in listings]),
            None if encoder is None else encode_distinct(encoder, [t.text for t in listings]),
        )

    def __len__(self) -> int:
        """Return how many listings there are."""
        return len(self.listings)


def code_weights(signs: Sequence[Signs]) -> dict[str, float]:
    """Return each model number's log((N + 1) / (n + 0.5))."""
    counts = Counter(code for sign in signs for code in sign.codes)
    total = len(signs) + 1
    return {code: float(np.log(total / (count + 0.5))) for code, count in counts.items()}


def encode_distinct(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Return the vectors of some texts; equal texts are encoded once."""
    distinct = list(dict.fromkeys(texts))
    places = {text: place for place, text in enumerate(distinct)}
    vectors = encoder.encode(distinct)
    return vectors[[places[text] for text in texts]]
