"""Training the heads of a classifier or tagger, and how much each counts.

The heads learn from most listings first; on the others it is found out how much each head counts where a listing has a
picture only, words only, or both (late fusion). Then they learn anew from all. The joint head (early fusion) sees every
view of a listing, now and then without its picture or its words (modality dropout, Neverova et al. 2016, section 3.3).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

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
        decay: Penalty on the weights.
        iterations: Steps of L-BFGS at most.
        held_out: Share of the listings on which the fusion is tuned.
        seed: Decides the split and what is dropped.
    """

    decay: float = 0.01
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
    first = fit_heads(views, learned, loss, names, numbers, progress)
    mixes, judged = tune_mixes(first, views.whole().take(held), loss.take(held), held)
    if len(held) == 0 or len(learned) == views.count:
        return FusedHeads(first, mixes), judged
    everything = np.arange(views.count)
    return FusedHeads(fit_heads(views, everything, loss, names, numbers, progress), mixes), judged


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
) -> dict[str, LinearHead]:
    """Fit the heads of some names to some of the listings."""
    heads = {}
    for done, name in enumerate(names):
        progress("Learning", done, len(names))
        inputs, shown = _rows_for(name, views, listings, numbers.seed)
        heads[name] = fit_head(
            inputs,
            HEAD_PARTS[name],
            loss.take(shown),
            loss.targets.shape[1],
            decay=numbers.decay,
            iterations=numbers.iterations,
        )
    progress("Learning", len(names), len(names))
    return heads


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
    heads: Mapping[str, LinearHead], inputs: Inputs, loss: GroupedLoss, places: Places
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
        reduced = _reduced(inputs, pattern)
        rows = np.flatnonzero(reduced.pattern(pattern))
        each = {name: heads[name].logits(reduced.take(rows)) for name in able}
        mix = _weights(each, loss.take(rows)) if len(rows) >= LEAST_TUNED else _even(able)
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
    plain = replace(loss, offset=np.zeros_like(loss.offset))

    def value(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total = mixed(logits, dict(zip(names, weights, strict=True)))
        height, slope = plain(total)
        return height, np.array([np.vdot(slope, logits[name]) for name in names], np.float64)

    start = np.full(len(names), 1 / len(names))
    found = minimize(value, start, jac=True, method="L-BFGS-B", bounds=[(0, 5)] * len(names))
    return {name: float(weight) for name, weight in zip(names, found.x, strict=True)}
