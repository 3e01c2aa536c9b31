"""Listings made ready to be compared: each is read once, however many pairs it is in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.signs import Signs, read_signs
from shopclerk.models.matching.text_space import TextSpace, WordCounts, grams, rarity
from shopclerk.models.matching.words import folded


@dataclass(frozen=True)
class ListingSet:
    """Some listings, read.

    Attributes:
        listings: The listings.
        signs: What can be checked against others, one a listing.
        titles: Folded titles.
        title_space, text_space, gram_space: The words of titles, of all text, and the titles' runs of characters.
        code_idf: Model number to how rare it is.
    """

    listings: Sequence[Listing]
    signs: Sequence[Signs]
    titles: Sequence[str]
    title_space: TextSpace
    text_space: TextSpace
    gram_space: TextSpace
    code_idf: dict[str, float]

    @classmethod
    def of(
        cls,
        listings: Sequence[Listing],
        known: WordCounts | None = None,
    ) -> "ListingSet":
        """Read some listings.

        Args:
            listings: The listings.
            known: How often words occur in the catalogue that the listings are a part of.
        """
        signs = [read_signs(listing) for listing in listings]
        titles = [folded(listing.heading) for listing in listings]
        return cls(
            listings,
            signs,
            titles,
            TextSpace.of([sign.title_words for sign in signs], known),
            TextSpace.of([sign.all_words for sign in signs], known),
            TextSpace.of([grams(title) for title in titles]),
            code_weights(signs, known),
        )

    def __len__(self) -> int:
        """Return how many listings there are."""
        return len(self.listings)


def code_weights(signs: Sequence[Signs], known: WordCounts | None = None) -> dict[str, float]:
    """Return how rare each model number is, 0 to 1."""
    counts = Counter(code for sign in signs for code in sign.codes)
    listed = known.words if known else {}
    numbers = np.array([max(count, listed.get(code, 0)) for code, count in counts.items()])
    weights = rarity(numbers.astype(np.float32), max(len(signs), known.texts if known else 0))
    return dict(zip(counts, weights.tolist(), strict=True))
