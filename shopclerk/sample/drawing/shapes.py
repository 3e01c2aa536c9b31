"""Shapes: masks of one size that are joined, cut and moved.

All lengths are in units of a hundredth of the picture's side; (0, 0) is the upper left corner. A
mask is drawn three times as large as the picture and without smoothing: the reduction at the end
smooths all edges alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

SIDE_PX = 320
SCALE = 3
FULL_PX = SIDE_PX * SCALE
UNIT_PX = FULL_PX / 100

Point = tuple[float, ...]
"""(x, y), or (x, y, 0) for a sharp corner in a curved outline."""

Path = Point | str
"""A point, or several written as "8,68! 9,60 16,54"; the mark ! makes a corner sharp."""


@dataclass(frozen=True)
class Shape:
    """A mask as large as the drawing, 0 outside and 255 inside."""

    mask: Image.Image

    def __or__(self, other: Shape) -> Shape:
        """Both shapes."""
        return Shape(ImageChops.lighter(self.mask, other.mask))

    def __and__(self, other: Shape) -> Shape:
        """Where both are."""
        return Shape(ImageChops.darker(self.mask, other.mask))

    def __sub__(self, other: Shape) -> Shape:
        """The first without the second."""
        return Shape(ImageChops.subtract(self.mask, other.mask))

    def moved(self, dx: float, dy: float) -> Shape:
        """The shape somewhere else."""
        shift = (1, 0, -dx * UNIT_PX, 0, 1, -dy * UNIT_PX)
        return Shape(self.mask.transform(self.mask.size, Image.Transform.AFFINE, shift))

    def turned(self, degrees: float, x: float = 50, y: float = 50) -> Shape:
        """The shape turned clockwise about (x, y)."""
        centre = (x * UNIT_PX, y * UNIT_PX)
        return Shape(self.mask.rotate(-degrees, center=centre))

    def mirrored(self, x: float = 50) -> Shape:
        """The shape as a mirror standing upright at x shows it."""
        flip = (-1, 0, 2 * x * UNIT_PX, 0, 1, 0)
        return Shape(self.mask.transform(self.mask.size, Image.Transform.AFFINE, flip))

    def both(self, x: float = 50) -> Shape:
        """The shape and its mirror image."""
        return self | self.mirrored(x)

    def inset(self, by: float) -> Shape:
        """The shape without a rim of this width; a negative width adds one."""
        radius = abs(by) * UNIT_PX
        blurred = self.mask.filter(ImageFilter.GaussianBlur(radius))
        # A straight edge blurred by a Gaussian holds 84% one deviation inside, 16% outside.
        limit = 214 if by > 0 else 41
        return Shape(blurred.point([255 if level >= limit else 0 for level in range(256)]))

    def rim(self, width: float) -> Shape:
        """The outermost part of the shape."""
        return self - self.inset(width)


def _points(path: Sequence[Path]) -> list[Point]:
    points: list[Point] = []
    for part in path:
        if isinstance(part, tuple):
            points.append(part)
            continue
        for word in part.split():
            x, y = word.rstrip("!").split(",")
            points.append((float(x), float(y), 0.0) if word.endswith("!") else (float(x), float(y)))
    return points


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    mask = Image.new("L", (FULL_PX, FULL_PX), 0)
    return mask, ImageDraw.Draw(mask)


def _px(points: Sequence[Point]) -> list[tuple[float, float]]:
    return [(point[0] * UNIT_PX, point[1] * UNIT_PX) for point in points]


def poly(*path: Path) -> Shape:
    """A polygon with straight sides."""
    mask, draw = _blank()
    draw.polygon(_px(_points(path)), fill=255)
    return Shape(mask)


def ellipse(x: float, y: float, rx: float, ry: float | None = None) -> Shape:
    """An ellipse, or a circle where one radius is given."""
    mask, draw = _blank()
    ry = rx if ry is None else ry
    draw.ellipse(
        [(x - rx) * UNIT_PX, (y - ry) * UNIT_PX, (x + rx) * UNIT_PX, (y + ry) * UNIT_PX], fill=255
    )
    return Shape(mask)


def rect(x0: float, y0: float, x1: float, y1: float, r: float = 0) -> Shape:
    """A rectangle with corners of radius r."""
    mask, draw = _blank()
    box = [x0 * UNIT_PX, y0 * UNIT_PX, x1 * UNIT_PX, y1 * UNIT_PX]
    draw.rounded_rectangle(box, radius=r * UNIT_PX, fill=255)
    return Shape(mask)


def _tangents(points: np.ndarray, closed: bool, sharp: Sequence[bool]) -> np.ndarray:
    if closed:
        tangents = (np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)) / 2
    else:
        padded = np.vstack([points[:1], points, points[-1:]])
        tangents = (padded[2:] - padded[:-2]) / 2
    tangents[list(sharp)] = 0
    return np.asarray(tangents)


def curve(points: Sequence[Point], closed: bool = False) -> list[Point]:
    """A Catmull-Rom spline through the points, as a fine polygon."""
    xy = np.array([point[:2] for point in points], dtype=float)
    tangents = _tangents(xy, closed, [len(point) > 2 for point in points])
    t = np.linspace(0, 1, 24, endpoint=False)[:, None]
    h00, h10 = 2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t
    h01, h11 = -2 * t**3 + 3 * t**2, t**3 - t**2
    pieces = []
    for here in range(len(xy) if closed else len(xy) - 1):
        there = (here + 1) % len(xy)
        pieces.append(
            h00 * xy[here] + h10 * tangents[here] + h01 * xy[there] + h11 * tangents[there]
        )
    if not closed:
        pieces.append(xy[-1:])
    return [(float(x), float(y)) for x, y in np.vstack(pieces)]


def blob(*path: Path) -> Shape:
    """A closed smooth outline through the points; (x, y, 0) is a sharp corner."""
    return poly(*curve(_points(path), closed=True))


def sym(*path: Path, x: float = 50) -> Shape:
    """A smooth outline from its left half, given from top to bottom, and the mirror of it."""
    half = _points(path)
    # A point on the axis is its own mirror image; given twice it would pinch the curve.
    other = [(2 * x - point[0], *point[1:]) for point in reversed(half) if point[0] != x]
    return blob(*half, *other)


def line(*path: Path, w: float = 1, smooth: bool = True) -> Shape:
    """A line of width w with round ends."""
    return taper(*path, w0=w, w1=w, smooth=smooth)


def taper(*path: Path, w0: float, w1: float, smooth: bool = True) -> Shape:
    """A line whose width goes from w0 to w1."""
    points = _points(path)
    fine = curve(points) if smooth and len(points) > 2 else points
    mask, draw = _blank()
    widths = np.linspace(w0, w1, len(fine)) * UNIT_PX
    pixels = _px(fine)
    for index, (x, y) in enumerate(pixels):
        radius = widths[index] / 2
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)
        if index:
            draw.polygon(_slab(pixels[index - 1], (x, y), widths[index - 1] / 2, radius), fill=255)
    return Shape(mask)


def _slab(
    start: tuple[float, float], end: tuple[float, float], r0: float, r1: float
) -> list[tuple[float, float]]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / length, dx / length
    return [
        (start[0] + nx * r0, start[1] + ny * r0),
        (end[0] + nx * r1, end[1] + ny * r1),
        (end[0] - nx * r1, end[1] - ny * r1),
        (start[0] - nx * r0, start[1] - ny * r0),
    ]


def many(shapes: Sequence[Shape]) -> Shape:
    """All of these as one shape; an empty one where there are none."""
    mask, _ = _blank()
    for shape in shapes:
        mask = ImageChops.lighter(mask, shape.mask)
    return Shape(mask)


def ring(x: float, y: float, r: float, w: float, ry: float | None = None) -> Shape:
    """A ring; r is its outer radius and w the width of its band."""
    ry = r if ry is None else ry
    return ellipse(x, y, r, ry) - ellipse(x, y, r - w, ry - w)


def star(x: float, y: float, r: float, points: int = 5, inner: float = 0.45) -> Shape:
    """A star with its first tip upwards."""
    corners: list[Point] = []
    for index in range(points * 2):
        angle = math.pi * index / points - math.pi / 2
        radius = r if index % 2 == 0 else r * inner
        corners.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return poly(*corners)


def text(words: str, x: float, y: float, size: float) -> Shape:
    """Words centred at (x, y), in the font that comes with Pillow."""
    mask, draw = _blank()
    font = ImageFont.load_default(size * UNIT_PX)
    draw.text((x * UNIT_PX, y * UNIT_PX), words, fill=255, font=font, anchor="mm", align="center")
    return Shape(mask)
