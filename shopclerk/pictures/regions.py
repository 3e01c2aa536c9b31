"""Parts of a picture: cut out by a box, proposed around a tapped point, drawn with labels.

A box is `(x0, y0, x1, y1)` in pixels of the original picture, upright, the corner at the top left first.
"""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from shopclerk.errors import PictureError
from shopclerk.pictures.reading import Picture

Box = tuple[float, float, float, float]

TAP_SHARE = 1 / 3
"""The side of the region around a tapped point, as a share of the picture's shorter side."""

_COLOURS = ("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080", "#ffe119", "#f032e6")


def crop(picture: Picture, box: Sequence[float]) -> Image.Image:
    """Cut a region out of a picture, at the resolution the picture was decoded to.

    Args:
        picture: The picture.
        box: `[x0, y0, x1, y1]` in pixels of the original; what sticks out is clipped.

    Raises:
        PictureError: The box is no box, or lies outside the picture.
    """
    x0, y0, x1, y1 = _clipped(picture, box)
    width, height = picture.image.size
    left, right = _pixels(x0, x1, picture.size_px[0], width)
    top, bottom = _pixels(y0, y1, picture.size_px[1], height)
    return picture.image.crop((left, top, right, bottom))


def box_around(picture: Picture, point: Sequence[float]) -> Box:
    """Return a square region around a tapped point, shifted to stay inside the picture.

    Args:
        picture: The picture.
        point: `(x, y)` in pixels of the original.

    Raises:
        PictureError: The point is no point, or lies outside the picture.
    """
    x, y = _numbers(picture, point, 2, "point [x, y]")
    width, height = picture.size_px
    if not (0 <= x <= width and 0 <= y <= height):
        raise PictureError(f"The point {list(point)} lies outside the picture. {_extent(picture)}")
    side = max(1.0, min(width, height) * TAP_SHARE)
    left = min(max(x - side / 2, 0.0), width - side)
    top = min(max(y - side / 2, 0.0), height - side)
    return (left, top, left + side, top + side)


def draw_boxes(
    image: Image.Image, boxes: Sequence[tuple[Sequence[float], str, float | None]]
) -> Image.Image:
    """Return a copy of a picture with labelled boxes, readable on any background.

    Args:
        image: What to draw on.
        boxes: For each its box in pixels of `image`, its label, and its score from 0 to 1 or None.
    """
    drawn = image.convert("RGB")
    pen = ImageDraw.Draw(drawn)
    unit = max(1, round(max(drawn.size) / 400))
    font = ImageFont.load_default(size=max(10, 7 * unit))
    for number, (box, label, score) in enumerate(boxes):
        colour = _COLOURS[number % len(_COLOURS)]
        text = " ".join(label.split()) + ("" if score is None else f" {score:.0%}")
        _draw_outline(pen, box, colour, unit)
        _draw_label(pen, drawn.size, box, text.strip(), colour, font, unit)
    return drawn


def _clipped(picture: Picture, box: Sequence[float]) -> Box:
    x0, y0, x1, y1 = _numbers(picture, box, 4, "box [x0, y0, x1, y1]")
    if x1 <= x0 or y1 <= y0:
        raise PictureError(
            f"The box {list(box)} is empty: x1 must be above x0, and y1 above y0. "
            f"{_extent(picture)}"
        )
    width, height = picture.size_px
    inside = (max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height)))
    if inside[2] <= inside[0] or inside[3] <= inside[1]:
        raise PictureError(f"The box {list(box)} lies outside the picture. {_extent(picture)}")
    return inside


def _numbers(picture: Picture, given: Sequence[float], length: int, what: str) -> list[float]:
    try:
        numbers = [float(each) for each in given]
    except (TypeError, ValueError, OverflowError):
        numbers = []
    if len(numbers) != length or not all(map(math.isfinite, numbers)):
        raise PictureError(
            f"{str(given)[:80]} is no {what}: it takes {length} finite numbers, in pixels. "
            f"{_extent(picture)}"
        )
    return numbers


def _extent(picture: Picture) -> str:
    width, height = picture.size_px
    return f"The picture '{picture.name}' has {width} x {height} pixels."


def _pixels(low: float, high: float, original: int, decoded: int) -> tuple[int, int]:
    """Map a stretch of the original onto whole pixels of the decoded picture, at least one."""
    scale = decoded / original
    # Rounding keeps the noise of the division from adding a pixel.
    first = min(math.floor(round(low * scale, 6)), decoded - 1)
    return first, min(max(math.ceil(round(high * scale, 6)), first + 1), decoded)


def _draw_outline(pen: ImageDraw.ImageDraw, box: Sequence[float], colour: str, unit: int) -> None:
    """Draw the box in its colour beside a white and a black line, one of which always shows."""
    x0, x1 = sorted((box[0], box[2]))
    y0, y1 = sorted((box[1], box[3]))
    pen.rectangle((x0, y0, x1, y1), outline="black", width=4 * unit)
    pen.rectangle((x0, y0, x1, y1), outline="white", width=3 * unit)
    pen.rectangle((x0, y0, x1, y1), outline=colour, width=2 * unit)


def _draw_label(
    pen: ImageDraw.ImageDraw,
    size: tuple[int, int],
    box: Sequence[float],
    text: str,
    colour: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    unit: int,
) -> None:
    if not text:
        return
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
    width, height = right - left + 4 * unit, bottom - top + 4 * unit
    x = max(0.0, min(min(box[0], box[2]), size[0] - width))
    above = min(box[1], box[3]) - height
    y = max(0.0, min(above if above >= 0 else above + height, size[1] - height))
    pen.rectangle((x, y, x + width, y + height), fill="black", outline=colour, width=unit)
    pen.text((x + 2 * unit - left, y + 2 * unit - top), text, fill="white", font=font)
