"""The tool `compare_products`."""

import pytest

from shopclerk.catalog.product import Product
from shopclerk.errors import TryAgainError
from shopclerk.tools.compare_products import difference_table
from shopclerk.tools.result import artifact_of

IDS = ["run-1", "run-3", "mystery", "run-2"]
ORDERS = {
    "relevance": IDS,
    "price_asc": ["run-3", "run-1", "run-2", "mystery"],
    "price_desc": ["run-1", "run-2", "run-3", "mystery"],
    "rating_desc": ["run-2", "run-1", "run-3", "mystery"],
    "newest": ["mystery", "run-3", "run-2", "run-1"],
}


@pytest.mark.parametrize(("sort", "ids"), ORDERS.items(), ids=ORDERS)
def test_products_are_put_in_order(call, sort, ids):
    message = call("compare_products", ids=IDS, sort=sort)
    assert [product.id for product in artifact_of(message).products] == ids
    assert message.content.splitlines()[0] == f"id: {' | '.join(ids)}"


def test_only_what_differs_is_told(call):
    rows = call("compare_products", ids=["run-1", "run-2"]).content.splitlines()
    assert [row.partition(":")[0] for row in rows] == [
        "id",
        "title",
        "rating",
        "stock",
        "colour",
        "gender",
        "size",
    ]
    assert "size: 41, 42, 43 | 36, 37" in rows


def test_an_id_given_twice_is_one_product(call):
    assert artifact_of(call("compare_products", ids=["run-1", "run-1", "run-2"])).total == 2


def test_an_unknown_id_is_named(call):
    with pytest.raises(TryAgainError, match="No product has the id 'nope'"):
        call("compare_products", ids=["run-1", "nope"])


def test_what_one_does_not_state_is_a_dash():
    lamp = Product(id="a", title="Lamp", price=0, stock=0, attributes={"watts": "5"})
    mug = Product(id="b", title="Mug", brand="Oolorie", rating=5)
    assert difference_table((lamp, mug)) == {
        "id": ["a", "b"],
        "title": ["Lamp", "Mug"],
        "price": ["$0.00", "-"],
        "rating": ["-", "5"],
        "stock": ["0", "-"],
        "brand": ["-", "Oolorie"],
        "watts": ["5", "-"],
    }
