"""The tool `search_catalog`."""

import pytest

from shopclerk.catalog.product import Product
from shopclerk.errors import TryAgainError
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.result import ToolResult, artifact_of
from shopclerk.tools.search_catalog import count_search, describe

BOOTS, SHOES = ["Hiking Boots"], ["Running Shoes"]

FOUND = {
    "words": ({"query": "hiking boots"}, {"boot-1", "boot-2"}),
    "category": ({"category": SHOES}, {"run-1", "run-2", "run-3"}),
    "filter": ({"filters": {"colour": ["silver"]}}, {"phone-1", "kettle-1"}),
    "several values": ({"filters": {"colour": ["Red", "Grey"]}}, {"pack-1", "boot-2"}),
    "exclude": ({"category": SHOES, "exclude": {"gender": ["Men"]}}, {"run-2"}),
    "exclude anywhere": ({"category": BOOTS, "exclude": {"any": ["leather"]}}, {"boot-2"}),
    "price": ({"price_min": 12.5, "price_max": 39.99}, {"mug-1", "kettle-1"}),
    "rating": ({"rating_min": 4.6}, {"run-2", "boot-1"}),
    "stock": ({"category": SHOES, "in_stock": True}, {"run-1", "run-2"}),
    "all together": (
        {"query": "shoes", "filters": {"gender": ["Men"]}, "in_stock": True},
        {"run-1"},
    ),
    "misspelt": ({"query": "hiking botts"}, {"boot-1", "boot-2"}),
}

NOTHING = {
    "price": ({"category": BOOTS, "price_max": 50}, {"the price limit": 2}),
    "rating": ({"category": BOOTS, "rating_min": 4.8}, {"the rating limit": 2}),
    "stock": ({"query": "torvane pacer", "in_stock": True}, {"the stock limit": 1}),
    "filter": ({"category": BOOTS, "filters": {"colour": ["Blue"]}}, {"the colour": 2}),
    "exclude": ({"category": BOOTS, "exclude": {"tags": ["hiking"]}}, {"the ban on tags": 2}),
    "only together": (
        {"category": BOOTS, "price_max": 50, "rating_min": 4.8},
        {"all limits": 2},
    ),
    "either": (
        {"category": BOOTS, "price_max": 120, "filters": {"colour": ["Grey"]}},
        {"the price limit": 1, "the colour": 1, "all limits": 2},
    ),
    "nothing left to search by": ({"price_min": 99_999}, {}),
    "nothing to drop": ({"category": ["Helicopters"]}, {}),
}


@pytest.mark.parametrize(("arguments", "ids"), FOUND.values(), ids=FOUND)
def test_strict_search_finds(call, arguments, ids):
    message = call("search_catalog", **arguments)
    result = artifact_of(message)
    assert {product.id for product in result.products} == ids
    assert result.total == len(ids)
    assert result.carried
    assert not result.loose
    assert all(f"[{product_id}]" in message.content for product_id in ids)


@pytest.mark.parametrize(("arguments", "alternatives"), NOTHING.values(), ids=NOTHING)
def test_nothing_found_says_which_limit_to_drop(call, arguments, alternatives):
    message = call("search_catalog", **arguments)
    result = artifact_of(message)
    assert (result.products, result.total, result.carried) == ((), 0, True)
    assert result.alternatives == alternatives
    for name, count in alternatives.items():
        assert f"without {name}: {count}" in message.content


@pytest.mark.parametrize("query", ["helicopter", "xyzzy qwertz", "赤い靴"])
def test_what_the_shop_does_not_carry(call, query):
    message = call("search_catalog", query=query)
    assert artifact_of(message) == ToolResult(carried=False)
    assert message.content == f"The shop does not carry '{query}'."


def test_words_that_no_product_of_a_category_holds_only_order(call):
    message = call("search_catalog", query="springy", category=["Backpacks"])
    result = artifact_of(message)
    assert (result.loose, result.total) == (True, 2)
    assert message.content.startswith("2 products fit, loosely:")


def test_misspelt_words_are_reported(call):
    assert artifact_of(call("search_catalog", query="hiking botts")).corrections == {
        "botts": "boots"
    }


def test_pages_follow_one_another(call):
    pages = [artifact_of(call("search_catalog", sort="price_asc", page=n)) for n in (1, 2, 3, 4)]
    ids = [product.id for page in pages for product in page.products]
    assert len(ids) == len(set(ids)) == 12
    assert ids[:3] == ["tea-1", "mug-1", "kettle-1"]
    assert ids[-1] == "mystery"
    assert {page.total for page in pages} == {12}
    assert not any(page.again for page in pages)


def test_a_page_past_the_end_shows_the_first_again(call):
    again = artifact_of(call("search_catalog", category=SHOES, page=9))
    first = artifact_of(call("search_catalog", category=SHOES))
    assert again == first.model_copy(update={"again": True})


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("price_asc", ["run-3", "run-1", "run-2"]),
        ("price_desc", ["run-1", "run-2", "run-3"]),
        ("rating_desc", ["run-2", "run-1", "run-3"]),
        ("newest", ["run-3", "run-2", "run-1"]),
    ],
)
def test_results_are_sorted(call, sort, ids):
    result = artifact_of(call("search_catalog", category=SHOES, sort=sort))
    assert [product.id for product in result.products] == ids


@pytest.mark.parametrize(
    ("filters", "problem"),
    [
        ({"flavour": ["Mint"]}, "Unknown field 'flavour'.*Known here: price"),
        ({"price": ["10"]}, "'price' is a number"),
    ],
    ids=["unknown field", "number field"],
)
def test_wrong_filters_can_be_mended(call, filters, problem):
    with pytest.raises(TryAgainError, match=f"Try again with other arguments.*{problem}"):
        call("search_catalog", filters=filters)


def test_count_is_the_strict_total(opened):
    assert count_search(opened.searcher, SearchArguments(category=SHOES)) == 3
    assert count_search(opened.searcher, SearchArguments(query="helicopter")) == 0


def test_a_description_names_each_product_once():
    products = tuple(Product(id=f"p-{n}", title=f"Mug {n}") for n in (1, 2))
    text = describe(SearchArguments(query="mug"), ToolResult(products=products, total=7))
    assert text == "7 products fit:\n[p-1] Mug 1\n[p-2] Mug 2"
