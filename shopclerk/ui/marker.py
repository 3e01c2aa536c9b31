"""The photo of the conversation, on which a region can be marked."""

import json
from collections.abc import Sequence

from shopclerk.pictures import Box, Picture
from shopclerk.ui.cards import data_uri

SIDE_PX = 640
NO_PHOTO = '<p class="empty">Send a photo in the chat, then mark a part of it here.</p>'


def marker_html(picture: Picture, found: Sequence[Box] = ()) -> str:
    """Return the photo with a frame to draw on and a button over every object that was found."""
    width, height = picture.size_px
    buttons = "".join(_button(number, box, (width, height)) for number, box in enumerate(found, 1))
    return (
        f'<div class="frame"><img src="{data_uri(picture.image, SIDE_PX)}" draggable="false" '
        f'alt="Your photo; draw a rectangle to search for that part"><span class="marked"></span>{buttons}</div>'
    )


def _button(number: int, box: Box, size_px: tuple[int, int]) -> str:
    (x0, y0, x1, y1), (width, height) = box, size_px
    region = [x0 / width, y0 / height, x1 / width, y1 / height]
    left, top, right, bottom = (f"{100 * each:.2f}%" for each in region)
    size = f"left:{left};top:{top};width:calc({right} - {left});height:calc({bottom} - {top})"
    return (
        f'<button type="button" class="object" style="{size}" data-region="{json.dumps(region)}" '
        f'aria-label="Search for part {number} of the photo"><span>{number}</span></button>'
    )


def region_px(picture: Picture, region: Sequence[float]) -> list[float]:
    """Return a region given in shares of width and height in pixels of the original."""
    width, height = picture.size_px
    x0, y0, x1, y1 = region
    return [x0 * width, y0 * height, x1 * width, y1 * height]
