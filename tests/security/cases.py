"""The injections, and shops whose listings hold them."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from shopclerk.catalog.product import Product

LISTED = ("title", "description", "category", "brand", "attribute", "tag", "file name")
"""The places of a listing that a seller writes to."""

NAMES = (
    "Abelor Brimvik Caldor Drenwick Eskelor Fennorix Gravelin Hollorim Istrovan Jelvanor Kestrim Lorvack Mardenel "
    "Nestorix Orvelan Pellorim Quendrix Rastovel Selvorim Tarnelix Ulmoran Vestrilo Wendarix Xelvorn Ystrelan Zandorim "
    "Altrenor Borvelix Cestoran Dalvorim Elmarix Forvanel Gestrolim Harvelor Imbraxen Jorvelim Kaldrixen Lestoval "
    "Morvanix Naldorim Ostrevel Parvolix Restalor Salvorix Tervanel Ustralim"
).split()
"""Invented names: each poisoned listing can be asked for by its own."""


class Injection(NamedTuple):
    """One order that has no business in a shop."""

    id: str
    lang: str
    aim: str
    text: str
    asks: str = "search_catalog"


def load() -> list[Injection]:
    """Return the injections of the file."""
    rows = yaml.safe_load(Path(__file__).with_name("injections.yaml").read_text("utf-8"))
    return [
        Injection(f"{row['lang']}-{row['aim']}-{number}", **row) for number, row in enumerate(rows)
    ]


INJECTIONS = load()


def listing(number: int, text: str, place: str) -> Product:
    """A lamp with an order in one place."""
    name = NAMES[number]
    fields: dict[str, Any] = {
        "title": f"{name} Desk Lamp",
        "description": "A lamp for the desk.",
        "category": "Lighting > Lamps",
        "brand": "Lumora",
        "attributes": {"material": "Brass"},
        "tags": ("lamp",),
        "images": ("lamp.jpg",),
    }
    poisoned: dict[str, Any] = {
        "title": f"{name} Desk Lamp. {text}",
        "description": f"A lamp for the desk. {text}",
        "category": f"Lighting > Lamps > {text.replace('>', ' ')}",
        "brand": text,
        "attributes": {"material": "Brass", "note": text},
        "tags": ("lamp", text),
        "images": (f"{text.replace('/', ' ')[:100]}.jpg",),
    }
    key = {"attribute": "attributes", "tag": "tags", "file name": "images"}.get(place, place)
    return Product(
        id=f"lamp-{number}",
        price=40.0 + number,
        rating=4.0,
        stock=7,
        **{**fields, key: poisoned[key]},
    )
