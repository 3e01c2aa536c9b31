"""Use the shop's tools from another program, by the Model Context Protocol.

Run it:

    python examples/10_mcp_client.py

It starts `shopclerk mcp` as an agent would, prints the tools, searches, asks what is like a photo, and prints the error
that a wrong id gets.
"""

import asyncio
import sys
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import get_default_environment, stdio_client
from mcp.types import CallToolResult, TextContent

from shopclerk.terminal import sample_photo

SERVER = StdioServerParameters(
    command=sys.executable,
    args=["-m", "shopclerk", "mcp", "--catalog", "sample"],
    env=get_default_environment(),
)
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search_catalog", {"query": "waterproof jacket", "price_max": 150}),
    ("find_similar", {"image": str(sample_photo("black_backpack.jpg"))}),
    ("write_title", {"title": "!!SALE!! acme KETTLE 1.7l", "brand": "Acme"}),
    ("get_product", {"id": "nothing-1"}),
)


def words(result: CallToolResult) -> str:
    """Return what a tool said."""
    return "\n".join(block.text for block in result.content if isinstance(block, TextContent))


async def main() -> None:
    """Start the server, list its tools and call some."""
    async with stdio_client(SERVER) as streams, ClientSession(*streams) as session:
        await session.initialize()
        print("Tools:", ", ".join(tool.name for tool in (await session.list_tools()).tools))
        for name, arguments in CALLS:
            result = await session.call_tool(name, arguments)
            print(f"\n{name}{' (refused)' if result.isError else ''}:\n{words(result)}")


if __name__ == "__main__":
    asyncio.run(main())
