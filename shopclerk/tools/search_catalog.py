"""The tool `search_catalog`."""

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool

from shopclerk.catalog.picture_search import PictureQuery
from shopclerk.catalog.search import Searcher, SearchResult
from shopclerk.catalog.spelling import english_words
from shopclerk.catalog.text import content_terms
from shopclerk.errors import FilterError, ModelError, PictureError, UnknownPictureError
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.picture_shelf import PictureShelf
from shopclerk.tools.result import ToolResult, model_errors, product_line

NAME = "search_catalog"

DESCRIPTION = """Find products of this shop by words, filters, a picture of the conversation, or several of them.
Use it for every wish, also to change, widen or sort an earlier search: give all conditions anew.
Do not use it to look up a product that was already shown; get_product does that.
Results begin with the product id in square brackets, e.g. [shoe-001]."""


def search_catalog_tool(
    searcher: Searcher, page_size: int, shelf: PictureShelf | None = None
) -> BaseTool:
    """Return the tool over a catalogue and, where there is a shelf, the pictures of conversations."""

    @model_errors
    def search_catalog(**given: Any) -> tuple[str, ToolResult]:
        arguments = SearchArguments(**given)
        result = run_search(searcher, arguments, page_size, shelf)
        return describe(arguments, result), result

    return StructuredTool.from_function(
        search_catalog,
        name=NAME,
        description=DESCRIPTION,
        args_schema=SearchArguments,
        response_format="content_and_artifact",
    )


def run_search(
    searcher: Searcher,
    arguments: SearchArguments,
    page_size: int,
    shelf: PictureShelf | None = None,
) -> ToolResult:
    """Search strictly; if nothing fits, say what comes closest or why there is nothing.

    With a category or a filter to hold on to, words that no product holds only order the results
    (`loose`). Without one they must be met, or the shop does not carry the thing.
    """
    if arguments.image:
        return _search_by_picture(searcher, arguments, page_size, shelf)
    found = searcher.search(arguments.request(page_size, only_relevant=True))
    loose = False
    if not found.total and _may_be_loose(searcher, arguments):
        words = arguments.query if arguments.sort == "relevance" else ""
        found = searcher.search(arguments.request(page_size, text=words))
        loose = found.total > 0
    if found.total and not found.hits and arguments.page > 1:
        first = run_search(searcher, arguments.model_copy(update={"page": 1}), page_size)
        return first.model_copy(update={"again": True})
    if found.total:
        return _result(found, loose=loose, offset=(arguments.page - 1) * page_size)
    alternatives = _alternatives(searcher, arguments, shelf)
    return ToolResult(
        carried=bool(alternatives) or _is_carried(searcher, arguments),
        alternatives=alternatives,
        corrections=dict(found.corrections),
    )


def picture_of(arguments: SearchArguments, shelf: PictureShelf | None) -> PictureQuery | None:
    """Return the picture that the arguments name, None where they name none.

    Raises:
        UnknownPictureError: There is no such picture.
        PictureError: The box lies outside it.
    """
    if arguments.image is None:
        return None
    if shelf is None:
        raise UnknownPictureError("There is no picture in this conversation. Search by words.")
    return shelf.query(arguments.image, arguments.box)


def _search_by_picture(
    searcher: Searcher, arguments: SearchArguments, page_size: int, shelf: PictureShelf | None
) -> ToolResult:
    picture = picture_of(arguments, shelf)
    found = searcher.search(arguments.request(page_size, picture=picture, only_relevant=True))
    if found.total and not found.hits and arguments.page > 1:
        first = arguments.model_copy(update={"page": 1})
        return _search_by_picture(searcher, first, page_size, shelf).model_copy(
            update={"again": True}
        )
    result = _result(found, loose=False, offset=(arguments.page - 1) * page_size)
    same = sum(hit.same_picture for hit in found.hits)
    alternatives = {} if found.total else _alternatives(searcher, arguments, shelf)
    return result.model_copy(update={"pictured": same, "alternatives": alternatives})


def count_search(
    searcher: Searcher, arguments: SearchArguments, shelf: PictureShelf | None = None
) -> int:
    """Return how many products fit strictly; none where there is no such picture, or none to lay beside it."""
    try:
        picture = picture_of(arguments, shelf)
        return searcher.search(arguments.request(1, only_relevant=True, picture=picture)).total
    except (UnknownPictureError, PictureError, FilterError, ModelError):
        if arguments.image is None:
            raise
        return 0


def describe(arguments: SearchArguments, result: ToolResult) -> str:
    """Return the result as the short text that a chat model reads."""
    if not result.products:
        if not result.carried:
            return f"The shop does not carry '{arguments.query}'."
        options = ", ".join(f"without {name}: {n}" for name, n in result.alternatives.items())
        return f"No product fits. {options}".strip()
    lines = [product_line(product) for product in result.products]
    head = f"{result.total} products fit" + (", loosely" if result.loose else "") + ":"
    if result.pictured is not None:
        head = f"Like {arguments.image}, the most alike first ({result.pictured} show the very picture):"
    return "\n".join([head, *lines])


def _may_be_loose(searcher: Searcher, arguments: SearchArguments) -> bool:
    """Whether words that no product holds may be passed over: plain words, not an unknown name."""
    if not arguments.query or not (arguments.category or arguments.filters):
        return False
    return all(
        searcher.speller.knows(term) or term in english_words()
        for term in content_terms(arguments.query)
        if term.isalpha()
    )


def _result(found: SearchResult, *, loose: bool, offset: int) -> ToolResult:
    return ToolResult(
        products=tuple(hit.product for hit in found.hits),
        total=found.total,
        loose=loose,
        offset=offset,
        corrections=dict(found.corrections),
    )


def _alternatives(
    searcher: Searcher, arguments: SearchArguments, shelf: PictureShelf | None
) -> dict[str, int]:
    """Count what would be found without each one of the limits."""
    counts: dict[str, int] = {}
    for name, changes in _droppable(arguments):
        left = arguments.model_copy(update=changes)
        if left.given() and (count := count_search(searcher, left, shelf)):
            counts[name] = count
    return counts


def _droppable(arguments: SearchArguments) -> list[tuple[str, dict[str, Any]]]:
    drops: list[tuple[str, dict[str, Any]]] = []
    if arguments.query and (arguments.category or arguments.filters):
        drops.append((f"'{arguments.query}'", {"query": ""}))
    if arguments.price_min is not None or arguments.price_max is not None:
        drops.append(("the price limit", {"price_min": None, "price_max": None}))
    if arguments.rating_min is not None:
        drops.append(("the rating limit", {"rating_min": None}))
    if arguments.in_stock:
        drops.append(("the stock limit", {"in_stock": False}))
    for kind in ("filters", "exclude"):
        given: dict[str, list[str]] = getattr(arguments, kind)
        for name in given:
            others = {key: values for key, values in given.items() if key != name}
            drops.append(
                (f"the {name}" if kind == "filters" else f"the ban on {name}", {kind: others})
            )
    if len(drops) > 1:
        everything = {key: value for _, change in drops for key, value in change.items()}
        everything |= {kind: {} for kind in ("filters", "exclude")}
        drops.append(("all limits", everything))
    return drops


def _is_carried(searcher: Searcher, arguments: SearchArguments) -> bool:
    return bool(arguments.category) or not arguments.query
