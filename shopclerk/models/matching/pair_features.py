"""Pairs of listings as numbers: what they share, what speaks against them, how alike their words are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.matching.code_features import CODE_FEATURES, code_features
from shopclerk.models.matching.field_features import FIELD_FEATURES, field_features
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.text_space import TextSpace

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MAX_FUZZY_CHARS = 160


@dataclass(frozen=True)
class PairFeatures:
    """Features of some pairs.

    Attributes:
        names: One a column.
        values: `(pairs, features)`, NaN where something is not known.
    """

    names: tuple[str, ...]
    values: Floats

    def column(self, name: str) -> Floats:
        """Return one feature of all pairs."""
        return self.values[:, self.names.index(name)]


def pair_features(known: ListingSet, left: Ints, right: Ints) -> PairFeatures:
    """Return the features of pairs, each given by the rows of its two listings."""
    columns: dict[str, Floats] = {}
    for name, space in (
        ("title", known.title_space),
        ("text", known.text_space),
        ("grams", known.gram_space),
    ):
        columns |= _overlap(name, space, left, right)
    columns |= _fuzzy(known, left, right)
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    columns |= _rows(CODE_FEATURES, [code_features(known, a, b) for a, b in pairs])
    columns |= _rows(FIELD_FEATURES, [field_features(known, a, b) for a, b in pairs])
    return PairFeatures(tuple(columns), np.stack(list(columns.values()), axis=1))


def _rows(names: Sequence[str], rows: Sequence[Sequence[float]]) -> dict[str, Floats]:
    table = np.array(rows, np.float32).reshape(len(rows), len(names))
    return {name: table[:, place] for place, name in enumerate(names)}


def _overlap(name: str, space: TextSpace, left: Ints, right: Ints) -> dict[str, Floats]:
    of_left, of_right, weight = space.shared(left, right)
    found = {
        f"{name}_cosine": space.cosine(left, right),
        f"{name}_shared_less": np.minimum(of_left, of_right),
        f"{name}_shared_more": np.maximum(of_left, of_right),
    }
    if name != "grams":
        found[f"{name}_shared_weight"] = weight
        ways = (space.rarest_missing(left, right), space.rarest_missing(right, left))
        found[f"{name}_missing_less"] = np.minimum(*ways)
        found[f"{name}_missing_more"] = np.maximum(*ways)
    return found


def _fuzzy(known: ListingSet, left: Ints, right: Ints) -> dict[str, Floats]:
    from rapidfuzz import distance, fuzz, process

    lefts = [known.titles[row][:MAX_FUZZY_CHARS] for row in left]
    rights = [known.titles[row][:MAX_FUZZY_CHARS] for row in right]
    scorers: dict[str, Callable[..., Any]] = {
        "ratio": fuzz.ratio,
        "sorted_ratio": fuzz.token_sort_ratio,
        "set_ratio": fuzz.token_set_ratio,
        "part_ratio": fuzz.partial_ratio,
        "jaro_winkler": distance.JaroWinkler.normalized_similarity,
    }
    found = {
        name: np.asarray(process.cpdist(lefts, rights, scorer=scorer, workers=1), np.float32)
        for name, scorer in scorers.items()
    }
    lengths = np.array([[len(a), len(b)] for a, b in zip(lefts, rights, strict=True)], np.float32)
    lengths = lengths.reshape(len(lefts), 2)
    return found | {"shorter": lengths.min(axis=1), "longer": lengths.max(axis=1)}
