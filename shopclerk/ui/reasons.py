"""Why a product was shown, in a few words: what of the request it meets."""

from collections.abc import Mapping
from typing import Any

from shopclerk.catalog.money import format_price
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Hit
from shopclerk.catalog.text import content_terms
from shopclerk.tools.arguments import SearchArguments

MAX_REASONS = 4


def reasons_for(product: Product, asked: SearchArguments) -> tuple[str, ...]:
    """Return which parts of a request a product meets."""
    reasons = _named(product, asked.filters)
    levels = {level.casefold() for level in product.category_levels()}
    reasons += [name for name in asked.category if name.split(">")[-1].strip().casefold() in levels]
    if product.price is not None:
        limits = ((asked.price_max, "under"), (asked.price_min, "over"))
        reasons += [
            f"{word} {format_price(limit, product.currency)}"
            for limit, word in limits
            if limit is not None
        ]
    if asked.rating_min is not None and product.rating is not None:
        reasons.append(f"rated {asked.rating_min:g} or better")
    words = set(content_terms(asked.query))
    own = set(content_terms(" ".join(product.search_texts().values())))
    if shared := sorted(words & own):
        reasons.append("has " + ", ".join(shared))
    if asked.image:
        reasons.append("looks like your photo")
    return tuple(reasons[:MAX_REASONS])


def _named(product: Product, filters: Mapping[str, list[str]]) -> list[str]:
    own: dict[str, set[str]] = {}
    for name, value in product.facets():
        own.setdefault(name, set()).add(value.casefold())
    return [
        value
        for name, values in filters.items()
        for value in values
        if value.casefold() in own.get(name.casefold(), ())
    ]


def reasons_of(hit: Hit, asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Return why a search found a product: the request's parts that it meets, else how alike it is."""
    reasons = reasons_for(hit.product, SearchArguments(**asked))
    if hit.same_picture:
        return ("the very picture", *reasons)[:MAX_REASONS]
    if not reasons and hit.semantic is not None:
        return (f"near in meaning ({hit.semantic:.0%})",)
    return reasons
