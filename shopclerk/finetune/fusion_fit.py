"""Training the heads of a classifier or tagger, and how much each counts.

The heads learn from most listings first; on the others it is found out how much each head counts where a listing has a
picture only, words only, or both (late fusion). Then they learn anew from all. The joint head (early fusion) sees every
view of a listing, now and then without its picture or its words (modality dropout, Neverova et al. 2016, section 3.3).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import TrainingError
from shopclerk.finetune.grouped_loss import GroupedLoss
from shopclerk.finetune.linear_fit import fit_head
from shopclerk.models.linear_heads import (
    HEAD_PARTS,
    PATTERN_HEADS,
    FusedHeads,
    Inputs,
    LinearHead,
    Pattern,
    mixed,
)

Vectors = NDArray[np.float32]
Places = NDArray[np.intp]
Progress = Callable[[str, int, int | None], None]

DECAYS = (0.1, 0.03, 0.01)
"""Penalties on the weights that are tried, the largest first."""
LEAST_BOTH = 50
"""Listings with a picture and words, from which a joint head is worth its while."""
LEAST_TUNED = 30
"""Listings of a kind, from which it is found out how much each head counts for them."""
DROPPED = 0.25
"""Share of the joint head's rows without the picture, and without the words."""


@dataclass(frozen=True)
class FitNumbers:
    """How heads are trained.

    Attributes:
        decays: Penalties on the weights that are tried, the largest first.
        iterations: Steps of L-BFGS at most.
        held_out: Share of the listings on which the fusion is tuned.
        seed: Decides the split and what is dropped.
    """

    decays: Sequence[float] = DECAYS
    iterations: int = 60
    held_out: float = 0.2
    seed: int = 7


@dataclass(frozen=True)
class Views:
    """Listings with several views of their pictures.

    Attributes:
        inputs: A row for each view; the first `count` rows are those of the listings as they stand.
        listing: `(rows,)`, which listing each row shows.
        count: How many listings.
    """

    inputs: Inputs
    listing: Places
    count: int

    def whole(self) -> Inputs:
        """Return the listings as they stand, one row each."""
        return self.inputs.take(np.arange(self.count))

    def of(self, listings: Places) -> tuple[Inputs, Places]:
        """Return all rows of some listings, and which listing each shows."""
        rows = np.flatnonzero(np.isin(self.listing, listings))
        return self.inputs.take(rows), self.listing[rows]


@dataclass(frozen=True)
class Held:
    """The held-out listings, judged by heads that have not seen them.

    Attributes:
        places: Which listings.
        logits: Pattern to the fused logits `(len(places), labels)` of the listings that can be read that way.
        rows: Pattern to the rows of `places` that these are.
    """

    places: Places
    logits: Mapping[Pattern, Vectors]
    rows: Mapping[Pattern, Places]


@dataclass(frozen=True)
class Unseen:
    """Listings that heads are judged by and do not learn from.

    Attributes:
        inputs: The listings.
        loss: What is to be said of them.
    """

    inputs: Inputs
    loss: GroupedLoss

    def loss_of(self, name: str) -> Callable[[LinearHead], float] | None:
        """Return what a head of some name loses on the listings that it can judge; None where these are too few."""
        seen, read = self.inputs.has_picture, self.inputs.has_text
        rows = np.flatnonzero({"picture": seen, "text": read, "joint": seen | read}[name])
        if len(rows) < LEAST_TUNED:
            return None
        inputs, loss = self.inputs.take(rows), self.loss.take(rows)
        return lambda head: loss(head.logits(inputs))[0]


def fit_fused(
    views: Views, loss: GroupedLoss, numbers: FitNumbers, progress: Progress
) -> tuple[FusedHeads, Held]:
    """Train all heads that the listings allow, and their fusion.

    Args:
        views: The listings.
        loss: What is to be said of each listing.
        numbers: How to train.
        progress: Called as the work goes on.

    Raises:
        TrainingError: No listing has a picture or words.
    """
    names = possible_heads(views.whole())
    learned, held = split(views.count, numbers)
    plain = replace(loss, offset=np.zeros_like(loss.offset))
    unseen = Unseen(views.whole().take(held), plain.take(held))
    first, decays = fit_heads(views, learned, loss, names, numbers, progress, unseen=unseen)
    mixes, judged = tune_mixes(first, unseen, held)
    if not len(held):
        return FusedHeads(first, mixes), judged
    everything = np.arange(views.count)
    heads, _ = fit_heads(views, everything, loss, names, numbers, progress, decays=decays)
    return FusedHeads(heads, mixes), judged


def possible_heads(inputs: Inputs) -> list[str]:
    """Return the names of the heads that there is something to learn for.

    Raises:
        TrainingError: There is nothing at all.
    """
    pictures, texts = int(inputs.has_picture.sum()), int(inputs.has_text.sum())
    both = int((inputs.has_picture & inputs.has_text).sum())
    enough = {"picture": pictures > 0, "text": texts > 0, "joint": both >= LEAST_BOTH}
    if not (pictures or texts):
        raise TrainingError(
            "No listing has a picture that can be read, or words. Check the paths, which are relative to the file."
        )
    return [name for name in HEAD_PARTS if enough[name]]


def split(count: int, numbers: FitNumbers) -> tuple[Places, Places]:
    """Return the places of the listings to learn from first, and of those held out; very few are all learned from."""
    order = np.random.default_rng(numbers.seed).permutation(count)
    held = round(count * numbers.held_out) if count >= LEAST_TUNED else 0
    return np.sort(order[held:]), np.sort(order[:held])


def fit_heads(
    views: Views,
    listings: Places,
    loss: GroupedLoss,
    names: list[str],
    numbers: FitNumbers,
    progress: Progress,
    *,
    unseen: "Unseen | None" = None,
    decays: Mapping[str, float] | None = None,
) -> tuple[dict[str, LinearHead], dict[str, float]]:
    """Fit the heads of some names to some of the listings.

    Args:
        views: All listings.
        listings: Which of them the heads learn from.
        loss: What is to be said of each listing.
        names: Of the heads.
        numbers: How to train.
        progress: Called as the work goes on.
        unseen: Other listings, by which each head's penalty is chosen.
        decays: Or each head's penalty.

    Returns:
        The heads, and the penalty of each.
    """
    heads, chosen = {}, {}
    for done, name in enumerate(names):
        progress("Learning", done, len(names))
        inputs, shown = _rows_for(name, views, listings, numbers.seed)
        heads[name], chosen[name] = fit_head(
            inputs,
            HEAD_PARTS[name],
            loss.take(shown),
            loss.targets.shape[1],
            decays=[decays[name]] if decays else numbers.decays,
            iterations=numbers.iterations,
            judge=unseen.loss_of(name) if unseen else None,
        )
    progress("Learning", len(names), len(names))
    return heads, chosen


def _rows_for(name: str, views: Views, listings: Places, seed: int) -> tuple[Inputs, Places]:
    """Return the rows that a head learns from and which listing each shows."""
    if name == "text":
        chosen = listings[views.inputs.has_text[listings]]
        return views.inputs.take(chosen), chosen
    inputs, shown = views.of(listings)
    if name == "picture":
        rows = np.flatnonzero(inputs.has_picture)
        return inputs.take(rows), shown[rows]
    draw = np.random.default_rng(seed).random(len(inputs))
    both = inputs.has_picture & inputs.has_text
    return inputs.without(both & (draw < DROPPED), both & (draw > 1 - DROPPED)), shown


def tune_mixes(
    heads: Mapping[str, LinearHead], unseen: Unseen, places: Places
) -> tuple[dict[Pattern, dict[str, float]], Held]:
    """Find how much each head counts, from listings that the heads have not seen.

    A listing with picture and words also serves as one without either.
    """
    mixes: dict[Pattern, dict[str, float]] = {}
    logits: dict[Pattern, Vectors] = {}
    found: dict[Pattern, Places] = {}
    for pattern, names in PATTERN_HEADS.items():
        able = [name for name in names if name in heads]
        if len(able) < len(names) - ("joint" not in heads):
            continue
        reduced = _reduced(unseen.inputs, pattern)
        rows = np.flatnonzero(reduced.pattern(pattern))
        each = {name: heads[name].logits(reduced.take(rows)) for name in able}
        mix = _weights(each, unseen.loss.take(rows)) if len(rows) >= LEAST_TUNED else _even(able)
        mixes[pattern] = mix
        logits[pattern], found[pattern] = mixed(each, mix), rows
    return mixes, Held(places, logits, found)


def _reduced(inputs: Inputs, pattern: Pattern) -> Inputs:
    drop = np.ones(len(inputs), bool)
    if pattern == "both":
        return inputs
    return inputs.without(~drop, drop) if pattern == "picture" else inputs.without(drop, ~drop)


def _even(names: list[str]) -> dict[str, float]:
    return dict.fromkeys(names, 1 / len(names))


def _weights(logits: Mapping[str, Vectors], loss: GroupedLoss) -> dict[str, float]:
    """Return the weights, none below zero, under which the sum of the logits fits best."""
    from scipy.optimize import minimize

    names = list(logits)

    def value(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total = mixed(logits, dict(zip(names, weights, strict=True)))
        height, slope = loss(total)
        return height, np.array([np.vdot(slope, logits[name]) for name in names], np.float64)

    start = np.full(len(names), 1 / len(names))
    found = minimize(value, start, jac=True, method="L-BFGS-B", bounds=[(0, 5)] * len(names))
    return {name: float(weight) for name, weight in zip(names, found.x, strict=True)}


def falling(decays: object) -> bool:
    """Tell whether penalties are numbers from zero on, each below the one before."""
    if not isinstance(decays, list | tuple) or not decays:
        return False
    if not all(isinstance(each, int | float) and each >= 0 for each in decays):
        return False
    return all(left > right for left, right in pairwise(decays))
