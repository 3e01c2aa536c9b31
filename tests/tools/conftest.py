"""The tools over the twelve listings."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from langchain_core.messages import ToolMessage

from shopclerk.models.locator import Located
from shopclerk.shop import Shop
from shopclerk.tools.picture_shelf import PictureShelf
from shopclerk.tools.toolbox import Sight, catalog_tools
from tests.captions import ScriptedCaptioner
from tests.fakes import FakeEye, HashEncoder
from tests.pictured import pictured_catalog
from tests.regions import ScriptedLocator

Call = Callable[..., ToolMessage]


@pytest.fixture
def opened(shop) -> Shop:
    """The shop the tools work on."""
    return shop()


@pytest.fixture
def call(opened: Shop) -> Call:
    """Call a tool as an agent does: `call(name, **arguments)`; pages hold three products."""
    tools = {tool.name: tool for tool in catalog_tools(opened.searcher, page_size=3)}

    def make(name: str, **arguments) -> ToolMessage:
        return tools[name].invoke(
            {"name": name, "args": arguments, "id": "call-1", "type": "tool_call"}
        )

    return make


# -- with pictures -----------------------------------------------------------------------------------


@pytest.fixture
def pictured(tmp_path: Path) -> Iterator[Shop]:
    """The pictured shop, found by how it looks."""
    path = pictured_catalog(tmp_path)
    given = {"home": tmp_path, "picture_head": "none"}
    with Shop.open(path, encoder=HashEncoder(), eye=FakeEye(), **given) as shop:
        yield shop


@pytest.fixture
def shelf(pictured: Shop) -> PictureShelf:
    """The pictures of a conversation with it."""
    return PictureShelf(pictured.gallery.query)


@pytest.fixture
def sight(shelf: PictureShelf) -> Sight:
    """A captioner and a locator that say what they are told to."""
    located = Located((10.0, 10.0, 50.0, 50.0), "ball", 0.9)
    return Sight(shelf, ScriptedCaptioner("a red ball"), ScriptedLocator(located))


@pytest.fixture
def look(pictured: Shop, sight: Sight) -> Call:
    """Call a tool that may look at pictures, as an agent does."""
    tools = {tool.name: tool for tool in catalog_tools(pictured.searcher, page_size=3, sight=sight)}

    def make(name: str, **arguments) -> ToolMessage:
        return tools[name].invoke(
            {"name": name, "args": arguments, "id": "call-1", "type": "tool_call"}
        )

    return make
