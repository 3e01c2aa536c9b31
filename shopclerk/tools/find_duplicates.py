"""The tool `find_duplicates`."""

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from shopclerk.tools.catalog_matching import Candidate, CatalogMatcher
from shopclerk.tools.result import FoundMatch, ToolResult, model_errors, product_line

NAME = "find_duplicates"

DESCRIPTION = """Find listings of the catalogue that are the very same product as one of its listings, and say why.
Do not use it for products that are merely alike; find_similar does that.
The id looks like shoe-001 and stands in square brackets in the results."""

MAX_NAMED = 10


class DuplicateArguments(BaseModel):
    """The listing to find duplicates of."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=200, description="The listing's id, as the results give it.")


def find_duplicates_tool(matching: CatalogMatcher) -> BaseTool:
    """Return the tool over a catalogue."""

    @model_errors
    def find_duplicates(id: str) -> tuple[str, ToolResult]:  # the protocols' name for it
        found = matching.duplicates_of(id)
        same = [each for each in found if each.match.same]
        origin = product_line(matching.searcher.store.get(id))
        if not same:
            nearest = f" The nearest is {candidate_line(found[0])}" if found else ""
            content = f"No duplicate of {origin}.{nearest}"
        else:
            lines = [candidate_line(each) for each in same[:MAX_NAMED]]
            content = "\n".join([f"Duplicates of {origin}:", *lines])
        return content, match_result(same, found)

    return StructuredTool.from_function(
        find_duplicates,
        name=NAME,
        description=DESCRIPTION,
        args_schema=DuplicateArguments,
        response_format="content_and_artifact",
    )


def candidate_line(candidate: Candidate) -> str:
    """Return a candidate as a line: product, probability, reasons."""
    match = candidate.match
    why = f": {'; '.join(match.reasons)}" if match.reasons else ""
    return f"{product_line(candidate.product)} ({match.probability:.0%} sure{why})"


def match_result(same: list[Candidate], found: list[Candidate]) -> ToolResult:
    """Return the artifact: the products that are the same, and what is held of all candidates."""
    return ToolResult(
        products=tuple(each.product for each in same),
        total=len(same),
        matches=tuple(
            FoundMatch(
                id=each.product.id,
                probability=round(each.match.probability, 4),
                same=each.match.same,
                reasons=each.match.reasons,
                made_by=each.match.made_by,
            )
            for each in found[:MAX_NAMED]
        ),
    )
