"""Boxes that may hold an object, in any picture, without knowing what it is.

Regions come from two sources: what stands out from the ground (`ground_regions.py`) and what has one colour
(`segmentation.py`). Each is judged by plain evidence, for instance whether its outline runs along edges and its
surroundings look different; of near copies the best is kept. No network is asked: 0.1 s a picture on one core.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from shopclerk.models.colour_features import lab
from shopclerk.models.ground_regions import Colours, Region, ground_distance, standing_out
from shopclerk.models.segmentation import merged_regions

Box = tuple[float, float, float, float]
Boxes = NDArray[np.float64]
"""`(n, 4)`: x0, y0, x1, y1."""
Plane = NDArray[np.float64]
"""`(height, width)`, or a table of boxes by boxes."""

SIDE = 192
"""Pictures are looked at with this longest side."""
LEAST_SIDE = 12
"""A picture narrower than this at that size is one region."""
MOST_OVERLAP = 0.6
"""Of two boxes whose intersection over union is larger, the better one is kept."""
SAME = 0.8
"""Boxes whose intersection over union is larger mean the same object and agree on its edges."""
LEAST_SHARE = 0.004
"""A merged region covers at least this share of the picture."""

# Logistic regression on collages of groceries, clothes and drawn products over drawn and photographed grounds;
# docs/LOG.md says what it reaches elsewhere.
WEIGHTS = {
    "inside": 5.10,
    "around": -7.09,
    "filled": -1.72,
    "unlike": 2.43,
    "outline": 1.57,
    "sides touched": -0.37,
    "length": 10.13,
    "area": -8.85,
    "narrow": -1.10,
    "agreeing": 0.84,
    "agreeing closely": 0.63,
    "merged": 1.04,
    "whole": 8.19,
}
BIAS = -7.44


@dataclass(frozen=True, slots=True)
class Proposal:
    """A box that may hold an object.

    Attributes:
        box: x0, y0, x1, y1 in pixels of the picture given.
        score: How well it fits an object, 0 to 1.
    """

    box: Box
    score: float


def propose(image: Image.Image, limit: int = 12) -> list[Proposal]:
    """Return boxes that may hold an object, the best first; the whole picture is always among them.

    Args:
        image: Any picture.
        limit: How many boxes at most.
    """
    boxes, evidence = candidates(image)
    logits = BIAS + evidence @ np.array(list(WEIGHTS.values()))
    scores = 1 / (1 + np.exp(-logits))
    kept = _distinct(boxes, scores, limit)
    whole = len(boxes) - 1
    if whole not in kept:
        kept[limit - 1 :] = [whole]
    return [
        Proposal((float(x0), float(y0), float(x1), float(y1)), float(score))
        for (x0, y0, x1, y1), score in zip(_agreed(boxes, scores, kept), scores[kept], strict=True)
    ]


def candidates(image: Image.Image) -> tuple[Boxes, NDArray[np.float64]]:
    """Return all boxes `(n, 4)` in pixels of the picture, the whole last, and the evidence `(n, 13)`."""
    size = _work_size(image.size)
    small = image.convert("RGB").resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    colours = lab(np.asarray(small))
    regions: list[Region] = []
    merged: list[Region] = []
    distance = np.zeros(colours.shape[:2])
    if min(size) >= LEAST_SIDE:
        colours = np.stack([ndimage.median_filter(colours[..., i], 3) for i in range(3)], axis=-1)
        distance = ground_distance(colours)
        regions, merged = standing_out(distance), _merged(colours)
    width, height = size
    whole = Region(0, 0, width, height, width * height)
    distinct = _unique(
        [*((region, 0.0) for region in regions), *((region, 1.0) for region in merged)], whole
    )
    table = np.array([(*region, from_merging) for region, from_merging in distinct], np.float64)
    evidence = _evidence(table, colours, np.clip((distance - 2) / 3, 0, 1))
    scale = np.array(image.size * 2) / np.array(size * 2)
    return table[:, :4] * scale, evidence


def overlap(
    some: Sequence[Sequence[float]] | Boxes, others: Sequence[Sequence[float]] | Boxes
) -> Plane:
    """Return intersection over union of each box with each of the others, `(len(some), len(others))`."""
    one, other = _as_boxes(some)[:, None], _as_boxes(others)[None]
    shared = intersections(some, others)
    areas = (one[..., 2:] - one[..., :2]).prod(axis=-1) + (other[..., 2:] - other[..., :2]).prod(-1)
    return np.asarray(shared / np.maximum(areas - shared, 1e-9))


def intersections(
    some: Sequence[Sequence[float]] | Boxes, others: Sequence[Sequence[float]] | Boxes
) -> Plane:
    """Return the area that each box shares with each of the others, `(len(some), len(others))`."""
    one, other = _as_boxes(some)[:, None], _as_boxes(others)[None]
    low = np.maximum(one[..., :2], other[..., :2])
    high = np.minimum(one[..., 2:], other[..., 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=-1))


def _as_boxes(boxes: Sequence[Sequence[float]] | Boxes) -> Boxes:
    return np.asarray(boxes, np.float64).reshape(-1, 4)


def _work_size(size: tuple[int, int]) -> tuple[int, int]:
    factor = SIDE / max(size)
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _merged(colours: Colours) -> list[Region]:
    """Return merged regions of the picture at half its size, in pixels of the whole."""
    height, width = (length // 2 for length in colours.shape[:2])
    halves = colours[: 2 * height, : 2 * width].reshape(height, 2, width, 2, 3).mean(axis=(1, 3))
    least = LEAST_SHARE * width * height
    return [
        Region(2 * region.x0, 2 * region.y0, 2 * region.x1, 2 * region.y1, 4 * region.covered)
        for region in merged_regions(halves)
        if region.covered >= least
    ]


def _unique(found: Sequence[tuple[Region, float]], whole: Region) -> list[tuple[Region, float]]:
    """Return one region a box, the whole picture last."""
    by_box = {region[:4]: (region, source) for region, source in reversed(found)}
    by_box.pop(whole[:4], None)
    return [*by_box.values(), (whole, 0.0)]


def _distinct(boxes: Boxes, scores: NDArray[np.float64], limit: int) -> list[int]:
    """Return the places of the best boxes, none of which overlaps a better one much."""
    near = overlap(boxes, boxes) > MOST_OVERLAP
    free = np.ones(len(boxes), np.bool_)
    kept: list[int] = []
    for place in np.argsort(-scores, kind="stable"):
        if free[place]:
            kept.append(int(place))
            free &= ~near[place]
        if len(kept) == limit:
            break
    return kept


def _agreed(boxes: Boxes, scores: NDArray[np.float64], kept: Sequence[int]) -> Boxes:
    """Return the boxes kept, each moved to the mean of its near copies (Gidaris and Komodakis 2015, section 5)."""
    shares = np.where(overlap(boxes[kept], boxes) > SAME, scores, 0.0)
    moved: Boxes = shares @ boxes / shares.sum(axis=1, keepdims=True)
    moved[[place == len(boxes) - 1 for place in kept]] = boxes[-1]
    return moved


# -- evidence ----------------------------------------------------------------------------------------


def _evidence(
    table: NDArray[np.float64], colours: Colours, foreground: Plane
) -> NDArray[np.float64]:
    """Return what speaks for each box, `(n, 13)`, in the order of `WEIGHTS`.

    Args:
        table: x0, y0, x1, y1, pixels covered, and whether from merging, `(n, 6)`.
        colours: The picture in CIELAB.
        foreground: How far each pixel stands out from the ground, 0 to 1.
    """
    height, width = foreground.shape
    boxes = table[:, :4].astype(np.int64)
    rings = _Rings(boxes, width, height)
    inside, around = rings.means(foreground)
    length = np.sqrt(rings.areas / (width * height))
    sides = (boxes[:, :2] <= 1).sum(axis=1) + (boxes[:, 2:] >= (width - 1, height - 1)).sum(axis=1)
    shape = (boxes[:, 2] - boxes[:, 0]) / (boxes[:, 3] - boxes[:, 1])
    near = overlap(table[:, :4], table[:, :4])
    columns = (
        inside,
        np.where(rings.empty, 0.5, around),
        np.clip(table[:, 4] / rings.areas, 0, 1),
        _unlike(rings, colours),
        _outline(boxes, _edges(colours)),
        sides,
        length,
        length**2,
        np.abs(np.log(shape)),
        np.log1p((near > 0.7).sum(axis=1)),
        np.log1p((near > 0.85).sum(axis=1)),
        table[:, 5],
        length >= 0.999,
    )
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


class _Rings:
    """Boxes and a ring around each, as wide as a twelfth of the box, cut off by the picture's edges."""

    def __init__(self, boxes: NDArray[np.int64], width: int, height: int) -> None:
        self._boxes = boxes
        self.areas = _areas(boxes)
        margin = np.maximum(2, np.round(0.08 * np.sqrt(self.areas))).astype(np.int64)
        self._wider = _grown(boxes, margin, width, height)
        self._ring_areas = _areas(self._wider) - self.areas
        self.empty = self._ring_areas == 0

    def means(self, plane: Plane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the mean of a plane inside each box and in its ring; 0 where there is no ring."""
        table = _integral(plane)
        inside = _sums(table, self._boxes)
        ring = _sums(table, self._wider) - inside
        return inside / self.areas, ring / np.maximum(self._ring_areas, 1.0)


def _unlike(rings: _Rings, colours: Colours) -> NDArray[np.float64]:
    """Return how differently each box and its ring are coloured, 0 to 1."""
    low, step, count = np.array([0.0, -60.0, -60.0]), np.array([100.0, 120.0, 120.0]) / 6, 6
    bins = np.clip((colours - low) / step, 0, count - 1).astype(np.int64)
    total = np.zeros(len(rings.areas))
    for channel in range(3):
        for level in range(count):
            inside, around = rings.means((bins[..., channel] == level).astype(np.float64))
            total += np.abs(inside - around)
    return np.where(rings.empty, 0.0, total / 6)


def _edges(colours: Colours) -> Plane:
    """Return how strong the edge is at each pixel, 0 to 1."""
    steep = sum(
        ndimage.sobel(colours[..., channel], axis) ** 2 for channel in range(3) for axis in (0, 1)
    )
    return np.asarray(np.clip(np.sqrt(steep) / 150, 0, 1))


def _outline(boxes: NDArray[np.int64], edges: Plane) -> NDArray[np.float64]:
    """Return how much edge lies along each box's sides, 0 to 1."""
    height, width = edges.shape
    two = np.full(len(boxes), 2)
    outer, inner = _grown(boxes, two, width, height), _grown(boxes, -two, width, height)
    inner[:, 2:] = np.maximum(inner[:, 2:], inner[:, :2])
    table = _integral(edges)
    band = _areas(outer) - _areas(inner)
    return np.asarray((_sums(table, outer) - _sums(table, inner)) / np.maximum(band, 1.0))


def _grown(
    boxes: NDArray[np.int64], margin: NDArray[np.int64], width: int, height: int
) -> NDArray[np.int64]:
    moved = boxes + margin[:, None] * np.array([-1, -1, 1, 1])
    return np.asarray(np.clip(moved, 0, np.array([width, height, width, height])))


def _areas(boxes: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=1), np.float64)


def _integral(plane: Plane) -> Plane:
    """Return sums over all that lies above and to the left (Crow 1984, summed-area tables)."""
    return np.asarray(np.pad(plane, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1))


def _sums(table: Plane, boxes: NDArray[np.int64]) -> NDArray[np.float64]:
    x0, y0, x1, y1 = boxes.T
    return np.asarray(table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0])
