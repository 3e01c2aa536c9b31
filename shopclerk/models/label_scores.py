"""How well labels were told: macro F1 and hierarchical F1 over pairs of the right label and the one given."""

from collections import Counter
from collections.abc import Sequence

from shopclerk.models.product_classifier import levels, shared_levels

Pair = tuple[str, str]
"""The right label and the one given."""


def accuracy(pairs: Sequence[Pair]) -> float:
    """Return the share of labels that are right."""
    return sum(right == said for right, said in pairs) / len(pairs)


def macro_f1(pairs: Sequence[Pair]) -> float:
    """Return the mean F1 over all labels that are right somewhere or were given."""
    hits = Counter(right for right, said in pairs if right == said)
    totals = Counter(name for pair in pairs for name in pair)
    return sum(2 * hits[name] / total for name, total in totals.items()) / len(totals)


def hierarchical_f1(pairs: Sequence[Pair]) -> float:
    """Return the F-measure of the ancestors, labels included, that right and given labels share, 0 to 1.

    Kosmopoulos et al. 2015, Evaluation Measures for Hierarchical Classification, section 4.2.
    """
    shared = sum(shared_levels(right, said) for right, said in pairs)
    total = sum(len(levels(right)) + len(levels(said)) for right, said in pairs)
    return 2 * shared / total if total else 0.0
