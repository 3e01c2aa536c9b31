"""The tools over the twelve listings."""

from collections.abc import Callable

import pytest
from langchain_core.messages import ToolMessage

from shopclerk.shop import Shop
from shopclerk.tools.toolbox import catalog_tools

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
