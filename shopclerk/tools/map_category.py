"""The tool `map_category`."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from shopclerk.errors import TryAgainError
from shopclerk.models.category_mapper import CategoryInput, CategoryMapper, CategoryMapping
from shopclerk.tools.result import ToolResult, model_errors

NAME = "map_category"

DESCRIPTION = """Find the category of the shop's taxonomy that a seller's category text, title or description means.
Use it to place a listing; do not use it to find products. Give at least one of the texts.
It answers with paths like 'Home > Lighting > Table Lamps', or says that nothing fits."""


class MapArguments(BaseModel):
    """What is known of the listing."""

    model_config = ConfigDict(extra="forbid")

    category: str | None = Field(
        default=None, max_length=10_000, description="The seller's category text, as it is written."
    )
    title: str | None = Field(default=None, max_length=10_000, description="The product's title.")
    description: str | None = Field(
        default=None, max_length=100_000, description="The product's description."
    )
    limit: int = Field(default=3, ge=1, le=10, description="How many categories at most.")


def map_category_tool(open_mapper: Callable[[], CategoryMapper]) -> BaseTool:
    """Return the tool.

    Args:
        open_mapper: Gives the mapper; called at the first use, for a taxonomy takes a moment to read.
    """

    @model_errors
    def map_category(**given: Any) -> tuple[str, ToolResult]:
        arguments = MapArguments(**given)
        listing = CategoryInput(arguments.category, arguments.title, arguments.description)
        if not any((listing.source, listing.title, listing.description)):
            raise TryAgainError("Try again with a category text, a title or a description.")
        mapping = open_mapper().map([listing], top=arguments.limit)[0]
        return told(mapping), ToolResult(mapping=asdict(mapping))

    return StructuredTool.from_function(
        map_category,
        name=NAME,
        description=DESCRIPTION,
        args_schema=MapArguments,
        response_format="content_and_artifact",
    )


def told(mapping: CategoryMapping) -> str:
    """Return a mapping in words for the chat model."""
    if not mapping.suggestions:
        return "No category fits: the text says nothing that the taxonomy knows."
    lines = [
        f"- {each.path} [{each.id}], {each.confidence:.0%} sure: {each.why}"
        for each in mapping.suggestions
    ]
    if mapping.mapped:
        return "\n".join(["Category, the likeliest first:", *lines])
    return "\n".join(["Unmapped: nothing fits well enough. The nearest, all doubtful:", *lines])
