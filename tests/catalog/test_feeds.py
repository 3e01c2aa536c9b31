"""Shopify exports, Google Merchant feeds, and their HTML and XML."""

import csv
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.catalog import feeds
from shopclerk.catalog.feeds import OwnColumns, google_fields, html_to_text, layout_of, xml_records
from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import Row, read_rows
from shopclerk.errors import UnreadableFileError

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Option1 Name,Option1 Value,"
    "Option2 Name,Option2 Value,Variant SKU,Variant Price,Variant Inventory Qty,Image Src\n"
)
GOOGLE_ROW = {
    "id": "g1",
    "title": "Trail shoe",
    "description": "<p>Light &amp; dry</p>",
    "link": "https://shop/p/g1",
    "image_link": "https://shop/1.jpg",
    "additional_image_link": "https://shop/2,a.jpg,https://shop/3.jpg",
    "availability": "out_of_stock",
    "price": "89.99 EUR",
    "sale_price": "69.99 EUR",
    "brand": "Acme",
    "google_product_category": "187",
    "product_type": "Shoes > Trail",
    "color": "red",
    "age_group": "adult",
    "gtin": "0123",
}
GOOGLE_PRODUCT = Product(
    id="g1",
    title="Trail shoe",
    description="Light & dry",
    brand="Acme",
    url="https://shop/p/g1",
    category="Shoes > Trail",
    price=69.99,
    currency="EUR",
    stock=0,
    images=("https://shop/1.jpg", "https://shop/2,a.jpg", "https://shop/3.jpg"),
    attributes={"color": "red", "age group": "adult", "gtin": "0123"},
)
RSS = (
    '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>'
    "<title>Shop</title>{}</channel></rss>"
)


def rows_of(path: Path, text: str, **options: Any) -> list[Row]:
    path.write_text(text, encoding="utf-8")
    return list(read_rows(path, **options))


def xml_item(row: dict[str, str]) -> str:
    cells = "".join(
        f"<g:{name}>{value.replace('&', '&amp;').replace('<', '&lt;')}</g:{name}>"
        for name, value in row.items()
    )
    return f"<item>{cells}</item>"


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        (["Handle", "Title", "Variant Price"], "shopify"),
        (["Handle", "Title", "Body (HTML)"], "shopify"),
        (["id", "title", "image link", "g:gtin"], "google"),
        (["id", "title", "image_link"], "own"),
        (["handle", "title"], "own"),
        ([], "own"),
    ],
)
def test_recognises_the_layout(header: list[str], layout: str) -> None:
    assert layout_of(header) == layout


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (["Product Name", "SKU"], {"title": "Product Name", "id": "SKU"}),
        (["sku", "id", "name", "title"], {"id": "id", "title": "title"}),
        (["productName", "attr:Fit", "attribute: Age"], None),
        (["cost", "amount", "名前"], {}),
    ],
)
def test_own_columns_by_synonym(header: list[str], columns: dict[str, str] | None) -> None:
    expected = columns
    if expected is None:
        expected = {"title": "productName", "attr:Fit": "attr:Fit", "attr:Age": "attribute: Age"}
    assert OwnColumns({}).columns(header) == expected


def test_own_columns_as_mapped_go_first() -> None:
    cells = {"id": "1", "title": "short", "long": "a longer title"}
    assert OwnColumns({"title": "long"})(cells)["title"] == "a longer title"


def test_own_columns_forget_old_headers() -> None:
    columns = OwnColumns({})
    for number in range(1_500):
        assert columns({"id": "1", f"x{number}": ""}) == {"id": "1"}
    assert len(columns._plans) <= 1_001


def test_shopify_variants_become_one_product(tmp_path: Path) -> None:
    text = SHOPIFY + (
        'tee,Tee,"<p>Soft</p>\n<p>tee</p>",Acme,Apparel > Tops,Tee,"summer, cotton",'
        "Size,S,Color,Red,T-S,19.00,5,http://i/1.jpg\n"
        "tee,,,,,,,,M,,Red,T-M,17.50,5,http://i/2.jpg\n"
        "tee,,,,,,,,L,,Blue,T-L,21.00,-2,http://i/1.jpg\n"
        "mug,Mug,,,,Mugs,,Title,Default Title,,,,8,,\n"
    )
    tee, mug = rows_of(tmp_path / "products.csv", text)
    assert tee.product == Product(
        id="tee",
        title="Tee",
        description="Soft\ntee",
        brand="Acme",
        category="Apparel > Tops",
        price=17.5,
        stock=10,
        images=("http://i/1.jpg", "http://i/2.jpg"),
        attributes={
            "sku": ("T-S", "T-M", "T-L"),
            "Size": ("S", "M", "L"),
            "Color": ("Red", "Blue"),
        },
        tags=("summer", "cotton"),
    )
    assert mug == Row(6, Product(id="mug", title="Mug", category="Mugs", price=8))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a,,,,,,,,,,,,5,,", "title is missing"),
        (",A,,,,,,,,,,,5,,", "id is missing"),
        ("a,A,,,,,,,,,,,free,,", "Price 'free'"),
        ("a,A,,,,,,,,,,,5,lots,", "Variant Inventory Qty 'lots'"),
        ("ok,Again,,,,,,,,,,,5,,", "once in a file"),
        ("a,A,,", "4 cells, the header 15"),
    ],
)
def test_shopify_rejects(tmp_path: Path, line: str, reason: str) -> None:
    good = "ok,Fine,,,,,,,,,,,5,,\n"
    rows = rows_of(tmp_path / "p.csv", f"{SHOPIFY}{good}b,B,,,,,,,,,,,5,,\n{line}\nc,C{',' * 13}\n")
    bad = [row for row in rows if row.error]
    assert [row.line for row in bad] == [4]
    assert reason in str(bad[0].error)
    assert len(rows) == 4


def test_shopify_rows_without_handle_stay_apart(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "p.csv", SHOPIFY + ",A,,,,,,,,,,,5,,\n" * 3)
    assert [row.line for row in rows if row.error] == [2, 3, 4]


def test_shopify_endless_handle_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MAX_HANDLE_ROWS", 10)
    rows = rows_of(tmp_path / "p.csv", SHOPIFY + "a,A,,,,,,,,,,,5,,\n" * 25)
    assert [bool(row.error) for row in rows] == [False, True, True]


def test_shopify_with_a_mapped_column(tmp_path: Path) -> None:
    text = SHOPIFY + "tee,Tee,,Acme,,Tops,,,,,,T-1,5,,\n"
    (row,) = rows_of(tmp_path / "p.csv", text, columns={"id": "Variant SKU"})
    assert row.product is not None
    assert row.product.id == "T-1"


@pytest.mark.parametrize("extension", ["tsv", "csv", "xml"])
def test_google_merchant_feed(tmp_path: Path, extension: str) -> None:
    text = io.StringIO()
    if extension == "xml":
        text.write(RSS.format(xml_item(GOOGLE_ROW)))
    else:
        table = csv.writer(text, delimiter="\t" if extension == "tsv" else ",")
        table.writerows([[name.replace("_", " ") for name in GOOGLE_ROW], GOOGLE_ROW.values()])
    (row,) = rows_of(tmp_path / f"feed.{extension}", text.getvalue())
    assert row.error is None
    assert row.product == GOOGLE_PRODUCT


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"sale_price": ""}, "price", "89.99 EUR"),
        ({"product_type": ""}, "category", "187"),
        ({"availability": "in stock"}, "stock", None),
        ({"image_link": ""}, "images", ["https://shop/2,a.jpg", "https://shop/3.jpg"]),
        ({"description": 5}, "description", "5"),
    ],
)
def test_google_fields(change: dict[str, Any], field: str, value: object) -> None:
    assert google_fields(GOOGLE_ROW | change)[field] == value


def test_google_feed_with_own_columns_besides(tmp_path: Path) -> None:
    text = "id\ttitle\tgtin\tmpn\trating\ttags\tattr:fit\n1\tTee\t5\t6\t4.5\ta|b\tslim\n"
    (row,) = rows_of(tmp_path / "feed.tsv", text)
    assert row.product == Product(
        id="1",
        title="Tee",
        rating=4.5,
        tags=("a", "b"),
        attributes={"gtin": "5", "mpn": "6", "fit": "slim"},
    )


def test_atom_feed_links(tmp_path: Path) -> None:
    entry = "<entry><id>1</id><title>Tee</title><link href='http://x/1'/></entry>"
    text = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Shop</title>{entry}</feed>"
    (row,) = rows_of(tmp_path / "feed.xml", text)
    assert row == Row(1, Product(id="1", title="Tee", url="http://x/1"))


def test_xml_rejects_an_item_alone(tmp_path: Path) -> None:
    bad = xml_item({"id": "2", "title": "B", "price": "free"})
    items = [xml_item({"id": "1", "title": "A"}), bad, xml_item({"id": "3", "title": "C"})]
    rows = rows_of(tmp_path / "feed.xml", RSS.format("".join(items)))
    assert [row.line for row in rows if row.error] == [2]
    assert '"price": ["free"]' in rows[1].raw


def test_xml_with_a_mapped_element(tmp_path: Path) -> None:
    text = RSS.format("<item><id>1</id><title>A</title><punkte>4</punkte></item>")
    (row,) = rows_of(tmp_path / "feed.xml", text, columns={"rating": "punkte"})
    assert row.product == Product(id="1", title="A", rating=4)


def test_xml_without_items_is_an_empty_catalogue(tmp_path: Path) -> None:
    assert rows_of(tmp_path / "feed.xml", RSS.format("")) == []


BOMB = (
    '<?xml version="1.0"?>{}<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><rss><channel><item><id>&c;</id></item></channel></rss>'
)
BROKEN_XML = {
    "billion laughs": (BOMB.format("").encode(), "document type"),
    "bomb behind a long comment": (BOMB.format(f"<!--{'x' * 99_999}-->").encode(), "document type"),
    "bomb in utf-16": (BOMB.format("").encode("utf-16"), "document type"),
    "outside entity": (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "document type"),
    "html": (b"<html><body>hi</body></html>", "begins with <html>"),
    "no xml": (b"id,title\n1,A\n", "breaks off after 0 items"),
    "cut off": (RSS.format(xml_item(GOOGLE_ROW)).encode()[:-10], "breaks off after 1 items"),
    "unknown encoding": (b"<?xml version='1.0' encoding='klingon'?><rss/>", "breaks off"),
}


@pytest.mark.parametrize(("data", "reason"), BROKEN_XML.values(), ids=BROKEN_XML)
def test_xml_that_cannot_be_read(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError, match=reason):
        list(read_rows(path))


class EndlessFeed(io.BytesIO):
    """Items without end, so that only a reader that streams gives back the first."""

    def read(self, size: int | None = -1, /) -> bytes:
        begins = self.tell() == 0
        self.seek(1)
        return b"<rss><channel>" if begins else b"<item><id>1</id></item>"


def test_xml_is_streamed() -> None:
    records: Iterator[feeds.Record] = xml_records(EndlessFeed())
    assert [next(records).line for _ in range(1_000)] == list(range(1, 1_001))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("I <3 it, 5 < 6", "I <3 it, 5 < 6"),
        ("<p>A &amp; B</p>&nbsp;C", "A & B\nC"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("a<br/>b <b>bo</b>ld", "a\nb bold"),
        ("x<script>y</script><style>z</style><!-- w -->", "x"),
        ("<!DOCTYPE html><p>x<![endif]>", "x"),
        ("a &lt; b", "a < b"),
    ],
)
def test_html_to_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize("piece", ["<", "<a ", "<!--", "</", '<a b="', '<a b=" >"', "<![", "&a"])
def test_html_that_never_closes_costs_little(piece: str) -> None:
    start = time.perf_counter()
    html_to_text(piece * (190_000 // len(piece)) + "<p>")
    assert time.perf_counter() - start < 2


@given(st.text(alphabet="<>/!-[]&;#\"'= abp", max_size=60))
def test_any_html_is_read(html: str) -> None:
    assert html_to_text(html) is not None
