"""Whether picture, words and category of a listing agree, told by the listings nearest to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from shopclerk.models.quality.finding import Finding, Listing, Mend
from shopclerk.models.quality.norms import levels_of

LEAST_NEIGHBOURS = 5
WORDS_SHARE = 0.05
"""A category with this share of the votes of the nearest listings by words, or less, disagrees."""
PICTURE_SHARE = 0.02
WORDS_RIVAL, PICTURE_RIVAL = 0.4, 0.6
"""What another department must have of the votes for the category, or the picture, to be called wrong."""
SHARPNESS = 8.0
"""Exponent of the likeness that a neighbour votes with."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A listing near to the one that is checked.

    Attributes:
        id: Its id.
        category: Its category path.
        likeness: 0 to 1.
    """

    id: str
    category: str | None
    likeness: float


class Neighbours(Protocol):
    """Finds listings near to one."""

    def by_words(self, listing: Listing) -> Sequence[Neighbour]:
        """Return the listings nearest by words other than its category, itself left out."""
        ...

    def by_picture(self, listing: Listing) -> Sequence[Neighbour]:
        """Return the listings nearest by picture, itself left out; empty where it has no picture that can be read."""
        ...


def votes(
    neighbours: Sequence[Neighbour], name_of: Callable[[list[str]], str] = lambda levels: levels[0]
) -> dict[str, float]:
    """Return department, or another part of the category path, to its share of the neighbours' votes."""
    best = max((near.likeness for near in neighbours), default=0.0)
    if best <= 0:
        return {}
    shares: dict[str, float] = {}
    for near in neighbours:
        levels = levels_of(near.category)
        if levels:
            weight = max(0.0, near.likeness / best) ** SHARPNESS
            name = name_of(levels)
            shares[name] = shares.get(name, 0.0) + weight
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()} if total else {}


def category_disagrees(listing: Listing, near: Sequence[Neighbour]) -> Iterator[Finding]:
    """Yield a category whose department hardly any listing with such words has."""
    levels, shares = levels_of(listing.category), votes(near)
    if not levels or len(near) < LEAST_NEIGHBOURS or not shares:
        return
    own = shares.get(levels[0], 0.0)
    rival = max(shares, key=lambda name: shares[name])
    if own <= WORDS_SHARE and shares[rival] >= WORDS_RIVAL:
        nearest = next(each for each in near if levels_of(each.category)[:1] == [rival])
        yield Finding(
            "category-words",
            "warning",
            "agreement",
            "category",
            f"The words speak of '{rival}', the category of '{levels[0]}': of the listings most like it, "
            f"{shares[rival]:.0%} are in '{rival}'.",
            Mend(f"Check the category; '{nearest.category}' is that of the nearest listing."),
            listing.category or "",
            by="neighbours by words",
        )


def picture_disagrees(listing: Listing, near: Sequence[Neighbour]) -> Iterator[Finding]:
    """Yield a picture that looks like goods of another department than the listing's."""
    levels, shares = levels_of(listing.category), votes(near)
    if not levels or len(near) < LEAST_NEIGHBOURS or not shares:
        return
    rival = max(shares, key=lambda name: shares[name])
    if shares.get(levels[0], 0.0) <= PICTURE_SHARE and shares[rival] >= PICTURE_RIVAL:
        yield Finding(
            "picture-words",
            "warning",
            "agreement",
            "images",
            f"The picture looks like '{rival}', the words speak of '{levels[-1]}'.",
            Mend("Check that the picture is of this product."),
            f"{shares[rival]:.0%} of the pictures most like it are of '{rival}'",
            by="neighbours by picture",
        )
