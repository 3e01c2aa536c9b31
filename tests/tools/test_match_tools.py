"""The tools find_duplicates and link_product."""

import pytest

from shopclerk.catalog.product import Product
from shopclerk.errors import TryAgainError
from shopclerk.models.product_matcher import open_matcher
from shopclerk.tools.catalog_matching import CatalogMatcher
from shopclerk.tools.find_duplicates import find_duplicates_tool
from shopclerk.tools.link_product import link_product_tool
from shopclerk.tools.toolbox import catalog_tools
from tests.matching import CAMERAS


@pytest.fixture
def matching(shop):
    return CatalogMatcher(shop(CAMERAS).searcher, open_matcher())


def call(tool, **arguments):
    return tool.invoke({"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"})


def test_a_duplicate_is_found_with_its_reason(matching):
    message = call(find_duplicates_tool(matching), id="cam-1")
    assert [each["id"] for each in message.artifact["products"]] == ["cam-2"]
    assert "same model number AK123" in message.content
    assert message.artifact["matches"][0]["made_by"].startswith("matcher-")


def test_no_duplicate_names_the_nearest(matching):
    message = call(find_duplicates_tool(matching), id="cam-3")
    assert message.content.startswith("No duplicate of [cam-3]")
    assert message.artifact["products"] == []


def test_an_unknown_id(matching):
    with pytest.raises(TryAgainError, match="No product has the id 'nothing'"):
        find_duplicates_tool(matching).func(id="nothing")


def test_a_listing_from_elsewhere_is_linked(matching):
    message = call(link_product_tool(matching), title="FELLWIND AK-123 camera", price=47.5)
    assert message.content.startswith("It is [cam-")
    assert len(message.artifact["products"]) == 1


@pytest.mark.parametrize(
    ("title", "says"),
    [("fellwind ak125 camera", "The nearest is"), ("qqqq zzzz", "It is none of the catalogue")],
    ids=["near", "far"],
)
def test_a_listing_that_is_none(matching, title, says):
    message = call(link_product_tool(matching), title=title)
    assert says in message.content
    assert message.artifact["products"] == []


def test_words_are_weighed_by_the_catalogue_as_it_is_now(shop, matching):
    before = matching.counts
    assert before.texts == 4
    assert matching.counts is before
    matching.searcher.store.upsert([Product(id="new", title="another")])
    assert matching.counts.texts == 5


def test_the_toolbox_has_them_where_there_is_a_matcher(matching):
    names = {tool.name for tool in catalog_tools(matching.searcher, matcher=open_matcher())}
    assert {"find_duplicates", "link_product"} <= names
    assert not {"find_duplicates"} & {tool.name for tool in catalog_tools(matching.searcher)}
