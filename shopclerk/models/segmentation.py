"""Regions of like colour, merged step by step into objects.

Pixels are joined along the minimum spanning tree of their colour differences while a difference is small beside
what the regions hold already (Felzenszwalb and Huttenlocher 2004, Efficient Graph-Based Image Segmentation). Then
the two neighbours most alike are merged until one region is left, and every region on the way is kept (Uijlings
et al. 2013, Selective Search for Object Recognition).
"""

import heapq

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph

from shopclerk.models.ground_regions import Colours, Region

SCALE = 60.0
"""How much a region's size counts against colour differences: larger makes larger regions."""
LEAST_PIXELS = 20
BINS = 8

Labels = NDArray[np.int64]
_LOW, _SPAN = np.array([0.0, -60.0, -60.0]), np.array([100.0, 120.0, 120.0])


def merged_regions(colours: Colours) -> list[Region]:
    """Return the first regions of a CIELAB picture and all that arise when they are merged."""
    return _Merging(colours, segment(colours)).run()


def segment(colours: Colours) -> Labels:
    """Return a number for each pixel's region, `(height, width)`, from 0 without gaps."""
    height, width = colours.shape[:2]
    starts, ends, differences = _tree(colours)
    forest = _Forest(height * width)
    left: list[tuple[int, int]] = []
    for start, end, difference in zip(starts, ends, differences, strict=True):
        if not forest.join_alike(start, end, difference):
            left.append((start, end))
    for start, end in left:
        forest.join_small(start, end)
    roots = np.array([forest.root(place) for place in range(height * width)])
    return np.unique(roots, return_inverse=True)[1].reshape(height, width)


def _tree(colours: Colours) -> tuple[list[int], list[int], list[float]]:
    """Return the spanning tree's edges, the smallest difference first."""
    height, width = colours.shape[:2]
    places = np.arange(height * width).reshape(height, width)
    across = np.linalg.norm(colours[:, 1:] - colours[:, :-1], axis=2).ravel()
    down = np.linalg.norm(colours[1:] - colours[:-1], axis=2).ravel()
    starts = np.concatenate([places[:, :-1].ravel(), places[:-1].ravel()])
    ends = np.concatenate([places[:, 1:].ravel(), places[1:].ravel()])
    # csgraph takes an edge of nought for no edge.
    differences = np.concatenate([across, down]) + 1e-3
    shape = (height * width, height * width)
    graph = sparse.coo_matrix((differences, (starts, ends)), shape=shape).tocsr()
    tree = csgraph.minimum_spanning_tree(graph).tocoo()
    order = np.argsort(tree.data, kind="stable")
    return tree.row[order].tolist(), tree.col[order].tolist(), tree.data[order].tolist()


class _Forest:
    """Disjoint sets of pixels with the threshold of each."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))
        self._sizes = [1] * count
        self._thresholds = [SCALE] * count

    def root(self, place: int) -> int:
        parents = self._parents
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]
        return place

    def join_alike(self, one: int, other: int, difference: float) -> bool:
        """Join two regions where their difference is within the threshold of both."""
        one, other = self.root(one), self.root(other)
        if difference > min(self._thresholds[one], self._thresholds[other]):
            return False
        root = self._join(one, other)
        self._thresholds[root] = difference + SCALE / self._sizes[root]
        return True

    def join_small(self, one: int, other: int) -> None:
        """Join two regions where one of them is too small to stand alone."""
        one, other = self.root(one), self.root(other)
        if one != other and min(self._sizes[one], self._sizes[other]) < LEAST_PIXELS:
            self._join(one, other)

    def _join(self, one: int, other: int) -> int:
        if self._sizes[one] < self._sizes[other]:
            one, other = other, one
        self._parents[other] = one
        self._sizes[one] += self._sizes[other]
        return one


class _Merging:
    """Regions on their way to becoming one."""

    def __init__(self, colours: Colours, labels: Labels) -> None:
        self._pixels = labels.size
        sizes = np.bincount(labels.ravel())
        self._shares = list(_colour_shares(colours, labels, sizes))
        self._regions = [
            Region(columns.start, rows.start, columns.stop, rows.stop, int(size))
            for (rows, columns), size in zip(ndimage.find_objects(labels + 1), sizes, strict=True)
        ]
        self._neighbours: dict[int, set[int]] = {number: set() for number in range(len(sizes))}
        self._heap: list[tuple[float, int, int]] = []
        for one, other in _touching(labels):
            self._meet(one, other)
        heapq.heapify(self._heap)

    def run(self) -> list[Region]:
        """Merge until nothing is left to merge, and return all regions there were."""
        gone: set[int] = set()
        while self._heap:
            _, one, other = heapq.heappop(self._heap)
            if one not in gone and other not in gone:
                gone |= {one, other}
                self._merge(one, other, gone)
        return self._regions

    def _merge(self, one: int, other: int, gone: set[int]) -> None:
        first, second = self._regions[one], self._regions[other]
        whole = _around(first, second)
        shares = self._shares[one] * first.covered + self._shares[other] * second.covered
        self._regions.append(whole)
        self._shares.append(shares / whole.covered)
        number = len(self._regions) - 1
        around = (self._neighbours[one] | self._neighbours[other]) - gone
        self._neighbours[number] = set()
        for neighbour in sorted(around):
            self._meet(neighbour, number)

    def _meet(self, one: int, other: int) -> None:
        self._neighbours[one].add(other)
        self._neighbours[other].add(one)
        heapq.heappush(self._heap, (-self._likeness(one, other), one, other))

    def _likeness(self, one: int, other: int) -> float:
        """Return likeness in colour, in smallness, and in how well one fits the other, each up to 1."""
        whole = _around(self._regions[one], self._regions[other])
        gap = (whole.x1 - whole.x0) * (whole.y1 - whole.y0) - whole.covered
        colour = float(np.minimum(self._shares[one], self._shares[other]).sum())
        return colour + (1 - whole.covered / self._pixels) + (1 - gap / self._pixels)


def _around(one: Region, other: Region) -> Region:
    return Region(
        min(one.x0, other.x0),
        min(one.y0, other.y0),
        max(one.x1, other.x1),
        max(one.y1, other.y1),
        one.covered + other.covered,
    )


def _touching(labels: Labels) -> list[tuple[int, int]]:
    across = np.stack([labels[:, 1:].ravel(), labels[:, :-1].ravel()], axis=1)
    down = np.stack([labels[1:].ravel(), labels[:-1].ravel()], axis=1)
    pairs = np.sort(np.concatenate([across, down]), axis=1)
    distinct = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    return [(int(one), int(other)) for one, other in distinct]


def _colour_shares(
    colours: Colours, labels: Labels, sizes: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return a histogram of colours for each region, rows of sum 1."""
    bins = np.clip((colours - _LOW) / _SPAN * BINS, 0, BINS - 1).astype(int).reshape(-1, 3)
    shares = np.zeros((len(sizes), 3 * BINS))
    for channel in range(3):
        np.add.at(shares, (labels.ravel(), channel * BINS + bins[:, channel]), 1.0)
    return np.asarray(shares / (3 * sizes[:, None]))
