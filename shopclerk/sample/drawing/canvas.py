"""The canvas: paints lit shapes on a clear layer, then sets it before a background."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from PIL import Image

from shopclerk.sample.drawing.palette import Colour
from shopclerk.sample.drawing.shapes import FULL_PX, SIDE_PX, UNIT_PX, Shape
from shopclerk.sample.drawing.surfaces import MATTE, Grid, Look, blur, light, texture

QUALITY = 82
Pose = Literal["stands", "lies", "hangs"]


@dataclass(frozen=True)
class Setting:
    """Where and how a thing was photographed."""

    ground: Colour = (240, 240, 238)
    turn: float = 0.0
    flip: bool = False
    dim: float = 1.0
    zoom: float = 1.0


class Canvas:
    """A clear square that shapes are painted on, the later ones over the earlier."""

    def __init__(self, name: str = "") -> None:
        self.rgb: Grid = np.zeros((FULL_PX, FULL_PX, 3), dtype=np.float32)
        self.alpha: Grid = np.zeros((FULL_PX, FULL_PX), dtype=np.float32)
        self.pose: Pose = "stands"
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))

    def paint(
        self,
        shape: Shape,
        colour: Colour | Grid,
        look: Look = MATTE,
        alpha: float = 1.0,
        **changes: Any,
    ) -> Shape:
        """Paint a shape and hand it back.

        Args:
            shape: What to fill.
            colour: One colour, or a pattern of (960, 960, 3) values.
            look: How its surface takes the light.
            alpha: How much it hides of what lies beneath.
            changes: Fields of `look` that differ here.
        """
        look = replace(look, **changes) if changes else look
        window = self._window(shape, look)
        if window is None:
            return shape
        mask = np.asarray(shape.mask, dtype=np.float32)[window] / 255
        if look.cast:
            self._cast(mask, window, look.cast * alpha)
        lit = self._lit(colour, look, mask, window)
        cover = mask * alpha
        self.rgb[window] = self.rgb[window] * (1 - cover[..., None]) + lit * cover[..., None]
        self.alpha[window] = np.maximum(
            self.alpha[window], self.alpha[window] * (1 - cover) + cover
        )
        return shape

    def tint(self, shape: Shape, colour: Colour, alpha: float, soft: float = 0.0) -> None:
        """Lay a flat colour over what is painted already, without going beyond it."""
        mask: Grid = np.asarray(shape.mask, dtype=np.float32) / 255
        if soft:
            mask = blur(mask, soft * UNIT_PX)
        cover = (mask * alpha * (self.alpha > 0.02))[..., None]
        self.rgb = self.rgb * (1 - cover) + np.array(colour, dtype=np.float32) * cover

    def glow(self, shape: Shape, colour: Colour, strength: float, soft: float) -> None:
        """Add light around a shape, on the thing itself and on the air about it."""
        mask = np.clip(blur(np.asarray(shape.mask, dtype=np.float32) / 255, soft * UNIT_PX), 0, 1)
        cover = (mask * strength)[..., None]
        self.rgb = self.rgb * (1 - cover) + np.array(colour, dtype=np.float32) * cover
        self.alpha = np.maximum(self.alpha, mask * strength)

    def paste(self, colour: Grid, cover: Grid, size: float, dx: float, dy: float) -> None:
        """Lay another drawing on this one, shrunk to `size` and moved."""
        side = int(FULL_PX * size)
        layer = np.dstack([np.clip(colour, 0, 255), cover * 255]).astype(np.uint8)
        small = Image.fromarray(layer, "RGBA").resize((side, side), Image.Resampling.LANCZOS)
        sheet = Image.new("RGBA", (FULL_PX, FULL_PX), (0, 0, 0, 0))
        sheet.paste(small, (int(dx * UNIT_PX), int(dy * UNIT_PX)))
        values = np.asarray(sheet, dtype=np.float32)
        share = values[..., 3] / 255
        self._cast(share, (slice(None), slice(None)), 0.5)
        self.rgb = self.rgb * (1 - share[..., None]) + values[..., :3] * share[..., None]
        self.alpha = np.maximum(self.alpha, share)

    def seam(self, shape: Shape, inside: Shape | None = None, alpha: float = 0.45) -> None:
        """A dark fine line or fold, kept inside a shape where one is given."""
        self.tint(shape if inside is None else shape & inside, (12, 12, 18), alpha)

    def shine(self, shape: Shape, alpha: float = 0.5, soft: float = 0.8) -> None:
        """A reflection of a window."""
        self.tint(shape, (255, 255, 255), alpha, soft)

    def _window(self, shape: Shape, look: Look) -> tuple[slice, slice] | None:
        box = shape.mask.getbbox()
        if box is None:
            return None
        margin = int(max(look.depth, 2) * UNIT_PX * 1.5) + 4
        x0, y0 = max(box[0] - margin, 0), max(box[1] - margin, 0)
        x1, y1 = min(box[2] + margin, FULL_PX), min(box[3] + margin, FULL_PX)
        return slice(y0, y1), slice(x0, x1)

    def _cast(self, mask: Grid, window: tuple[slice, slice], strength: float) -> None:
        reach = 0.9 * UNIT_PX
        soft = blur(mask, reach)
        step = int(reach * 0.6)
        soft = np.pad(soft, ((step, 0), (step, 0)))[: soft.shape[0], : soft.shape[1]]
        self.rgb[window] *= (1 - np.clip(soft, 0, 1) * strength)[..., None]

    def _lit(
        self,
        colour: Colour | Grid,
        look: Look,
        mask: Grid,
        window: tuple[slice, slice],
    ) -> Grid:
        shade, shine = light(mask, look)
        base: Grid = (
            np.array(colour, dtype=np.float32) if isinstance(colour, tuple) else colour[window]
        )
        shade = shade * look.strength
        if look.texture:
            shade = shade + texture(look.texture)[window] * look.grain
        # Black takes no shade by multiplication, so light faces get a little white as well.
        lit = base * np.clip(1 + 0.95 * shade, 0.15, 2)[..., None]
        lit = lit + (np.maximum(shade, 0) * 34 + shine * look.gloss * 255)[..., None]
        return np.asarray(np.clip(lit, 0, 255).astype(np.float32))


def _backdrop(setting: Setting) -> Grid:
    """A paper sweep: lighter where the lamp is, a soft horizon, darker corners."""
    y, x = np.mgrid[0:FULL_PX, 0:FULL_PX].astype(np.float32) / FULL_PX
    level = 1.02 - 0.05 * y - 0.16 * ((x - 0.42) ** 2 + (y - 0.42) ** 2)
    level = level + 0.025 / (1 + np.exp(-(y - 0.74) * 40))
    return np.asarray(np.array(setting.ground, dtype=np.float32) * level[..., None])


def _shadow(alpha: Grid, pose: Pose) -> Grid:
    """How much light is missing at each pixel, 0 to 1."""
    solid = alpha > 0.35
    if not solid.any():
        return np.zeros_like(alpha)
    if pose == "lies":
        near = _moved(blur(alpha, 1.1 * UNIT_PX), 9, 7) * 0.3
        far = _moved(blur(alpha, 3 * UNIT_PX), 24, 18) * 0.28
        return np.asarray(np.maximum(near, far))
    if pose == "hangs":
        return _moved(blur(alpha, 4 * UNIT_PX), 30, 40) * 0.22
    rows = np.where(solid.any(1))[0]
    top, bottom = int(rows[0]), int(rows[-1])
    return np.maximum(_contact(alpha, bottom), _fallen(alpha, top, bottom))


def _moved(values: Grid, down: int, right: int) -> Grid:
    """Moved with nothing coming in from the other side."""
    height, width = values.shape
    return np.pad(values, ((down, 0), (right, 0)))[:height, :width]


def _contact(alpha: Grid, bottom: int) -> Grid:
    slab = np.zeros_like(alpha)
    depth = int(2.2 * UNIT_PX)
    slab[bottom - depth : bottom + 1] = alpha[bottom - depth : bottom + 1]
    return _moved(blur(slab, 0.9 * UNIT_PX), 6, 0) * 0.62


def _fallen(alpha: Grid, top: int, bottom: int) -> Grid:
    """The silhouette laid on the floor behind the thing, to the right."""
    height = bottom - top + 1
    flat_px = max(2, int(min(height * 0.16, 9 * UNIT_PX)))
    image = Image.fromarray(alpha[top : bottom + 1])
    small = np.asarray(image.resize((FULL_PX, flat_px), Image.Resampling.BOX), dtype=np.float32)
    laid = np.zeros_like(alpha)
    for row in range(flat_px):
        place = min(bottom - flat_px + row + int(1.2 * UNIT_PX), FULL_PX - 1)
        laid[place] = _moved(small[row : row + 1], 0, int((flat_px - row) * 0.9))[0]
    return blur(laid, 2.2 * UNIT_PX) * 0.36


def _posed(layer: Grid, setting: Setting) -> Grid:
    image = Image.fromarray(np.clip(layer, 0, 255).astype(np.uint8), "RGBA")
    if setting.flip:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if setting.zoom != 1.0:
        side = int(FULL_PX * setting.zoom)
        shrunk = image.resize((side, side), Image.Resampling.BICUBIC)
        image = Image.new("RGBA", (FULL_PX, FULL_PX), (0, 0, 0, 0))
        image.paste(shrunk, ((FULL_PX - side) // 2, int((FULL_PX - side) * 0.6)))
    if setting.turn:
        image = image.rotate(-setting.turn, resample=Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float32)


def posed_layer(canvas: Canvas, setting: Setting) -> tuple[Grid, Grid]:
    """The colours (960, 960, 3) and the cover (960, 960) of the thing as the setting shows it."""
    colour = canvas.rgb / np.maximum(canvas.alpha, 1e-3)[..., None]
    layer = np.dstack([np.clip(colour, 0, 255), canvas.alpha * 255]).astype(np.float32)
    if setting.flip or setting.turn or setting.zoom != 1.0:
        layer = _posed(layer, setting)
    return layer[..., :3], np.ascontiguousarray(layer[..., 3]) / 255


def photograph(canvas: Canvas, setting: Setting, backdrop: Grid | None = None) -> Image.Image:
    """The finished picture, 320 x 320 RGB.

    Args:
        canvas: The painted thing.
        setting: Ground colour, turn and light.
        backdrop: What stands behind it, (960, 960, 3); a paper sweep if None.
    """
    colour, alpha = posed_layer(canvas, setting)
    scene = _backdrop(setting) if backdrop is None else backdrop
    scene = scene * (1 - _shadow(alpha, canvas.pose))[..., None]
    scene = scene * (1 - alpha[..., None]) + colour * alpha[..., None]
    return developed(scene * setting.dim)


def developed(scene: Grid) -> Image.Image:
    """Reduced to the size of a picture, with the faint grain of a camera."""
    image = Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8), "RGB")
    image = image.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    grain = np.random.default_rng(5).normal(0, 1.2, (SIDE_PX, SIDE_PX, 1))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8), "RGB")


def jpeg(image: Image.Image) -> bytes:
    """The picture as the bytes of a JPEG file."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
