"""Regions that stand out from the ground a picture lies on.

What runs along the picture's border is taken for the ground: a wall, a table, cloth, a pattern of two or three
colours. Each colour of the border that is no mere object touching it becomes a Gaussian; pixels far from all of
them (Mahalanobis 1936) stand out. Masks at several depths are cut into connected parts, and parts of several
things that touch, photos of a collage say, are cut along straight lines.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Colours = NDArray[np.float64]
"""CIELAB, `(height, width, 3)`."""
Mask = NDArray[np.bool_]

BORDER_SHARE = 0.03
"""Width of the border, as a share of the longer side."""
BORDER_COLOURS = 6
DEPTHS = (2.0, 3.0, 4.5, 7.0)
"""Distances from the ground, in standard deviations, above which a pixel stands out."""
LEAST_SHARE = 0.003
"""A region covers at least this share of the picture."""
MAX_CUTS = 4
"""How often one part is cut, each time in two."""

_NOISE = 6.0
"""Added to the variance of each border colour, so that a flat one is not infinitely far from its neighbours."""
_MARGIN = 6


class Region(NamedTuple):
    """A box in pixels and how many of its pixels the region covers."""

    x0: int
    y0: int
    x1: int
    y1: int
    covered: int


def ground_distance(colours: Colours) -> NDArray[np.float64]:
    """Return how far each pixel is from the ground, `(height, width)`, in standard deviations."""
    border, sides = _border(colours)
    nearest = np.full(colours.shape[:2], np.inf)
    kinds = _clusters(border, BORDER_COLOURS)
    for kind in range(kinds.max() + 1):
        members = kinds == kind
        if not _is_ground(members, sides):
            continue
        own = border[members]
        inverse = np.linalg.inv(np.cov(own.T) + _NOISE * np.eye(3))
        offset = colours - own.mean(axis=0)
        np.minimum(nearest, np.einsum("hwi,ij,hwj->hw", offset, inverse, offset), out=nearest)
    # Where nothing counts as ground, everything stands out alike.
    deviations = np.sqrt(np.where(np.isfinite(nearest), nearest, 100.0))
    return np.asarray(ndimage.uniform_filter(deviations, 3))


def standing_out(distance: NDArray[np.float64]) -> list[Region]:
    """Return the parts of a picture that stand out from its ground, whole and cut."""
    least = LEAST_SHARE * distance.size
    return [
        region
        for depth in DEPTHS
        for mask in _cleaned(distance > depth)
        for region in _parts(mask, least)
    ]


def _border(colours: Colours) -> tuple[Colours, NDArray[np.int64]]:
    """Return the border's colours `(n, 3)` and the side, 0 to 3, that each lies on."""
    width = max(2, round(BORDER_SHARE * max(colours.shape[:2])))
    middle = colours[width:-width]
    strips = (colours[:width], colours[-width:], middle[:, :width], middle[:, -width:])
    flat = [strip.reshape(-1, 3) for strip in strips]
    return np.concatenate(flat), np.repeat(np.arange(4), [len(strip) for strip in flat])


def _is_ground(members: Mask, sides: NDArray[np.int64]) -> bool:
    """Whether a colour of the border is spread as a ground is, not as an object that touches one side."""
    reached = sum(
        members[sides == side].mean() > 0.05 for side in range(4) if (sides == side).any()
    )
    return bool(members.sum() > 3 and members.mean() >= (0.02 if reached >= 2 else 0.12))


def _clusters(points: Colours, count: int) -> NDArray[np.int64]:
    """Return each point's cluster: k-means (Lloyd 1982) from points far apart, the same at every call."""
    centres = [points.mean(axis=0)]
    gaps = ((points - centres[0]) ** 2).sum(axis=1)
    while len(centres) < count and gaps.max() > 1.0:
        centres.append(points[gaps.argmax()])
        gaps = np.minimum(gaps, ((points - centres[-1]) ** 2).sum(axis=1))
    means = np.array(centres)
    for _ in range(8):
        kinds = ((points[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
        for kind in np.unique(kinds):
            means[kind] = points[kinds == kind].mean(axis=0)
    return np.asarray(kinds)


def _cleaned(mask: Mask) -> Iterator[Mask]:
    """Yield a mask without specks, with its gaps closed, and with thin bridges broken."""
    yield _filled(ndimage.binary_opening(mask))
    padded = ndimage.binary_closing(np.pad(mask, _MARGIN), iterations=3)
    closed = ndimage.binary_opening(
        _filled(padded[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]), iterations=3
    )
    yield closed
    yield ndimage.binary_opening(closed, iterations=6)


def _filled(mask: Mask) -> Mask:
    return np.asarray(ndimage.binary_fill_holes(mask), np.bool_)


def _parts(mask: Mask, least: float) -> Iterator[Region]:
    labels, count = ndimage.label(mask)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    for number, place in enumerate(ndimage.find_objects(labels), 1):
        if sizes[number] >= least:
            rows, columns = place
            yield from _cut(labels[place] == number, columns.start, rows.start, least, MAX_CUTS)


def _cut(mask: Mask, left: int, top: int, least: float, cuts: int) -> Iterator[Region]:
    """Yield a part's box, and those of its halves where these fill their boxes much better."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return
    left, top = left + int(columns[0]), top + int(rows[0])
    mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = mask.shape
    covered = int(mask.sum())
    yield Region(left, top, left + width, top + height, covered)
    filled = covered / mask.size
    if cuts == 0 or filled > 0.92 or covered < 2 * least:
        return
    area, axis, at = _best_cut(mask)
    if covered / area < 1.12 * filled:
        return
    first, second = np.split(mask, [at], axis=axis)
    for half, x, y in (
        (first, left, top),
        (second, left + (at if axis else 0), top + (0 if axis else at)),
    ):
        if half.sum() >= least:
            yield from _cut(half, x, y, least, cuts - 1)


def _best_cut(mask: Mask) -> tuple[int, int, int]:
    """Return the straight cut whose halves have the smallest boxes: their area, the axis, the place."""
    best = (mask.size, 0, 0)
    for axis in (0, 1):
        lines = mask if axis == 0 else mask.T
        if len(lines) > 1:
            areas = _box_areas(lines)[:-1] + _box_areas(lines[::-1])[::-1][1:]
            at = int(areas.argmin())
            best = min(best, (int(areas[at]), axis, at + 1))
    return best


def _box_areas(lines: Mask) -> NDArray[np.int64]:
    """Return the area of the box around the first 1, 2, … lines of a mask that has no empty edge."""
    held = lines.any(axis=1)
    length = lines.shape[1]
    first = np.where(held, lines.argmax(axis=1), length)
    last = np.where(held, length - lines[:, ::-1].argmax(axis=1), 0)
    reach = np.maximum.accumulate(np.where(held, np.arange(len(lines)) + 1, 0))
    widths = np.maximum.accumulate(last) - np.minimum.accumulate(first)
    return np.asarray(np.maximum(widths, 0) * reach)
