"""What an earlier look for duplicates found, so that the next one looks at changed listings only."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.matching.listing import Listing

Hashes = NDArray[np.uint64]
Floats = NDArray[np.float32]

MIXER = 0x9E3779B97F4A7C15
"""An odd number of mixed bits (Knuth, The Art of Computer Programming 3, section 6.4)."""


def content_hashes(listings: Sequence[Listing]) -> Hashes:
    """Return `(n,)` numbers that change when anything of a listing does."""
    found = []
    for listing in listings:
        text = json.dumps(astuple(listing), sort_keys=True, ensure_ascii=False)
        data = text.encode("utf-8", "surrogatepass")
        found.append(int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big"))
    return np.array(found, np.uint64)


@dataclass(frozen=True)
class PairMemory:
    """Pairs that were judged.

    Attributes:
        matcher: The fingerprint of the matcher that judged them.
        ends: `(pairs, 2)` content hashes of the listings.
        scores: `(pairs, scores)` what rivals are compared by.
        probabilities: `(pairs,)`.
    """

    matcher: str
    ends: Hashes
    scores: Floats
    probabilities: Floats

    def find(self, ends: Hashes) -> NDArray[np.int64]:
        """Return the place of each pair in this memory, -1 where it was never judged."""
        if not len(self.ends):
            return np.full(len(ends), -1, np.int64)
        known = _as_one(self.ends)
        order = np.argsort(known, kind="stable")
        wanted = _as_one(ends)
        at = np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)
        return np.where(known[order[at]] == wanted, order[at], -1)

    def save(self, path: Path) -> None:
        """Write the memory; it appears whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{os.getpid()}.part")
        with partial.open("wb") as stream:
            np.savez(
                stream,
                matcher=np.array(self.matcher),
                ends=self.ends,
                scores=self.scores,
                probabilities=self.probabilities,
            )
        partial.replace(path)


def _as_one(ends: Hashes) -> Hashes:
    """Return a number for each pair of hashes."""
    return ends[:, 0] * np.uint64(MIXER) + ends[:, 1]


def load_memory(path: Path | None, matcher: str, scores: int) -> PairMemory | None:
    """Return what was remembered, None where there is nothing of use: no file, damaged, or of another matcher."""
    if path is None or not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as data:
            memory = PairMemory(
                str(data["matcher"]), data["ends"], data["scores"], data["probabilities"]
            )
    except (OSError, ValueError, KeyError, EOFError):
        return None
    fits = memory.ends.shape == (len(memory.probabilities), 2) and memory.scores.shape == (
        len(memory.probabilities),
        scores,
    )
    return memory if fits and memory.matcher == matcher else None
