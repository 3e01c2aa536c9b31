"""Which pairs of listings are worth a closer look: a million listings need no million squared.

Four ways to a candidate, each bounded by a number of pairs a listing: rare words in common (the listings that share
the most weight of words, very common words left out), rare runs of characters in common (words misspelt, glued or in a
related language), a model number in common, and a near place in the order of their words (sorted neighbourhood,
Hernández and Stolfo 1995), which also catches what consists of common words alone.
Listings of the very same words are one for all of this: each is paired with the first of them only.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Terms = Sequence[Sequence[str]]

MAX_POSTING = 400
"""A word that more listings hold is too common to find a partner by."""
MAX_KEY = 30
"""Listings that share a key are paired with so many of the others at most."""
RUN = 4
"""Characters of a run."""
MAX_RUN_CHARS = 160
"""Of a title so many characters are read in runs."""
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class BlockingTerms:
    """What candidates are found by, one a listing.

    Attributes:
        words: The words.
        keys: What is all but unique to a product: model numbers.
        texts: What is read in runs of characters: folded titles.
    """

    words: Terms
    keys: Terms
    texts: Sequence[str]

    def part(self, rows: slice | Ints) -> "BlockingTerms":
        """Return the terms of some listings."""
        chosen = range(len(self.words))[rows] if isinstance(rows, slice) else rows.tolist()
        return BlockingTerms(
            [self.words[row] for row in chosen],
            [self.keys[row] for row in chosen],
            [self.texts[row] for row in chosen],
        )

    @property
    def runs(self) -> Terms:
        """The runs of characters of each text."""
        return _Runs(self.texts)


class _Runs(Sequence[Sequence[str]]):
    """The runs of characters of some texts, made when they are asked for: all of them take much room."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, row: Any) -> Any:
        padded = f" {self._texts[row][:MAX_RUN_CHARS]} "
        return [padded[at : at + RUN] for at in range(max(1, len(padded) - RUN + 1))]


@dataclass(frozen=True, slots=True)
class Blocking:
    """How far to look.

    Attributes:
        nearest: Candidates of a listing by words in common, and as many by runs of characters.
        window: Neighbours of a listing in the order of words.
        max_posting: See `MAX_POSTING`; of runs, too.
    """

    nearest: int = 50
    window: int = 2
    max_posting: int = MAX_POSTING


def pairs_within(terms: BlockingTerms, blocking: Blocking | None = None) -> Ints:
    """Return candidate pairs of one catalogue, `(pairs, 2)`, the lower row first, each once.

    Args:
        terms: What candidates are found by.
        blocking: How far to look.
    """
    how = blocking or Blocking()
    first, twins = _twins(terms)
    own = terms.part(first)
    runs = own.runs
    found = [
        _nearest(own.words, own.words, how),
        _nearest(runs, runs, how),
        _keyed(own.keys),
        _neighbours(own.words, how.window),
    ]
    local = np.concatenate(found)
    pairs = np.concatenate([first[local], twins])
    return _each_once(pairs)


def pairs_between(
    left: BlockingTerms, right: BlockingTerms, blocking: Blocking | None = None
) -> Ints:
    """Return candidate pairs between two lists, `(pairs, 2)` of left and right row, each once.

    Args:
        left: What candidates are found by, of the left listings.
        right: The same of the right listings.
        blocking: How far to look.
    """
    how = blocking or Blocking()
    found = [
        _nearest(left.words, right.words, how),
        _nearest(right.words, left.words, how)[:, ::-1],
        _nearest(left.runs, right.runs, how),
        _keyed_between(left.keys, right.keys),
    ]
    pairs = np.concatenate(found)
    return np.unique(pairs, axis=0) if len(pairs) else pairs


def _each_once(pairs: Ints) -> Ints:
    ordered = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    return np.unique(ordered, axis=0) if len(ordered) else ordered.reshape(0, 2)


def _twins(terms: BlockingTerms) -> tuple[Ints, Ints]:
    """Return the first row of each distinct set of words and keys, and pairs of all others with theirs."""
    seen: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    pairs = []
    for row, (words, own) in enumerate(zip(terms.words, terms.keys, strict=True)):
        sign = (frozenset(words), frozenset(own))
        if seen.setdefault(sign, row) != row:
            pairs.append((seen[sign], row))
    first = np.array(list(seen.values()), np.int64)
    return first, np.array(pairs, np.int64).reshape(len(pairs), 2)


def _nearest(left: Terms, right: Terms, how: Blocking) -> Ints:
    """Return for each left listing the right ones that share the most weight of words with it."""
    weighted, other = _weights(left, right, how.max_posting)
    turned = other.T.tocsr()
    own = left is right
    found = []
    for start in range(0, weighted.shape[0], CHUNK):
        scores = (weighted[start : start + CHUNK] @ turned).tocsr()
        found.append(_best(scores, start, how.nearest + own))
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)


def _weights(left: Terms, right: Terms, max_posting: int) -> tuple[Any, Any]:
    """Return `(left, words)` and `(right, words)` sparse, rows of length one, common words left out."""
    from scipy.sparse import csr_matrix, diags

    places: dict[str, int] = {}
    tables = []
    for texts in (left, right):
        rows, columns = [], []
        for row, text in enumerate(texts):
            distinct = {places.setdefault(word, len(places)) for word in text}
            columns += sorted(distinct)
            rows += [row] * len(distinct)
        tables.append((rows, columns, len(texts)))
    width = max(1, len(places))
    counts = [np.bincount(columns, minlength=width) for _, columns, _ in tables]
    total = len(left) + len(right)
    idf = np.log((total + 1) / (counts[0] + counts[1] + 0.5)).clip(0.01)
    idf[np.maximum(*counts) > max_posting] = 0
    made = []
    for rows, columns, count in tables:
        values = np.asarray(idf[columns], np.float32)
        table = csr_matrix((values, (rows, columns)), shape=(count, width))
        norms = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
        table = (diags(1 / np.maximum(norms, 1e-6)) @ table).tocsr()
        table.eliminate_zeros()
        made.append(table)
    return made[0], made[1]


def _best(scores: Any, start: int, count: int) -> Ints:
    """Return the best columns of each row of a sparse matrix, as pairs."""
    lengths = np.diff(scores.indptr)
    rows = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((scores.indices, -scores.data, rows))
    ranks = np.arange(len(rows)) - np.repeat(scores.indptr[:-1], lengths)
    kept = order[ranks < count]
    return np.stack([rows[kept] + start, scores.indices[kept]], axis=1).astype(np.int64)


def _postings(keys: Terms) -> dict[str, list[int]]:
    postings: dict[str, list[int]] = defaultdict(list)
    for row, own in enumerate(keys):
        for key in set(own):
            postings[key].append(row)
    return postings


def _keyed(keys: Terms) -> Ints:
    """Return pairs of listings that share a key: neighbours among the holders of a common one."""
    pairs = [
        (rows[place], other)
        for rows in _postings(keys).values()
        for place in range(len(rows))
        for other in rows[place + 1 : place + 1 + MAX_KEY]
        if len(rows) > 1
    ]
    return np.array(pairs, np.int64).reshape(len(pairs), 2)


def _keyed_between(left: Terms, right: Terms) -> Ints:
    postings = _postings(right)
    pairs = [
        (row, other)
        for row, own in enumerate(left)
        for key in sorted(set(own))
        for other in postings.get(key, ())[:MAX_KEY]
    ]
    return np.array(pairs, np.int64).reshape(len(pairs), 2)


def _neighbours(terms: Terms, window: int) -> Ints:
    """Return pairs that stand close to one another when listings are ordered by their sorted words."""
    order = sorted(range(len(terms)), key=lambda row: (sorted(terms[row]), row))
    places = np.array(order, np.int64)
    found = [
        np.stack([places[:-step], places[step:]], axis=1)
        for step in range(1, window + 1)
        if len(places) > step
    ]
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)
