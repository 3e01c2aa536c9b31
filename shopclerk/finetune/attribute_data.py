"""Rows that an attribute extractor learns from: files of the attributes task, a catalogue, or goods made up here.

A catalogue's attribute is learned from where its value stands in the product's own text, a weak label. What a text does
not state is learned from rows that say so (null), and from names of other rows of the category where the recipe's
option `negatives` asks for it.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shopclerk.catalog.product import Product
from shopclerk.errors import TrainingError
from shopclerk.finetune.examples import json_object
from shopclerk.models.attribute_gazetteer import Gazetteer, Labelled
from shopclerk.models.attribute_rows import AttributeRow, stated


def read_rows(path: Path) -> list[AttributeRow]:
    """Read JSON Lines with `title`, `attributes` and, if wished, `description` and `category`.

    Raises:
        TrainingError: The file cannot be read, holds no row, or a line is broken; nothing is learned from half a file.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"The training data {path} cannot be read: {error}") from error
    rows = [
        _row(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()
    ]
    if not rows:
        raise TrainingError(f"The training data {path} holds no row.")
    return rows


def _row(line: str, where: str) -> AttributeRow:
    data = json_object(line, where)
    for key, kind in (("title", str), ("attributes", dict)):
        if not isinstance(data.get(key), kind):
            raise TrainingError(f"{where}: '{key}' must be given as {kind.__name__}.")
    texts = {key: data.get(key) or "" for key in ("description", "category")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise TrainingError(f"{where}: description and category must be text or null.")
    values = {name: _values(found, name, where) for name, found in data["attributes"].items()}
    return AttributeRow(data["title"], texts["description"], texts["category"], values)


def _values(found: Any, name: str, where: str) -> tuple[str, ...] | None:
    if found is None or found == []:
        return None
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(value, str) for value in listed):
        raise TrainingError(
            f"{where}: the values of '{name}' must be a list of texts or null, not {found!r:.60}."
        )
    return tuple(value for value in listed if value.strip()) or None


def catalogue_rows(path: str) -> list[AttributeRow]:
    """Return the products of a catalogue whose texts state at least one of their attributes.

    Raises:
        TrainingError: No product's text does.
    """
    from shopclerk.finetune.search_data import open_catalog

    with open_catalog(path) as store:
        found = [product_row(product) for product in store.products()]
    rows = [row for row in found if row is not None]
    if not rows:
        raise TrainingError(
            f"No product of {path} states one of its attributes in its title or description, so there is "
            "nothing to learn. Give labelled rows by --set data.file=PATH."
        )
    return rows


def product_row(product: Product) -> AttributeRow | None:
    """Return a product with those of its attributes, and its brand, that its own texts state; None where there are none."""
    given = {name: product.attribute_values(name) for name in product.attributes}
    if product.brand:
        given.setdefault("brand", (product.brand,))
    return stated(product.title, product.description or "", product.category or "", given)


def with_negatives(rows: Sequence[AttributeRow], count: int, seed: int) -> list[AttributeRow]:
    """Return the rows, each with up to `count` further names that rows of its category have and it has not."""
    names: dict[str, set[str]] = {}
    for row in rows:
        names.setdefault(row.category, set()).update(row.values)
    draw, result = random.Random(seed), []
    for row in rows:
        others = sorted(names[row.category] - set(row.values))
        chosen = draw.sample(others, min(count, len(others)))
        values = {**row.values, **dict.fromkeys(chosen)}
        result.append(AttributeRow(row.title, row.description, row.category, values))
    return result


def own_counts(row: Labelled, gazetteer: Gazetteer) -> Gazetteer:
    """Return one row's share in a gazetteer's counts."""
    own = Gazetteer()
    own.add_values(row)
    own.add_seen(row, gazetteer.tables["value"], gazetteer.tables["pattern"])
    return own
