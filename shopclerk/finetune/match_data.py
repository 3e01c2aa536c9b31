"""Labelled pairs made out of a catalogue: copies as another seller would list them, and other versions of a product.

A copy says the same in other words, order and fields; a version differs in one thing that matters: a number, a colour,
an attribute. Near products of the catalogue are the rest. What real labelled pairs lack is in here: pictures,
attributes, other currencies.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from shopclerk.catalog.readers import read_rows
from shopclerk.errors import TrainingError
from shopclerk.finetune.examples import Example, read_examples
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Progress
from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.pair_set import PairSet
from shopclerk.models.matching.signs import colour_words
from shopclerk.models.matching.text_space import TextSpace
from shopclerk.models.matching.words import folded, words

KIND = "match"
SAMPLE = "sample"
NEAR = 4
"""Near products that each listing is paired with."""
BITS = 64
PRICE_NOISE = 0.25
CURRENCIES = ("EUR", "GBP", "JPY")
FILLERS = ("new", "original", "free shipping", "in stock", "hot", "best price", "(boxed)")
_NUMBER = re.compile(r"\d+")


def read_pairs(path: Path) -> PairSet:
    """Read labelled pairs, JSON Lines of `left, right, label`.

    Raises:
        TrainingError: The file cannot be read, or a line is no pair.
    """
    return PairSet.of(read_examples(path, KIND))


def pair_examples(
    recipe: Recipe, _progress: Progress
) -> tuple[Sequence[Example], Sequence[Example]]:
    """Return labelled pairs as texts for a cross-encoder; `options.pairs` names the file.

    Raises:
        TrainingError: The file is missing or broken.
    """
    if not recipe.options.get("pairs"):
        raise TrainingError("Name the file of labelled pairs by --set options.pairs=PAIRS.jsonl.")
    pairs = read_pairs(Path(str(recipe.options["pairs"])))
    texts = [listing.text for listing in pairs.listings]
    made = [
        {"left": texts[a], "right": texts[b], "label": int(label)}
        for a, b, label in zip(pairs.left, pairs.right, pairs.labels, strict=True)
    ]
    return made, []


def catalog_listings(address: str, limit: int = 0) -> list[Listing]:
    """Return the listings of a product file, or of the `sample` shop."""
    shipped = files("shopclerk").joinpath("sample", "catalog.jsonl")
    path = Path(str(shipped)) if address == SAMPLE else Path(address)
    found = [Listing.of(row.product.record()) for row in read_rows(path) if row.product]
    return found[:limit] if limit else found


def made_pairs(listings: Sequence[Listing], seed: int) -> PairSet:
    """Return pairs made of some listings, left the catalogue's own and right what is offered for it."""
    rng = random.Random(seed)
    pictures = [f"{rng.getrandbits(BITS):016x}" for _ in listings]
    left = [
        replace(listing, picture=picture)
        for listing, picture in zip(listings, pictures, strict=True)
    ]
    every = list(left)
    ends: list[tuple[int, int, int]] = []

    def add(row: int, other: Listing, label: int) -> None:
        ends.append((row, len(every), label))
        every.append(replace(other, id=f"made-{len(every)}"))

    near = _near_rows(listings)
    for row, listing in enumerate(left):
        if rng.random() < 0.6:
            add(row, copied(listing, rng), 1)
        for _ in range(rng.randint(0, 2)):
            if (version := other_version(listing, rng)) is not None:
                add(row, copied(version, rng), 0)
        for other in near[row]:
            add(row, copied(left[other], rng), 0)
    a, b, labels = np.array(ends, np.int64).reshape(len(ends), 3).T
    return PairSet(every, a, b, labels)


def _near_rows(listings: Sequence[Listing]) -> list[list[int]]:
    """Return the rows of the most similar other titles of each listing."""
    space = TextSpace.of([words(folded(listing.heading)) for listing in listings])
    rows = np.arange(len(listings))
    found = []
    for row in rows:
        scores = space.cosine(np.full(len(rows), row), rows)
        scores[row] = -1
        found.append([int(at) for at in np.argsort(-scores)[: min(NEAR, len(rows) - 1)]])
    return found


def copied(listing: Listing, rng: random.Random) -> Listing:
    """Return a listing as another seller would write it."""
    parts = listing.title.split()
    if len(parts) > 3 and rng.random() < 0.4:
        del parts[rng.randrange(1, len(parts))]
    if rng.random() < 0.3:
        at = rng.randrange(len(parts))
        parts[at:] = parts[at + 1 :] + parts[at : at + 1]
    if rng.random() < 0.25:
        parts.append(rng.choice(FILLERS))
    if rng.random() < 0.2:
        parts = [_mistyped(part, rng) if rng.random() < 0.15 else part for part in parts]
    if listing.brand and rng.random() < 0.3:
        parts.insert(0, listing.brand)
    title = " ".join(parts)
    title = title.lower() if rng.random() < 0.3 else title
    kept = {name: value for name, value in listing.attributes.items() if rng.random() < 0.6}
    price, currency = listing.price, listing.currency
    if price and rng.random() < 0.7:
        price = round(price * (1 + rng.uniform(-PRICE_NOISE, PRICE_NOISE)), 2)
    if rng.random() < 0.1:
        currency = rng.choice(CURRENCIES)
    return replace(
        listing,
        title=title,
        description=listing.description if rng.random() < 0.5 else "",
        brand=listing.brand if rng.random() < 0.6 else "",
        category=listing.category if rng.random() < 0.7 else "",
        price=price if rng.random() < 0.8 else None,
        currency=currency,
        attributes=kept,
        picture=_saved_anew(listing.picture, rng),
    )


def _mistyped(word: str, rng: random.Random) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    at = rng.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _saved_anew(picture: str | None, rng: random.Random) -> str | None:
    """Return the hash of a picture that was saved again, of another one, or none."""
    chance = rng.random()
    if picture is None or chance < 0.4:
        return None
    if chance < 0.6:
        return f"{rng.getrandbits(BITS):016x}"
    changed = int(picture, 16)
    for _ in range(rng.randint(0, 3)):
        changed ^= 1 << rng.randrange(BITS)
    return f"{changed:016x}"


def other_version(listing: Listing, rng: random.Random) -> Listing | None:
    """Return a listing of the product's neighbour in its range, None where nothing can be changed."""
    ways = [_other_number, _other_colour, _other_attribute]
    rng.shuffle(ways)
    for way in ways:
        if (changed := way(listing, rng)) is not None:
            return changed
    return None


def _other_number(listing: Listing, rng: random.Random) -> Listing | None:
    numbers = list(_NUMBER.finditer(listing.title))
    if not numbers:
        return None
    match = rng.choice(numbers)
    old = int(match[0])
    new = rng.choice([old + 1, old + 2, old * 2 + 1, max(1, old - 1) if old > 1 else old + 3])
    title = listing.title[: match.start()] + str(new) + listing.title[match.end() :]
    return replace(listing, title=title, description="")


def _other_colour(listing: Listing, rng: random.Random) -> Listing | None:
    colours = colour_words()
    parts = listing.title.split()
    places = [at for at, part in enumerate(parts) if folded(part.strip(",.()")) in colours]
    if not places:
        return None
    at = rng.choice(places)
    meaning = colours[folded(parts[at].strip(",.()"))]
    new = rng.choice(sorted(word for word, means in colours.items() if means != meaning))
    parts[at] = new.capitalize()
    attributes: dict[str, Any] = {
        name: (new.capitalize(),) if colours.get(folded(" ".join(values))) else values
        for name, values in listing.attributes.items()
    }
    return replace(listing, title=" ".join(parts), description="", attributes=attributes)


def _other_attribute(listing: Listing, rng: random.Random) -> Listing | None:
    named = [
        (name, value)
        for name, values in listing.attributes.items()
        for value in values
        if len(value) > 2 and folded(value) in folded(listing.title)
    ]
    if not named:
        return None
    name, value = rng.choice(named)
    new = f"{value[:1]}{rng.choice(('Plus', 'Mini', 'Max', 'II', 'Lite'))}"
    title = re.sub(re.escape(value), new, listing.title, flags=re.IGNORECASE)
    return replace(
        listing, title=title, description="", attributes={**listing.attributes, name: (new,)}
    )
