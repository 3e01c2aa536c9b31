"""Training a shop's tagger from its tagged products.

Tags that rule each other out are found in the data and compete (softmax); the others are judged each by itself (binary
cross-entropy with logits). Heads, fusion and views are those of the classifier (`fusion_fit.py`). Where a shop tags only
some of what deserves a tag, `missing_negatives` corrects the chances (Elkan and Noto 2008); listings without any tag may
teach through the tags that a first tagger is sure of (self-training, Lee 2013). As a command:
`shopclerk train tagger --data FILE -o FOLDER`, or `shopclerk finetune tagger`.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import TrainingError
from shopclerk.finetune.fusion_fit import DECAYS, FitNumbers, Held, Views, fit_fused
from shopclerk.finetune.grouped_loss import GroupedLoss
from shopclerk.finetune.head_options import options_of
from shopclerk.finetune.listing_rows import Encoded, LabelledListing, Progress, encode_listings
from shopclerk.finetune.run import silent
from shopclerk.models.linear_heads import FusedHeads, Inputs, Pattern
from shopclerk.models.picture_levels import PictureFeatures
from shopclerk.models.tag_decisions import (
    Flags,
    decide,
    labelled_share,
    tune_thresholds,
)
from shopclerk.models.tag_groups import TagGroup, chances, find_groups
from shopclerk.models.tagger import Tagger, TagRules
from shopclerk.models.text_encoder import TextEncoder

Vectors = NDArray[np.float32]
Places = NDArray[np.intp]

PATTERNS: tuple[Pattern, ...] = ("both", "picture", "text")


RANGES = {
    "least": (1, 10**9),
    "sure": (0.01, 1),
    "unsure_weight": (0.01, 1),
    "iterations": (1, 10_000),
    "held_out": (0.01, 0.9),
    "views": (0, 64),
    "seed": (0, 2**32 - 1),
}


@dataclass(frozen=True)
class TaggerOptions:
    """How a tagger is trained."""

    least: int = 1
    """Tags that fewer listings have are not learned."""
    missing_negatives: bool = False
    """Whether a listing may deserve tags that it does not have."""
    grouped: bool = True
    """Whether tags that rule each other out are looked for."""
    sure: float = 0.85
    """Mean chance of its tags from which a listing without tags is learned from; 1 never learns from them."""
    unsure_weight: float = 0.5
    """How much such a listing counts."""
    decays: tuple[float, ...] = DECAYS
    """Penalties on the weights that are tried, the largest first; the best on held-out listings is kept."""
    iterations: int = 40
    """Steps of L-BFGS at most."""
    held_out: float = 0.2
    """Share of the listings on which fusion and thresholds are tuned and the heads are judged."""
    views: int = 0
    """Views of each picture; 0 for as many as the budget allows."""
    seed: int = 7
    """Of the split, the views and what is left out."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "TaggerOptions":
        """Make the options from names and values.

        Raises:
            TrainingError: One of them is not known, or does not work.
        """
        return options_of(cls, given, RANGES)


@dataclass(frozen=True)
class TaggerReport:
    """What training came to.

    Attributes:
        listings: How many tagged listings it learned from.
        pseudo: How many without tags it learned from beside them.
        held: How many were held out while it was judged.
        tags: Size of the vocabulary.
        groups: How many groups of tags rule each other out.
        left_out: Listings with nothing to read, or without tags where these are not learned from.
        unreadable: Pictures that could not be read.
        micro_f1: On the held-out listings, by what is read of them; none where too few.
        seconds: How long it took, reading included.
    """

    listings: int
    pseudo: int
    held: int
    tags: int
    groups: int
    left_out: int
    unreadable: int
    micro_f1: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0


def train_tagger(
    listings: Sequence[LabelledListing],
    pictures: PictureFeatures | None,
    texts: TextEncoder | None,
    options: TaggerOptions | None = None,
    *,
    addresses: Mapping[str, str | None] | None = None,
    progress: Progress = silent,
) -> tuple[Tagger, TaggerReport]:
    """Train a tagger.

    Args:
        listings: The listings; those without tags may be learned from, see `TaggerOptions.sure`.
        pictures: Makes features of pictures; None leaves pictures out.
        texts: Encodes texts; None leaves words out.
        options: How to train.
        addresses: Role to address of the encoders, to be written down.
        progress: Called as the work goes on.

    Raises:
        TrainingError: There are not two tags, or nothing can be read.
    """
    options = options or TaggerOptions()
    started = time.perf_counter()
    tags = vocabulary_of(listings, options.least)
    wanted = [each for each in listings if each.labels or options.sure < 1]
    encoded = encode_listings(wanted, pictures, texts, progress, views=options.views)
    given = addresses or {"image_address": "embedded", "text_address": "embedded"}
    used = encoded.features
    written = {
        "image_address": given.get("image_address") if used.pictures else None,
        "text_address": given.get("text_address") if used.texts else None,
    }
    heads, rules, facts = fit_tagger(encoded, tags, options, progress)
    report = TaggerReport(
        **facts,
        tags=len(tags),
        groups=len(rules.groups),
        left_out=len(listings) - facts["listings"] - facts["pseudo"],
        unreadable=len(encoded.unreadable),
        seconds=time.perf_counter() - started,
    )
    return Tagger(tags, heads, used, rules, written), report


def vocabulary_of(listings: Sequence[LabelledListing], least: int = 1) -> list[str]:
    """Return the tags that so many listings have at least, by name.

    Raises:
        TrainingError: There are not two.
    """
    counts = Counter(tag for each in listings for tag in each.labels)
    tags = sorted(tag for tag, count in counts.items() if count >= least)
    if len(tags) < 2:
        raise TrainingError(
            f"{len(tags)} tags stand on {least} of {len(listings)} listings or more, and two at least are needed. "
            "A row has 'tags' beside 'image' or 'title'."
        )
    return tags


def tag_flags(listings: Sequence[LabelledListing], tags: Sequence[str]) -> Flags:
    """Return which listing has which tag, `(listings, tags) bool`."""
    place = {tag: number for number, tag in enumerate(tags)}
    flags = np.zeros((len(listings), len(tags)), bool)
    for row, each in enumerate(listings):
        flags[row, [place[tag] for tag in each.labels if tag in place]] = True
    return flags


def fit_tagger(
    encoded: Encoded, tags: Sequence[str], options: TaggerOptions, progress: Progress = silent
) -> tuple[FusedHeads, TagRules, dict[str, Any]]:
    """Train heads and rules on listings that have been read; return them and what training came to."""
    flags = tag_flags(encoded.listings, tags)
    tagged = np.flatnonzero(flags.any(axis=1))
    groups = find_groups(flags[tagged]) if options.grouped else []
    numbers = FitNumbers(options.decays, options.iterations, options.held_out, options.seed)
    ones = np.ones(len(tagged), np.float32)
    views = _views_of(encoded.views, tagged)
    heads, held = fit_fused(views, tag_loss(flags[tagged], groups, ones), numbers, progress)
    rules = tune_rules(held, flags[tagged], groups, views.whole(), options)
    scores = held_scores(held, flags[tagged], rules)
    pseudo = 0
    if options.sure < 1 and len(tagged) < len(encoded.listings):
        heads, pseudo = _self_trained(encoded.views, flags, tagged, heads, rules, numbers, options)
    facts = {
        "listings": len(tagged),
        "pseudo": pseudo,
        "held": len(held.places),
        "micro_f1": scores,
    }
    return heads, rules, facts


def tag_loss(flags: Flags, groups: Sequence[TagGroup], weights: Vectors) -> GroupedLoss:
    """Return the loss of tags; where a listing has two of a group, each counts for its share."""
    targets = flags.astype(np.float32)
    for group in groups:
        targets[:, group.columns] /= np.maximum(targets[:, group.columns].sum(1, keepdims=True), 1)
    return GroupedLoss(targets, groups, weights, np.zeros(flags.shape[1], np.float32))


def tune_rules(
    held: Held,
    flags: Flags,
    groups: Sequence[TagGroup],
    inputs: Inputs,
    options: TaggerOptions,
) -> TagRules:
    """Return the rules that do best on the held-out listings, each read by what it has."""
    logits, rows = natural(held, inputs)
    truth = flags[held.places[rows]]
    plain = chances(logits, groups)
    shares = np.ones(flags.shape[1], np.float32)
    if options.missing_negatives and len(rows):
        # Which negatives are true is not known, so no threshold can be tuned: a tag is said where it is likely.
        shares = labelled_share(plain, truth)
        return TagRules(tuple(groups), np.full(flags.shape[1], 0.5, np.float32), shares)
    return TagRules(tuple(groups), tune_thresholds(plain, truth, groups), shares)


def natural(held: Held, inputs: Inputs) -> tuple[Vectors, Places]:
    """Return the logits of the held-out listings read by all that they have, and their rows among the held-out."""
    width = next((each.shape[1] for each in held.logits.values()), 0)
    logits, rows = [np.zeros((0, width), np.float32)], [np.zeros(0, np.intp)]
    of_held = inputs.take(held.places)
    for pattern in PATTERNS:
        if pattern in held.logits:
            fits = of_held.pattern(pattern)[held.rows[pattern]]
            logits.append(held.logits[pattern][fits])
            rows.append(held.rows[pattern][fits])
    return np.concatenate(logits), np.concatenate(rows)


def held_scores(held: Held, flags: Flags, rules: TagRules) -> dict[str, float]:
    """Return micro F1 on the held-out listings by what is read of them."""
    scores = {}
    for pattern, logits in held.logits.items():
        if len(logits):
            truth = flags[held.places[held.rows[pattern]]]
            said = decide(rules.chances(logits), rules.groups, rules.thresholds)
            scores[str(pattern)] = float(
                2 * (said & truth).sum() / max((said.sum() + truth.sum()), 1)
            )
    return scores


def _self_trained(
    views: Views,
    flags: Flags,
    tagged: Places,
    heads: FusedHeads,
    rules: TagRules,
    numbers: FitNumbers,
    options: TaggerOptions,
) -> tuple[FusedHeads, int]:
    """Return heads that have learned from sure listings without tags too, and how many of these there were."""
    bare = np.setdiff1d(np.arange(views.count), tagged)
    found = rules.chances(heads.logits(views.whole().take(bare)))
    said = decide(found, rules.groups, rules.thresholds)
    sureness = (found * said).sum(axis=1) / np.maximum(said.sum(axis=1), 1)
    sure = bare[sureness >= options.sure]
    if not len(sure):
        return heads, 0
    made = flags.copy()
    made[bare] = said
    chosen = np.sort(np.concatenate([tagged, sure]))
    weights = np.where(np.isin(chosen, sure), options.unsure_weight, 1.0).astype(np.float32)
    loss = tag_loss(made[chosen], rules.groups, weights / weights.mean())
    again, _ = fit_fused(_views_of(views, chosen), loss, numbers, silent)
    return FusedHeads(again.heads, heads.mixes), len(sure)


def _views_of(views: Views, listings: Places) -> Views:
    """Return the views of some listings, numbered anew."""
    if len(listings) == views.count:
        return views
    inputs, shown = views.of(listings)
    return Views(inputs, np.searchsorted(listings, shown).astype(np.intp), len(listings))
