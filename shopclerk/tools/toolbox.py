"""All tools over one catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.tools import BaseTool

from shopclerk.catalog.search import Searcher
from shopclerk.models.captioner import Captioner
from shopclerk.models.locator import Locator
from shopclerk.models.product_matcher import ProductMatcher
from shopclerk.models.text_normaliser import TextNormaliser
from shopclerk.models.title_writer import TitleWriter
from shopclerk.tools.catalog_matching import CatalogMatcher
from shopclerk.tools.compare_products import compare_products_tool
from shopclerk.tools.describe_image import describe_image_tool
from shopclerk.tools.find_duplicates import find_duplicates_tool
from shopclerk.tools.find_similar import find_similar_tool
from shopclerk.tools.get_product import get_product_tool
from shopclerk.tools.link_product import link_product_tool
from shopclerk.tools.locate_in_image import locate_in_image_tool
from shopclerk.tools.normalize_text import normalize_text_tool
from shopclerk.tools.picture_shelf import PictureShelf
from shopclerk.tools.search_catalog import search_catalog_tool
from shopclerk.tools.write_title import write_title_tool


@dataclass(frozen=True, slots=True)
class Sight:
    """What works on the pictures of conversations.

    Attributes:
        shelf: The pictures.
        captioner: Says what they show.
        locator: Says where something is in them.
    """

    shelf: PictureShelf
    captioner: Captioner
    locator: Locator


def catalog_tools(
    searcher: Searcher,
    *,
    page_size: int = 5,
    sight: Sight | None = None,
    title_writer: TitleWriter | None = None,
    matcher: ProductMatcher | None = None,
    more: Sequence[BaseTool] = (),
) -> list[BaseTool]:
    """Return the read-only tools an agent may call on a catalogue.

    Args:
        searcher: Over the catalogue.
        page_size: Products a search shows.
        sight: What the tools on pictures need; None leaves them out.
        title_writer: Writes titles; None leaves the tools on sellers' texts out.
        matcher: Tells whether two listings are one product; None leaves out the tools that ask it.
        more: Tools that are added as they are.
    """
    shelf = sight.shelf if sight else None
    tools = [
        search_catalog_tool(searcher, page_size, shelf),
        get_product_tool(searcher.store),
        compare_products_tool(searcher.store),
        find_similar_tool(searcher, page_size, shelf),
    ]
    if sight:
        tools += [
            describe_image_tool(sight.captioner, sight.shelf.picture),
            locate_in_image_tool(sight.locator, sight.shelf.picture),
        ]
    if title_writer:
        tools += [normalize_text_tool(TextNormaliser()), write_title_tool(title_writer)]
    if matcher:
        matching = CatalogMatcher(searcher, matcher)
        tools += [find_duplicates_tool(matching), link_product_tool(matching, shelf)]
    return [*tools, *more]
