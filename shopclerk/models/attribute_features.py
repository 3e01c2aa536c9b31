"""Features of candidate spans for one attribute, made of a gazetteer's counts, and of the spans alone.

All ratios are hits / (occurrences + `SMOOTH`), once within the category and once in all categories. `own` is the
gazetteer of the very record, whose counts are taken off where the gazetteer was counted from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.attribute_gazetteer import (
    ANY,
    BEGIN,
    END,
    SEEN,
    Counts,
    Gazetteer,
    pattern_of,
    shape_key,
    slot,
    width_key,
)
from shopclerk.models.attribute_spans import Pieces, unbalanced

Features = NDArray[np.float32]

SMOOTH = 0.5
PLAIN = 20
LEVEL = 16
SHAPED = 3
SPAN_FEATURES = PLAIN + 2 * (LEVEL + SHAPED)
NAME_FEATURES = 8
ASKED_BEFORE = 6
"""The feature of a name that tells whether any text was asked for it."""
OTHERS, KNOWN = (2, 10), 3
"""Of a level: the features that speak of other names alone, and the one that counts texts with such a value."""
WITHHELD = np.zeros(SPAN_FEATURES, np.float32)
"""1 for the features that are left of a name without counts; training withholds the others, so that it meets such names."""
WITHHELD[:PLAIN] = 1
WITHHELD[[PLAIN + level * (LEVEL + SHAPED) + each for level in (0, 1) for each in OTHERS]] = 1
_NOTHING: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the features of one text are looked up in.

    Attributes:
        pieces: The text.
        category: Its category, may be empty.
        gazetteer: The shop's counts.
        own: Counts of this very text, to be taken off; None where it was not counted.
        given: Counts to be added, of values that a caller gave as examples.
    """

    pieces: Pieces
    category: str
    gazetteer: Gazetteer
    own: Gazetteer | None = None
    given: Gazetteer | None = None

    def counts(self, table: str, keys: Sequence[str], slots: Sequence[str]) -> Features:
        """Return `(keys, slots)` counts."""
        counted = self.gazetteer.tables[table]
        found = _look_up(counted, keys, slots)
        if self.own is not None:
            found -= _look_up(self.own.tables[table], keys, slots)
        if self.given is not None:
            found += _look_up(self.given.tables[table], keys, slots)
        return np.maximum(found, 0)

    def texts(self, each: str) -> tuple[int, int]:
        """Return in how many texts an attribute was asked for, and how many of them state none."""
        asked, none = self.gazetteer.names.get(each, (0, 0, 0))[:2]
        if self.own is not None:
            own = self.own.names.get(each, (0, 0, 0))
            asked, none = asked - own[0], none - own[1]
        if self.given is not None:
            asked += self.given.names.get(each, (0,))[0]
        return max(0, asked), max(0, none)


def _look_up(counted: Counts, keys: Sequence[str], slots: Sequence[str]) -> Features:
    found = np.zeros((len(keys), len(slots)), np.float32)
    for row, key in enumerate(keys):
        entry = counted.get(key, _NOTHING)
        if entry:
            found[row] = [entry.get(each, 0) for each in slots]
    return found


def span_features(evidence: Evidence, names: Sequence[str]) -> tuple[Features, Features]:
    """Return features of every candidate span for every name, and of the names.

    Returns:
        `(names, spans, SPAN_FEATURES)` and `(names, NAME_FEATURES) float32`.
    """
    spans = evidence.pieces.spans
    plain = plain_features(evidence.pieces)
    result = np.zeros((len(names), len(spans), SPAN_FEATURES), np.float32)
    result[:, :, :PLAIN] = plain
    about = np.zeros((len(names), NAME_FEATURES), np.float32)
    place, width = PLAIN, LEVEL + SHAPED
    for number, category in enumerate((evidence.category, None)):
        result[:, :, place : place + width], best = _level(evidence, names, category)
        asked, none = (
            np.array([evidence.texts(slot(name, category)) for name in names]).reshape(-1, 2).T
        )
        about[:, 4 * number] = np.log1p(asked)
        about[:, 4 * number + 1] = none / (asked + SMOOTH)
        about[:, 4 * number + 2] = asked > 0
        about[:, 4 * number + 3] = best
        place += width
    # Whether a text is a value of some name would give away those of a name withheld.
    unasked = about[:, ASKED_BEFORE] == 0
    result[unasked, :, PLAIN + KNOWN] = result[unasked, :, PLAIN + width + KNOWN] = 0
    return result, about


def plain_features(pieces: Pieces) -> Features:
    """Return what a span is by itself, `(spans, PLAIN)`: place, width, case, numbers, brackets."""
    spans, count = pieces.spans, len(pieces)
    first, last = spans[:, 0], spans[:, 1]
    shapes = pieces.shapes
    capital = np.array([each[0] == "A" for each in shapes], np.float32)
    small = np.array([each[0] == "a" for each in shapes], np.float32)
    upper = np.array([each == "AA" for each in shapes], np.float32)
    number = np.array([each[0] == "9" for each in shapes], np.float32)
    mark = 1 - np.minimum(1, capital + small + number)
    glued = np.array(
        [i > 0 and pieces.bounds[i - 1][1] == pieces.bounds[i][0] for i in range(count)] + [False],
        np.float32,
    )
    width = last - first + 1
    columns = [
        first == 0,
        last == count - 1,
        first / max(1, count),
        *(width == size for size in (1, 2, 3, 4)),
        (width > 4) & (width < 7),
        width > 6,
        mark[first],
        mark[last],
        capital[first],
        capital[last],
        upper[first],
        number[first],
        number[last],
        glued[first],
        glued[last + 1],
        _within(mark, first, last) / width,
        [unbalanced(pieces.words[i : j + 1]) for i, j in spans.tolist()],
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _within(values: Features, first: NDArray[np.int64], last: NDArray[np.int64]) -> Features:
    total = np.concatenate([[0], np.cumsum(values, axis=0)])
    return np.asarray(total[last + 1] - total[first], np.float32)


def _level(
    evidence: Evidence, names: Sequence[str], category: str | None
) -> tuple[Features, Features]:
    """Return `(names, spans, LEVEL + SHAPED)` within a category, or in all, and the best value ratio a name."""
    pieces = evidence.pieces
    first, last = pieces.spans[:, 0], pieces.spans[:, 1]
    slots = [*(slot(name, category) for name in names), slot(ANY, category), slot(SEEN, category)]
    keys = [pieces.key(i, j) for i, j in pieces.spans.tolist()]
    value = evidence.counts("value", keys, slots)
    patterns = [pattern_of(pieces, i, j) or "" for i, j in pieces.spans.tolist()]
    pattern = evidence.counts("pattern", patterns, slots)
    seen = evidence.counts("seen", [BEGIN, *pieces.words, END], slots[-1:])[:, 0] + SMOOTH
    words = {t: evidence.counts(t, pieces.words, slots) for t in ("start", "end", "inside")}
    around = evidence.counts("before", [BEGIN, *pieces.words], slots)[:-1] / seen[:-2, None]
    behind = evidence.counts("after", [*pieces.words, END], slots)[1:] / seen[2:, None]
    shaped = [shape_key(each) for each in pieces.shapes]
    shape_seen = evidence.counts("seen", shaped, slots[-1:]) + SMOOTH
    shapes = {t: evidence.counts(t, shaped, slots) / shape_seen for t in ("start", "end", "inside")}
    ratio = {t: counts / seen[1:-1, None] for t, counts in words.items()}
    inside = np.pad(ratio["inside"], ((1, 1), (0, 0)))
    wide = [width_key(size) for size in (last - first + 1).tolist()]
    widths = evidence.counts("width", wide, slots)
    number, all_spans = len(names), len(first)
    result = np.zeros((number, all_spans, LEVEL + SHAPED), np.float32)
    asked = np.array([max(1, evidence.texts(each)[0]) for each in slots[:-2]])
    for k in range(number):
        result[k] = np.stack(
            [
                np.log1p(value[:, k]),
                value[:, k] / (value[:, -1] + SMOOTH),
                (value[:, -2] - value[:, k]) / (value[:, -1] + SMOOTH),
                np.log1p(value[:, -1]),
                pattern[:, k] / (pattern[:, -1] + SMOOTH),
                pattern[:, k] / asked[k],
                ratio["start"][first, k],
                ratio["end"][last, k],
                _within(ratio["inside"][:, k], first, last) / (last - first + 1),
                _least(ratio["inside"][:, k], first, last),
                _within(ratio["inside"][:, -2] - ratio["inside"][:, k], first, last)
                / (last - first + 1),
                around[first, k],
                behind[last, k],
                inside[first, k],
                inside[last + 2, k],
                widths[:, k] / asked[k],
                shapes["start"][first, k],
                shapes["end"][last, k],
                _within(shapes["inside"][:, k], first, last) / (last - first + 1),
            ],
            axis=1,
        )
    best = result[:, :, 1].max(axis=1) if all_spans else np.zeros(number, np.float32)
    return result, best


def _least(values: Features, first: NDArray[np.int64], last: NDArray[np.int64]) -> Features:
    """Return the smallest value within each span."""
    return np.array([values[i : j + 1].min() for i, j in zip(first, last, strict=True)], np.float32)
