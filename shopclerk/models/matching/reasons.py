"""Why two listings are held to be one product, or not, in words."""

import math
from collections.abc import Iterable

from shopclerk.models.matching.code_features import shared_codes, within
from shopclerk.models.matching.field_features import (
    SAME_PICTURE,
    compare_measures,
    picture_alike,
    price_ratio,
)
from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.signs import Signs, first_unit
from shopclerk.models.matching.words import folded

MAX_REASONS = 6
SAME_PRICE = 0.005
TELLING = 0.6
"""Words from this rarity on are named where only one listing has them."""
MAX_WORDS = 2


def reasons(known: ListingSet, left: int, right: int) -> tuple[str, ...]:
    """Return what speaks for and against a pair of rows, the strongest first."""
    a, b = known.listings[left], known.listings[right]
    mine, yours = known.signs[left], known.signs[right]
    found = [
        *_codes(mine, yours),
        *_picture(a, b),
        *_variants(mine, yours),
        *_measures(mine, yours),
        *_attributes(a, b),
        *_price(a, b),
        *_brand(a, b),
        *_words(known, left, right),
    ]
    return tuple(found[:MAX_REASONS])


def _codes(mine: Signs, yours: Signs) -> Iterable[str]:
    shared = shared_codes(mine, yours)
    if shared:
        yield f"same model number {max(shared, key=len).upper()}"
    elif within(mine, yours) or within(yours, mine):
        yield "the model number of one is part of the other's"
    elif mine.codes and yours.codes:
        yield f"model numbers differ: {mine.codes[0].upper()} and {yours.codes[0].upper()}"


def _picture(a: Listing, b: Listing) -> Iterable[str]:
    if picture_alike(a, b) >= SAME_PICTURE:
        yield "same picture"


def _variants(mine: Signs, yours: Signs) -> Iterable[str]:
    for group in mine.variants.keys() & yours.variants.keys():
        ours, theirs = mine.variants[group], yours.variants[group]
        if not ours & theirs:
            yield f"{group} differs: {'/'.join(sorted(ours))} and {'/'.join(sorted(theirs))}"


def _measures(mine: Signs, yours: Signs) -> Iterable[str]:
    agree, conflict = compare_measures(mine, yours)
    for dimension in conflict:
        ours, theirs = (_listed(sign.measures[dimension], dimension) for sign in (mine, yours))
        yield f"{dimension} differs: {ours} and {theirs}"
    if agree:
        yield f"same {', '.join(agree)}"


def _listed(values: Iterable[float], dimension: str) -> str:
    return "/".join(f"{value:g}" for value in sorted(values)[:3]) + f" {first_unit(dimension)}"


def _attributes(a: Listing, b: Listing) -> Iterable[str]:
    theirs = {folded(name): values for name, values in b.attributes.items()}
    for name, values in a.attributes.items():
        others = theirs.get(folded(name))
        if others and not set(map(folded, values)) & set(map(folded, others)):
            yield f"{name} differs: {values[0][:40]} and {others[0][:40]}"


def _price(a: Listing, b: Listing) -> Iterable[str]:
    ratio = price_ratio(a, b)
    if math.isnan(ratio):
        if a.price and b.price:
            yield f"prices are in {a.currency} and {b.currency}"
    elif ratio < SAME_PRICE:
        yield "same price"
    else:
        yield f"price differs by {math.expm1(ratio):.0%}"


def _brand(a: Listing, b: Listing) -> Iterable[str]:
    if a.brand and b.brand:
        same = folded(a.brand) == folded(b.brand)
        yield f"same brand {a.brand}" if same else f"brands {a.brand} and {b.brand}"


def _words(known: ListingSet, left: int, right: int) -> Iterable[str]:
    mine, yours = known.signs[left], known.signs[right]
    if set(mine.title_words) == set(yours.title_words):
        yield "same words in the title"
        return
    space = known.title_space
    for own, other in ((mine, yours), (yours, mine)):
        alone = {word for word in own.title_words if word not in other.joined}
        rare = sorted(
            (word for word in alone if space.idf[space.places[word]] >= TELLING),
            key=lambda word: (-space.idf[space.places[word]], word),
        )
        if rare:
            yield f"only one says {', '.join(rare[:MAX_WORDS])}"
