"""The tool `describe_image`."""

from collections.abc import Callable
from typing import Annotated, Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from shopclerk.models.captioner import Captioner
from shopclerk.pictures import Picture, crop
from shopclerk.tools.result import ToolResult, model_errors

NAME = "describe_image"

DESCRIPTION = """Say in a few words what a picture of this conversation shows: type, colour, material, for whom.
Do not use it to find products like the picture; find_similar and search_catalog do that.
A picture's name looks like picture-1. A box, in pixels, describes only that part."""

Coordinate = Annotated[float, Field(allow_inf_nan=False)]


class DescribeArguments(BaseModel):
    """Which picture to describe, which part of it, and how to begin."""

    model_config = ConfigDict(extra="forbid")

    image: str = Field(description="A picture's name, as the conversation gives it: picture-1.")
    box: list[Coordinate] | None = Field(
        default=None,
        min_length=4,
        max_length=4,
        description="A part of the picture, [left, top, right, bottom] in its pixels.",
    )
    prompt: str | None = Field(
        default=None, max_length=200, description="Words the description shall begin with."
    )


def describe_image_tool(captioner: Captioner, find_picture: Callable[[str], Picture]) -> BaseTool:
    """Return the tool over the pictures of a conversation.

    Args:
        captioner: What describes.
        find_picture: A picture by its name; raises a `PictureError` that says which there are where there is none.
    """

    @model_errors
    def describe_image(**given: Any) -> tuple[str, ToolResult]:
        arguments = DescribeArguments(**given)
        picture = find_picture(arguments.image)
        image = picture.image if arguments.box is None else crop(picture, arguments.box)
        caption = captioner.caption([image], prompt=arguments.prompt)[0]
        what = arguments.image if arguments.box is None else f"This part of {arguments.image}"
        content = f"{what} shows, by a guess that is {caption.score:.0%} sure: {caption.text}"
        return content, ToolResult(
            caption=caption.text, caption_score=caption.score, caption_by=caption.made_by
        )

    return StructuredTool.from_function(
        describe_image,
        name=NAME,
        description=DESCRIPTION,
        args_schema=DescribeArguments,
        response_format="content_and_artifact",
    )
