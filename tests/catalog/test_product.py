"""The product record: what it refuses, its texts, facets and hashes."""

from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from shopclerk.catalog.product import MAX_EMBEDDING_CHARS, MAX_FACET_CHARS, Product
from tests.listings import any_product

FULL: dict[str, Any] = {
    "id": "1",
    "title": "Boots",
    "description": "For hills.",
    "brand": "Corrie",
    "url": "https://shop.example/1",
    "category": "Footwear > Boots",
    "price": 9.5,
    "currency": "EUR",
    "rating": 4.0,
    "stock": 3,
    "images": ("a.jpg",),
    "attributes": {"colour": "Red", "size": ("41", "42")},
    "tags": ("new",),
}
OTHER: dict[str, Any] = {
    "title": "Shoes",
    "description": "For roads.",
    "brand": "Lumen",
    "url": None,
    "category": None,
    "price": 9.49,
    "currency": "USD",
    "rating": None,
    "stock": 0,
    "images": (),
    "attributes": {"colour": "Red", "size": "41"},
    "tags": (),
}
IN_THE_TEXT = ("title", "description", "brand", "category", "attributes", "tags")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "  "),
        ("id", "x" * 201),
        ("title", ""),
        ("price", -0.01),
        ("price", float("nan")),
        ("price", 1e13),
        ("currency", "usd"),
        ("rating", 5.1),
        ("stock", -1),
        ("stock", 1.5),
        ("title", "\ud800"),
        ("tags", ("\ud800",)),
        ("attributes", {"\ud800": "x"}),
        ("attributes", {"x": ("\ud800",)}),
    ],
)
def test_a_value_out_of_range_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        Product.model_validate({**FULL, field: value})


def test_a_product_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Product(**FULL).title = "Other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("category", "levels"),
    [
        (None, ()),
        ("Bags", ("Bags",)),
        ("Home > Tea  &  Coffee>Mugs", ("Home", "Tea  &  Coffee", "Mugs")),
        (" > Bags > ", ("Bags",)),
    ],
)
def test_a_category_is_a_path(category: str | None, levels: tuple[str, ...]) -> None:
    assert Product(id="1", title="Bag", category=category).category_levels() == levels


def test_attribute_values_are_always_a_tuple() -> None:
    product = Product(**FULL)
    names = ("colour", "size", "weight")
    assert [product.attribute_values(name) for name in names] == [("Red",), ("41", "42"), ()]


def test_the_text_for_the_encoder_begins_with_what_tells_most() -> None:
    text = Product(**FULL).embedding_text()
    assert text == "Boots. Corrie. Footwear > Boots. Red 41 42 new. For hills."
    long = Product(id="1", title="Boots", description="word " * 10_000)
    assert len(long.embedding_text()) == MAX_EMBEDDING_CHARS


def test_facets_are_brand_category_attributes_and_tags() -> None:
    product = Product(
        id="1",
        title="Boots",
        brand="Corrie",
        category="Footwear>Boots",
        attributes={" Colour ": " Red ", "care": "x" * (MAX_FACET_CHARS + 1)},
        tags=("new", "y" * (MAX_FACET_CHARS + 1)),
    )
    assert list(product.facets()) == [
        ("brand", "Corrie"),
        ("category", "Footwear > Boots"),
        ("colour", "Red"),
        ("tags", "new"),
    ]


def test_a_record_leaves_empty_fields_out() -> None:
    assert Product(id="1", title="Boots").record() == {
        "id": "1",
        "title": "Boots",
        "currency": "USD",
    }


@given(any_product)
def test_a_record_reads_back_as_the_same_product(product: Product) -> None:
    again = Product.model_validate(product.record())
    assert again.content_hash() == product.content_hash()
    assert again.embedding_text() == product.embedding_text()


@pytest.mark.parametrize("field", OTHER)
def test_hashes_change_with_what_they_stand_for(field: str) -> None:
    before, after = Product(**FULL), Product(**{**FULL, field: OTHER[field]})
    assert before.content_hash() != after.content_hash()
    assert (before.text_hash() != after.text_hash()) == (field in IN_THE_TEXT)


def test_the_order_of_attributes_is_no_change() -> None:
    turned = {**FULL, "attributes": dict(reversed(FULL["attributes"].items()))}
    assert Product(**turned).content_hash() == Product(**FULL).content_hash()
