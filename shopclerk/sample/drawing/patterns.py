"""Patterns: a colour for each pixel, to paint a shape with instead of one colour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.sample.drawing.palette import Colour
from shopclerk.sample.drawing.shapes import FULL_PX, UNIT_PX, Shape, ellipse, many

Pattern = NDArray[np.floating[Any]]
"""(960, 960, 3), 0 to 255."""


def plain(colour: Colour) -> Pattern:
    """One colour everywhere."""
    return np.broadcast_to(np.array(colour, dtype=np.float32), (FULL_PX, FULL_PX, 3)).copy()


def _axes() -> tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]]]:
    y, x = np.mgrid[0:FULL_PX, 0:FULL_PX].astype(np.float32) / UNIT_PX
    return x, y


def stripes(
    ground: Colour, stripe: Colour, every: float, share: float = 0.5, angle: float = 0
) -> Pattern:
    """Stripes; angle 0 lays them level, 90 stands them upright."""
    x, y = _axes()
    turn = np.deg2rad(angle)
    place = ((y * np.cos(turn) + x * np.sin(turn)) / every) % 1
    return np.where((place < share)[..., None], plain(stripe), plain(ground))


def checks(ground: Colour, stripe: Colour, every: float, thin: Colour | None = None) -> Pattern:
    """Broad half-transparent stripes in both directions, with thin lines between them."""
    x, y = _axes()
    out = plain(ground)
    for axis in (x, y):
        broad = (((axis / every) % 1) < 0.42)[..., None]
        out = np.where(broad, out * 0.5 + plain(stripe) * 0.5, out)
    if thin is not None:
        for axis in (x, y):
            fine = (np.abs(((axis / every) % 1) - 0.72) < 0.035)[..., None]
            out = np.where(fine, out * 0.35 + plain(thin) * 0.65, out)
    return out


def over(ground: Pattern | Colour, shape: Shape, colour: Colour) -> Pattern:
    """The ground with a shape printed on it."""
    base = plain(ground) if isinstance(ground, tuple) else ground
    mask = np.asarray(shape.mask, dtype=np.float32)[..., None] / 255
    return (base * (1 - mask) + np.array(colour, dtype=np.float32) * mask).astype(np.float32)


def dots(ground: Colour, dot: Colour, every: float, r: float) -> Pattern:
    """Dots in staggered rows."""
    spots = []
    for row in range(int(100 / every * 1.2) + 1):
        shift = every / 2 if row % 2 else 0
        spots += [
            ellipse(column * every + shift, row * every * 0.85, r)
            for column in range(int(100 / every) + 1)
        ]
    return over(ground, many(spots), dot)


def flowers(ground: Colour, petals: tuple[Colour, ...], every: float, seed: int = 3) -> Pattern:
    """Flowers with five petals, strewn but not touching."""
    rng = np.random.default_rng(seed)
    out = plain(ground)
    centres = [
        (c * every + (every / 2 if r % 2 else 0), r * every * 0.8)
        for r in range(int(125 / every) + 1)
        for c in range(int(100 / every) + 1)
    ]
    for index, colour in enumerate(petals):
        chosen = centres[index :: len(petals)]
        parts = []
        for x, y in chosen:
            turn = rng.uniform(0, 6)
            size = every * rng.uniform(0.13, 0.17)
            for petal in range(5):
                angle = turn + petal * 2 * np.pi / 5
                parts.append(
                    ellipse(x + np.cos(angle) * size, y + np.sin(angle) * size, size * 0.8)
                )
        out = over(out, many(parts), colour)
    hearts = many([ellipse(x, y, every * 0.08) for x, y in centres])
    return over(out, hearts, (240, 210, 110))
