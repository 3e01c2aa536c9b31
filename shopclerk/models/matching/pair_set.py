"""Pairs of listings as data: each distinct listing once, and which pairs there are of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.matching.listing import Listing

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class PairSet:
    """Some pairs.

    Attributes:
        listings: The distinct listings; what differs by nothing but its id is one.
        left, right: `(pairs,)` rows of the listings.
        labels: `(pairs,)` 1 for the same product, 0 for different ones.
    """

    listings: Sequence[Listing]
    left: Ints
    right: Ints
    labels: Ints

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return len(self.left)

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Any]]) -> "PairSet":
        """Return the pairs of records with `left`, `right` and `label`, products as formats.md has them."""
        rows: dict[str, int] = {}
        listings: list[Listing] = []
        ends: list[list[int]] = []
        labels: list[int] = []
        for record in records:
            ends.append([])
            labels.append(int(float(record["label"]) >= 0.5))
            for side in ("left", "right"):
                product = record[side]
                content = {name: value for name, value in product.items() if name != "id"}
                key = json.dumps(content, sort_keys=True, ensure_ascii=False)
                if key not in rows:
                    rows[key] = len(listings)
                    listings.append(Listing.of(product))
                ends[-1].append(rows[key])
        left, right = np.array(ends, np.int64).reshape(len(ends), 2).T
        return cls(listings, left, right, np.array(labels, np.int64))
