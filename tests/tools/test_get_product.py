"""The tool `get_product`."""

import pytest

from shopclerk.catalog.product import Product
from shopclerk.errors import TryAgainError
from shopclerk.tools.get_product import MAX_DESCRIPTION_CHARS, details
from shopclerk.tools.result import artifact_of

BOOT = """\
[boot-1] Torvane Ridge Waterproof Hiking Boots, Brown | $119.00 | rated 4.7 | 8 in stock
brand: Torvane
category: Footwear > Boots > Hiking Boots
colour: Brown
gender: Men
material: Leather
description: Full grain leather, a membrane lining and a deep lug sole."""


def test_all_details_are_told(call, opened):
    message = call("get_product", id="boot-1")
    assert message.content == BOOT
    assert artifact_of(message).products == (opened.store.get("boot-1"),)


def test_what_is_not_known_is_left_out(call):
    assert call("get_product", id="mystery").content == "[mystery] Mystery box"


@pytest.mark.parametrize("product_id", ["BOOT-1", "nope", "", "'; DROP TABLE product; --"])
def test_an_unknown_id_can_be_mended(call, opened, product_id):
    with pytest.raises(TryAgainError, match=r"No product has the id.*use an id from the results"):
        call("get_product", id=product_id)
    assert len(opened.store) == 12


def test_long_descriptions_are_cut():
    product = Product(id="a", title="Mug", description="long " * 1_000)
    assert len(details(product)) <= MAX_DESCRIPTION_CHARS + 40


def test_several_values_stand_in_one_line():
    product = Product(id="a", title="Shoe", attributes={"size": ("41", "42")})
    assert "size: 41, 42" in details(product)
