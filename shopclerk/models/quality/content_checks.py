"""What a listing lacks, and prices far from those of its kind."""

import math
from collections.abc import Iterator

from shopclerk.models.quality.finding import Finding, Listing, Mend, Severity
from shopclerk.models.quality.norms import FIELDS, ShopNorms, is_filled

USUAL, NEARLY_ALWAYS = 0.5, 0.9
"""Share of a shop's listings from which a field counts as expected, and as needed."""
MIN_DESCRIPTION_WORDS = 4
THIN_SHARE = 0.2
"""A description this much shorter than the shop's usual one is thin."""
ENOUGH_PRICES = 8
FAR_FACTOR, FAR_FACTOR_WIDE = 4.0, 12.0
"""How many times above or below the median a price is far: in its own category, and in one above it."""
FAR_SPREADS = 4.0

_ADVICE = {
    "description": "Describe what it is, what it is made of and who it is for.",
    "brand": "Name the maker, or 'Unbranded'.",
    "category": "Choose the category; map_category suggests one.",
    "price": "Set a price.",
    "images": "Add a picture that shows the whole product.",
    "attributes": "State colour, size, material and the like.",
}


def missing(listing: Listing, norms: ShopNorms) -> Iterator[Finding]:
    """Yield the fields that are empty here and filled in most of the shop's listings."""
    for name in FIELDS:
        share = norms.filled.get(name, 0.0 if norms.count else 1.0)
        if share < USUAL or is_filled(listing, name):
            continue
        usual = f"; {share:.0%} of the shop's listings fill it" if norms.count else ""
        yield Finding(
            "missing",
            _weight(name, share),
            "content",
            name,
            f"The field '{name}' is empty{usual}.",
            Mend(_ADVICE[name]),
        )


def _weight(name: str, share: float) -> Severity:
    if share < NEARLY_ALWAYS:
        return "hint"
    return "error" if name == "price" else "warning"


def thin(listing: Listing, norms: ShopNorms) -> Iterator[Finding]:
    """Yield a title of too few words and a description that says next to nothing."""
    words = listing.title.split()
    if len(listing.title.strip()) < 4 or len(words) < min(2.0, norms.title_words):
        yield Finding(
            "thin",
            "warning",
            "content",
            "title",
            "The title says too little to be found by.",
            Mend("Write brand, product and what sets it apart; write_title suggests one."),
            listing.title,
        )
    description = (listing.description or "").strip()
    least = max(MIN_DESCRIPTION_WORDS, THIN_SHARE * norms.description_words)
    short = len(description.split()) < least and len(description) < 6 * least
    if description and (short or description.casefold() == listing.title.casefold().strip()):
        yield Finding(
            "thin",
            "hint",
            "content",
            "description",
            "The description says next to nothing beyond the title.",
            Mend(_ADVICE["description"]),
            description[:80],
        )


def price_far(listing: Listing, norms: ShopNorms) -> Iterator[Finding]:
    """Yield a price far from those of its category: some times off, and four spreads of the logarithms."""
    if listing.price == 0:
        yield Finding(
            "price", "error", "price", "price", "The price is zero.", Mend("Set a price."), "0"
        )
    found = norms.price_of(listing.currency, listing.category, ENOUGH_PRICES)
    if not listing.price or found is None:
        return
    norm, is_own = found
    factor = FAR_FACTOR if is_own else FAR_FACTOR_WIDE
    off = math.log(listing.price) - norm.median
    if abs(off) < max(math.log(factor), FAR_SPREADS * norm.spread):
        return
    usual, side = math.exp(norm.median), "above" if off > 0 else "below"
    yield Finding(
        "price",
        "warning",
        "price",
        "price",
        f"The price, {listing.price:g} {listing.currency}, is far {side} what such goods cost here "
        f"(half of {norm.count} cost less than {usual:.2f}).",
        Mend("Check the decimal point and the currency."),
        f"{listing.price:g}",
    )
