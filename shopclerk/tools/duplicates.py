"""Duplicates of a catalogue: candidate pairs, their probabilities, clusters, and a canonical listing for each.

How likely pairs make clusters is told in `clustering.py`.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shopclerk.catalog.blocking import Blocking, pairs_within
from shopclerk.catalog.product import Product
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.product_matcher import Match, ProductMatcher
from shopclerk.tools.clustering import Group, cluster_rows
from shopclerk.tools.matching_listings import Catalogued, blocking_terms
from shopclerk.tools.pair_scoring import Progress, score_pairs, silent

LONG_TEXT = 500
"""Characters of a description past which more do not make a listing better."""


@dataclass(frozen=True)
class Member:
    """A listing of a cluster that is not its canonical one.

    Attributes:
        row: Its row among the products.
        match: How it hangs together with the canonical listing or, failing that, with its nearest in the cluster.
    """

    row: int
    match: Match


@dataclass(frozen=True)
class Cluster:
    """Listings of one product.

    Attributes:
        canonical: The row of the listing that says most.
        members: The others, the surest first.
    """

    canonical: int
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Duplicates:
    """What was found in a catalogue.

    Attributes:
        catalogued: The products.
        clusters: The largest first.
        candidates: Pairs that were looked at.
        compared: Pairs of them that were compared anew.
        seconds: Time taken.
        made_by: The matcher's id.
    """

    catalogued: Catalogued
    clusters: tuple[Cluster, ...]
    candidates: int
    compared: int
    seconds: float
    made_by: str


def find_all(
    catalogued: Catalogued,
    matcher: ProductMatcher,
    *,
    threshold: float | None = None,
    blocking: Blocking | None = None,
    memory: Path | None = None,
    progress: Progress = silent,
) -> Duplicates:
    """Return the clusters of duplicates of a catalogue.

    Args:
        catalogued: The products.
        matcher: What judges pairs.
        threshold: Probability from which a pair counts; None for the matcher's own.
        blocking: How far candidates are looked for.
        memory: Where pairs are kept from one run to the next; None remembers nothing.
        progress: Called as the work goes on.
    """
    started = time.perf_counter()
    # Copies of one product are no rivals: weighed against one another, second copies were lost.
    matcher = matcher.by_itself()
    progress("Reading", 0, len(catalogued.listings))
    listings = matcher.read(catalogued.listings)
    progress("Reading", len(listings), len(listings))
    candidates = pairs_within(blocking_terms(listings), blocking)
    scored = score_pairs(matcher, listings, candidates, memory=memory, progress=progress)
    limit = matcher.threshold if threshold is None else threshold
    groups = cluster_rows(scored, limit)
    clusters = [_cluster(group, catalogued, matcher, listings, limit) for group in groups]
    clusters.sort(key=lambda each: (-len(each.members), each.canonical))
    return Duplicates(
        catalogued,
        tuple(clusters),
        len(candidates),
        scored.compared,
        time.perf_counter() - started,
        matcher.id,
    )


def _cluster(
    group: Group,
    catalogued: Catalogued,
    matcher: ProductMatcher,
    listings: ListingSet,
    limit: float,
) -> Cluster:
    canonical = best_row(group.rows, catalogued.products)
    nearest: dict[int, tuple[float, int]] = {}
    for (a, b), p in group.edges.items():
        for row, other in ((a, b), (b, a)):
            bond = (2.0 if other == canonical else p, other)
            nearest[row] = max(nearest.get(row, (-1.0, -1)), bond)
    members = []
    for row in group.rows:
        if row == canonical:
            continue
        other = nearest[row][1]
        p = group.edges[min(row, other), max(row, other)]
        members.append(Member(row, matcher.match(listings, row, other, p, limit)))
    members.sort(key=lambda member: (-member.match.probability, member.row))
    return Cluster(canonical, tuple(members))


def best_row(rows: Sequence[int], products: Sequence[Product]) -> int:
    """Return the row of the listing that says most: filled fields, pictures, text; the first of equals."""
    return max(rows, key=lambda row: (*_worth(products[row]), -row))


def _worth(product: Product) -> tuple[float, ...]:
    filled = sum(
        bool(value)
        for value in (product.description, product.brand, product.category, product.price)
    )
    return (
        filled + bool(product.images) + min(len(product.attributes), 5) / 5,
        min(len(product.description or ""), LONG_TEXT),
        product.rating or 0.0,
        float(product.stock or 0),
    )
