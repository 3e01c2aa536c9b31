"""Model numbers of two listings: the same, one within the other, near, or in conflict."""

from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.signs import Signs

MIN_PART = 4
CODE_FEATURES = (
    "code_shared",
    "code_weight",
    "code_within",
    "code_common",
    "code_near",
    "code_begins",
    "code_conflict",
    "codes_less",
    "codes_more",
    "code_in_text",
)


def code_features(known: ListingSet, left: int, right: int) -> tuple[float, ...]:
    """Return the features named by `CODE_FEATURES` of a pair of rows."""
    a, b = known.signs[left], known.signs[right]
    shared = shared_codes(a, b)
    weight = max((known.code_idf.get(code, 0.0) for code in shared), default=0.0)
    counts = sorted((len(a.codes), len(b.codes)))
    if not counts[0]:
        found = float(within(a, b) or within(b, a))
        return (len(shared), weight, found, 0.0, 0.0, 0.0, 0.0, *counts, found)
    common, near, begins = _nearness(a, b)
    conflict = float(not shared and not within(a, b) and not within(b, a))
    inside = float(within(a, b)) + float(within(b, a))
    text = float(_in_words(a, b) or _in_words(b, a))
    return (len(shared), weight, inside, common, near, begins, conflict, *counts, text)


def shared_codes(a: Signs, b: Signs) -> list[str]:
    """Return the model numbers that both listings name, in one word or several."""
    mine, yours = set(a.codes), set(b.codes)
    return sorted((mine & yours) | (mine & b.spaced) | (yours & a.spaced))


def within(a: Signs, b: Signs) -> bool:
    """Tell whether a model number of `a` is part of one of `b`, or stands in its title."""
    return any(
        len(code) >= MIN_PART and (code in b.joined or any(code in other for other in b.codes))
        for code in a.codes
    )


def _in_words(a: Signs, b: Signs) -> bool:
    words = set(b.all_words)
    return any(code in words for code in a.codes)


def _nearness(a: Signs, b: Signs) -> tuple[float, float, float]:
    """Return the greatest share of a common run, likeness by edits, and common beginning of two model numbers."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein, Prefix

    common = near = begins = 0.0
    for mine in a.codes:
        for yours in b.codes:
            shorter = min(len(mine), len(yours))
            common = max(common, fuzz.partial_ratio(mine, yours) / 100 * min(1.0, shorter / 6))
            near = max(near, Levenshtein.normalized_similarity(mine, yours))
            begins = max(begins, Prefix.similarity(mine, yours) / shorter)
    return common, near, begins
