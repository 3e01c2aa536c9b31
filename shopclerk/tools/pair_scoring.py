"""Scoring of many candidate pairs in bounded memory, and again only where something changed.

Every pair is scored by itself first, in chunks. What is clearly no match keeps that score; the rest is weighed once
more among its rivals, where the matcher asks for them. What is proven has the last word.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.matching.group_features import SCORES, group_features, rival_scores
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.proof import proven
from shopclerk.models.product_matcher import ProductMatcher, joined_table
from shopclerk.tools.duplicate_memory import PairMemory, content_hashes, load_memory

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Progress = Callable[[str, int, int | None], None]

CHUNK = 20_000
HOPELESS = -5.0
"""A pair alone below this logit, 0.7%, is not weighed among its rivals."""
COLUMNS = ("alone", *SCORES)
STAGE = "Comparing"


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Scored:
    """Candidate pairs with their probabilities.

    Attributes:
        pairs: `(pairs, 2)` rows.
        probabilities: `(pairs,)`.
        compared: How many pairs were compared; the others were remembered.
    """

    pairs: Ints
    probabilities: Floats
    compared: int


def score_pairs(
    matcher: ProductMatcher,
    listings: ListingSet,
    pairs: Ints,
    *,
    memory: Path | None = None,
    progress: Progress = silent,
) -> Scored:
    """Return the probability of each candidate pair.

    Args:
        matcher: What judges.
        listings: All listings.
        pairs: `(pairs, 2)` rows, each pair once.
        memory: Where an earlier run's pairs lie, and this one's are kept; None remembers nothing.
        progress: Called as the work goes on.
    """
    ends = content_hashes(listings.listings)[pairs]
    ends.sort(axis=1)
    known = load_memory(memory, matcher.fingerprint, len(COLUMNS))
    places = np.full(len(pairs), -1, np.int64) if known is None else known.find(ends)
    fresh = np.flatnonzero(places < 0)
    scores = np.zeros((len(pairs), len(COLUMNS)), np.float32)
    if known is not None:
        scores[places >= 0] = known.scores[places[places >= 0]]
    _score_alone(matcher, listings, pairs, fresh, scores, progress)
    probabilities = matcher.calibrated(scores[:, 0])
    touched = _touched(pairs, fresh, len(listings))
    if known is not None:
        kept = (places >= 0) & ~touched
        probabilities[kept] = known.probabilities[places[kept]]
    if matcher.mix:
        weighed = np.flatnonzero(touched & (scores[:, 0] > HOPELESS))
        _weigh(matcher, listings, pairs, weighed, scores, probabilities)
    probabilities = proven(listings, pairs[:, 0], pairs[:, 1], probabilities)
    if memory is not None:
        PairMemory(matcher.fingerprint, ends, scores, probabilities).save(memory)
    return Scored(pairs, probabilities, len(fresh))


def _touched(pairs: Ints, fresh: Ints, count: int) -> NDArray[np.bool_]:
    """Tell which pairs are new or have a new rival."""
    listings = np.zeros(count, bool)
    listings[pairs[fresh].ravel()] = True
    return np.asarray(listings[pairs].any(axis=1), bool)


def _score_alone(
    matcher: ProductMatcher,
    listings: ListingSet,
    pairs: Ints,
    fresh: Ints,
    scores: Floats,
    progress: Progress,
) -> None:
    for start in range(0, len(fresh), CHUNK):
        rows = fresh[start : start + CHUNK]
        features = matcher.features(listings, pairs[rows, 0], pairs[rows, 1])
        found = rival_scores(features, matcher.logits_alone(features))
        scores[rows] = np.stack([found[name] for name in COLUMNS], axis=1)
        progress(STAGE, start + len(rows), len(fresh))


def _weigh(
    matcher: ProductMatcher,
    listings: ListingSet,
    pairs: Ints,
    weighed: Ints,
    scores: Floats,
    probabilities: Floats,
) -> None:
    """Weigh some pairs among all their rivals."""
    by_name = {name: scores[:, at] for at, name in enumerate(COLUMNS)}
    standing = group_features(by_name, pairs[:, 0], pairs[:, 1])
    for start in range(0, len(weighed), CHUNK):
        rows = weighed[start : start + CHUNK]
        features = matcher.features(listings, pairs[rows, 0], pairs[rows, 1])
        table = joined_table(features, {name: each[rows] for name, each in standing.items()})
        among = matcher.among.logits(table.values)
        logits = (1 - matcher.mix) * scores[rows, 0] + matcher.mix * among
        probabilities[rows] = matcher.calibrated(logits)
