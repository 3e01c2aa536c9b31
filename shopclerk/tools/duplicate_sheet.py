"""Clusters of duplicates as a CSV sheet and as an HTML page to look through."""

import csv
import os
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from shopclerk.catalog.money import format_price
from shopclerk.catalog.product import Product
from shopclerk.cells import guarded
from shopclerk.tools.duplicates import Cluster, Duplicates

COLUMNS = ("cluster", "role", "id", "title", "price", "currency", "probability", "beside", "why")
MAX_ON_PAGE = 500
MAX_SHOWN = 24
"""Listings of one cluster that the page shows."""


def write_sheet(found: Duplicates, path: Path) -> None:
    """Write one line a listing of every cluster; the file appears whole or not at all."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        for number, cluster in enumerate(found.clusters, 1):
            for row in _lines(number, cluster, found):
                writer.writerow({name: guarded(value) for name, value in row.items()})
    partial.replace(path)


def _lines(number: int, cluster: Cluster, found: Duplicates) -> Iterator[dict[str, object]]:
    products = found.catalogued.products
    yield {"cluster": number, "role": "canonical", **_fields(products[cluster.canonical])}
    for member in cluster.members:
        yield {
            "cluster": number,
            "role": "duplicate",
            **_fields(products[member.row]),
            "probability": f"{member.match.probability:.3f}",
            "beside": member.match.right,
            "why": "; ".join(member.match.reasons),
        }


def _fields(product: Product) -> dict[str, object]:
    return {
        "id": product.id,
        "title": product.title,
        "price": product.price,
        "currency": product.currency if product.price is not None else None,
    }


def write_page(found: Duplicates, path: Path) -> None:
    """Write a page that shows the listings of each cluster side by side; the first of very many clusters."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    text = files("shopclerk.tools").joinpath("duplicate_page.html").read_text("utf-8")
    template = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined).from_string(text)
    clusters = [_shown(each, found) for each in found.clusters[:MAX_ON_PAGE]]
    page = template.render(
        clusters=clusters,
        total=len(found.clusters),
        products=len(found.catalogued.products),
        made_by=found.made_by,
    )
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_text(page, encoding="utf-8")
    partial.replace(path)


def _shown(cluster: Cluster, found: Duplicates) -> dict[str, Any]:
    folder = found.catalogued.folder
    products = found.catalogued.products
    first = {"why": "proposed as the one to keep", "probability": None}
    cards = [{**_card(products[cluster.canonical], folder), **first}]
    cards += [
        {
            **_card(products[member.row], folder),
            "why": "; ".join(member.match.reasons),
            "probability": f"{member.match.probability:.0%}",
        }
        for member in cluster.members[: MAX_SHOWN - 1]
    ]
    return {"cards": cards, "count": len(cluster.members) + 1}


def _card(product: Product, folder: Path | None) -> Mapping[str, Any]:
    price = "" if product.price is None else format_price(product.price, product.currency)
    return {
        "id": product.id,
        "title": product.title,
        "price": price,
        "image": picture_address(product, folder),
    }


def picture_address(product: Product, folder: Path | None) -> str | None:
    """Return where a page finds a product's first picture: http(s), or a file of this machine; else None."""
    if not product.images:
        return None
    name = product.images[0]
    if name.startswith(("http://", "https://")):
        return name
    if "://" in name or name.startswith(("data:", "javascript:")):
        return None
    path = Path(name) if folder is None else folder / name
    try:
        return path.resolve().as_uri() if path.is_file() else None
    except (OSError, ValueError):
        return None
