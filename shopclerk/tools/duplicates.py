"""Duplicates of a catalogue: candidate pairs, their probabilities, clusters, and a canonical listing for each.

A cluster is what hangs together by pairs that are likely enough, cut where a single pair that is not sure joins two
parts of several listings each (a bridge).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shopclerk.catalog.blocking import Blocking, pairs_within
from shopclerk.catalog.product import Product
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.product_matcher import Match, ProductMatcher
from shopclerk.tools.matching_listings import Catalogued, blocking_terms
from shopclerk.tools.pair_scoring import Progress, Scored, score_pairs, silent

SURE = 0.9
"""A bridge from this probability on is not cut."""
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
    candidates = pairs_within(*blocking_terms(listings), blocking)
    scored = score_pairs(matcher, listings, candidates, memory=memory, progress=progress)
    limit = matcher.threshold if threshold is None else threshold
    groups = cluster_rows(scored, limit)
    clusters = [_cluster(group, catalogued, matcher, listings, scored, limit) for group in groups]
    clusters.sort(key=lambda each: (-len(each.members), each.canonical))
    return Duplicates(
        catalogued,
        tuple(clusters),
        len(candidates),
        scored.compared,
        time.perf_counter() - started,
        matcher.id,
    )


@dataclass(frozen=True)
class Group:
    """Rows that hang together.

    Attributes:
        rows: The rows, the lowest first.
        edges: Probability by pair of rows.
    """

    rows: tuple[int, ...]
    edges: dict[tuple[int, int], float]


def cluster_rows(scored: Scored, threshold: float) -> list[Group]:
    """Return the connected groups of likely pairs, weak bridges between groups cut."""
    import networkx

    graph: Any = networkx.Graph()
    for at in np.flatnonzero(scored.probabilities >= threshold):
        a, b = map(int, scored.pairs[at])
        graph.add_edge(a, b, p=float(scored.probabilities[at]))
    weak = [
        (a, b)
        for a, b in networkx.bridges(graph)
        if graph[a][b]["p"] < SURE and graph.degree(a) > 1 and graph.degree(b) > 1
    ]
    graph.remove_edges_from(weak)
    groups = []
    for rows in networkx.connected_components(graph):
        if len(rows) > 1:
            edges = {
                (min(a, b), max(a, b)): float(p) for a, b, p in graph.subgraph(rows).edges(data="p")
            }
            groups.append(Group(tuple(sorted(rows)), edges))
    return groups


def _cluster(
    group: Group,
    catalogued: Catalogued,
    matcher: ProductMatcher,
    listings: ListingSet,
    scored: Scored,
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
