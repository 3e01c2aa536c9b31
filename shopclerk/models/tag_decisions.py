"""From chances of tags to the tags that are said: one of each group, and those whose chance passes their threshold.

Thresholds are tuned to the best F1 on held-out listings and drawn towards a common one where a tag is rare, since the best
threshold of five listings is chance (Lipton et al. 2014, Optimal Thresholding of Classifiers to Maximize F1 Measure).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.tag_groups import TagGroup

Vectors = NDArray[np.float32]
Flags = NDArray[np.bool_]

DEFAULT_THRESHOLD = 0.4
SHRINKAGE = 20.0
"""Listings with a tag at which its own threshold counts as much as the common one."""
GRID = np.linspace(0.05, 0.95, 37)


def decide(chances: Vectors, groups: Sequence[TagGroup], thresholds: Vectors) -> Flags:
    """Return which tags are said, `(n, labels) bool`.

    Of a group the likeliest is said: always where the group always has a member, else where it passes its threshold.
    """
    said = chances >= thresholds
    rows = np.arange(len(chances))
    for group in groups:
        best = group.columns[chances[:, group.columns].argmax(axis=1)]
        keep = said[rows, best] | group.always
        said[:, group.columns] = False
        said[rows[keep], best[keep]] = True
    return np.asarray(said, bool)


def ranked(chances: Vectors, said: Flags) -> NDArray[np.intp]:
    """Return the labels of each listing, those said first, each part by its chance, `(n, labels)`."""
    return np.argsort(-(chances + 2.0 * said), axis=1, kind="stable")


def tune_thresholds(chances: Vectors, flags: Flags, groups: Sequence[TagGroup]) -> Vectors:
    """Return the threshold of each tag, `(labels,) float32`.

    Args:
        chances: `(n, labels)` of listings that the heads have not seen.
        flags: `(n, labels) bool`, which tags they have.
        groups: Of their members only the likeliest is compared with its threshold.
    """
    labels = chances.shape[1]
    if not len(chances):
        return np.full(labels, DEFAULT_THRESHOLD, np.float32)
    rival = _likeliest(chances, groups)
    common = _best_threshold(rival, flags)
    own = np.array(
        [_best_threshold(rival[:, [place]], flags[:, [place]]) for place in range(labels)]
    )
    counts = flags.sum(axis=0)
    trust = counts / (counts + SHRINKAGE)
    return np.asarray(trust * own + (1 - trust) * common, np.float32)


def _likeliest(chances: Vectors, groups: Sequence[TagGroup]) -> Vectors:
    """Return the chances with those of all but the likeliest of each group at zero."""
    kept = chances.copy()
    for group in groups:
        inside = chances[:, group.columns]
        kept[:, group.columns] = inside * (inside == inside.max(axis=1, keepdims=True))
    return kept


def _best_threshold(chances: Vectors, flags: Flags) -> float:
    """Return the threshold with the best F1; the default where no listing has the tag."""
    wanted = int(flags.sum())
    if not wanted:
        return DEFAULT_THRESHOLD
    scores = []
    for threshold in GRID:
        said = chances >= threshold
        scores.append(2 * int((said & flags).sum()) / (int(said.sum()) + wanted))
    best = max(scores)
    # The middle of the thresholds that do equally well.
    return float(np.mean([t for t, score in zip(GRID, scores, strict=True) if score == best]))


def labelled_share(chances: Vectors, flags: Flags) -> Vectors:
    """Return how likely a listing that deserves a tag has been given it, `(labels,)`, 0 to 1.

    Elkan and Noto 2008, Learning Classifiers from Only Positive and Unlabeled Data, section 2: the mean chance of held-out
    listings that have the tag. Tags that few have take the mean of all.
    """
    counts = flags.sum(axis=0)
    sums = (chances * flags).sum(axis=0)
    mean = float(sums.sum() / max(counts.sum(), 1)) or 1.0
    share = (sums + SHRINKAGE * mean) / (counts + SHRINKAGE)
    return np.asarray(np.clip(share, 0.05, 1.0), np.float32)
