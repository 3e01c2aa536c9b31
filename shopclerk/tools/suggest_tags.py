"""The tool `suggest_tags`."""

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from shopclerk.errors import ToolFailedError, UnknownProductError
from shopclerk.models.listing_features import listing_text
from shopclerk.tools.picture_shelf import PictureShelf
from shopclerk.tools.result import FoundTag, ToolResult, model_errors
from shopclerk.tools.tag_suggester import TagSuggester, Wanted, tags_line

NAME = "suggest_tags"

DESCRIPTION = """Suggest tags for a listing by its words, a picture of the conversation, or both.
Use it when a seller asks how to tag a product. Do not use it to find products; search_catalog does that.
Each tag says where it came from. A picture's name looks like picture-1."""


class TagArguments(BaseModel):
    """The listing that tags are wanted for; a title, a picture, or both."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=50_000, description="The listing's title.")
    description: str = Field(default="", max_length=200_000, description="Its description.")
    image: str | None = Field(
        default=None, description="A picture's name, as the conversation gives it: picture-1."
    )
    limit: int = Field(default=10, ge=1, le=10, description="Tags at most.")


def suggest_tags_tool(suggester: TagSuggester, shelf: PictureShelf | None = None) -> BaseTool:
    """Return the tool over a catalogue and, where there is a shelf, the pictures of conversations.

    Args:
        suggester: Suggests tags.
        shelf: The pictures of conversations; None where none are looked at.
    """

    @model_errors
    def suggest_tags(**given: Any) -> tuple[str, ToolResult]:
        arguments = TagArguments(**given)
        text = listing_text({"title": arguments.title, "description": arguments.description})
        if not text and not arguments.image:
            raise UnknownProductError("Give a title, a picture's name, or both.")
        if arguments.image and shelf is None:
            raise ToolFailedError("Pictures are not looked at here. Give a title instead.")
        wanted = Wanted(text)
        if arguments.image and shelf:
            look = shelf.query(arguments.image)
            wanted = Wanted(text, shelf.picture(arguments.image).image, look)
        tags = suggester.suggest(wanted, most=arguments.limit)
        content = f"Tags: {tags_line(tags)}" if tags else "No tag of this shop fits the listing."
        found = tuple(FoundTag(tag=t.tag, score=t.score, source=t.source) for t in tags)
        return content, ToolResult(tags=found)

    return StructuredTool.from_function(
        suggest_tags,
        name=NAME,
        description=DESCRIPTION,
        args_schema=TagArguments,
        response_format="content_and_artifact",
    )
