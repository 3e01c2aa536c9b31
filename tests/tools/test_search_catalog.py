"""The tool `search_catalog`."""

import pytest
from PIL import Image

from shopclerk.catalog.product import Product
from shopclerk.errors import StorageError, ToolFailedError, TryAgainError
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.result import ToolResult, artifact_of
from shopclerk.tools.search_catalog import count_search, describe
from tests.pictured import painted
from tests.pictures.drawn import saved

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


# -- by picture --------------------------------------------------------------------------------------


def ids(message) -> list[str]:
    return [product.id for product in artifact_of(message).products]


@pytest.fixture
def red(shelf) -> str:
    """The name of a picture of the red ball."""
    return shelf.add(saved(painted("red"), "PNG"))


def test_a_picture_finds_the_very_one_and_says_so(look, red):
    message = look("search_catalog", image=red)
    result = artifact_of(message)
    assert ids(message)[0] == "red-ball"
    assert result.pictured == 1
    assert message.content.startswith(f"Like {red}, the most alike first (1 show the very picture)")


@pytest.mark.parametrize("tool", ["search_catalog", "find_similar"])
def test_filters_go_with_a_picture(look, red, tool):
    message = look(tool, image=red, filters={"colour": ["Blue"]})
    assert ids(message) == ["blue-ball"]
    assert artifact_of(message).pictured == 0
    assert ids(look(tool, image=red, price_max=6)) == ["red-ball"]


@pytest.mark.parametrize("tool", ["search_catalog", "find_similar"])
def test_a_region_is_searched(look, shelf, tool):
    image = Image.new("RGB", (400, 200), "white")
    image.paste(painted("blue", "ball", 200), (0, 0))
    image.paste(painted("green", "box", 200), (200, 0))
    name = shelf.add(saved(image, "PNG"))
    assert ids(look(tool, image=name, box=[0, 0, 200, 200]))[0] == "blue-ball"
    assert ids(look(tool, image=name, box=[200, 0, 400, 200]))[0] == "green-box"


def test_words_beside_a_picture_order_what_looks_alike(look, red):
    assert ids(look("search_catalog", image=red, query="box"))[0] == "red-box"


def test_limits_that_leave_nothing_are_told(look, red):
    message = look("search_catalog", image=red, price_max=1, filters={"colour": ["Red"]})
    result = artifact_of(message)
    assert (result.products, result.carried) == ((), True)
    assert result.alternatives["the price limit"] == 2
    assert "without the price limit: 2" in message.content


def test_a_page_past_the_end_of_a_picture_shows_the_first_again(look, red):
    again = artifact_of(look("search_catalog", image=red, page=9))
    assert again == artifact_of(look("search_catalog", image=red)).model_copy(
        update={"again": True}
    )


MENDABLE = {
    "unknown": ({"image": "picture-0000"}, "no picture 'picture-0000' in this conversation"),
    "another folder": ({"image": "../../etc/passwd"}, "no picture"),
}


@pytest.mark.parametrize("tool", ["search_catalog", "find_similar"])
@pytest.mark.parametrize(("arguments", "told"), MENDABLE.values(), ids=MENDABLE)
def test_a_picture_that_is_not_there_can_be_mended(look, tool, arguments, told):
    with pytest.raises(TryAgainError, match=f"Try again with other arguments.*{told}"):
        look(tool, **arguments)


@pytest.mark.parametrize("tool", ["search_catalog", "find_similar"])
def test_a_box_outside_can_be_mended(look, red, tool):
    with pytest.raises(TryAgainError, match=r"lies outside the picture.*96 x 96"):
        look(tool, image=red, box=[200, 0, 300, 50])


def test_without_a_shelf_there_is_no_picture(call):
    with pytest.raises(TryAgainError, match=r"no picture in this conversation.*words"):
        call("search_catalog", image="picture-1")


def test_a_picture_cannot_be_counted_where_it_is_not_there(pictured, shelf, red):
    searcher = pictured.searcher
    assert count_search(searcher, SearchArguments(image=red), shelf) >= 2
    assert count_search(searcher, SearchArguments(image="picture-0000"), shelf) == 0
    assert count_search(searcher, SearchArguments(image=red)) == 0


def test_a_broken_index_of_pictures_is_told_to_the_shopper(pictured, look, red, monkeypatch):
    def broken(*_given, **_more):
        raise StorageError("The vector index cannot be used.")

    monkeypatch.setattr(pictured.gallery.index, "nearest", broken)
    with pytest.raises(ToolFailedError, match="The catalogue cannot answer now"):
        look("search_catalog", image=red)
