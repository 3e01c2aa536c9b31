"""A matcher and labelled pairs for tests, made in a second from invented goods."""

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

from shopclerk.catalog.product import Product
from shopclerk.finetune.match_fit import Fitted, TreeOptions, fit_matcher
from shopclerk.finetune.match_recipe import labelled
from shopclerk.models.matching.pair_set import PairSet
from shopclerk.models.product_matcher import ProductMatcher

CAMERAS = [
    Product(id="cam-1", title="Fellwind camera AK-123 black", price=50, brand="Fellwind"),
    Product(id="cam-2", title="fellwind ak123 camera", price=48),
    Product(id="cam-3", title="fellwind ak124 camera", price=49),
    Product(id="lamp", title="Torvane desk lamp XN-400 white", price=20),
]
"""Two listings of one product, one of its sibling, and a stranger."""

BRANDS = ("Fellwind", "Torvane", "Okariva", "Bellmead")
GOODS = ("camera", "running shoes", "toner cartridge", "headphones", "desk lamp")
COLOURS = ("black", "red", "blue", "white")


def invented_pairs(count: int = 60, seed: int = 5) -> list[dict[str, Any]]:
    """Return labelled pairs: an offer, the same by another seller, and other models of the brand."""
    rng = random.Random(seed)
    records = []
    for number in range(count):
        brand, good, colour = (rng.choice(names) for names in (BRANDS, GOODS, COLOURS))
        code = f"{rng.choice('ABCX')}{rng.choice('KLMN')}-{rng.randint(100, 999)}"
        left = {"id": f"l{number}", "title": f"{brand} {good} {code} {colour}", "price": 50.0}
        for copy in range(3):
            own = code if copy == 0 else f"{code[:-1]}{(int(code[-1]) + copy) % 10}"
            right = {
                "id": f"r{number}-{copy}",
                "title": f"{brand.lower()} {own.replace('-', '')} {good}",
                "price": 48.0 + copy,
            }
            records.append({"left": left, "right": right, "label": int(copy == 0)})
    return records


@cache
def small_fit() -> Fitted:
    """Return a matcher trained on invented pairs, with what it was measured by."""
    shop = labelled(PairSet.of(invented_pairs()))
    return fit_matcher(shop, name="tiny", options=TreeOptions(rounds=15, rate=0.2, min_leaf=5))


def small_matcher() -> ProductMatcher:
    """Return the matcher alone."""
    return small_fit().matcher


def write_pairs(path: Path, records: list[dict[str, Any]]) -> Path:
    """Write pairs as JSON Lines."""
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path
