"""What sellers work with, over one catalogue: tools that run, words that are spelt."""

import pytest
from langchain_core.tools import BaseTool

from shopclerk.agents.listing.draft import Given

CALLS = {
    "map_category": {"title": "hiking boots for women", "limit": 2},
    "extract_attributes": {"title": "Blue mug, 350 ml", "attributes": ["colour"]},
    "normalize_text": {"text": "!!SALE!! blue MUG"},
    "suggest_tags": {"title": "Blue running shoes"},
    "write_title": {"title": "!!SALE!! blue MUG"},
    "find_duplicates": {"id": "boot-1"},
    "link_product": {"title": "Torvane Ridge waterproof hiking boots"},
    "check_listing": {"id": "boot-1"},
}
MODELS = {"map_category", "extract_attributes"}
"""Tools that ask an embedded model."""


def called(tool: BaseTool, arguments: dict):
    call = {"name": tool.name, "args": arguments, "id": "call-1", "type": "tool_call"}
    return tool.invoke(call)


def test_every_tool_is_on_the_desk(shop):
    assert [tool.name for tool in shop().desk.tools()] == list(CALLS)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.models) if n in MODELS else n for n in CALLS]
)
def test_a_tool_of_the_desk_runs(shop, name):
    tools = {tool.name: tool for tool in shop().desk.tools()}
    assert tools[name].args_schema.model_json_schema()["properties"]
    message = called(tools[name], CALLS[name])
    assert message.status == "success"
    assert message.content
    assert message.artifact is not None


def test_the_catalogue_itself_is_what_listings_are_linked_to(shop):
    opened = shop()
    tools = {tool.name: tool for tool in opened.desk.tools()}
    title = opened.store.get("boot-1").title
    message = called(tools["link_product"], {"title": title})
    assert "boot-1" in message.content


def test_misspelt_words_of_a_seller_are_told(shop):
    helper = shop().listing_helper()
    draft = helper.make(Given(text="hikng boots waterproof"))
    assert draft.value("title") == "Hiking Boots Waterproof"
    assert "spelling: hikng to hiking" in draft.made["title"].why
    assert draft.given.text == "hikng boots waterproof"
