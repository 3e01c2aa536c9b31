"""Prices, brands, measures, variants, attributes and pictures of two listings: agreement and conflict."""

import math

from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.signs import Signs, variant_groups
from shopclerk.models.matching.words import folded

NOT_KNOWN = math.nan
CLOSE = 0.02
SAME_PICTURE = 0.9
"""Share of equal bits of two hashes from which they are of one picture."""
PLAIN_FEATURES = (
    "price_ratio",
    "brand_same",
    "brand_named",
    "numbers_shared",
    "numbers_missing_less",
    "numbers_missing_more",
    "measures_agree",
    "measures_conflict",
    "attributes_agree",
    "attributes_conflict",
    "category_alike",
    "picture_alike",
)
FIELD_FEATURES = (*PLAIN_FEATURES, *(f"variant_{group}" for group in variant_groups()))


def field_features(known: ListingSet, left: int, right: int) -> tuple[float, ...]:
    """Return the features named by `FIELD_FEATURES` of a pair of rows."""
    a, b = known.listings[left], known.listings[right]
    mine, yours = known.signs[left], known.signs[right]
    numbers = sorted(
        (len(mine.numbers - yours.numbers), len(yours.numbers - mine.numbers)),
    )
    return (
        price_ratio(a, b),
        *_brands(a, b, mine, yours),
        len(mine.numbers & yours.numbers),
        *numbers,
        *map(len, compare_measures(mine, yours)),
        *_attributes(a, b),
        _alike(a.category, b.category),
        picture_alike(a, b),
        *(_variant(mine, yours, group) for group in variant_groups()),
    )


def price_ratio(a: Listing, b: Listing) -> float:
    """Return the log of the dearer price over the cheaper, NaN where one is missing or in another currency."""
    if not a.price or not b.price or a.currency != b.currency:
        return NOT_KNOWN
    return abs(math.log(a.price / b.price))


def _brands(a: Listing, b: Listing, mine: Signs, yours: Signs) -> tuple[float, float]:
    """Return how alike the brands are, and whether a brand is named in the other's title (-1: it is not)."""
    from rapidfuzz import fuzz

    one, other = folded(a.brand), folded(b.brand)
    same = fuzz.token_set_ratio(one, other) / 100 if one and other else NOT_KNOWN
    named = NOT_KNOWN
    for brand, sign in ((one, yours), (other, mine)):
        if brand:
            found = brand.split()[0] in sign.title_words or brand.replace(" ", "") in sign.joined
            named = max(1.0 if found else -1.0, -2.0 if math.isnan(named) else named)
    return same, named


def compare_measures(mine: Signs, yours: Signs) -> tuple[list[str], list[str]]:
    """Return the dimensions in which two listings agree, and those in which they differ."""
    agree: list[str] = []
    conflict: list[str] = []
    for dimension in mine.measures.keys() & yours.measures.keys():
        ours, theirs = mine.measures[dimension], yours.measures[dimension]
        met = any(abs(x - y) <= CLOSE * max(x, y) for x in ours for y in theirs)
        (agree if met else conflict).append(dimension)
    return sorted(agree), sorted(conflict)


def _attributes(a: Listing, b: Listing) -> tuple[float, float]:
    """Return how many attributes of one name have alike and unlike values."""
    theirs = {folded(name): values for name, values in b.attributes.items()}
    agree = conflict = 0
    for name, values in a.attributes.items():
        others = theirs.get(folded(name))
        if others:
            met = {folded(value) for value in values} & {folded(value) for value in others}
            agree += bool(met)
            conflict += not met
    return float(agree), float(conflict)


def _alike(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    if not one or not other:
        return NOT_KNOWN
    return float(fuzz.token_set_ratio(folded(one), folded(other))) / 100


def picture_alike(a: Listing, b: Listing) -> float:
    """Return the share of equal bits of the pictures' perceptual hashes, NaN where one has no picture."""
    if not a.picture or not b.picture:
        return NOT_KNOWN
    different = (int(a.picture[:16], 16) ^ int(b.picture[:16], 16)).bit_count()
    return 1 - different / 64


def _variant(mine: Signs, yours: Signs, group: str) -> float:
    """Return 1 for the same variant, -1 for different ones, 0.5 for some shared, NaN, or -0.5 for one side only."""
    ours, theirs = mine.variants.get(group), yours.variants.get(group)
    if not ours and not theirs:
        return NOT_KNOWN
    if not ours or not theirs:
        return -0.5
    if ours == theirs:
        return 1.0
    return 0.5 if ours & theirs else -1.0
