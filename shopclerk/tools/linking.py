"""Linking: which known item of a reference catalogue a listing is, or none.

A listing gets at most one item, and by default an item at most one listing: of two listings that both look like one
item, the likelier gets it and the other its next best.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopclerk.catalog.blocking import Blocking, pairs_between
from shopclerk.models.matching.listing import Listing
from shopclerk.models.product_matcher import Match, ProductMatcher
from shopclerk.tools.matching_listings import blocking_terms
from shopclerk.tools.pair_scoring import Progress, score_pairs, silent


@dataclass(frozen=True)
class Link:
    """What was found for a listing.

    Attributes:
        listing: Its id.
        match: The item it is, None where it is none of them.
        nearest: The likeliest item that it is not, None where nothing comes near.
    """

    listing: str
    match: Match | None
    nearest: Match | None


@dataclass(frozen=True)
class Links:
    """Links of some listings.

    Attributes:
        links: One a listing, in their order.
        candidates: Pairs that were compared.
        seconds: Time taken.
        made_by: The matcher's id.
    """

    links: tuple[Link, ...]
    candidates: int
    seconds: float
    made_by: str


def link_all(
    listings: Sequence[Listing],
    reference: Sequence[Listing],
    matcher: ProductMatcher,
    *,
    threshold: float | None = None,
    one_to_one: bool = True,
    blocking: Blocking | None = None,
    progress: Progress = silent,
) -> Links:
    """Link listings to the items of a reference catalogue.

    Args:
        listings: The listings.
        reference: The known items.
        matcher: What judges pairs.
        threshold: Probability from which a listing is an item; None for the matcher's own.
        one_to_one: Give an item to one listing only.
        blocking: How far candidates are looked for.
        progress: Called as the work goes on.
    """
    started = time.perf_counter()
    matcher = matcher if one_to_one else matcher.by_itself()
    count = len(listings)
    known = matcher.read([*listings, *reference])
    terms = blocking_terms(known)
    found = pairs_between(terms.part(slice(count)), terms.part(slice(count, None)), blocking)
    pairs = found + np.array([0, count])
    scored = score_pairs(matcher, known, pairs, progress=progress)
    limit = matcher.threshold if threshold is None else threshold
    order = np.argsort(-scored.probabilities, kind="stable")
    given: dict[int, int] = {}
    taken: set[int] = set()
    options: dict[int, list[int]] = defaultdict(list)
    for at in order.tolist():
        row, item = map(int, pairs[at])
        options[row].append(at)
        free = not one_to_one or item not in taken
        if scored.probabilities[at] >= limit and row not in given and free:
            given[row] = at
            taken.add(item)

    def told(at: int | None) -> Match | None:
        if at is None:
            return None
        p = float(scored.probabilities[at])
        return matcher.match(known, int(pairs[at, 0]), int(pairs[at, 1]), p, limit)

    links = tuple(
        Link(
            listing.id,
            told(given.get(row)),
            told(next((at for at in options[row] if at != given.get(row)), None)),
        )
        for row, listing in enumerate(listings)
    )
    return Links(links, len(pairs), time.perf_counter() - started, matcher.id)
