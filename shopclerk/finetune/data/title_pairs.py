"""Clean listings for title models: from files of products or of titles with marked values, and from invented shops.

A row needs `title`; brand, attributes and description come from its keys of these names. A title that breaks a rule of
a clean title is left out.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.finetune.data.shops import goods_file, invented_word
from shopclerk.finetune.data.title_noise import make_noisy
from shopclerk.finetune.examples import read_examples
from shopclerk.models.titles.checker import broken_rules
from shopclerk.models.titles.listing import TitleInput
from shopclerk.models.titles.words import edges

Pair = tuple[TitleInput, str]
"""A listing with a noisy title, and the clean title."""

DESCRIBED_SHARE = 0.4
MAX_CLEAN_CHARS = 120
BRAND_KEYS = ("Brand", "Brand Name", "brand")


def clean_listings(paths: Sequence[Path]) -> list[TitleInput]:
    """Return the listings of JSON Lines files whose titles are clean, each title once."""
    found: dict[str, TitleInput] = {}
    for path in paths:
        for row in read_examples(path, "titles"):
            for record in (row.get("left"), row.get("right"), row):
                if isinstance(record, Mapping) and record.get("title"):
                    listing = _listing(record)
                    if _clean(listing):
                        found.setdefault(listing.title, listing)
    return list(found.values())


def _clean(listing: TitleInput) -> bool:
    title = listing.title
    mixed = title != title.lower() and title != title.upper()
    return (
        mixed
        and len(title.split()) > 2
        and len(title) <= MAX_CLEAN_CHARS
        and not broken_rules(title, listing)
    )


def _listing(record: Mapping[str, Any]) -> TitleInput:
    given = record.get("attributes") or {}
    attributes = {str(name): value for name, value in given.items() if value}
    brand = record.get("brand")
    for key in BRAND_KEYS:
        if not brand and isinstance(value := attributes.pop(key, None), list):
            brand = str(value[0])
    text = record.get("description")
    return TitleInput(
        str(record.get("id", "")),
        " ".join(str(record["title"]).split()),
        str(text) if text else None,
        brand if brand and brand.lower() in str(record["title"]).lower() else None,
        record.get("category"),
        attributes,
    )


def invented_listings(seed: int, count: int) -> list[TitleInput]:
    """Return listings of invented shops, their titles by a pattern of the shop's own."""
    rng = random.Random(seed)
    return [_invented(rng, number) for number in range(count)]


def _invented(rng: random.Random, number: int) -> TitleInput:
    goods = goods_file()
    facets = goods["facets"]
    department = rng.choice(list(goods["departments"].values()))
    kind = str(rng.choice(list(_goods_of(department))))
    brand = " ".join(
        invented_word(rng, rng.choice((1, 2, 2, 3))) for _ in range(rng.choice((1, 1, 2)))
    )
    colour, style = rng.choice(facets["colour"]), rng.choice(facets["style"])
    material, gender = rng.choice(facets["material"]), rng.choice(facets["gender"])
    series = invented_word(rng)
    model = f"{rng.choice('ABCDEFGHKMRSTX')}{rng.choice('ABCDEFGHKMRSTX')}{rng.randrange(10, 9999)}"
    shape = str(rng.choice(_patterns()))
    title = " ".join(
        shape.format(
            brand=brand,
            type=kind.title(),
            colour=colour,
            style=style,
            material=material,
            audience=gender,
            series=series,
            model=model,
            number=rng.randrange(2, 60),
        ).split()
    )
    values = {
        "Product type": kind.title(),
        "Color": colour,
        "Gender": gender,
        "Material": material,
        "Style": style,
    }
    attributes = {name: value for name, value in values.items() if value.lower() in title.lower()}
    return TitleInput(
        f"i{number}", title, None, brand if rng.random() < 0.8 else None, None, attributes
    )


def _patterns() -> list[str]:
    from shopclerk.finetune.data.title_noise import wordings

    return list(wordings()["patterns"])


def _goods_of(department: Any) -> Iterator[str]:
    """Yield the names of goods, however deep they lie."""
    if isinstance(department, str):
        yield department
    elif isinstance(department, Mapping):
        for key, value in department.items():
            if key in ("goods", "items") or not isinstance(value, str):
                yield from _goods_of(value)
    elif isinstance(department, Iterable):
        for item in department:
            yield from _goods_of(item)


def noisy_pairs(listings: Sequence[TitleInput], seed: int, times: int = 1) -> list[Pair]:
    """Return each listing some times with a noisy title, and its clean one.

    In some of them a description is made that holds words of the title, as real ones do.
    """
    rng = random.Random(seed)
    pairs = []
    for _ in range(times):
        for listing in listings:
            given = _described(listing, rng)
            noisy, _ = make_noisy(given, rng)
            pairs.append((noisy, listing.title))
    return pairs


def _described(listing: TitleInput, rng: random.Random) -> TitleInput:
    if listing.description or rng.random() > DESCRIBED_SHARE:
        return listing
    words = [edges(token)[1] for token in listing.title.split()]
    at = rng.randrange(len(words))
    text = f"Details: {' '.join(words[at : at + rng.randrange(1, 4)]).lower()}."
    return TitleInput(
        listing.id, listing.title, text, listing.brand, listing.category, listing.attributes
    )
