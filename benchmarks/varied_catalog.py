"""A large catalogue made from a small one: brands, colours, sizes and model numbers are swapped.

Seeded: the same products, count and seed give the same catalogue, whatever the machine.
"""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from shopclerk.catalog.product import AttributeValue, Product

BRAND_STARTS = ("Al", "Bor", "Cas", "Dun", "El", "Fen", "Gal", "Hal", "Ir", "Jor", "Kel", "Lor")
BRAND_MIDDLES = ("", "a", "be", "di", "lo", "ma", "ni", "ro", "ta", "vi")
BRAND_ENDS = ("brook", "dane", "fold", "grove", "lin", "mere", "nor", "quist", "ridge", "wick")
COLOURS = (
    *("Black", "White", "Blue", "Green", "Red", "Grey", "Brown", "Pink", "Yellow", "Orange"),
    *("Navy", "Purple", "Cream", "Olive", "Tan", "Burgundy", "Beige", "Gold", "Teal", "Ivory"),
)
MODEL_LETTERS = "ABCDEFGHKLMNPRSTVWX"


def vary(products: Sequence[Product], count: int, *, seed: int) -> Iterator[Product]:
    """Yield `count` products with ids of their own, each made from one of the given in turn."""
    draw = random.Random(seed)
    for number in range(count):
        yield _varied(products[number % len(products)], number, draw)


def write_varied(path: Path, products: Sequence[Product], count: int, *, seed: int) -> None:
    """Write a varied catalogue as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for product in vary(products, count, seed=seed):
            file.write(json.dumps(product.record(), ensure_ascii=False) + "\n")


def _varied(product: Product, number: int, draw: random.Random) -> Product:
    brand = "".join(draw.choice(part) for part in (BRAND_STARTS, BRAND_MIDDLES, BRAND_ENDS))
    colour, model = draw.choice(COLOURS), _model_number(draw)
    swaps: dict[str | None, str] = dict.fromkeys(product.attribute_values("colour"), colour)
    swaps[product.brand] = brand
    title = f"{_swapped(product.title, swaps)}, {model}"
    description = product.description and _swapped(product.description, swaps)
    attributes: dict[str, AttributeValue] = {**product.attributes, "model": model}
    if "colour" in attributes:
        attributes["colour"] = colour
    if sizes := product.attribute_values("size"):
        attributes["size"] = tuple(draw.sample(sizes, draw.randint(1, len(sizes))))
    changes = {
        "id": f"{product.id}-{number}",
        "title": title,
        "brand": brand,
        "description": description,
        "attributes": attributes,
        "price": product.price and round(product.price * draw.uniform(0.5, 2.0), 2),
        "rating": round(draw.uniform(2.5, 5.0), 1),
        "stock": draw.randint(0, 80),
    }
    return product.model_copy(update=changes)


def _swapped(text: str, swaps: dict[str | None, str]) -> str:
    for old, new in swaps.items():
        if old:
            text = text.replace(old, new)
    return text


def _model_number(draw: random.Random) -> str:
    letters = "".join(draw.choices(MODEL_LETTERS, k=draw.randint(2, 3)))
    return f"{letters}-{draw.randint(100, 99999)}{draw.choice(('', 'B', 'X', '/A'))}"


def varied_queries(products: Sequence[Product], count: int, *, seed: int) -> list[str]:
    """Return queries of one to eight words that stand in one product; every tenth has a slip of the pen."""
    draw = random.Random(seed)
    queries = []
    for number in range(count):
        words = draw.choice(products).embedding_text().replace(".", " ").lower().split()
        length = min(1 + number % 8, len(words))
        first = draw.randrange(len(words) - length + 1)
        query = " ".join(words[first : first + length])
        queries.append(_mistyped(query, draw) if number % 10 == 9 else query)
    return queries


def _mistyped(query: str, draw: random.Random) -> str:
    place = draw.randrange(max(1, len(query) - 1))
    return query[:place] + query[place : place + 2][::-1] + query[place + 2 :]
