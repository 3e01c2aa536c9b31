"""Garden tools and planters."""

from __future__ import annotations

import math
from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    INK,
    LEAF,
    NAMED,
    STEEL_GREY,
    TERRACOTTA,
    Colour,
    darker,
    lighter,
    mix,
)
from shopclerk.sample.drawing.patterns import over, plain
from shopclerk.sample.drawing.shapes import (
    Shape,
    blob,
    ellipse,
    line,
    many,
    poly,
    rect,
    ring,
    star,
    sym,
    taper,
)
from shopclerk.sample.drawing.surfaces import (
    CLOTH,
    LEATHER,
    MATTE,
    PLASTIC,
    STEEL,
    WOOD,
    Look,
)

WHITE = NAMED["White"]
ASH: Colour = (214, 178, 126)
SOIL: Colour = (70, 50, 38)


def secateurs(canvas: Canvas, main: Colour) -> None:
    """Pruning shears: crossing blades, a spring and two curved grips."""
    canvas.pose = "lies"
    canvas.paint(
        blob("50,46 58,34 62,18 58,8! 48,20 42,36 44,46"), STEEL_GREY, PLASTIC, depth=1.6, gloss=0.5
    )
    canvas.paint(
        blob("50,46 44,34 40,22 44,14 38,12 32,24 38,42 46,52"),
        (120, 124, 130),
        PLASTIC,
        depth=1.6,
        gloss=0.4,
    )
    canvas.paint(
        many(
            [
                line((46 + (i % 2) * 8, 54 + i * 1.6), (54 - (i % 2) * 8, 55.6 + i * 1.6), w=0.9)
                for i in range(6)
            ]
        ),
        STEEL_GREY,
        PLASTIC,
        depth=0.4,
    )
    for mirror in (False, True):
        grip = taper("46,48 35,62 34,78 40,93", w0=7, w1=7.5)
        canvas.paint(grip.mirrored() if mirror else grip, main, PLASTIC, depth=2.6, cast=0.6)
    canvas.paint(ellipse(49, 46, 4), STEEL_GREY, PLASTIC, depth=1.4, gloss=0.6, cast=0.7)
    canvas.paint(star(49, 46, 2, 6, 0.85), (110, 112, 118), PLASTIC, depth=0.5)


def _trowel(canvas: Canvas, handle: Colour, look: Look, turn: float, x: float = 50) -> None:
    def at(shape: Shape) -> Shape:
        return shape.moved(x - 50, 0).turned(turn, 50, 50)

    canvas.paint(
        at(sym("44,10! 40,18 40,34 50,52!").turned(180, 50, 31)),
        STEEL_GREY,
        PLASTIC,
        depth=2.4,
        gloss=0.5,
        texture="brushed",
        grain=0.03,
    )
    canvas.tint(at(line("50,16 50,48", w=2)), (90, 94, 100), 0.35, 0.5)
    canvas.paint(at(taper("50,50 50,64", w0=3.2, w1=3.6)), STEEL_GREY, STEEL)
    canvas.paint(at(sym("47,62! 45.6,74 46,88 50,94")), handle, look, depth=2.4)


def trowel(canvas: Canvas) -> None:
    """A steel hand trowel with depth marks and an ash handle."""
    canvas.pose = "lies"
    _trowel(canvas, ASH, WOOD, 28)
    canvas.tint(
        many([line((46, y), (51, y), w=0.6) for y in (24, 30, 36, 42)]).turned(28),
        (70, 74, 80),
        0.8,
    )
    canvas.paint(
        line("50,90 46,97 53,98 50,91", w=0.9).turned(28), (130, 86, 50), LEATHER, depth=0.4
    )


def loppers(canvas: Canvas, main: Colour) -> None:
    """Long telescopic handles below a hooked cutting head."""
    canvas.pose = "lies"
    for mirror in (False, True):
        arm = line("49,32 42,50 36,72", w=3)
        grip = taper("36.6,70 32,92", w0=5.4, w1=6)
        collar = line("38.6,62 37.4,67", w=5)
        for shape, tone, look in (
            (arm, STEEL_GREY, STEEL),
            (collar, INK, PLASTIC),
            (grip, main, PLASTIC),
        ):
            canvas.paint(shape.mirrored() if mirror else shape, tone, look, depth=2)
    canvas.paint(
        blob("52,34 60,24 60,12 52,5! 46,16 45,32"), STEEL_GREY, PLASTIC, depth=1.6, gloss=0.5
    )
    canvas.paint(
        blob("48,34 40,26 36,16 40,8 35,7 29,16 34,30 44,40"),
        (86, 90, 96),
        PLASTIC,
        depth=1.6,
        gloss=0.4,
    )
    canvas.paint(blob("43,30 50,26 57,30 60,42 50,46 40,42"), main, PLASTIC, depth=2, cast=0.7)
    canvas.paint(ellipse(50, 35, 3.4), STEEL_GREY, PLASTIC, depth=1.2, gloss=0.6)


def tool_set(canvas: Canvas, main: Colour) -> None:
    """Five small tools with pink handles before a flowered bag."""
    canvas.pose = "lies"
    cloth = plain(lighter(main, 0.45))
    for x, y, tone in (
        (20, 64, main),
        (32, 82, (240, 200, 90)),
        (50, 70, (206, 90, 130)),
        (68, 84, main),
        (80, 66, (240, 200, 90)),
        (26, 92, (206, 90, 130)),
        (60, 94, main),
    ):
        petals = many(
            [
                ellipse(x + 2.6 * math.cos(a * 1.2566), y + 2.6 * math.sin(a * 1.2566), 2.2)
                for a in range(5)
            ]
        )
        cloth = over(over(cloth, petals, tone), ellipse(x, y, 1.3), WHITE)
    heads = [
        sym("43,8! 40,16 41,28 50,34"), many([line((44 + 4 * i, 8), (46 + 2 * i, 30), w=2) for i in range(4)]),
        sym("50,4! 46,14 47,34"), many([line("44,30 42,14", w=2), line("50,30 50,10", w=2), line("56,30 58,14", w=2)]),
        blob("44,10 56,10 57,30 50,36 43,30"),
    ]  # fmt: skip
    for index, head in enumerate(heads):
        dx, turn = -24 + index * 12, -8 + index * 4
        canvas.paint(
            head.moved(dx, 6).turned(turn, 50, 120), STEEL_GREY, PLASTIC, depth=1.4, gloss=0.5
        )
        canvas.paint(
            rect(47.6, 36, 52.4, 70, 2.4).moved(dx, 4).turned(turn, 50, 120), main, PLASTIC, depth=2
        )
    canvas.paint(line("34,58 36,46 50,42 64,46 66,58", w=2.6), darker(main, 0.15), CLOTH, depth=1)
    canvas.paint(poly("10,58 90,58 86,97 14,97"), cloth, CLOTH, depth=4, cast=0.7)
    canvas.paint(rect(10, 57, 90, 61, 1), main, CLOTH, depth=1)


def _plant(canvas: Canvas, x: float, y: float, size: float, tone: Colour = LEAF) -> None:
    for angle in (-70, -45, -20, 4, 28, 52, 74):
        reach = size * (1.0 - abs(angle) / 260)
        leaf = blob(
            (x, y, 0),
            (x - size * 0.13, y - reach * 0.5),
            (x, y - reach, 0),
            (x + size * 0.13, y - reach * 0.5),
        )
        canvas.paint(
            leaf.turned(angle, x, y),
            mix(tone, WHITE, abs(angle) / 400),
            PLASTIC,
            depth=1.6,
            gloss=0.12,
            cast=0.5,
        )


def terracotta_pot(canvas: Canvas) -> None:
    """A clay pot with a broad rim and a plant."""
    _plant(canvas, 50, 42, 34)
    canvas.paint(ellipse(50, 42, 29, 4.6), SOIL, MATTE, texture="noise", grain=0.2, depth=1)
    clay = Look("upright", texture="noise", grain=0.05)
    canvas.paint(poly("24,54 76,54 68,92 32,92") | ellipse(50, 92, 18, 2), TERRACOTTA, clay)
    canvas.paint(
        poly("19,43 81,43 79,56 21,56") | ellipse(50, 43, 31, 4), TERRACOTTA, clay, cast=0.6
    )
    canvas.paint(ellipse(50, 42.6, 28.6, 3.2), SOIL, MATTE, texture="noise", grain=0.2, depth=1)
    _plant(canvas, 50, 44, 30)


def glazed_pot(canvas: Canvas, main: Colour) -> None:
    """A round-bellied pot with a drip glaze."""
    _plant(canvas, 50, 42, 33, (96, 150, 90))
    body = sym("26,42! 20,58 22,76 34,91! 50,92")
    canvas.paint(body, main, Look("upright", gloss=0.6))
    canvas.paint(ellipse(50, 42, 24.4, 4), lighter(main, 0.2), PLASTIC, depth=1, gloss=0.4)
    canvas.paint(ellipse(50, 42.2, 22, 3), SOIL, MATTE, texture="noise", grain=0.2, depth=1)
    drips = blob("20,82 28,79 36,85 44,80 52,86 60,80 68,85 78,80 80,97! 20,97!")
    canvas.tint(drips & body, darker(main, 0.45), 0.5, 0.5)
    _plant(canvas, 50, 44, 28, (96, 150, 90))


def balcony_box(canvas: Canvas, main: Colour) -> None:
    """A long box with flowers and a water gauge."""
    for x in range(14, 90, 12):
        _plant(canvas, x, 56, 22)
    tones = [NAMED["Red"], NAMED["Pink"], NAMED["Yellow"], WHITE]
    for index, (x, y) in enumerate(
        ((14, 36), (24, 44), (34, 32), (44, 40), (54, 34), (64, 44), (74, 34), (86, 40))
    ):
        canvas.paint(star(x, y, 5.4, 8, 0.6), tones[index % 4], PLASTIC, depth=1.4, cast=0.5)
        canvas.paint(ellipse(x, y, 1.6), (240, 200, 80), PLASTIC, depth=0.8)
    canvas.paint(poly("5,56 95,56 91,86 9,86"), main, PLASTIC, depth=3, gloss=0.15)
    canvas.paint(rect(3, 53, 97, 59, 2), lighter(main, 0.1), PLASTIC, depth=1.6, cast=0.6)
    canvas.paint(rect(82, 64, 87, 80, 2), (150, 206, 236), PLASTIC, depth=1)
    canvas.paint(ellipse(84.5, 74, 1.8), NAMED["Red"], PLASTIC, depth=0.8)
    canvas.seam(line("10,79 78,79", w=0.5), None, 0.3)


def macrame_planter(canvas: Canvas, main: Colour) -> None:
    """A white bowl hung in knotted cord, with a tassel below."""
    canvas.pose = "hangs"
    cords = [
        line((50, 6), (x, 44), (50 + (x - 50) * 0.7, 66), (50, 74), w=1.7) for x in (27, 42, 58, 73)
    ]
    _plant(canvas, 50, 52, 30)
    canvas.paint(
        blob("27,48! 29,60 38,69 50,71 62,69 71,60 73,48!"),
        (240, 240, 238),
        Look("upright", gloss=0.4),
    )
    canvas.paint(ellipse(50, 48, 23, 3.4), (224, 224, 220), PLASTIC, depth=1)
    canvas.paint(ellipse(50, 48.4, 21, 2.6), SOIL, MATTE, depth=1)
    _plant(canvas, 50, 50, 26)
    for cord in cords:
        canvas.paint(cord, main, CLOTH, depth=0.8, cast=0.7)
    canvas.paint(
        many(
            [
                line("34,56 42,62", w=1.4),
                line("42,56 34,62", w=1.4),
                line("58,56 66,62", w=1.4),
                line("66,56 58,62", w=1.4),
                line("46,60 54,66", w=1.4),
                line("54,60 46,66", w=1.4),
            ]
        ),
        main,
        CLOTH,
        depth=0.7,
        cast=0.7,
    )
    canvas.paint(ellipse(50, 76, 3.4, 4), main, CLOTH, depth=1.6)
    canvas.paint(
        many([line((50, 78), (50 + dx, 95), w=1.2) for dx in (-5, -3, -1, 1, 3, 5)]),
        main,
        CLOTH,
        depth=0.6,
    )
    canvas.paint(ring(50, 6, 3.4, 1), (206, 168, 98), PLASTIC, depth=0.5)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "prune-001": partial(secateurs, main=C["Red"]),
    "prune-002": trowel,
    "prune-003": partial(loppers, main=C["Green"]),
    "prune-004": partial(tool_set, main=C["Pink"]),
    "pot-001": terracotta_pot,
    "pot-002": partial(glazed_pot, main=C["Blue"]),
    "pot-003": partial(balcony_box, main=C["Grey"]),
    "pot-004": partial(macrame_planter, main=C["Cream"]),
}
