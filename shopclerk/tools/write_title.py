"""The tool `write_title`."""

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from shopclerk.models.title_writer import TitleInput, TitleWriter
from shopclerk.tools.result import ToolResult, model_errors

NAME = "write_title"

DESCRIPTION = """Write a clean title for a seller's listing, and a short one of at most 70 characters.
Give the seller's own title and all that is known: brand, category, attributes, description.
Numbers, models and the brand are kept; nothing is added that is not given here. Not for products of the catalogue."""


class WriteTitleArguments(BaseModel):
    """A listing."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(
        max_length=50_000, description="The seller's title, copied letter by letter."
    )
    brand: str | None = Field(default=None, max_length=500, description="The brand.")
    category: str | None = Field(
        default=None, max_length=5_000, description="The category path: Apparel > Shoes."
    )
    attributes: dict[str, str | list[str]] = Field(
        default_factory=dict, description="Known values by name: {'colour': 'Black'}."
    )
    description: str | None = Field(
        default=None, max_length=200_000, description="The seller's description."
    )


def write_title_tool(writer: TitleWriter) -> BaseTool:
    """Return the tool over a writer of titles."""

    @model_errors
    def write_title(**given: Any) -> tuple[str, ToolResult]:
        arguments = WriteTitleArguments(**given)
        listing = TitleInput(
            "",
            arguments.title,
            arguments.description,
            arguments.brand,
            arguments.category,
            arguments.attributes,
        )
        title = writer.write([listing])[0]
        record = {
            "title": title.title,
            "short_title": title.short_title,
            "changes": [change._asdict() for change in title.changes],
            "writer": title.writer,
            "confidence": title.confidence,
            "repaired": title.repaired,
        }
        content = (
            f"Title: {title.title}\nShort: {title.short_title}"
            if title.title
            else "Neither the title nor the other fields say what the product is."
        )
        return content, ToolResult(text=record)

    return StructuredTool.from_function(
        write_title,
        name=NAME,
        description=DESCRIPTION,
        args_schema=WriteTitleArguments,
        response_format="content_and_artifact",
    )
