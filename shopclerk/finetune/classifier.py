"""Training a shop's classifier from its labelled products: picture, words or both to a label of a tree.

Frozen encoders, linear heads over them (`fusion_fit.py`), several views of each picture. Targets are softened towards the
label's kin in the tree, so that a mistake costs less the nearer it is (Bertinetto et al. 2020, Making Better Mistakes,
section 3.2). As a command: `shopclerk train classifier --data FILE -o FOLDER`, or `shopclerk finetune classifier`.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import TrainingError, unknown
from shopclerk.finetune.fusion_fit import DECAYS, FitNumbers, Held, fit_fused
from shopclerk.finetune.grouped_loss import GroupedLoss
from shopclerk.finetune.head_options import options_of
from shopclerk.finetune.listing_rows import Encoded, LabelledListing, Progress, encode_listings
from shopclerk.finetune.run import silent
from shopclerk.models.label_scores import accuracy, hierarchical_f1, macro_f1
from shopclerk.models.picture_levels import PictureFeatures
from shopclerk.models.product_classifier import ProductClassifier, levels, shared_levels
from shopclerk.models.tag_groups import TagGroup
from shopclerk.models.text_encoder import TextEncoder

Vectors = NDArray[np.float32]
Places = NDArray[np.intp]
Modality = Literal["both", "picture", "text"]
MODALITIES: tuple[Modality, ...] = ("picture", "text", "both")


RANGES = {
    "smoothing": (0, 0.9),
    "kinship": (0, 20),
    "balance": (0, 1),
    "adjustment": (0, 5),
    "iterations": (1, 10_000),
    "held_out": (0.01, 0.9),
    "views": (0, 64),
    "unfreeze": (0, 16),
    "seed": (0, 2**32 - 1),
}


@dataclass(frozen=True)
class ClassifierOptions:
    """How a classifier is trained."""

    smoothing: float = 0.1
    """Share of a target that goes to other labels (Szegedy et al. 2016, section 7)."""
    kinship: float = 1.0
    """How much sooner that share goes to near kin than to strangers: by exp(kinship) a level; 0 for evenly."""
    balance: float = 0.0
    """How much rarer labels count more: 0 not at all, 1 so that all labels weigh the same (resampling)."""
    adjustment: float = 0.0
    """Strength of logit adjustment, which favours rare labels (Menon et al. 2021); 1 aims at the mean over labels."""
    decays: tuple[float, ...] = DECAYS
    """Penalties on the weights that are tried, the largest first; the best on held-out listings is kept."""
    iterations: int = 60
    """Steps of L-BFGS at most."""
    held_out: float = 0.2
    """Share of the listings on which the fusion of picture and words is tuned and the heads are judged."""
    views: int = 0
    """Views of each picture; 0 for as many as the budget allows."""
    modality: Modality = "both"
    """What of a listing is read."""
    unfreeze: int = 0
    """Blocks of the image network, the last ones, that learn too (needs torch); 0 for none."""
    seed: int = 7
    """Of the split, the views and what is left out."""

    @classmethod
    def of(cls, given: dict[str, Any]) -> "ClassifierOptions":
        """Make the options from names and values.

        Raises:
            TrainingError: One of them is not known, or does not work.
        """
        if given.get("modality", "both") not in MODALITIES:
            raise TrainingError(unknown("modality", str(given["modality"]), MODALITIES))
        return options_of(cls, given, RANGES)


@dataclass(frozen=True)
class ClassifierReport:
    """What training came to.

    Attributes:
        listings: How many it learned from.
        held: How many of them were held out while it was judged.
        left_out: Listings without label, or with nothing to read.
        unreadable: Pictures that could not be read.
        single: Labels that a single listing has.
        scores: What was read of the held-out listings (picture, text, both) to metric to value; empty where too few. Where
            listings have both, all three are of these listings.
        seconds: How long it took, reading included.
        notes: What a reader must know.
    """

    listings: int
    held: int
    left_out: int
    unreadable: int
    single: int
    scores: dict[str, dict[str, float]]
    seconds: float
    notes: tuple[str, ...] = field(default=())


def train_classifier(
    listings: Sequence[LabelledListing],
    pictures: PictureFeatures | None,
    texts: TextEncoder | None,
    options: ClassifierOptions | None = None,
    *,
    addresses: dict[str, str | None] | None = None,
    progress: Progress = silent,
) -> tuple[ProductClassifier, ClassifierReport]:
    """Train a classifier.

    Args:
        listings: Labelled listings; those without a label are left out.
        pictures: Makes features of pictures; None leaves pictures out.
        texts: Encodes texts; None leaves words out.
        options: How to train.
        addresses: Role to address of the encoders, to be written down.
        progress: Called as the work goes on.

    Raises:
        TrainingError: There are not two labels, or nothing can be read.
    """
    options = options or ClassifierOptions()
    started = time.perf_counter()
    labelled = [each for each in listings if each.labels]
    check_labels(labelled, len(listings))
    encoded = encode_listings(
        labelled,
        pictures if options.modality != "text" else None,
        texts if options.modality != "picture" else None,
        progress,
        views=options.views,
    )
    check_labels(encoded.listings, len(listings))
    classifier, report = fit_classifier(encoded, options, addresses=addresses, progress=progress)
    left_out = encoded.left_out + len(listings) - len(labelled)
    seconds = time.perf_counter() - started
    return classifier, ClassifierReport(
        **{
            **report,
            "left_out": left_out,
            "seconds": seconds,
            "unreadable": len(encoded.unreadable),
        }
    )


def fit_classifier(
    encoded: Encoded,
    options: ClassifierOptions,
    *,
    addresses: dict[str, str | None] | None = None,
    progress: Progress = silent,
) -> tuple[ProductClassifier, dict[str, Any]]:
    """Train a classifier on listings that have been read; return it and what training came to."""
    names = sorted({each.labels[0] for each in encoded.listings})
    place = {name: number for number, name in enumerate(names)}
    truth = np.array([place[each.labels[0]] for each in encoded.listings], dtype=np.intp)
    counts = np.bincount(truth, minlength=len(names))
    loss = classifier_loss(truth, names, counts, options)
    numbers = FitNumbers(options.decays, options.iterations, options.held_out, options.seed)
    heads, held = fit_fused(encoded.views, loss, numbers, progress)
    prior = (counts / counts.sum()).astype(np.float32)
    used = encoded.features
    given = {
        "image_address": "embedded" if used.pictures else None,
        "text_address": "embedded" if used.texts else None,
    }
    if addresses:
        given = {name: addresses.get(name) if value else None for name, value in given.items()}
    classifier = ProductClassifier(names, heads, used, prior, given)
    facts = {
        "listings": len(truth),
        "held": len(held.places),
        "single": int((counts == 1).sum()),
        "scores": held_scores(held, truth, names),
    }
    return classifier, facts


def held_scores(held: Held, truth: Places, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the metrics on the held-out listings by what is read of them."""
    common = held.rows.get("both", np.zeros(0, np.intp))
    found = {}
    for pattern, logits in held.logits.items():
        rows = held.rows[pattern]
        chosen = np.isin(rows, common) if len(common) else np.ones(len(rows), bool)
        right, order = truth[held.places[rows[chosen]]], np.argsort(-logits[chosen], axis=1)
        if len(right):
            pairs = [
                (names[one], names[other]) for one, other in zip(right, order[:, 0], strict=True)
            ]
            found[str(pattern)] = {
                "top1": accuracy(pairs),
                "top5": float((order[:, :5] == right[:, None]).any(axis=1).mean()),
                "macro_f1": macro_f1(pairs),
                "hierarchical_f1": hierarchical_f1(pairs),
            }
    return found


def classifier_loss(
    truth: Places, names: Sequence[str], counts: Places, options: ClassifierOptions
) -> GroupedLoss:
    """Return the loss: softened targets, rarer labels counting more where that is wished."""
    soft = soft_targets(names, options.smoothing, options.kinship)
    weights = (1.0 / counts[truth]) ** options.balance
    offset = options.adjustment * np.log(np.maximum(counts, 1) / counts.sum())
    return GroupedLoss(
        soft[truth],
        [TagGroup(np.arange(len(names)), always=True)],
        (weights / weights.mean()).astype(np.float32),
        offset.astype(np.float32),
    )


def soft_targets(names: Sequence[str], smoothing: float, kinship: float) -> Vectors:
    """Return `(labels, labels)`, the target of each label: rows sum to one."""
    depth = [len(levels(name)) for name in names]
    nearness = np.array(
        [
            [2 * shared_levels(one, other) / (depth[i] + depth[j]) for j, other in enumerate(names)]
            for i, one in enumerate(names)
        ]
    )
    share = np.exp(kinship * nearness * max(depth))
    np.fill_diagonal(share, 0)
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-12)
    return np.asarray((1 - smoothing) * np.eye(len(names)) + smoothing * share, np.float32)


def check_labels(listings: Sequence[LabelledListing], total: int) -> None:
    """Refuse listings that nothing can be told apart by.

    Raises:
        TrainingError: They have not two labels.
    """
    counts = Counter(each.labels[0] for each in listings)
    if not counts:
        raise TrainingError(
            f"None of {total} listings has a label and something to read. A row has 'label' beside 'image' or 'title'; "
            "a product has a category."
        )
    if len(counts) == 1:
        raise TrainingError(
            f"All listings have one label, '{next(iter(counts))}'. Two at least are needed to tell apart."
        )
