"""Surfaces: how light falls on a shape, and what its skin is like.

A shape is given a height from its mask, the height gives normals, and the normals meet a light from
the upper left (Lambert's cosine law, with a Blinn highlight).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.sample.drawing.shapes import FULL_PX, UNIT_PX

Grid = NDArray[np.floating[Any]]
Form = Literal["flat", "puff", "upright", "lying", "ball", "metal"]

LIGHT = np.array([-0.42, -0.62, 0.66], dtype=np.float32)
LIGHT /= np.linalg.norm(LIGHT)
HALFWAY = LIGHT + np.array([0, 0, 1], dtype=np.float32)
HALFWAY /= np.linalg.norm(HALFWAY)


@dataclass(frozen=True)
class Look:
    """What a surface looks like.

    `depth` is the width of the rounded edge in units (for the form puff), `gloss` the strength of the
    highlight, `sharp` its exponent, `strength` the contrast of light and shade, `grain` the contrast
    of the texture, `cast` the darkness of the shadow on what lies beneath.
    """

    form: Form = "puff"
    depth: float = 2.5
    gloss: float = 0.0
    sharp: float = 18
    strength: float = 0.85
    texture: str = ""
    grain: float = 0.1
    cast: float = 0.3


FLAT = Look("flat", cast=0.0)
MATTE = Look()
CLOTH = Look(depth=4, texture="weave", grain=0.055)
KNIT = Look(depth=4, texture="knit", grain=0.28)
DENIM = Look(depth=3, texture="denim", grain=0.2)
LEATHER = Look(depth=3, gloss=0.22, sharp=12, texture="hide", grain=0.035)
PLASTIC = Look(depth=2.5, gloss=0.35, sharp=26)
RUBBER = Look(depth=1.5, gloss=0.08, sharp=8)
FUR = Look(depth=6, texture="fur", grain=0.26)
WOOD = Look(depth=1, texture="wood", grain=0.22, gloss=0.08)
BOARD = Look("flat", texture="wood", grain=0.2, cast=0.3)
PAPER = Look("flat", texture="noise", grain=0.012, cast=0.3)
STEEL = Look("metal", gloss=0.1, texture="brushed", grain=0.04)
ROUND = Look("upright", gloss=0.25)
BALL = Look("ball", gloss=0.5, sharp=30)


def box_blur(values: Grid, radius: int) -> Grid:
    """Three box blurs one after another, which come near to a Gaussian."""
    out = values
    for _ in range(3):
        for axis in (0, 1):
            pad = [(0, 0), (0, 0)]
            pad[axis] = (radius + 1, radius)
            total = np.cumsum(np.pad(out, pad, mode="edge"), axis=axis, dtype=np.float64)
            width = 2 * radius + 1
            high = np.take(total, range(width, total.shape[axis]), axis=axis)
            low = np.take(total, range(total.shape[axis] - width), axis=axis)
            out = ((high - low) / width).astype(np.float32)
    return out


def blur(values: Grid, radius_px: float) -> Grid:
    """A Gaussian-like blur without steps; large ones are made on a smaller copy."""
    factor = max(1, int(radius_px / 4))
    if factor == 1:
        return box_blur(values, max(1, round(radius_px / 1.7)))
    height, width = values.shape
    small = (max(2, width // factor), max(2, height // factor))
    image = Image.fromarray(values).resize(small, Image.Resampling.BOX)
    soft = box_blur(np.asarray(image, dtype=np.float32), max(1, round(radius_px / factor / 1.7)))
    return np.asarray(
        Image.fromarray(soft).resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32
    )


def _lit(nx: Grid, ny: Grid, nz: Grid, sharp: float) -> tuple[Grid, Grid]:
    length = np.sqrt(nx * nx + ny * ny + nz * nz)
    nx, ny, nz = nx / length, ny / length, nz / length
    shade = nx * LIGHT[0] + ny * LIGHT[1] + nz * LIGHT[2] - LIGHT[2]
    facing = nx * HALFWAY[0] + ny * HALFWAY[1] + nz * HALFWAY[2]
    return shade.astype(np.float32), (np.clip(facing, 0, 1) ** sharp).astype(np.float32)


def _puff(mask: Grid, look: Look) -> tuple[Grid, Grid]:
    depth = look.depth * UNIT_PX
    # A straight edge is 0.5 after the blur and a corner 0.25, so the slope has to begin below that.
    inside = np.clip((blur(mask, depth) - 0.2) / 0.8, 0, 1)
    height = np.sin(inside * np.pi / 2) * depth * 1.6
    gy, gx = np.gradient(height)
    shade, shine = _lit(-gx, -gy, np.ones_like(gx), look.sharp)
    # A face that looks straight at the camera would glare all over; only what is bent shines.
    bent = np.clip(np.hypot(gx, gy) * 3, 0, 1)
    return shade, shine * bent


def _across(mask: Grid) -> Grid:
    """From -1 at the left edge of each row of the mask to 1 at its right edge."""
    solid = mask > 0.5
    columns = np.arange(mask.shape[1], dtype=np.float32)[None, :]
    left = np.where(solid.any(1), solid.argmax(1), 0)[:, None]
    right = np.where(solid.any(1), mask.shape[1] - 1 - solid[:, ::-1].argmax(1), mask.shape[1])[
        :, None
    ]
    return np.asarray(
        np.clip(2 * (columns - left) / np.maximum(right - left, 1) - 1, -1, 1).astype(np.float32)
    )


def _upright(mask: Grid, look: Look) -> tuple[Grid, Grid]:
    nx = _across(mask) * 0.97
    nz = np.sqrt(1 - nx * nx)
    shade = nx * -0.5 + nz * 0.8 - 0.72
    edge = np.clip(np.abs(nx) - 0.86, 0, 1) * 0.9 * (nx > 0)
    shine = np.exp(-(((nx + 0.5) / 0.12) ** 2))
    return (shade + edge).astype(np.float32), shine.astype(np.float32)


def _metal(mask: Grid, look: Look) -> tuple[Grid, Grid]:
    across = _across(mask)
    places = [-1, -0.86, -0.66, -0.45, -0.2, 0.15, 0.4, 0.62, 0.8, 0.93, 1]
    levels = [-0.55, -0.25, 0.2, 0.42, 0.1, -0.22, -0.4, -0.1, 0.3, -0.15, -0.5]
    shade = np.interp(across, places, levels).astype(np.float32)
    return shade, np.exp(-(((across + 0.45) / 0.1) ** 2)).astype(np.float32)


def _ball(mask: Grid, look: Look) -> tuple[Grid, Grid]:
    rows, cols = np.where(mask > 0.5)
    y0, y1, x0, x1 = rows.min(), rows.max(), cols.min(), cols.max()
    ys, xs = np.mgrid[0 : mask.shape[0], 0 : mask.shape[1]].astype(np.float32)
    nx = (2 * xs - x0 - x1) / max(x1 - x0, 1)
    ny = (2 * ys - y0 - y1) / max(y1 - y0, 1)
    nz = np.sqrt(np.clip(1 - nx * nx - ny * ny, 0.02, 1))
    return _lit(nx, ny, nz, look.sharp)


def light(mask: Grid, look: Look) -> tuple[Grid, Grid]:
    """Shade (about -0.7 to 0.4, 0 for a face towards the camera) and highlight (0 to 1)."""
    if look.form == "flat" or not (mask > 0.5).any():
        return np.zeros_like(mask), np.zeros_like(mask)
    if look.form == "lying":
        shade, shine = _upright(np.ascontiguousarray(mask.T), look)
        return shade.T, shine.T
    makers = {"puff": _puff, "upright": _upright, "metal": _metal, "ball": _ball}
    return makers[look.form](mask, look)


def _noise(seed: int, across: int, down: int) -> Grid:
    """Smooth noise with so many knots; mean 0, deviation 1."""
    knots = np.random.default_rng(seed).standard_normal((down, across)).astype(np.float32)
    image = Image.fromarray(knots).resize((FULL_PX, FULL_PX), Image.Resampling.BICUBIC)
    values = np.asarray(image, dtype=np.float32)
    return np.asarray((values - values.mean()) / values.std())


def _weave(x: Grid, y: Grid) -> Grid:
    return np.asarray(np.sin(x * 1.05) * 0.6 + np.sin(y * 1.05) * 0.6 + _noise(1, 240, 240) * 0.4)


def _denim(x: Grid, y: Grid) -> Grid:
    return np.asarray(
        np.sin((x + y) * 0.7) * 0.35 + _noise(2, 300, 120) * 0.35 + _noise(3, 12, 12) * 0.35
    )


def _knit(x: Grid, y: Grid) -> Grid:
    column = np.abs(((x / 14) % 1) - 0.5)
    return np.asarray(
        (np.sin((y + column * 16) * 0.62) * 0.6 - (column > 0.44) * 0.7 + 0.1).astype(np.float32)
    )


def _rib(x: Grid, y: Grid) -> Grid:
    return np.asarray(np.sin(x * 0.42) + _noise(4, 200, 200) * 0.2)


def _mesh(x: Grid, y: Grid) -> Grid:
    shift = (np.floor(y / 9) % 2) * 6
    return np.asarray(
        -((np.sin((x + shift) * 0.52) > 0.35) & (np.sin(y * 0.7) > 0.2)).astype(np.float32) + 0.2
    )


def _wood(x: Grid, y: Grid) -> Grid:
    warp = _noise(5, 3, 24) * 9
    return np.sin((y + warp) * 0.22) * 0.35 + _noise(6, 6, 320) * 0.5


def _fur(x: Grid, y: Grid) -> Grid:
    return _noise(7, 320, 150) * 0.6 + _noise(8, 110, 60) * 0.5


def _speckle(x: Grid, y: Grid) -> Grid:
    return -(_noise(9, 200, 200) > 1.9).astype(np.float32)


def _quilt(x: Grid, y: Grid) -> Grid:
    wave = np.abs(np.sin(y * np.pi / 70))
    return (np.sqrt(wave) - 0.75 + 0.35 * np.cos(y * np.pi / 35 + 1.0)).astype(np.float32)


def _waffle(x: Grid, y: Grid) -> Grid:
    return np.asarray(np.sin(x * 0.35) * np.sin(y * 0.35) + 0.5 * np.sin(x * 0.35 + 0.8))


@cache
def texture(name: str) -> Grid:
    """A texture as large as the drawing, about -1 to 1. An unknown name is a KeyError."""
    y, x = np.mgrid[0:FULL_PX, 0:FULL_PX].astype(np.float32)
    makers: dict[str, Callable[[Grid, Grid], Grid]] = {
        "weave": _weave, "denim": _denim, "knit": _knit, "rib": _rib, "mesh": _mesh, "wood": _wood,
        "fur": _fur, "speckle": _speckle, "quilt": _quilt, "waffle": _waffle,
        "grain": lambda x, y: _wood(y, x).T,
        "brushed": lambda x, y: _noise(10, 4, 400),
        "hide": lambda x, y: _noise(11, 150, 150) * 0.6 + _noise(12, 20, 20) * 0.5,
        "noise": lambda x, y: _noise(13, 120, 120) * 0.7 + _noise(14, 10, 10) * 0.5,
        "folds": lambda x, y: _noise(15, 14, 7),
        "cork": lambda x, y: _noise(16, 160, 160) * 0.5 - (_noise(17, 110, 110) > 1.5) * 1.2,
    }  # fmt: skip
    return np.asarray(makers[name](x, y), dtype=np.float32)
