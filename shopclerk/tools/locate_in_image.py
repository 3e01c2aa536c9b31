"""The tool `locate_in_image`, and the picture of what it found."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from shopclerk.errors import PictureError
from shopclerk.models.locator import Located, Locator
from shopclerk.pictures import Picture, draw_boxes
from shopclerk.tools.result import FoundBox, ToolResult, model_errors

NAME = "locate_in_image"

DESCRIPTION = """Find where a picture of this conversation shows something: boxes for a phrase ('the red mug'),
or for all objects when there is no phrase.
Do not use it to find products; find_similar and search_catalog do that, and take a box from here.
A picture's name looks like picture-1."""

UNSURE = 0.2
"""A best box below this score is told as a guess."""
LIMIT = 5


class LocateArguments(BaseModel):
    """In which picture to look, and for what."""

    model_config = ConfigDict(extra="forbid")

    image: str = Field(description="A picture's name, as the conversation gives it: picture-1.")
    phrase: str | None = Field(
        default=None, max_length=200, description="What to look for; leave it out for all objects."
    )


def locate_in_image_tool(locator: Locator, find_picture: Callable[[str], Picture]) -> BaseTool:
    """Return the tool over the pictures of a conversation.

    Args:
        locator: What looks.
        find_picture: A picture by its name; raises `UnknownPictureError` where there is none.
    """

    @model_errors
    def locate_in_image(**given: Any) -> tuple[str, ToolResult]:
        arguments = LocateArguments(**given)
        picture = find_picture(arguments.image)
        phrase = " ".join((arguments.phrase or "").split()) or None
        found = in_original(picture, locator.locate(picture.image, phrase, limit=LIMIT))
        boxes = tuple(
            FoundBox(box=region.box, label=region.label, score=region.score) for region in found
        )
        return _told(arguments.image, phrase, found), ToolResult(boxes=boxes)

    return StructuredTool.from_function(
        locate_in_image,
        name=NAME,
        description=DESCRIPTION,
        args_schema=LocateArguments,
        response_format="content_and_artifact",
    )


def in_original(picture: Picture, located: Sequence[Located]) -> list[Located]:
    """Return regions of a decoded picture with their boxes in pixels of the original."""
    (width, height), (full_width, full_height) = picture.image.size, picture.size_px
    across, down = full_width / width, full_height / height
    return [
        Located(
            (
                region.box[0] * across,
                region.box[1] * down,
                region.box[2] * across,
                region.box[3] * down,
            ),
            region.label,
            region.score,
        )
        for region in located
    ]


def region_line(region: Located) -> str:
    """Return one region as a line: label, box in whole pixels, score."""
    return f"{region.label} [{', '.join(f'{edge:.0f}' for edge in region.box)}] {region.score:.2f}"


def save_boxes(picture: Picture, located: Sequence[Located], path: Path) -> None:
    """Save a picture with labelled boxes drawn into it.

    Args:
        picture: The picture.
        located: Regions with boxes in pixels of the original.
        path: Where to; its ending says in which format.

    Raises:
        PictureError: The file cannot be written.
    """
    (width, height), (full_width, full_height) = picture.image.size, picture.size_px
    across, down = width / full_width, height / full_height
    drawn = draw_boxes(
        picture.image,
        [
            (
                (
                    region.box[0] * across,
                    region.box[1] * down,
                    region.box[2] * across,
                    region.box[3] * down,
                ),
                region.label,
                region.score,
            )
            for region in located
        ],
    )
    try:
        drawn.save(path)
    except (OSError, ValueError) as error:
        raise PictureError(
            f"The picture of boxes cannot be saved as '{path}' ({error}). Name a file that ends in .png or "
            ".jpg, in a folder that exists."
        ) from error


def _told(image: str, phrase: str | None, found: Sequence[Located]) -> str:
    what = f"'{phrase}'" if phrase else "an object"
    if not found:
        return f"{image} shows nothing that could be found as {what}."
    lines = [region_line(region) for region in found]
    if phrase and found[0].score < UNSURE:
        lines.insert(0, f"Nothing in {image} is surely {what}; the nearest:")
    return "\n".join(lines)
