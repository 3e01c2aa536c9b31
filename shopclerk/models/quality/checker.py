"""All checks of a listing in one call."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shopclerk.errors import ShopclerkError
from shopclerk.models.quality.agreement_checks import (
    Neighbours,
    category_disagrees,
    picture_disagrees,
)
from shopclerk.models.quality.brand_checks import LookAlikes
from shopclerk.models.quality.content_checks import missing, price_far, thin
from shopclerk.models.quality.finding import Finding, Listing, Mend, Verdict, judge
from shopclerk.models.quality.language_checks import promotion, shouting, stuffing
from shopclerk.models.quality.norms import ShopNorms
from shopclerk.models.quality.picture_checks import picture_findings
from shopclerk.models.quality.policy import Policy, load_policy
from shopclerk.models.quality.safety_checks import contact, injection, links, prohibited
from shopclerk.pictures import Picture

KINDS = (
    "missing",
    "thin",
    "stuffing",
    "shouting",
    "promotion",
    "contact",
    "link",
    "prohibited",
    "price",
    "picture-unreadable",
    "picture-tiny",
    "picture-blurred",
    "picture-blank",
    "picture-words",
    "category-words",
    "look-alike",
    "injection",
    "duplicate",
)
"""All that a check may find."""

Find = Callable[[Any], Sequence[tuple[str, float, str]]]
"""Returns listings that are the same as one: id, probability, why."""
OpenPicture = Callable[[str], Picture]
"""Opens a listing's picture by its path; raises `PictureError`."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a listing is held against; what is None is not checked, and the verdict says so.

    Attributes:
        neighbours: Finds listings near to it.
        duplicates: Finds listings that are the same.
        open_picture: Opens its pictures.
    """

    neighbours: Neighbours | None = None
    duplicates: Find | None = None
    open_picture: OpenPicture | None = None


class ListingChecker:
    """Checks listings against a shop's norms and policy.

    Args:
        norms: What is usual in the shop.
        policy: What the shop allows; the one that ships where None.
        around: What a listing is held against.
    """

    def __init__(
        self,
        norms: ShopNorms | None = None,
        policy: Policy | None = None,
        around: Surroundings | None = None,
    ) -> None:
        self._norms = norms or ShopNorms()
        self._policy = policy or load_policy()
        self._around = around or Surroundings()
        self._look_alikes = LookAlikes(self._norms, self._policy)

    def check(self, listing: Listing) -> Verdict:
        """Return all that is wrong with a listing, the worst first."""
        unchecked: list[str] = []
        findings = [*self._of_words(listing), *self._of_surroundings(listing, unchecked)]
        return judge(findings, unchecked)

    def _of_words(self, listing: Listing) -> Iterator[Finding]:
        norms, policy = self._norms, self._policy
        yield from missing(listing, norms)
        yield from thin(listing, norms)
        yield from shouting(listing, norms)
        yield from stuffing(listing)
        yield from promotion(listing)
        yield from contact(listing)
        yield from links(listing, policy)
        yield from prohibited(listing, policy)
        yield from injection(listing)
        yield from price_far(listing, norms)
        yield from self._look_alikes.check(listing)

    def _of_surroundings(self, listing: Listing, unchecked: list[str]) -> Iterator[Finding]:
        around = self._around
        parts: tuple[tuple[str, object, Callable[[], Iterator[Finding]]], ...] = (
            ("pictures", around.open_picture, lambda: self._of_pictures(listing)),
            ("agreement", around.neighbours, lambda: self._of_neighbours(listing)),
            ("duplicates", around.duplicates, lambda: self._of_duplicates(listing)),
        )
        for name, there, check in parts:
            if there is None:
                unchecked.append(f"{name}: nothing to check with")
                continue
            try:
                yield from list(check())
            except ShopclerkError as error:
                unchecked.append(f"{name}: {error}")

    def _of_pictures(self, listing: Listing) -> Iterator[Finding]:
        assert self._around.open_picture is not None
        least = self._policy.min_picture_px
        yield from picture_findings(listing, self._around.open_picture, least)

    def _of_neighbours(self, listing: Listing) -> Iterator[Finding]:
        assert self._around.neighbours is not None
        yield from category_disagrees(listing, self._around.neighbours.by_words(listing))
        yield from picture_disagrees(listing, self._around.neighbours.by_picture(listing))

    def _of_duplicates(self, listing: Listing) -> Iterator[Finding]:
        assert self._around.duplicates is not None
        for other, probability, why in self._around.duplicates(listing):
            yield Finding(
                "duplicate",
                "warning",
                "duplicates",
                "id",
                f"It seems to be the same as '{other}' ({probability:.0%}): {why}.",
                Mend(f"Add to '{other}' instead, or say what sets this one apart."),
                other,
                by="matcher",
            )
