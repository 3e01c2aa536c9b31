"""Groups of listings out of likely pairs.

The surest pairs join first, and two groups join only where no pair between them is all but surely different: a listing
that leaves out the size fits every size, yet does not make them one. What then hangs by a single pair that is not sure
(a bridge) is cut apart.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from shopclerk.tools.pair_scoring import Scored

SURE = 0.9
"""A bridge from this probability on is not cut."""
DIFFERENT = 0.1
"""Below this probability two listings keep their groups apart."""


@dataclass(frozen=True)
class Group:
    """Rows that hang together.

    Attributes:
        rows: The rows, the lowest first.
        edges: Probability by pair of rows.
    """

    rows: tuple[int, ...]
    edges: dict[tuple[int, int], float]


class _Joined:
    """Groups that grow, and which of them must not join."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._apart: dict[int, set[int]] = {}
        self._size: dict[int, int] = {}

    def root(self, row: int) -> int:
        """Return what names a row's group."""
        parent = self._parent.setdefault(row, row)
        while parent != self._parent[parent]:
            parent = self._parent[parent] = self._parent[self._parent[parent]]
        self._parent[row] = parent
        return parent

    def keep_apart(self, a: int, b: int) -> None:
        """Note that two rows are different products."""
        for row, other in ((a, b), (b, a)):
            self._apart.setdefault(row, set()).add(other)

    def join(self, a: int, b: int) -> bool:
        """Join the groups of two rows; tell whether they are one now."""
        first, second = self.root(a), self.root(b)
        if first == second:
            return True
        if self._size.get(first, 1) < self._size.get(second, 1):
            first, second = second, first
        if second in self._apart.get(first, ()):
            return False
        self._parent[second] = first
        self._size[first] = self._size.get(first, 1) + self._size.get(second, 1)
        for other in self._apart.pop(second, set()):
            self._apart[other].discard(second)
            self._apart[other].add(first)
            self._apart.setdefault(first, set()).add(other)
        return True


def cluster_rows(scored: Scored, threshold: float) -> list[Group]:
    """Return the groups of at least two rows that likely pairs make."""
    import networkx

    pairs, probabilities = scored.pairs.tolist(), scored.probabilities
    likely = np.flatnonzero(probabilities >= threshold)
    linked = set(scored.pairs[likely].ravel().tolist())
    joined = _Joined()
    for at in np.flatnonzero(probabilities < min(DIFFERENT, threshold)):
        a, b = pairs[at]
        if a in linked and b in linked:
            joined.keep_apart(a, b)
    graph: Any = networkx.Graph()
    for at in likely[np.argsort(-probabilities[likely], kind="stable")]:
        a, b = pairs[at]
        if joined.join(a, b):
            graph.add_edge(a, b, p=float(probabilities[at]))
    graph.remove_edges_from(_weak_bridges(graph))
    return [_group(graph, rows) for rows in networkx.connected_components(graph) if len(rows) > 1]


def _weak_bridges(graph: Any) -> list[tuple[int, int]]:
    """Return the unsure pairs that alone hold two parts of several rows together."""
    import networkx

    return [
        (a, b)
        for a, b in networkx.bridges(graph)
        if graph[a][b]["p"] < SURE and graph.degree(a) > 1 and graph.degree(b) > 1
    ]


def _group(graph: Any, rows: set[int]) -> Group:
    edges = {(min(a, b), max(a, b)): float(p) for a, b, p in graph.subgraph(rows).edges(data="p")}
    return Group(tuple(sorted(rows)), edges)
