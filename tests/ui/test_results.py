import pytest

from shopclerk.agents.turn import ToolCall, Turn
from shopclerk.ui.results import Asked, asked_by, find, of_turn
from shopclerk.ui.shopfront import OpenShop


@pytest.fixture
def opened(shop, tmp_path):
    return OpenShop(shop(planner="rules"), tmp_path / "memory.sqlite")


def called(name="search_catalog", status="ok", **args):
    return ToolCall(name, args, status)


@pytest.mark.parametrize(
    ("calls", "asked"),
    [
        ((called(query="mug"),), Asked({"query": "mug"})),
        ((called("find_similar", id="a"),), Asked(similar="a")),
        ((called("get_product", id="a"),), None),
        ((called(query="mug", status="error"),), None),
        ((), None),
    ],
)
def test_what_a_turn_searched_for(calls, asked):
    assert asked_by(Turn("ok", tool_calls=calls)) == asked


def test_everything_is_shown_at_first(opened):
    found = find(opened, Asked(limit=5))
    assert len(found.products) == 5
    assert found.total == 12
    assert "category" in found.facets


def test_filters_narrow(opened):
    brand = next(iter(find(opened, Asked()).facets["brand"])).value
    found = find(opened, Asked(picked={"brand": (brand,)}, price=(None, 1e6)))
    assert found.products
    assert {product.brand for product in found.products} == {brand}


def test_like_a_product(opened):
    first = next(opened.shop.store.products())
    found = find(opened, Asked(similar=first.id))
    assert first.id not in {product.id for product in found.products}


def test_a_turn_shows_its_own_products(opened):
    product = next(opened.shop.store.products())
    turn = Turn("ok", (product,), (called(query=product.title),))
    asked, results = of_turn(opened, turn)
    assert asked == Asked({"query": product.title})
    assert results.products == (product,)
    assert results.reasons[product.id]
    assert of_turn(opened, Turn("hi"))[1].products == ()
