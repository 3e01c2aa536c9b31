"""What is usual in a shop: the measure that a listing's gaps, prices and names are held against."""

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from shopclerk.models.quality.finding import Listing

FIELDS = ("description", "brand", "category", "price", "images", "attributes")
MAX_PRICES = 400
"""Prices kept a category; beyond that, a sample of them."""
MAX_WORDS = 300_000
"""Words counted at once; beyond that, those seen once are forgotten."""
WORD = re.compile(r"[^\W\d_]{3,}")
SHOUTED = re.compile(r"\b[^\W\d_]{4,}\b")


@dataclass(frozen=True, slots=True)
class PriceNorm:
    """Prices of a category.

    Attributes:
        count: How many listings have a price.
        median: Of the natural logarithm of the price.
        spread: Its median absolute deviation, scaled to a standard deviation of a normal distribution.
    """

    count: int
    median: float
    spread: float


@dataclass(frozen=True, slots=True)
class ShopNorms:
    """What is usual in a shop.

    Attributes:
        count: Listings looked at.
        filled: Field to the share of listings that fill it.
        prices: (currency, category path) to the prices there; the path's ancestors have entries too.
        brands: Folded brand to how many listings it has and how it is mostly spelt.
        capitals: Words of four letters or more that the shop itself writes in capitals.
        words: Folded words that stand in several of the shop's texts.
        title_words: Words in a title: the 5th percentile.
        description_words: Words in a description: the median.
    """

    count: int = 0
    filled: Mapping[str, float] = field(default_factory=dict)
    prices: Mapping[tuple[str, str], PriceNorm] = field(default_factory=dict)
    brands: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    capitals: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    title_words: float = 2.0
    description_words: float = 20.0

    @classmethod
    def of(cls, listings: Iterable[Listing], seed: int = 0) -> "ShopNorms":
        """Learn what is usual from a shop's listings, in one pass and bounded memory."""
        tally = _Tally(random.Random(seed))
        for listing in listings:
            tally.add(listing)
        return tally.norms()

    def price_of(
        self, currency: str, category: str | None, least: int
    ) -> tuple[PriceNorm, bool] | None:
        """Return the prices of the narrowest category with `least` of them, and whether it is the category itself."""
        levels = levels_of(category)
        for depth in range(len(levels), 0, -1):
            norm = self.prices.get((currency, " > ".join(levels[:depth])))
            if norm is not None and norm.count >= least:
                return norm, depth == len(levels)
        return None


class _Tally:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.count = 0
        self.filled: Counter[str] = Counter()
        self.prices: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.seen: Counter[tuple[str, str]] = Counter()
        self.brands: dict[str, Counter[str]] = defaultdict(Counter)
        self.capitals: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        self.title_words: Counter[int] = Counter()
        self.description_words: Counter[int] = Counter()

    def add(self, listing: Listing) -> None:
        self.count += 1
        self.filled.update(name for name in FIELDS if is_filled(listing, name))
        if listing.brand:
            self.brands[listing.brand.casefold().strip()][listing.brand.strip()] += 1
        self.capitals.update({word for word in SHOUTED.findall(listing.title) if word.isupper()})
        self._count_words(f"{listing.title} {(listing.description or '')[:2_000]}")
        self.title_words[min(len(listing.title.split()), 60)] += 1
        if listing.description:
            self.description_words[min(len(listing.description.split()), 2_000)] += 1
        if listing.price:
            self._add_price(listing, math.log(listing.price))

    def _count_words(self, text: str) -> None:
        if len(self.words) > MAX_WORDS:
            self.words = Counter({word: n for word, n in self.words.items() if n > 1})
        self.words.update({word.casefold() for word in WORD.findall(text)})

    def _add_price(self, listing: Listing, price: float) -> None:
        levels = levels_of(listing.category)
        for depth in range(1, len(levels) + 1):
            key = (listing.currency, " > ".join(levels[:depth]))
            self.seen[key] += 1
            kept = self.prices[key]
            if len(kept) < MAX_PRICES:
                kept.append(price)
            elif (place := self.chance.randrange(self.seen[key])) < MAX_PRICES:
                kept[place] = price

    def norms(self) -> ShopNorms:
        enough = max(3, self.count // 500)
        return ShopNorms(
            self.count,
            {name: self.filled[name] / self.count for name in FIELDS} if self.count else {},
            {key: _price_norm(self.seen[key], kept) for key, kept in self.prices.items()},
            {
                name: (spelt.total(), spelt.most_common(1)[0][0])
                for name, spelt in self.brands.items()
            },
            frozenset(word for word, times in self.capitals.items() if times >= enough),
            frozenset(word for word, times in self.words.items() if times >= enough),
            _percentile(self.title_words, 0.05, 2.0),
            _percentile(self.description_words, 0.5, 20.0),
        )


def _price_norm(count: int, logs: list[float]) -> PriceNorm:
    values = np.asarray(logs)
    median = float(np.median(values))
    return PriceNorm(count, median, 1.4826 * float(np.median(np.abs(values - median))))


def _percentile(counts: Counter[int], share: float, empty: float) -> float:
    left = share * counts.total()
    for value in sorted(counts):
        left -= counts[value]
        if left <= 0:
            return float(value)
    return empty


def is_filled(listing: Listing, name: str) -> bool:
    """Say whether a listing fills a field."""
    value = getattr(listing, name)
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def levels_of(category: str | None) -> list[str]:
    """Return the parts of a category path, the department first."""
    return [part.strip() for part in (category or "").split(">") if part.strip()]
