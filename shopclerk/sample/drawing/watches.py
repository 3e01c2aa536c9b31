"""Smartwatches, watches and necklaces."""

from __future__ import annotations

import math
from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    INK,
    NAMED,
    ROSE_GOLD,
    Colour,
    darker,
    lighter,
)
from shopclerk.sample.drawing.shapes import (
    Shape,
    blob,
    ellipse,
    line,
    many,
    poly,
    rect,
    ring,
    text,
)
from shopclerk.sample.drawing.surfaces import (
    BALL,
    LEATHER,
    MATTE,
    PLASTIC,
    STEEL,
    Look,
)

WHITE = NAMED["White"]
SCREEN = Look("flat", cast=0.0)


def _strap(canvas: Canvas, colour: Colour, wide: float, look: Look, end: float = 94) -> None:
    strap = poly((50 - wide, 34), (50 + wide, 34), (50 + wide * 0.82, 6), (50 - wide * 0.82, 6))
    lower = poly((50 - wide, 66), (50 + wide, 66), (50 + wide * 0.82, end), (50 - wide * 0.82, end))
    canvas.paint(strap, colour, look)
    canvas.paint(lower, colour, look)


def _hands(canvas: Canvas, colour: Colour, r: float, dx: float = 0.0) -> None:
    canvas.tint(line((50 + dx, 50), (50 + dx - r * 0.42, 50 - r * 0.3), w=1.5), colour, 1)
    canvas.tint(line((50 + dx, 50), (50 + dx + r * 0.5, 50 - r * 0.48), w=1.1), colour, 1)
    canvas.tint(ellipse(50 + dx, 50, 1.2), colour, 1)


def _marks(r: float, length: float, w: float, count: int = 12) -> Shape:
    ticks = []
    for index in range(count):
        angle = 2 * math.pi * index / count
        sx, sy = math.sin(angle), math.cos(angle)
        ticks.append(
            line((50 + sx * r, 50 - sy * r), (50 + sx * (r - length), 50 - sy * (r - length)), w=w)
        )
    return many(ticks)


def smartwatch(canvas: Canvas, case: Colour, strap: Colour, r: float) -> None:
    """A round touch watch with a lit face: time, rings and a heartbeat."""
    canvas.pose = "lies"
    _strap(canvas, strap, r * 0.56, Look(depth=2.5, gloss=0.1, sharp=8))
    canvas.paint(rect(50 + r - 1, 46, 50 + r + 3, 54, 1.2), case, PLASTIC, depth=1)
    canvas.paint(ellipse(50, 50, r), case, PLASTIC, depth=2.6, gloss=0.5)
    canvas.paint(ellipse(50, 50, r - 2.4), (14, 15, 20), PLASTIC, depth=1, gloss=0.2)
    canvas.tint(ring(50, 50, r - 4, 1.6) - rect(0, 0, 50, 50), (250, 90, 120), 1)
    canvas.tint(ring(50, 50, r - 6.6, 1.6) - rect(50, 50, 100, 100), (90, 220, 200), 1)
    canvas.tint(text("10:09", 50, 47, r * 0.42), WHITE, 1)
    canvas.tint(
        line("42,58 46,58 48,54 50,61 52,58 58,58", w=0.7, smooth=False), (255, 120, 120), 1
    )
    canvas.shine(blob("36,42 44,32 54,30 40,46"), 0.13, 0.8)


def outdoor_watch(canvas: Canvas, main: Colour) -> None:
    """A chunky watch with a steel bezel, buttons and a map on its face."""
    canvas.pose = "lies"
    _strap(canvas, main, 16, Look(depth=2.5, texture="rib", grain=0.07))
    canvas.paint(
        many([rect(18, y, 24, y + 6, 1.4) for y in (36, 47, 58)]).both(),
        (70, 72, 76),
        PLASTIC,
        depth=1,
    )
    canvas.paint(ellipse(50, 50, 28.5), darker(main, 0.2), PLASTIC, depth=3)
    canvas.paint(ellipse(50, 50, 26), (110, 112, 118), STEEL)
    canvas.tint(_marks(25, 1.6, 1, 12), WHITE, 0.9)
    face = canvas.paint(ellipse(50, 50, 20.5), (28, 44, 40), PLASTIC, depth=1)
    canvas.tint(
        many([ring(44, 56, r, 0.6, r * 0.7) for r in (4, 8, 12, 16)]) & face, (110, 160, 120), 0.9
    )
    canvas.tint(line("36,62 44,52 54,56 62,42", w=1.2) & face, (255, 150, 50), 1)
    canvas.tint(text("1847 m", 50, 39, 6), WHITE, 1)
    canvas.tint(poly("62,38 59.6,43 64.4,43"), (255, 80, 60), 1)


def fitness_band(canvas: Canvas, main: Colour) -> None:
    """A narrow band with a tall little screen, curled on the table."""
    canvas.paint(ring(50, 50, 31, 7, 40), darker(main, 0.3), MATTE, depth=3)
    canvas.paint(poly("38,6 62,6 62,94 38,94") & ellipse(50, 50, 31, 42), main, MATTE, depth=4)
    canvas.paint(rect(36.5, 22, 63.5, 78, 8), (24, 25, 30), PLASTIC, depth=3, gloss=0.4)
    canvas.tint(text("10:09", 50, 36, 8), WHITE, 1)
    canvas.tint(
        many([ellipse(47.4, 48, 2.9), ellipse(52.6, 48, 2.9), poly("44.8,49.4 55.2,49.4 50,55.5")]),
        (240, 60, 80),
        1,
    )
    canvas.tint(text("72", 50, 61, 8), (120, 230, 170), 1)
    canvas.tint(rect(42, 69, 58, 71, 1), (90, 150, 250), 1)


def wrist_watch(
    canvas: Canvas, case: Colour, dial: Colour, strap: Colour, kind: str, r: float = 23
) -> None:
    """A wristwatch; kind is bracelet, mesh, diver or leather."""
    canvas.pose = "lies"
    looks = {
        "bracelet": Look("metal", gloss=0.2), "diver": Look("metal", gloss=0.2),
        "mesh": Look(depth=1.5, texture="mesh", grain=0.2, gloss=0.3), "leather": replace_depth(LEATHER),
    }  # fmt: skip
    wide = r * 0.56
    _strap(canvas, strap, wide, looks[kind])
    if kind in ("bracelet", "diver"):
        canvas.seam(
            many(
                [
                    line((50 - wide, y), (50 + wide, y), w=0.5)
                    for y in [*range(8, 34, 4), *range(68, 94, 4)]
                ]
            ),
            None,
            0.5,
        )
        canvas.seam(line((50 - wide * 0.4, 6), (50 - wide * 0.45, 94), w=0.5).both(), None, 0.4)
    if kind == "leather":
        canvas.tint(
            line((50 - wide + 1.6, 33), (50 - wide * 0.82 + 1.4, 7), w=0.5).both()
            | line((50 - wide + 1.6, 67), (50 - wide * 0.82 + 1.4, 93), w=0.5).both(),
            lighter(strap, 0.6),
            0.7,
        )
        canvas.paint(
            rect(50 - wide, 4, 50 + wide, 9, 1) - rect(50 - wide + 2, 5.4, 50 + wide - 2, 7.6),
            case,
            PLASTIC,
            depth=0.7,
        )
    canvas.paint(rect(50 + r - 1, 47.4, 50 + r + 3.6, 52.6, 1), case, PLASTIC, depth=1)
    canvas.paint(ellipse(50, 50, r + 1.4), case, PLASTIC, depth=2.4, gloss=0.5)
    if kind == "diver":
        canvas.paint(ellipse(50, 50, r), darker(dial, 0.3), PLASTIC, depth=1.4)
        canvas.tint(_marks(r - 1, 1.8, 0.9, 12) | poly("48,28.5 52,28.5 50,32"), WHITE, 1)
    face = r - (4.6 if kind == "diver" else 2.6)
    canvas.paint(ellipse(50, 50, face), dial, PLASTIC, depth=1, gloss=0.15)
    ink = WHITE if sum(dial) < 380 else INK
    if kind != "mesh":
        canvas.tint(_marks(face - 1.4, 3, 1.2 if kind == "diver" else 0.8), ink, 1)
    if kind == "leather":
        canvas.tint(
            many([text("12", 50, 50 - face + 6, 5), text("6", 50, 50 + face - 6, 5)]), ink, 1
        )
    if kind == "bracelet":
        canvas.tint(rect(60, 48, 65, 52), WHITE, 1)
        canvas.tint(text("17", 62.5, 50, 3.2), INK, 1)
    _hands(canvas, ink, face)
    canvas.shine(blob("38,44 44,35 54,32 42,48"), 0.16, 0.8)


def replace_depth(look: Look) -> Look:
    """The look of a flat strap."""
    return Look(depth=1.8, gloss=look.gloss, sharp=look.sharp, texture=look.texture, grain=0.06)


def pendant(canvas: Canvas, chain: Colour, stone: Colour) -> None:
    """A milky drop in a bezel on a fine chain."""
    canvas.pose = "lies"
    canvas.paint(
        line("20,12 26,36 38,52 50,58", w=1.1).both(), chain, PLASTIC, depth=0.5, gloss=0.5
    )
    canvas.paint(ring(50, 60, 3, 1), chain, PLASTIC, depth=0.4)
    drop = blob("50,61! 42,72 40,80 50,89 60,80 58,72")
    canvas.paint(drop, chain, PLASTIC, depth=1.5, gloss=0.6)
    canvas.paint(drop.inset(1.8), stone, BALL, gloss=0.7)
    canvas.shine(ellipse(47, 77, 2, 3.4), 0.8, 0.8)


def fine_chain(canvas: Canvas, main: Colour) -> None:
    """A plain fine chain of small links with a clasp."""
    canvas.pose = "lies"
    links = []
    for index in range(72):
        angle = 2 * math.pi * index / 72
        x, y = (
            50 + 30 * math.sin(angle),
            50 - 36 * math.cos(angle) * (1 - 0.12 * math.sin(angle) ** 2),
        )
        links.append(ellipse(x, y, 1.7, 1).turned(math.degrees(angle), x, y))
    canvas.paint(many(links), main, PLASTIC, depth=0.6, gloss=0.7)
    canvas.paint(ring(50, 13, 3, 1.1), main, PLASTIC, depth=0.5, gloss=0.6)


def pearls(canvas: Canvas) -> None:
    """A loop of small uneven pearls with a silver clasp."""
    canvas.pose = "lies"
    for index in range(44):
        angle = 2 * math.pi * index / 44
        x, y = 50 + 33 * math.sin(angle), 51 - 36 * math.cos(angle)
        r = 2.35 + 0.35 * math.sin(index * 2.4)
        canvas.paint(ellipse(x, y, r, r * 0.94), (240, 234, 226), BALL, gloss=0.8, cast=0.4)
    canvas.paint(rect(46.6, 11, 53.4, 16.5, 2), NAMED["Silver"], PLASTIC, depth=1, gloss=0.5)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "sw-001": partial(smartwatch, case=(60, 60, 64), strap=C["Black"], r=25),
    "sw-002": partial(smartwatch, case=ROSE_GOLD, strap=(226, 188, 172), r=25),
    "sw-003": partial(outdoor_watch, main=C["Olive"]),
    "sw-004": partial(fitness_band, main=C["Blue"]),
    "watch-001": partial(
        wrist_watch, case=C["Silver"], dial=(236, 236, 232), strap=C["Silver"], kind="bracelet"
    ),
    "watch-002": partial(
        wrist_watch, case=C["Gold"], dial=(246, 238, 220), strap=C["Gold"], kind="mesh", r=18
    ),
    "watch-003": partial(
        wrist_watch, case=C["Silver"], dial=C["Blue"], strap=C["Silver"], kind="diver", r=26
    ),
    "watch-004": partial(
        wrist_watch, case=C["Gold"], dial=(248, 244, 234), strap=C["Brown"], kind="leather"
    ),
    "neck-001": partial(pendant, chain=C["Silver"], stone=(214, 222, 232)),
    "neck-002": partial(fine_chain, main=C["Gold"]),
    "neck-003": pearls,
}
