"""Duplicates made of a catalogue: how many are found again, and how fast.

    python -m benchmarks.duplicates [CATALOG.jsonl] [--listings 1000] [--nearest 50]

Each product is listed one to four times; a larger catalogue has several models of each, told apart by a model number.
The listings are written in other words, order and fields (`finetune/match_data.py`); prints pairwise
precision, recall and F1 of the clusters, recall of blocking, and time.
"""

import argparse
import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.blocking import first_of_words, recall
from shopclerk.catalog.blocking import Blocking, pairs_within
from shopclerk.catalog.product import Product
from shopclerk.finetune.match_data import SAMPLE, catalog_listings, copied
from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.product_matcher import open_matcher
from shopclerk.tools.duplicates import find_all
from shopclerk.tools.matching_listings import Catalogued, blocking_terms


def listed(address: str, count: int, seed: int = 3) -> tuple[list[Listing], list[int]]:
    """Return listings and the product that each is of."""
    rng = random.Random(seed)
    goods = catalog_listings(address)
    found: list[Listing] = []
    owners: list[int] = []
    number = 0
    while len(found) < count:
        good, again = goods[number % len(goods)], number // len(goods)
        code = f"{chr(65 + again % 26)}{rng.choice('KLMN')}-{rng.randint(1_000, 9_999)}"
        base = replace(good, title=f"{good.title} {code}") if count > len(goods) else good
        for copy in range(rng.randint(1, 4)):
            other = copied(base, rng) if copy else base
            found.append(replace(other, id=f"{number}-{copy}", title=other.title or "x"))
            owners.append(number)
        number += 1
    return found[:count], owners[:count]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("catalog", nargs="?", default=SAMPLE)
    parser.add_argument("--listings", type=int, default=1000)
    parser.add_argument("--nearest", type=int, default=Blocking().nearest)
    given = parser.parse_args()
    how = Blocking(nearest=given.nearest)
    listings, owners = listed(given.catalog, given.listings)
    products = [
        Product(id=each.id, title=each.title, brand=each.brand or None, price=each.price)
        for each in listings
    ]
    true = {
        (a, b)
        for a in range(len(owners))
        for b in range(a + 1, min(a + 4, len(owners)))
        if owners[a] == owners[b]
    }
    terms = blocking_terms(ListingSet.of(listings))
    passed = recall(np.array(sorted(true)), pairs_within(terms, how), first_of_words(terms.words))
    print(f"{len(listings)} listings, blocking recall {passed:.3f}")
    started = time.perf_counter()
    found = find_all(Catalogued(products, listings, Path()), open_matcher(), blocking=how)
    seconds = time.perf_counter() - started
    said = set()
    for cluster in found.clusters:
        rows = sorted((cluster.canonical, *(member.row for member in cluster.members)))
        said |= {(a, b) for at, a in enumerate(rows) for b in rows[at + 1 :]}
    right = len(said & true)
    precision, again = right / max(1, len(said)), right / len(true)
    f1 = 2 * precision * again / max(1e-9, precision + again)
    print(
        f"precision {precision:.3f} recall {again:.3f} F1 {f1:.3f}, "
        f"{found.candidates} pairs, {seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
