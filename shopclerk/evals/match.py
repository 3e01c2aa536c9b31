"""Task `match`: pairs of listings, the same product or not.

Files: train.jsonl, valid.jsonl, test.jsonl with `left, right, label`; all but test.jsonl are optional. With train.jsonl a
matcher is trained on it, its threshold being chosen by cross-validation and by valid.jsonl; without it the matcher
judges that the setting names. The pairs of all files are one another's rivals, and words are weighed by how rare they
are in all of them; the labels of test.jsonl are looked at by the metrics alone. Metrics: f1, precision, recall,
average_precision.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import DataFormatError, TrainingError
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.finetune.match_fit import Labelled, fit_matcher
from shopclerk.finetune.match_score import average_precision, best_threshold, f1_at
from shopclerk.models.matching.pair_features import PairFeatures
from shopclerk.models.matching.pair_set import PairSet
from shopclerk.models.product_matcher import ProductMatcher, open_matcher
from shopclerk.settings import Settings

REQUIRED = ("left", "right", "label")
TIMED_ALONE = 50
"""Pairs that are timed one by one."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Pool:
    """All pairs of the folder, those of train.jsonl first and those of test.jsonl last.

    Attributes:
        pairs: The pairs.
        train, valid, test: Which rows of them are whose.
    """

    pairs: PairSet
    train: slice
    valid: slice
    test: slice


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    pool = read_pool(data)
    shipped = open_matcher(settings.matcher)
    return judge(pool, shipped)


def read_pool(data: Path) -> Pool:
    """Read the pairs of a folder.

    Raises:
        DataFormatError: test.jsonl is missing, or a record breaks its format.
    """
    files = [data / f"{name}.jsonl" for name in ("train", "valid", "test")]
    parts = [_read(path) if path.exists() or path == files[-1] else [] for path in files]
    ends = np.cumsum([0, *map(len, parts)]).tolist()
    train, valid, test = (slice(*place) for place in pairwise(ends))
    pairs = PairSet.of(record for part in parts for record in part)
    return Pool(pairs, train, valid, test)


def _read(path: Path) -> list[dict[str, Any]]:
    records = read_records(path, REQUIRED)
    for number, record in enumerate(records, 1):
        for side in ("left", "right"):
            product = record[side]
            if not isinstance(product, dict) or not {"id", "title"} <= product.keys():
                raise DataFormatError(
                    f"{path}, record {number}: '{side}' must be a product with id and title."
                )
        if record["label"] not in (0, 1):
            raise DataFormatError(f"{path}, record {number}: 'label' must be 0 or 1.")
    return records


def judge(pool: Pool, shipped: ProductMatcher) -> Report:
    """Train if there is something to learn from, and measure."""
    pairs, watch, notes = pool.pairs, Stopwatch(), []
    started = time.perf_counter()
    listings = shipped.read(pairs.listings)
    features = shipped.features(listings, pairs.left, pairs.right)
    reading_s = time.perf_counter() - started
    matcher, alone = shipped, shipped.logits_alone(features)
    if pool.train.stop:
        started = time.perf_counter()
        try:
            matcher, alone = _trained(pool, features)
        except TrainingError as error:
            notes.append(f"Judged by {shipped.id}, which has not learned from train.jsonl: {error}")
        else:
            notes.append(
                f"Trained on {pool.train.stop} pairs in {time.perf_counter() - started:.0f} s."
            )
    started = time.perf_counter()
    alone[pool.test] = matcher.logits_alone(_part(features, pool.test))
    ends = pairs.left, pairs.right
    probabilities = matcher.from_features(features, *ends, alone, pool.test)
    judging_s = time.perf_counter() - started
    if matcher is not shipped and pairs.labels[pool.valid].any():
        valid = matcher.from_features(features, *ends, alone, pool.valid)
        matcher = _with_threshold(matcher, pool, valid)
    _time_alone(pool, matcher, watch)
    labels = pairs.labels[pool.test]
    metrics = match_metrics(labels, probabilities, matcher.threshold)
    if metrics["average_precision"] is None:
        notes.append("average_precision could not be computed: no pair is of the same product.")
    models = {"matcher": matcher.id}
    per_second = round(len(labels) / max(reading_s + judging_s, 1e-9), 1) if len(labels) else None
    return Report(
        "match",
        len(labels),
        metrics,
        watch.latency_ms(),
        per_second,
        models,
        tuple(notes),
        tuple(_misses(pool, matcher, probabilities)),
    )


def _part(features: PairFeatures, rows: slice) -> PairFeatures:
    return PairFeatures(features.names, features.values[rows])


def _trained(pool: Pool, features: PairFeatures) -> tuple[ProductMatcher, Floats]:
    """Return a matcher trained on train.jsonl, and what it holds each pair of the pool to be by itself."""
    pairs, rest = pool.pairs, slice(pool.train.stop, None)
    ends, labels = (pairs.left[pool.train], pairs.right[pool.train]), pairs.labels[pool.train]
    fitted = fit_matcher(
        Labelled(_part(features, pool.train), *ends, labels),
        name="trained on train.jsonl",
        more=_part(features, rest),
        more_ends=(pairs.left[rest], pairs.right[rest]),
    )
    others = fitted.matcher.logits_alone(_part(features, rest))
    return fitted.matcher, np.concatenate([fitted.alone, others])


def _with_threshold(matcher: ProductMatcher, pool: Pool, valid: Floats) -> ProductMatcher:
    """Weigh the threshold of cross-validation and that of valid.jsonl by how many pairs they stand on."""
    labels = pool.pairs.labels[pool.valid]
    share = len(labels) / (len(labels) + pool.train.stop)
    own = best_threshold(labels, valid)
    return replace(matcher, threshold=(1 - share) * matcher.threshold + share * own)


def _time_alone(pool: Pool, matcher: ProductMatcher, watch: Stopwatch) -> None:
    for row in range(pool.test.start, min(pool.test.stop, pool.test.start + TIMED_ALONE)):
        two = [pool.pairs.listings[int(ends[row])] for ends in (pool.pairs.left, pool.pairs.right)]
        with watch.lap():
            matcher.probabilities(matcher.read(two), np.array([0]), np.array([1]))


def match_metrics(
    labels: NDArray[Any], probabilities: NDArray[Any], threshold: float
) -> dict[str, Metric]:
    """Return the metrics of some pairs, None where no pair is of the same product."""
    if not labels.any():
        return dict.fromkeys(("f1", "precision", "recall", "average_precision"))
    scores = f1_at(labels, probabilities, threshold)
    scores["average_precision"] = average_precision(labels, probabilities)
    return {name: round(value, 4) for name, value in scores.items()}


def _misses(
    pool: Pool, matcher: ProductMatcher, probabilities: NDArray[Any]
) -> Sequence[Mapping[str, Any]]:
    """Return the pairs that were judged wrongly, the surest first."""
    pairs = pool.pairs
    wrong = [
        (abs(float(p) - matcher.threshold), place)
        for place, p in enumerate(probabilities)
        if (p >= matcher.threshold) != bool(pairs.labels[pool.test][place])
    ]
    return [
        {
            "left": pairs.listings[pairs.left[pool.test][place]].title,
            "right": pairs.listings[pairs.right[pool.test][place]].title,
            "label": int(pairs.labels[pool.test][place]),
            "probability": round(float(probabilities[place]), 3),
        }
        for _, place in sorted(wrong, reverse=True)
    ]
