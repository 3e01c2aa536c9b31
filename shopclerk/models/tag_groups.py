"""Labels that rule each other out, found in the data: a listing has one colour and one season, or none.

Two tags belong to one group where they hardly ever stand on one listing though both are common; a rare tag belongs to the
group whose other members are missing wherever it stands. Within a group the chances compete (softmax), which lifts the
likely one and holds the others down; without groups each tag would be judged alone (binary relevance).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Flags = NDArray[np.bool_]

TOGETHER = 0.03
"""Share of a tag's listings that may have another tag of its group."""
ALWAYS = 0.97
"""Share of the listings that have a member, from which a group counts as always present."""
LEAST_LISTINGS = 5
"""A rarer tag shows too little of what it rules out to begin a group."""


@dataclass(frozen=True)
class TagGroup:
    """Labels of which a listing has one at most.

    Attributes:
        columns: Their places among all labels.
        always: Whether practically every listing has one of them.
    """

    columns: NDArray[np.intp]
    always: bool


def chances(logits: Vectors, groups: Sequence[TagGroup]) -> Vectors:
    """Turn logits `(n, labels)` into chances: a softmax in each group, a sigmoid beside the groups.

    A group that may be missing has one more choice, none of them, whose logit is zero.
    """
    result = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    for group in groups:
        inside = logits[:, group.columns]
        top = inside.max(axis=1, keepdims=True)
        top = top if group.always else np.maximum(top, 0)
        raised = np.exp(inside - top)
        total = raised.sum(axis=1, keepdims=True) + (0 if group.always else np.exp(-top))
        result[:, group.columns] = raised / total
    return np.asarray(result, np.float32)


def find_groups(flags: Flags) -> list[TagGroup]:
    """Find the groups of labels that rule each other out.

    Args:
        flags: `(listings, labels) bool`, which listing has which.
    """
    counts = flags.sum(axis=0)
    together = flags.T.astype(np.float32) @ flags.astype(np.float32)
    order = [int(label) for label in np.argsort(-counts, kind="stable") if counts[label] > 0]
    found: list[list[int]] = []
    for first in order:
        if counts[first] >= LEAST_LISTINGS and not any(first in members for members in found):
            members = _grown(first, order, flags, counts, together, found)
            if len(members) > 1:
                found.append(members)
    return [_group(members, flags) for members in found]


def _grown(
    first: int,
    order: Sequence[int],
    flags: Flags,
    counts: NDArray[np.intp],
    together: Vectors,
    found: Sequence[Sequence[int]],
) -> list[int]:
    """Return the members of a group begun by a label: the commonest that fit, one after the other."""
    taken = {label for members in found for label in members}
    members = [first]
    for label in order:
        if label in taken or label == first:
            continue
        clash = together[label, members].sum() / counts[label]
        if clash <= TOGETHER and _telling(label, members, flags, counts):
            members.append(label)
    return members


def _telling(label: int, members: Sequence[int], flags: Flags, counts: NDArray[np.intp]) -> bool:
    """Tell whether chance alone would have put the label beside the members: then its absence says something."""
    covered = flags[:, members].any(axis=1).mean()
    return bool(counts[label] * covered >= 0.5)


def _group(members: Sequence[int], flags: Flags) -> TagGroup:
    columns = np.array(sorted(members), dtype=np.intp)
    return TagGroup(columns, bool(flags[:, columns].any(axis=1).mean() >= ALWAYS))
