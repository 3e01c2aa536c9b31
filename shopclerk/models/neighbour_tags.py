"""Tags that like products have: retrieval over a catalogue, whatever its vocabulary.

Each neighbour votes for its tags by how near it is; what it shares with every product counts less (Makadia et al. 2008, A
New Baseline for Image Annotation, section 3.2). Tags that go together lift one another a little.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST_VOTE = 0.25
"""Share of the neighbours' weight from which a tag counts."""
COMPANY = 0.15
"""How much of a tag's score may come from the tags that go with it."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A like product.

    Attributes:
        nearness: How like it is, above 0.
        tags: Its tags.
    """

    nearness: float
    tags: frozenset[str]


def neighbour_tags(
    neighbours: Sequence[Neighbour], *, company: Mapping[str, Mapping[str, float]] | None = None
) -> list[tuple[str, float]]:
    """Return tags with scores from 0 to 1, the best first.

    Args:
        neighbours: The likest products; those without tags say nothing.
        company: Tag to how often others stand beside it, 0 to 1, see `company_of`.
    """
    voting = [each for each in neighbours if each.tags and each.nearness > 0]
    weights = [each.nearness / math.log2(place + 2) for place, each in enumerate(voting)]
    total = sum(weights)
    votes: dict[str, float] = defaultdict(float)
    for weight, each in zip(weights, voting, strict=True):
        for tag in each.tags:
            votes[tag] += weight / total
    lifted = {tag: _lifted(tag, score, votes, company or {}) for tag, score in votes.items()}
    kept = [(tag, score) for tag, score in lifted.items() if score >= LEAST_VOTE]
    return sorted(kept, key=lambda each: (-each[1], each[0]))


def _lifted(
    tag: str, score: float, votes: Mapping[str, float], company: Mapping[str, Mapping[str, float]]
) -> float:
    others = [
        votes[other] * company.get(other, {}).get(tag, 0.0) for other in votes if other != tag
    ]
    support = max(others, default=0.0)
    return (1 - COMPANY) * score + COMPANY * max(support, score)


def company_of(listings: Iterable[Iterable[str]]) -> dict[str, dict[str, float]]:
    """Return, for each tag, the share of its listings that also have another."""
    counts: dict[str, int] = defaultdict(int)
    together: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for tags in listings:
        distinct = set(tags)
        for tag in distinct:
            counts[tag] += 1
            for other in distinct - {tag}:
                together[tag][other] += 1
    return {
        tag: {other: count / counts[tag] for other, count in others.items()}
        for tag, others in together.items()
    }
