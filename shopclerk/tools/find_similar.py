"""The tool `find_similar`."""

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool

from shopclerk.catalog.search import Searcher
from shopclerk.errors import UnknownProductError
from shopclerk.tools.arguments import SimilarArguments
from shopclerk.tools.picture_shelf import PictureShelf
from shopclerk.tools.result import ToolResult, model_errors, product_line
from shopclerk.tools.search_catalog import describe, run_search

NAME = "find_similar"

DESCRIPTION = """Find products like one that was shown, or like a picture of the conversation or a region of it,
if wished with filters ('like this but in blue').
Do not use it for a wish in words alone; search_catalog does that.
The id looks like shoe-001 and stands in square brackets in the results."""


def find_similar_tool(
    searcher: Searcher, page_size: int, shelf: PictureShelf | None = None
) -> BaseTool:
    """Return the tool over a catalogue and, where there is a shelf, the pictures of conversations."""

    @model_errors
    def find_similar(**given: Any) -> tuple[str, ToolResult]:
        arguments = SimilarArguments(**given)
        if arguments.image:
            wanted = arguments.search()
            result = run_search(searcher, wanted, page_size, shelf)
            return describe(wanted, result), result
        if arguments.id is None:
            raise UnknownProductError("Name a product by its id, or a picture by its name.")
        found = searcher.similar(arguments.id, arguments.search().request(page_size))
        products = tuple(hit.product for hit in found.hits)
        origin = product_line(searcher.store.get(arguments.id))
        lines = [f"Like {origin}:", *(product_line(product) for product in products)]
        return "\n".join(lines), ToolResult(products=products, total=found.total)

    return StructuredTool.from_function(
        find_similar,
        name=NAME,
        description=DESCRIPTION,
        args_schema=SimilarArguments,
        response_format="content_and_artifact",
    )
