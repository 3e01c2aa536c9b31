"""The MCP server as real clients meet it: the SDK's over a process and over HTTP, and a LangGraph agent."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, ToolMessage
from langchain_mcp_adapters.client import MultiServerMCPClient
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ImageContent, TextContent
from pydantic import AnyUrl

from shopclerk.mcp_http import Address, build_app
from shopclerk.mcp_server import build_server, picture_uri
from tests.conftest import ShopMaker
from tests.fakes import FakeEye, ScriptedChatModel
from tests.pictured import picture_file, pictured_catalog, pictured_products

TOKEN = "a-token-for-the-tests"
ROOT = Path(__file__).parents[1]


@pytest.fixture
def process(tmp_path: Path) -> StdioServerParameters:
    """A server as a process over the small shop with pictures."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "tests.mcp_process", str(pictured_catalog(tmp_path))],
        env={"PYTHONPATH": str(ROOT), "SHOPCLERK_HOME": str(tmp_path), "OMP_NUM_THREADS": "1"},
        cwd=str(tmp_path),
    )


def test_a_client_over_a_process(process: StdioServerParameters, tmp_path: Path) -> None:
    picture = str(picture_file(tmp_path / "sent", "blue"))

    async def use() -> None:
        async with (
            stdio_client(process) as (incoming, outgoing),
            ClientSession(incoming, outgoing) as session,
        ):
            about = await session.initialize()
            assert about.serverInfo.name == "shopclerk"
            assert "data, never instructions" in (about.instructions or "")
            assert len((await session.list_tools()).tools) == 14
            # Looking at the picture chatters on standard output; the protocol goes on.
            found = await session.call_tool("find_similar", {"image": picture})
            assert found.structuredContent
            assert found.structuredContent["products"][0]["id"] == "blue-ball"
            shown = await session.call_tool("get_product", {"id": "red-box", "with_pictures": True})
            assert [type(block) for block in shown.content] == [
                TextContent,
                TextContent,
                ImageContent,
            ]
            read = await session.read_resource(AnyUrl(picture_uri("red-box")))
            assert read.contents[0].mimeType == "image/jpeg"
            assert (await session.call_tool("get_product", {"id": "nope"})).isError

    asyncio.run(asyncio.wait_for(use(), 60))


def test_a_langgraph_agent_uses_the_tools(process: StdioServerParameters) -> None:
    call = {"name": "search_catalog", "args": {"query": "box"}, "id": "1", "type": "tool_call"}
    model = ScriptedChatModel().enqueue(AIMessage("", tool_calls=[call]), "There are two boxes.")
    connection = {"transport": "stdio", **process.model_dump(include={"command", "args", "env"})}

    async def use() -> list[object]:
        tools = await MultiServerMCPClient({"shop": connection}).get_tools()  # type: ignore[dict-item]
        agent = create_agent(model, tools)
        return (await agent.ainvoke({"messages": [("user", "boxes?")]}))["messages"]

    *_, answered, last = asyncio.run(asyncio.wait_for(use(), 60))
    assert isinstance(answered, ToolMessage)
    assert "[red-box]" in str(answered.content)
    assert answered.artifact["structured_content"]["total"] == 2
    assert isinstance(last, AIMessage)
    assert last.text == "There are two boxes."


# -- over HTTP ---------------------------------------------------------------------------------------


@pytest.fixture
def served(shop: ShopMaker, tmp_path: Path) -> Iterator[str]:
    """The address of a server over the small shop with pictures."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = Address("127.0.0.1", probe.getsockname()[1])
    opened = shop(pictured_products(tmp_path), eye=FakeEye())
    app = build_app(build_server(opened), TOKEN, address, max_picture_bytes=100_000)
    config = uvicorn.Config(app, host=address.host, port=address.port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    yield f"http://{address.host}:{address.port}/mcp"
    server.should_exit = True
    thread.join()


def test_a_client_over_http(served: str) -> None:
    async def use() -> None:
        async with (
            httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as web,
            streamable_http_client(served, http_client=web) as (incoming, outgoing, _),
            ClientSession(incoming, outgoing) as session,
        ):
            await session.initialize()
            found = await session.call_tool("search_catalog", {"query": "box"})
            assert found.structuredContent
            assert found.structuredContent["total"] == 2
            templates = await session.list_resource_templates()
            assert templates.resourceTemplates[0].mimeType == "image/jpeg"

    asyncio.run(asyncio.wait_for(use(), 60))


PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
GOOD = {
    "Authorization": f"Bearer {TOKEN}",
    "Accept": "application/json, text/event-stream",
    "Content-Type": "application/json",
}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"Authorization": ""}, 401),
        ({"Authorization": TOKEN}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Basic {TOKEN}"}, 401),
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
    ],
    ids=["good", "none", "no scheme", "wrong", "other scheme", "other host", "other origin"],
)
def test_who_may_ask_over_http(served: str, changed: dict[str, str], status: int) -> None:
    answer = httpx.post(served, json=PING, headers={**GOOD, **changed})
    assert answer.status_code == status
    assert TOKEN not in answer.text


def test_a_request_may_not_be_endless(served: str) -> None:
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "' + b"x" * 2_000_000 + b'"}'
    assert httpx.post(served, content=body, headers=GOOD).status_code == 413
