"""What a schema forbids: spans that are none of the allowed values, or that measure something else."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from shopclerk.models.attribute_schema import AttributeSpec
from shopclerk.models.attribute_spans import Pieces, lowered
from shopclerk.models.unit_names import dimension_of

ALIKE = 88.0
"""Likeness, 0 to 100, from which a span counts as an allowed value written otherwise."""


def forbidden(spec: AttributeSpec, pieces: Pieces) -> NDArray[np.bool_]:
    """Return which candidate spans may not be values, `(spans,)`."""
    spans = pieces.spans.tolist()
    if not spec.allowed and not spec.dimension:
        return np.zeros(len(spans), np.bool_)
    return np.array([not _may_be(spec, pieces, first, last) for first, last in spans], np.bool_)


def _may_be(spec: AttributeSpec, pieces: Pieces, first: int, last: int) -> bool:
    start, end = pieces.place(first, last)
    if spec.allowed and canonical(spec, pieces.text[start:end]) is None:
        return False
    return not spec.dimension or measures(pieces, first, last, spec.dimension)


def measures(pieces: Pieces, first: int, last: int, dimension: str) -> bool:
    """Tell whether a span holds a number and a unit of a dimension; `fl oz` measures a volume, `oz` a mass."""
    words = pieces.words[first : last + 1]
    if not any(word[0].isdigit() for word in words):
        return False
    named = [*words, *map(" ".join, pairwise(words))]
    return any(dimension_of(word) == dimension for word in named)


def canonical(spec: AttributeSpec, text: str) -> str | None:
    """Return the allowed value that a text stands for, None where there is none or any value is allowed."""
    if not spec.allowed:
        return None
    wanted = " ".join(lowered(text).split())
    best = process.extractOne(
        wanted, [lowered(value) for value in spec.allowed], scorer=fuzz.ratio, score_cutoff=ALIKE
    )
    return spec.allowed[best[2]] if best else None
