"""Drawn scenes with the boxes of what is on them, and stand-ins for what judges regions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from shopclerk.models.locator import Located

COLOURS = {
    "red": (205, 30, 35),
    "green": (25, 140, 60),
    "blue": (35, 60, 190),
    "black": (22, 22, 24),
}
GROUNDS = ("plain", "stripes", "tiles", "grain", "table")

Box = tuple[int, int, int, int]


def ground(kind: str, size: tuple[int, int], seed: int = 0) -> Image.Image:
    """A ground without objects, of two light colours."""
    random = np.random.default_rng(seed)
    width, height = size
    rows, columns = np.mgrid[:height, :width]
    pattern = {
        "plain": np.zeros((height, width)),
        "stripes": (columns + rows // 2) // 14 % 2,
        "tiles": (columns // 40 + rows // 40) % 2,
        "grain": random.random((height, width)),
        "table": rows > 0.45 * height,
    }[kind]
    light, dark = np.array([226, 214, 190]), np.array([188, 166, 140])
    pixels = light + (dark - light) * np.asarray(pattern, float)[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def shape(kind: str, box: Box) -> list[tuple[float, float]]:
    """The corners of a shape that touches all sides of its box."""
    x0, y0, x1, y1 = box
    if kind == "rectangle":
        return [(x0, y0), (x1 - 1, y0), (x1 - 1, y1 - 1), (x0, y1 - 1)]
    turns = np.linspace(0, 2 * np.pi, 25)[:-1]
    reach = np.where(np.arange(24) % 3 == 0, 1.0, 0.72) if kind == "star" else np.ones(24)
    x = (x0 + x1 - 1) / 2 + np.cos(turns) * reach * (x1 - x0 - 1) / 2
    y = (y0 + y1 - 1) / 2 + np.sin(turns) * reach * (y1 - y0 - 1) / 2
    return list(zip(x.tolist(), y.tolist(), strict=True))


def drawn(
    kind: str,
    objects: Sequence[tuple[str, str, Box]],
    size: tuple[int, int] = (320, 240),
    *,
    shadow: bool = False,
) -> Image.Image:
    """A ground with shapes on it: `(shape, colour, box)`."""
    image = ground(kind, size)
    if shadow:
        dark = Image.new("L", size)
        for form, _, box in objects:
            moved = [(x + 5, y + 6) for x, y in shape(form, box)]
            ImageDraw.Draw(dark).polygon(moved, fill=70)
        image.paste((0, 0, 0), mask=dark.filter(ImageFilter.GaussianBlur(5)))
    pen = ImageDraw.Draw(image)
    for form, colour, box in objects:
        pen.polygon(shape(form, box), fill=COLOURS[colour])
    return image


class ColourScorer:
    """Judges crops by how much of them has the colour that a phrase names."""

    id = "colours"

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def score(self, crops: Sequence[Image.Image], phrase: str) -> NDArray[np.float64]:
        """Return the share of each crop in the phrase's colour."""
        self.seen += [crop.size for crop in crops]
        wanted = next(colour for name, colour in COLOURS.items() if name in phrase)
        return np.array([_share(crop, wanted) for crop in crops])

    def tags(self, crops: Sequence[Image.Image], k: int) -> list[list[tuple[str, float]]]:
        """Return the colours of each crop, the commonest first."""
        shares = [
            {name: _share(crop, colour) for name, colour in COLOURS.items()} for crop in crops
        ]
        return [
            sorted(((n, s) for n, s in share.items() if s > 0.05), key=lambda each: -each[1])[:k]
            for share in shares
        ]


def _share(crop: Image.Image, colour: tuple[int, int, int]) -> float:
    gaps = np.abs(np.asarray(crop.convert("RGB"), int) - colour).max(axis=2)
    return float((gaps < 40).mean())


class ScriptedLocator:
    """Finds what it is told to, and keeps what it was asked."""

    id = "scripted"

    def __init__(self, *located: Located) -> None:
        self.located = list(located)
        self.asked: list[tuple[tuple[int, int], str | None, int]] = []

    def locate(self, image: Image.Image, phrase: str | None, *, limit: int = 5) -> list[Located]:
        """Return the script, cut at the limit."""
        self.asked.append((image.size, phrase, limit))
        return self.located[:limit]
