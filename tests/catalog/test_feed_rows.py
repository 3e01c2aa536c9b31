"""Rows for Shopify and Google Merchant."""

import csv
import io

import pytest

from shopclerk.catalog.feed_rows import (
    GOOGLE_COLUMNS,
    SHOPIFY_COLUMNS,
    google_tsv,
    handle,
    shopify_csv,
)
from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import read_rows

SHOE = Product(
    id="shoe-1",
    title="Nike Running Shoes, Red",
    description="Light shoes.\n- Colour: red\n- Sole: <foam>",
    brand="Nike",
    category="Apparel > Shoes",
    price=59.9,
    stock=3,
    images=("a.jpg", "b.jpg"),
    attributes={"Colour": "Red", "size": ("41", "42")},
    tags=("running", "road"),
)


def rows(text, delimiter=","):
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_shopify_has_a_row_for_each_picture():
    first, second = rows(shopify_csv([SHOE]))
    assert tuple(first) == SHOPIFY_COLUMNS
    assert (first["Handle"], first["Variant Price"], first["Tags"]) == (
        "nike-running-shoes-red",
        "59.90",
        "running, road",
    )
    assert (second["Handle"], second["Title"], second["Image Src"], second["Image Position"]) == (
        first["Handle"],
        "",
        "b.jpg",
        "2",
    )


def test_shopify_shows_a_sellers_text_as_text():
    body = rows(shopify_csv([SHOE]))[0]["Body (HTML)"]
    assert body == "<p>Light shoes.</p><ul><li>Colour: red</li><li>Sole: &lt;foam&gt;</li></ul>"


def test_shopify_rows_come_back_as_the_product(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(shopify_csv([SHOE]))
    (back,) = [row.product for row in read_rows(path) if row.product]
    assert (back.title, back.brand, back.price) == (SHOE.title, SHOE.brand, SHOE.price)


def test_google_columns():
    (row,) = rows(google_tsv([SHOE]), "\t")
    assert tuple(row) == GOOGLE_COLUMNS
    assert (row["price"], row["color"], row["size"], row["availability"]) == (
        "59.90 USD",
        "Red",
        "41/42",
        "in_stock",
    )
    assert "\n" not in row["description"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Crème & Co.", "creme-co"), ("茶", "id-7"), ("--", "id-7")],
)
def test_handles(title, expected):
    assert handle(Product(id="ID 7", title=title)) == expected


@pytest.mark.parametrize("title", ["=cmd()", "+1", "@x"])
def test_a_formula_is_made_harmless(title):
    assert rows(shopify_csv([Product(id="a", title=title)]))[0]["Title"] == "'" + title
