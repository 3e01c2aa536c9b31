"""A pair among its rivals: how it stands against the other candidates of either listing.

A listing has few true partners, so a pair that is far better than all others of both its listings is likelier right
than its own looks say.
"""

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.matching.pair_features import PairFeatures

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SCORES = ("title_cosine", "text_cosine", "grams_cosine", "code_weight", "price_closeness")
"""Features that rivals are compared by, beside what the trees say of the pair alone."""
MAX_RANK = 10
FAR_PRICE = -2.0
"""How close prices count as that cannot be compared."""


def rival_scores(pairs: PairFeatures, alone: Floats) -> dict[str, Floats]:
    """Return what rivals are compared by, name to `(pairs,)`, higher is better.

    Args:
        pairs: Features of the pairs.
        alone: `(pairs,)` logits of each pair by itself.
    """
    return {"alone": alone, **{name: _score(pairs, name) for name in SCORES}}


def group_features(scores: dict[str, Floats], left: Ints, right: Ints) -> dict[str, Floats]:
    """Return how each pair stands among those that share a listing with it, name to `(pairs,)`.

    Args:
        scores: What they are compared by, see `rival_scores`; each pair once.
        left: Rows of the left listings.
        right: Rows of the right listings.
    """
    listings, count = np.concatenate([left, right]), len(left)
    found: dict[str, Floats] = {"alone": scores["alone"]}
    for name, score in scores.items():
        # Each pair stands in the groups of both its listings.
        margins, ranks = standing(np.concatenate([score, score]), listings)
        found |= {
            f"{name}_margin_less": np.minimum(margins[:count], margins[count:]),
            f"{name}_margin_more": np.maximum(margins[:count], margins[count:]),
            f"{name}_rank_less": np.minimum(ranks[:count], ranks[count:]),
            f"{name}_rank_more": np.maximum(ranks[:count], ranks[count:]),
        }
    sizes = group_sizes(listings)
    return found | {
        "rivals_less": np.minimum(sizes[:count], sizes[count:]),
        "rivals_more": np.maximum(sizes[:count], sizes[count:]),
    }


def distinct_pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return the first place of each distinct pair, whichever way round, and for every pair its place among those."""
    ends = np.stack([np.minimum(left, right), np.maximum(left, right)], axis=1).reshape(-1, 2)
    _, first, inverse = np.unique(ends, axis=0, return_index=True, return_inverse=True)
    return first, inverse.ravel()


def _score(pairs: PairFeatures, name: str) -> Floats:
    if name == "price_closeness":
        ratio = pairs.column("price_ratio")
        return np.asarray(np.where(np.isnan(ratio), FAR_PRICE, -ratio), np.float32)
    return pairs.column(name)


def standing(scores: Floats, rows: Ints) -> tuple[Floats, Floats]:
    """Return each pair's lead over the best other pair of its listing (NaN: it has none), and its rank from 0.

    Args:
        scores: `(pairs,)`, higher is better.
        rows: `(pairs,)` the listing that pairs are grouped by.
    """
    order = np.lexsort((-scores, rows))
    sorted_rows, sorted_scores = rows[order], scores[order]
    starts = np.flatnonzero(np.r_[True, sorted_rows[1:] != sorted_rows[:-1]])
    sizes = np.diff(np.r_[starts, len(rows)])
    first = np.repeat(starts, sizes)
    ranks = np.arange(len(rows)) - first
    second = np.minimum(first + 1, len(rows) - 1)
    rival = np.where(ranks == 0, sorted_scores[second], sorted_scores[first])
    lead = np.where(np.repeat(sizes, sizes) > 1, sorted_scores - rival, np.nan)
    margins, places = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)
    margins[order] = lead
    places[order] = np.minimum(ranks, MAX_RANK)
    return margins, places


def group_sizes(rows: Ints) -> Floats:
    """Return how many pairs share each pair's listing, cut at `MAX_RANK`."""
    _, inverse, counts = np.unique(rows, return_inverse=True, return_counts=True)
    return np.minimum(counts[inverse], MAX_RANK).astype(np.float32)
