"""How many labelled pairs of the same product blocking lets through.

    python -m benchmarks.blocking FOLDER... [--nearest 50]

Each folder holds train.jsonl and valid.jsonl of the task `match`. Their listings count as one catalogue (as `dedupe`
sees them) and as two, left and right (as `link` does). Listings of the very same words count as one.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.blocking import Blocking, Terms, pairs_between, pairs_within
from shopclerk.finetune.examples import read_examples
from shopclerk.finetune.match_data import KIND
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.pair_set import PairSet
from shopclerk.tools.matching_listings import blocking_terms

Ints = NDArray[np.int64]


FILES = ("train.jsonl", "valid.jsonl")


def first_of_words(texts: Terms) -> Ints:
    """Return the first row of the same words, for each row."""
    first: dict[frozenset[str], int] = {}
    return np.array([first.setdefault(frozenset(words), row) for row, words in enumerate(texts)])


def recall(wanted: Ints, found: Ints, same: Ints) -> float:
    """Return the share of pairs that are found or are of the very same words.

    Args:
        wanted: `(pairs, 2)` rows.
        found: `(pairs, 2)` rows.
        same: `(listings,)` the first row of the same words.
    """
    known = set(map(tuple, np.sort(same[found], axis=1).tolist()))
    ends = np.sort(same[wanted], axis=1).tolist()
    return sum(a == b or (a, b) in known for a, b in ends) / max(1, len(ends))


def measured(folder: Path, how: Blocking) -> str:
    """Return what blocking does with the pairs of a folder, in a line."""
    paths = [folder / name for name in FILES if (folder / name).exists()]
    pairs = PairSet.of(record for path in paths for record in read_examples(path, KIND))
    ends = np.stack([pairs.left, pairs.right], axis=1)
    wanted = np.unique(ends[pairs.labels == 1], axis=0)
    terms = blocking_terms(ListingSet.of(pairs.listings))
    same = first_of_words(terms.words)
    one = pairs_within(terms, how)
    left, right = np.unique(pairs.left), np.unique(pairs.right)
    two = pairs_between(terms.part(left), terms.part(right), how)
    across = np.stack([left[two[:, 0]], right[two[:, 1]]], axis=1)
    return (
        f"{folder.name}: {len(wanted)} pairs of the same product; one catalogue of {len(terms.words)}: "
        f"recall {recall(wanted, one, same):.3f}, {len(one) / len(terms.words):.0f} candidates a listing; "
        f"{len(left)} to {len(right)}: {recall(wanted, across, same):.3f}, {len(two) / len(left):.0f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--nearest", type=int, default=Blocking().nearest)
    given = parser.parse_args()
    for folder in given.folders:
        print(measured(folder, Blocking(nearest=given.nearest)))


if __name__ == "__main__":
    main()
