import base64
import re
from io import BytesIO

import pytest
from PIL import Image

from shopclerk.catalog.product import Product
from shopclerk.pictures import open_picture
from shopclerk.ui.cards import Cards, as_text, bars, data_uri, photo_html, small_jpeg, table

EVIL = '<script>alert("x")</script>'


def cards_of(tmp_path, **more):
    return Cards(lambda path: open_picture(tmp_path / path), **more)


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (900, 600), "red").save(tmp_path / "red.jpg")
    return "red.jpg"


def test_a_card_tells_title_price_rating_and_why(tmp_path, picture):
    product = Product(id="m1", title="Red mug", price=9.5, rating=4.5, images=(picture,))
    html = cards_of(tmp_path).gallery([product], {"m1": ("under $10",)}, heading="1 shown")
    for told in (
        'data-id="m1"',
        "Red mug",
        "$9.50",
        "4.5",
        "under $10",
        "1 shown",
        'alt="Red mug"',
    ):
        assert told in html
    assert "data:image/jpeg;base64," in html


def test_everything_of_the_catalogue_is_escaped(tmp_path):
    product = Product(
        id='"><b>', title=EVIL, description=EVIL, brand=EVIL, category=EVIL, tags=(EVIL,), attributes={EVIL: EVIL}, images=(EVIL,)
    )  # fmt: skip
    cards = cards_of(tmp_path)
    for html in (
        cards.gallery([product], {product.id: (EVIL,)}, heading=EVIL),
        cards.details(product, (EVIL,)),
    ):
        assert "<script" not in html
        assert '"><b>' not in html


def test_a_picture_that_cannot_be_read_leaves_a_place(tmp_path):
    html = cards_of(tmp_path).picture(Product(id="a", title="Mug", images=("none.jpg",)))
    assert 'aria-label="No picture of Mug"' in html


@pytest.mark.parametrize(("allowed", "shown"), [(False, 0), (True, 1)])
def test_pictures_on_the_web_are_shown_only_where_allowed(tmp_path, allowed, shown):
    product = Product(id="a", title="Mug", images=("https://example.com/a.jpg",))
    html = cards_of(tmp_path, link_urls=allowed).picture(product)
    assert html.count("https://example.com/a.jpg") == shown


def test_no_products_have_words_of_their_own(tmp_path):
    assert "Nothing fits" in cards_of(tmp_path).gallery([], empty="Nothing fits")


def test_sold_out_is_said(tmp_path):
    assert "sold out" in cards_of(tmp_path).gallery([Product(id="a", title="Mug", stock=0)])


def test_small_pictures_lose_size_and_metadata():
    image = Image.new("RGBA", (1000, 500), "blue")
    exif = Image.Exif()
    exif[270] = "secret place"
    out = BytesIO()
    image.convert("RGB").save(out, "JPEG", exif=exif)
    small = small_jpeg(Image.open(BytesIO(out.getvalue())), 100)
    assert Image.open(BytesIO(small)).size == (100, 50)
    assert b"secret" not in small
    assert data_uri(image, 50).startswith("data:image/jpeg;base64,")


def test_a_photo_is_the_very_bytes():
    html = photo_html(b"bytes")
    found = re.search(r"base64,([^\"]+)", html)
    assert found
    assert base64.b64decode(found[1]) == b"bytes"


@pytest.mark.parametrize(
    "words",
    [
        "**bold**",
        "[a](http://b)",
        "<img src=x>",
        "# head",
        "1. one",
        "$x$",
        "a_b_c",
        "`code`",
        "![x](y)",
    ],
)
def test_words_stay_words_in_markdown(words):
    shown = as_text(words)
    assert "<" not in shown
    assert re.search(r"(?<!\\)[*\[\]`#$_!]", shown) is None


def test_tables_and_bars_escape_their_cells():
    assert "<script" not in table(("a",), [(EVIL,)], caption=EVIL)
    html = bars([(EVIL, 4), ("mugs", 1)])
    assert "<script" not in html
    assert "width:25.0%" in html
    assert bars([]).count("<tr>") == 0
