"""Trains a matcher on labelled pairs: trees for a pair alone, trees for it among its rivals, a threshold.

What the second trees are told about a pair comes from first trees that have not seen its label (stacked
generalisation, Wolpert 1992), and so do the logits that mix, sigmoid and threshold are chosen by.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import TrainingError
from shopclerk.finetune.match_score import average_precision, best_threshold, f1_at
from shopclerk.finetune.tree_fit import fit_trees
from shopclerk.models.matching.directions import feature_directions
from shopclerk.models.matching.group_features import distinct_pairs
from shopclerk.models.matching.pair_features import PairFeatures
from shopclerk.models.matching.trees import Trees
from shopclerk.models.product_matcher import ProductMatcher, among_table

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FOLDS = 5
FEWEST = 10
"""Pairs of each label that training needs at least."""
MIXES = (0.0, 0.25, 0.5, 0.75, 1.0)
ALL = 100
"""Added to the seed of trees that see every shop."""
MIX_MARGIN = 0.002
"""Gain in average precision from which another mix than the even one is taken."""


@dataclass(frozen=True, slots=True)
class TreeOptions:
    """How trees are grown; see `tree_fit.fit_trees`."""

    rounds: int = 100
    rate: float = 0.08
    leaves: int = 15
    min_leaf: int = 10
    columns: float = 0.3


@dataclass(frozen=True)
class Labelled:
    """Labelled pairs of one shop.

    Attributes:
        pairs: Their features.
        left, right: Rows of their listings.
        labels: 1 for the same product, 0 for different ones.
    """

    pairs: PairFeatures
    left: Ints
    right: Ints
    labels: Ints


@dataclass(frozen=True)
class Fitted:
    """A trained matcher.

    Attributes:
        matcher: The matcher.
        alone: `(pairs,)` what trees without its label hold each training pair to be by itself.
        metrics: f1, precision, recall and average_precision by cross-validation.
    """

    matcher: ProductMatcher
    alone: Floats
    metrics: dict[str, float]


def fit_matcher(
    shop: Labelled,
    *,
    name: str,
    more: PairFeatures | None = None,
    more_ends: tuple[Ints, Ints] | None = None,
    seed: int = 7,
    options: TreeOptions | None = None,
) -> Fitted:
    """Train on labelled pairs of one shop.

    Args:
        shop: The labelled pairs.
        name: The matcher's id.
        more: Features of pairs without a label that are rivals of the labelled ones, if there are any.
        more_ends: Rows of their listings.
        seed: Decides folds and trees.
        options: How trees are grown.

    Raises:
        TrainingError: There are too few pairs of a label.
    """
    pairs, left, right, labels = shop.pairs, shop.left, shop.right, shop.labels
    check_labels(labels)
    grow = options or TreeOptions()
    alone, alone_trees = _cross_fit(pairs, labels, folds_of(labels, seed), seed, grow)
    rivals, ends, logits = pairs, (left, right), alone
    if more is not None and more_ends is not None:
        rivals = PairFeatures(pairs.names, np.concatenate([pairs.values, more.values]))
        ends = (np.concatenate([left, more_ends[0]]), np.concatenate([right, more_ends[1]]))
        logits = np.concatenate([alone, alone_trees.logits(more.values)])
    table = standing_of(rivals, logits, ends[0], ends[1])
    own = PairFeatures(table.names, table.values[: len(labels)])
    among, among_trees = _cross_fit(own, labels, folds_of(labels, seed + 1), seed + 1, grow)
    mix = _best_mix(alone, among, labels)
    matcher = ProductMatcher(name, alone_trees, among_trees, mix)
    return _finished(matcher, alone, (1 - mix) * alone + mix * among, labels)


def _finished(matcher: ProductMatcher, alone: Floats, logits: Floats, labels: Ints) -> Fitted:
    """Choose sigmoid and threshold by cross-fitted logits."""
    slope, intercept = platt(logits, labels)
    matcher = replace(matcher, slope=slope, intercept=intercept)
    probabilities = matcher.calibrated(logits)
    threshold = best_threshold(labels, probabilities)
    metrics = f1_at(labels, probabilities, threshold)
    metrics["average_precision"] = average_precision(labels, probabilities)
    return Fitted(replace(matcher, threshold=threshold), alone, metrics)


def check_labels(labels: Ints) -> None:
    """Refuse labels that nothing can be learned from.

    Raises:
        TrainingError: There are too few of one kind.
    """
    same = int(labels.sum())
    if min(same, len(labels) - same) < FEWEST:
        raise TrainingError(
            f"There are {same} pairs of the same product and {len(labels) - same} of different ones; "
            f"training needs {FEWEST} of each. Label more pairs, or use the matcher that comes along."
        )


def standing_of(pairs: PairFeatures, alone: Floats, left: Ints, right: Ints) -> PairFeatures:
    """Return the features of all pairs with how each stands among its rivals."""
    first, inverse = distinct_pairs(left, right)
    table = among_table(pairs, alone, left, right, first)
    return PairFeatures(table.names, table.values[inverse])


def folds_of(labels: Ints, seed: int) -> Ints:
    """Return the fold of each pair; every fold has its share of both labels."""
    rng = np.random.default_rng(seed)
    folds = np.zeros(len(labels), np.int64)
    for label in (0, 1):
        rows = rng.permutation(np.flatnonzero(labels == label))
        folds[rows] = np.arange(len(rows)) % FOLDS
    return folds


def _cross_fit(
    pairs: PairFeatures, labels: Ints, folds: Ints, seed: int, grow: TreeOptions
) -> tuple[Floats, Trees]:
    """Return logits by trees that have not seen the pair's label, and the mean of all folds' trees."""
    logits = np.zeros(len(labels), np.float32)
    several: list[Trees] = []
    for fold in np.unique(folds):
        seen = folds != fold
        trees = fit_trees(
            pairs.names,
            pairs.values[seen],
            labels[seen],
            seed=seed * FOLDS + int(fold),
            **_arguments(grow),
        )
        logits[~seen] = trees.logits(pairs.values[~seen])
        several.append(trees)
    return logits, Trees.joined(several)


def _arguments(grow: TreeOptions) -> dict[str, Any]:
    return {name: getattr(grow, name) for name in TreeOptions.__slots__}


def _best_mix(alone: Floats, among: Floats, labels: Ints) -> float:
    scores = {mix: average_precision(labels, (1 - mix) * alone + mix * among) for mix in MIXES}
    best = max(scores, key=lambda mix: scores[mix])
    return best if scores[best] > scores[0.5] + MIX_MARGIN else 0.5


def platt(logits: Floats, labels: Ints, rounds: int = 50) -> tuple[float, float]:
    """Return slope and intercept of the sigmoid that fits best (Platt 1999), by Newton's method."""
    x = np.stack([logits.astype(np.float64), np.ones(len(logits))], axis=1)
    same = labels.sum()
    # Platt's targets keep a perfectly separated set from growing without bound.
    target = np.where(labels == 1, (same + 1) / (same + 2), 1 / (len(labels) - same + 2))
    weights = np.array([1.0, 0.0])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        bend = (x * (p * (1 - p) + 1e-9)[:, None]).T @ x + 1e-6 * np.eye(2)
        step = np.linalg.solve(bend, x.T @ (p - target))
        weights -= np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-7:
            break
    return float(weights[0]), float(weights[1])


def fit_across(
    shops: Sequence[Labelled],
    *,
    name: str,
    seed: int = 7,
    options: TreeOptions | None = None,
) -> ProductMatcher:
    """Train on the labelled pairs of several shops, for shops that are none of them.

    Every shop counts as much as every other. What the second trees are told comes from trees that have not seen the
    pair's shop. More of what speaks for a pair never counts against it, and the other way round: what two shops
    share is seldom more than that.

    Args:
        shops: The labelled pairs, a shop each.
        name: The matcher's id.
        seed: Decides the trees.
        options: How trees are grown.

    Raises:
        TrainingError: There are fewer than two shops, or one has too few pairs of a label.
    """
    if len(shops) < 2:
        raise TrainingError("Name at least two files of pairs, of a shop each.")
    for shop in shops:
        check_labels(shop.labels)
    places = np.concatenate([np.full(len(s.labels), at) for at, s in enumerate(shops)])
    fit = _AcrossFit(shops, seed, options or TreeOptions(rounds=120, rate=0.05, columns=0.5))
    names, values = shops[0].pairs.names, np.concatenate([shop.pairs.values for shop in shops])
    alone = np.zeros(len(places), np.float32)
    for at in range(len(shops)):
        there = places == at
        alone[there] = fit(names, values, ~there, at).logits(values[there])
    tables = [
        standing_of(shop.pairs, alone[places == at], shop.left, shop.right)
        for at, shop in enumerate(shops)
    ]
    every = np.ones(len(places), bool)
    standing = np.concatenate([table.values for table in tables])
    trees = fit(names, values, every, ALL), fit(tables[0].names, standing, every, ALL + 1)
    return ProductMatcher(name, *trees)


class _AcrossFit:
    """Fits trees to rows of several shops, each shop counting the same."""

    def __init__(self, shops: Sequence[Labelled], seed: int, grow: TreeOptions) -> None:
        self._labels = np.concatenate([shop.labels for shop in shops])
        weights = [np.full(len(shop.labels), 1 / len(shop.labels)) for shop in shops]
        self._weights = np.concatenate(weights).astype(np.float32)
        self._weights /= self._weights.mean()
        self._seed, self._grow = seed, grow

    def __call__(
        self, names: Sequence[str], values: Floats, rows: NDArray[np.bool_], salt: int
    ) -> Trees:
        return fit_trees(
            names,
            values[rows],
            self._labels[rows],
            seed=self._seed + salt,
            weights=self._weights[rows],
            directions=feature_directions(names),
            **_arguments(self._grow),
        )
