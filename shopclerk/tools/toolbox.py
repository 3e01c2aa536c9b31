"""All tools over one catalogue."""

from langchain_core.tools import BaseTool

from shopclerk.catalog.search import Searcher
from shopclerk.tools.compare_products import compare_products_tool
from shopclerk.tools.find_similar import find_similar_tool
from shopclerk.tools.get_product import get_product_tool
from shopclerk.tools.search_catalog import search_catalog_tool


def catalog_tools(searcher: Searcher, *, page_size: int = 5) -> list[BaseTool]:
    """Return the read-only tools an agent may call on a catalogue."""
    return [
        search_catalog_tool(searcher, page_size),
        get_product_tool(searcher.store),
        compare_products_tool(searcher.store),
        find_similar_tool(searcher, page_size),
    ]
