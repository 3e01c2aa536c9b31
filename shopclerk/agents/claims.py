"""What no answer of a model may say, however well it is worded.

Grounding compares numbers and names. Beyond these a model that follows orders hidden in a listing could promise something
in the shop's name, lead the shopper elsewhere, or tell what it was told. So its answer may hold no address but a
product's own, no amount of money but a product's price or one the shopper named, no word of promise that stands in none of
the products' fields (prose is no field), and no stretch of a prompt.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

from shopclerk.agents.grounding import money_in, numbers_in
from shopclerk.agents.wording import stems
from shopclerk.catalog.product import Product
from shopclerk.prompts.loader import Prompt

STRETCH = 7
"""Words in a row that make a stretch of a prompt."""

_ADDRESS = re.compile(
    r"\w+://\S+|\bwww\.\S+|[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|net|org|io|shop|store|info|biz|xyz|online|site|example)\b\S*"
    r"|\b(?:t\.me|wa\.me|bit\.ly)/\S+|\+\d[\d\s().-]{6,}\d",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"!\[|\]\(|<\s*/?\s*[a-z!]|\bjavascript:", re.IGNORECASE)


@lru_cache(maxsize=1)
def claim_words() -> frozenset[tuple[str, ...]]:
    """Return the stems of words of promise."""
    lines = files("shopclerk.agents").joinpath("claim_words.txt").read_text("utf-8").splitlines()
    return frozenset(stems(word) for line in lines if line[:1] != "#" for word in line.split())


def unfounded(answer: str, products: Sequence[Product], request: str, prompt: Prompt) -> list[str]:
    """Return what a model's answer may not say, empty where it may be said.

    Args:
        answer: What the model would say.
        products: What the tools of the turn found.
        request: What the shopper wrote.
        prompt: What the model was asked with.
    """
    own = {product.url for product in products}
    return [
        *(found for found in _ADDRESS.findall(answer) if found.rstrip(".,;)") not in own),
        *_MARKUP.findall(answer),
        *_amounts(answer, products, request),
        *_promises(answer, products),
        *_stretches(answer, prompt.body),
    ]


def _amounts(answer: str, products: Sequence[Product], request: str) -> Iterator[str]:
    prices = {round(float(each.price), 2) for each in products if each.price is not None}
    for written, value in money_in(answer):
        if round(value, 2) not in prices | numbers_in(request):
            yield written


def _promises(answer: str, products: Sequence[Product]) -> Iterator[str]:
    given: set[str] = set()
    for product in products:
        values = (value for name in product.attributes for value in product.attribute_values(name))
        fields = (product.title, product.brand or "", product.category or "", *product.attributes)
        given.update(stems(" ".join((*fields, *values, *product.tags))))
    for stem in dict.fromkeys(stems(answer)):
        if (stem,) in claim_words() and stem not in given:
            yield stem


def _stretches(answer: str, body: str) -> Iterator[str]:
    asked, said = stems(body), stems(answer)
    told = {asked[i : i + STRETCH] for i in range(len(asked) - STRETCH + 1)}
    for i in range(len(said) - STRETCH + 1):
        if said[i : i + STRETCH] in told:
            yield " ".join(said[i : i + STRETCH])
