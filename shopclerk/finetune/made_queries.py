"""Queries that a shopper might write who has a product of the catalogue in mind.

They are made out of the catalogue's own texts: the telling words of a title, brand and attribute with what the thing is, a piece
of the description, model numbers as people type them, now and then with a typing error; framed as a question, and with asides
that no listing answers (a price, a delivery, a colour it does not state). The words around the thing are data, see
`data/shopper_queries.yaml`.
"""

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

from shopclerk.catalog.product import Product
from shopclerk.catalog.text import STOP_WORDS, analyse

TYPO_SHARE = 0.08
CODE_SHARE = 0.5
"""How often a model number is written otherwise."""
ASIDE_SHARE, VALUE_SHARE = 0.35, 0.35
SHUFFLED_SHARE = 0.2
MOST_WORDS = 12

_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])[\w/-]{4,}")


@lru_cache(maxsize=1)
def wordings() -> dict[str, list[str]]:
    """Return how shoppers word a request, by kind of wording."""
    text = files("shopclerk.finetune").joinpath("data", "shopper_queries.yaml").read_text("utf-8")
    data: dict[str, list[str]] = yaml.safe_load(text)
    return data


class QueryMaker:
    """Makes queries for the products of one catalogue.

    Args:
        products: The whole catalogue; it says which words are telling.
        rng: Decides everything.
    """

    def __init__(self, products: Sequence[Product], rng: random.Random) -> None:
        self._rng = rng
        held = Counter(word for product in products for word in set(analyse(product.title)))
        self._held = held
        self._common = [
            word
            for word, count in held.items()
            if count > 1 and word.isalpha() and len(word) > 2 and word not in STOP_WORDS
        ] or ["new"]

    def queries(self, product: Product, count: int) -> list[str]:
        """Return up to `count` different queries for a product."""
        makers: list[Callable[[Product], str]] = [self._telling_words, self._some_words]
        if any(name not in ("brand", "category") for name, _ in product.facets()) or product.brand:
            makers.append(self._by_attribute)
        if product.description:
            makers.append(self._from_description)
        self._rng.shuffle(makers)
        made = [makers[number % len(makers)](product) for number in range(count)]
        return list(dict.fromkeys(self._worded(query) for query in made if query))

    def _worded(self, query: str) -> str:
        """Return a query as somebody types it: codes, errors, asides, a frame."""
        rng, words = self._rng, wordings()
        query = _CODE.sub(lambda code: self._code(code.group()), query.lower())
        if rng.random() < TYPO_SHARE:
            query = with_typo(query, rng)
        if rng.random() < VALUE_SHARE:
            query = self._with(query, rng.choice(words["values"]))
        if rng.random() < ASIDE_SHARE:
            query = f"{query} {self._filled(rng.choice(words['asides']))}"
        return rng.choice(words["frames"]).format(query)

    def _with(self, query: str, value: str) -> str:
        value = self._filled(value)
        return f"{value} {query}" if self._rng.random() < 0.5 else f"{query} {value}"

    def _filled(self, wording: str) -> str:
        rng, words = self._rng, wordings()
        price = rng.choice((5, 10, 20, 50, 80, 100, 150, 250, 400, 700, 1000)) + rng.randint(0, 9)
        return wording.format(
            price=price,
            more=price + rng.randint(5, 500),
            currency=rng.choice(("", "dollars", "USD", "EUR", "pesos", "INR")),
            value=rng.choice(self._common),
            colour=rng.choice(words["colours"]),
            size=rng.choice(words["sizes"]),
            count=rng.choice((2, 3, 4, 6, 10, 12)),
        ).strip()

    def _code(self, code: str) -> str:
        """Return a model number as it stands, glued together, cut, or with a letter more."""
        if self._rng.random() > CODE_SHARE:
            return code
        glued = re.sub(r"[-/]", "", code)
        return self._rng.choice(
            (
                glued,
                glued,
                glued[: max(4, len(glued) - self._rng.randint(1, 3))],
                glued + self._rng.choice(("b", "bk", "w", "s", "a", "1")),
                code.replace("-", " "),
            )
        )

    # -- what the thing is ----------------------------------------------------------------------------

    def _telling_words(self, product: Product) -> str:
        """Return two to six of the title's words, the rarer the likelier, in order."""
        words = [word for word in product.title.split() if analyse(word)]
        if not words:
            return product.title
        count = min(len(words), self._rng.randint(2, 6))
        keyed = sorted(
            range(len(words)), key=lambda i: -(self._rng.random() ** self._commonness(words[i]))
        )
        return " ".join(words[i] for i in sorted(keyed[:count]))

    def _commonness(self, word: str) -> float:
        terms = analyse(word)
        if any(term in STOP_WORDS for term in terms):
            return 8.0
        return math.sqrt(math.sqrt(min(self._held[term] for term in terms)))

    def _some_words(self, product: Product) -> str:
        words = product.title.split()
        share = self._rng.uniform(0.35, 0.85)
        kept = [word for word in words if self._rng.random() < share] or words[-1:]
        if self._rng.random() < SHUFFLED_SHARE:
            self._rng.shuffle(kept)
        return " ".join(kept[:MOST_WORDS])

    def _by_attribute(self, product: Product) -> str:
        rng = self._rng
        parts = [product.brand] if product.brand and rng.random() < 0.6 else []
        values = [value for name, value in product.facets() if name not in ("brand", "category")]
        parts += rng.sample(values, min(len(values), rng.randint(1, 2)))
        levels = product.category_levels()
        parts.append(levels[-1] if levels and rng.random() < 0.5 else self._telling_words(product))
        return " ".join(parts)

    def _from_description(self, product: Product) -> str:
        words = (product.description or "").split()
        start = self._rng.randrange(max(1, len(words) - 8))
        piece = words[start : start + self._rng.randint(4, 10)]
        head = product.title.split()[: self._rng.randint(1, 3)]
        return " ".join([*head, *piece])


def with_typo(text: str, rng: random.Random) -> str:
    """Return a text with one letter of a word of four or more lost or swapped with the next."""
    places = [i for i in range(1, len(text) - 2) if text[i - 1 : i + 3].isalpha()]
    if not places:
        return text
    place = rng.choice(places)
    if rng.random() < 0.5:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
