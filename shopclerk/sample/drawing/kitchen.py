"""Kettles, blenders and coffee makers."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    INK,
    NAMED,
    STEEL_GREY,
    WALNUT,
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
    sym,
    taper,
)
from shopclerk.sample.drawing.surfaces import FLAT, MATTE, PLASTIC, ROUND, STEEL, WOOD, Look

WHITE = NAMED["White"]
GLASS: Colour = (206, 222, 230)
COFFEE: Colour = (62, 36, 22)
GLAZE = Look("upright", gloss=0.4)


def glass(canvas: Canvas, shape: Shape, tone: Colour = GLASS, clear: float = 0.45) -> None:
    """A see-through vessel with bright and dark edges."""
    canvas.paint(shape, tone, Look("upright", gloss=0.3, strength=0.6), alpha=clear)
    canvas.paint(shape.rim(0.7), darker(tone, 0.3), FLAT, alpha=0.55)
    box = shape.mask.getbbox()
    if box:
        left, right = box[0] / 9.6, box[2] / 9.6
        width = right - left
        canvas.shine(
            rect(left + width * 0.14, 0, left + width * 0.22, 100, 1) & shape.inset(2), 0.55, 0.6
        )
        canvas.shine(
            rect(left + width * 0.84, 0, left + width * 0.88, 100, 1) & shape.inset(2), 0.3, 0.5
        )


def gooseneck_kettle(canvas: Canvas, main: Colour) -> None:
    """A low cone with a long thin curved spout on a round base."""
    canvas.paint(
        rect(26, 85, 78, 91, 3), darker(main, 0.15) if sum(main) > 400 else INK, PLASTIC, depth=2
    )
    canvas.paint(ellipse(72, 88, 1.4), (90, 200, 255), FLAT)
    spout = taper("34,78 20,74 18,58 22,42 12,30 4,31", w0=7, w1=3)
    canvas.paint(spout, main, PLASTIC, depth=1.8, gloss=0.4)
    handle = line("66,40 80,36 88,46 86,64 83,72", w=5.5)
    canvas.paint(
        handle,
        INK if sum(main) < 400 else (196, 150, 100),
        MATTE if sum(main) < 400 else WOOD,
        depth=2.2,
    )
    body = sym("35,38! 31,60 27,85!", x=51)
    canvas.paint(body, main, GLAZE)
    canvas.paint(ellipse(51, 38, 16, 4), main, PLASTIC, depth=2)
    canvas.paint(ellipse(51, 37, 12, 2.8), darker(main, 0.12), PLASTIC, depth=1)
    canvas.paint(rect(48, 29, 54, 36, 2), INK if sum(main) < 400 else (196, 150, 100), PLASTIC)


def jug_kettle(canvas: Canvas) -> None:
    """A tall brushed steel jug with a black handle and a short beak."""
    canvas.paint(rect(24, 86, 76, 92, 2.5), INK, PLASTIC)
    canvas.paint(blob("32,30 20,26 24,38 32,48"), STEEL_GREY, PLASTIC, depth=2)
    canvas.paint(line("64,24 80,20 87,32 86,60 78,74", w=7), INK, PLASTIC, depth=2.6)
    canvas.paint(sym("33,22! 29,50 27,86!"), STEEL_GREY, STEEL)
    canvas.paint(sym("50,14 36,17 33,24!"), INK, PLASTIC, depth=3)
    canvas.paint(rect(26.4, 80, 73.6, 86), INK, ROUND)
    canvas.paint(rect(57, 46, 62, 74, 2.4), (150, 200, 224), PLASTIC, depth=1)
    canvas.seam(many([line((58, y), (60, y), w=0.4) for y in range(50, 74, 4)]))
    canvas.paint(rect(80, 68, 88, 72, 1.6).turned(20, 84, 70), NAMED["Red"], PLASTIC, depth=1)


def whistling_kettle(canvas: Canvas, main: Colour) -> None:
    """A squat enamel kettle with a wooden grip on an arch and a whistle on its spout."""
    canvas.paint(line("28,46 30,22 50,13 70,22 72,46", w=2.6), STEEL_GREY, STEEL)
    canvas.paint(line("38,16.4 50,13 62,16.4", w=6), WALNUT, WOOD, depth=2)
    canvas.paint(taper("78,66 88,54 93,44", w0=11, w1=6.5), main, PLASTIC, depth=3, gloss=0.5)
    canvas.paint(line("90,47 96,39", w=6.5), INK, PLASTIC, depth=1.6)
    body = blob("13,76 17,56 32,44 50,41 68,44 83,56 87,76 82,87 50,90 18,87")
    canvas.paint(body, main, PLASTIC, depth=14, gloss=0.5, sharp=22)
    canvas.shine(blob("24,66 30,54 38,50 32,64 27,74"), 0.5, 1)
    canvas.paint(ellipse(50, 43, 15, 4.4), darker(main, 0.12), PLASTIC, depth=2, gloss=0.4)
    canvas.paint(ellipse(50, 37, 4, 3.4), WALNUT, WOOD, depth=2)


def glass_kettle(canvas: Canvas) -> None:
    """A glass jug with water that glows blue."""
    canvas.paint(rect(22, 86, 76, 92, 2.5), INK, PLASTIC)
    canvas.paint(line("66,26 82,24 87,36 86,60 77,74", w=6), INK, PLASTIC, depth=2.4)
    body = sym("34,24! 29,46 26,62 29,82!", x=50) | blob("36,24 26,22 30,34 36,40")
    water = body & rect(0, 44, 100, 100)
    canvas.paint(body, GLASS, Look("upright", gloss=0.2, strength=0.5), alpha=0.5)
    canvas.paint(water, (74, 152, 236), Look("upright", gloss=0.2, strength=0.5), alpha=0.72)
    canvas.glow(rect(32, 76, 68, 82), (60, 150, 255), 0.6, 4)
    canvas.tint(ellipse(50, 44, 22, 2) & body, (190, 220, 246), 0.8)
    rng = canvas.rng
    canvas.tint(
        many(
            [
                ellipse(rng.uniform(32, 68), rng.uniform(50, 78), rng.uniform(0.5, 1.1))
                for _ in range(26)
            ]
        )
        & water,
        WHITE,
        0.6,
    )
    glass(canvas, body, clear=0.12)
    canvas.tint(many([line((60, y), (65, y), w=0.6) for y in (52, 60, 68)]), WHITE, 0.8)
    canvas.paint(sym("50,14 38,17 34,25!"), STEEL_GREY, PLASTIC, depth=2.4)
    canvas.paint(rect(28, 81, 72, 87, 1), STEEL_GREY, STEEL)


def countertop_blender(canvas: Canvas, main: Colour) -> None:
    """A tall glass jar with a handle on a motor base with a dial."""
    canvas.paint(line("66,22 80,24 80,46 66,54", w=4.6), GLASS, PLASTIC, depth=1.6, alpha=0.9)
    jar = poly("31,16 69,16 62,61 38,61")
    glass(canvas, jar, clear=0.6)
    canvas.tint(many([line((40, y), (46, y), w=0.5) for y in (26, 33, 40, 47)]), INK, 0.6)
    for dx in (-6, 6, -3, 3):
        canvas.paint(line((50, 58), (50 + dx, 54), w=1.2), STEEL_GREY, STEEL)
    canvas.paint(rect(30, 11, 70, 17, 2), main, PLASTIC)
    canvas.paint(rect(44, 6, 56, 12, 2), main, PLASTIC)
    canvas.paint(rect(37, 60, 63, 65, 1), (90, 92, 96), ROUND)
    canvas.paint(blob("34,64! 66,64! 71,78 73,92! 27,92! 29,78"), main, PLASTIC, depth=4)
    canvas.paint(ellipse(50, 79, 7), STEEL_GREY, PLASTIC, depth=2, gloss=0.4, cast=0.7)
    canvas.paint(line("50,79 53,74.4", w=1.2), INK, FLAT)
    canvas.paint(
        many([rect(x, 87, x + 5, 89, 0.8) for x in (36, 43, 52, 59)]),
        lighter(main, 0.25),
        PLASTIC,
        depth=0.5,
    )


def stick_blender(canvas: Canvas, main: Colour) -> None:
    """A hand blender: long grip, steel rod, bell with a blade; a beaker beside it."""
    beaker = poly("60,48 88,48 85,92 63,92")
    glass(canvas, beaker, clear=0.5)
    canvas.paint(ellipse(74, 48, 14, 2.4).rim(0.6), (150, 170, 180), FLAT, alpha=0.7)
    canvas.tint(many([line((66, y), (71, y), w=0.5) for y in (58, 66, 74, 82)]), INK, 0.6)
    grip = sym("33,8 26,10 25,28 27,46 30,53!", x=34)
    canvas.paint(grip, main, PLASTIC, depth=5, gloss=0.4)
    canvas.paint(rect(31, 14, 37, 20, 2.6), (90, 160, 220), PLASTIC, depth=1.2)
    canvas.paint(rect(31, 23, 37, 29, 2.6), (160, 164, 170), PLASTIC, depth=1.2)
    canvas.paint(rect(29.4, 51, 38.6, 57, 1.5), (120, 124, 130), ROUND)
    canvas.paint(rect(31, 56, 37, 82, 1), STEEL_GREY, STEEL)
    canvas.paint(blob("31,78! 37,78! 42,84 45,92! 23,92! 26,84"), STEEL_GREY, STEEL)
    canvas.paint(
        many([rect(26 + i * 6, 88, 29 + i * 6, 92, 0.6) for i in range(3)]), (70, 72, 78), FLAT
    )


def bottle_blender(canvas: Canvas, main: Colour, drink: Colour, loop: bool) -> None:
    """A small blender whose jar is a drinking bottle, on a round motor base with one button."""
    if loop:
        canvas.paint(line("40,14 44,4 56,4 60,14", w=3), main, PLASTIC, depth=1.2)
    jar = sym("36,20! 34,40 35,62!")
    canvas.paint(jar & rect(0, 34, 100, 70), drink, Look("upright", gloss=0.2), alpha=0.92)
    glass(canvas, jar, clear=0.3)
    canvas.paint(many([line("50,61 45,56", w=1.4), line("50,61 55,56", w=1.4)]), STEEL_GREY, STEEL)
    canvas.paint(rect(34, 10, 66, 21, 4), main, ROUND)
    canvas.paint(sym("34,61! 33,76 35,93!"), main, GLAZE)
    canvas.paint(rect(33.6, 62, 66.4, 65), darker(main, 0.25), ROUND)
    canvas.paint(ellipse(50, 78, 5), WHITE, PLASTIC, depth=1.6, cast=0.6)
    canvas.tint(ring(50, 78, 2.6, 0.8) | line("50,75 50,78", w=0.8), INK, 0.8)


def filter_machine(canvas: Canvas, main: Colour, dial: bool) -> None:
    """A drip machine: tank behind, filter basket above, glass jug on a warm plate."""
    canvas.paint(rect(22, 14, 46, 90, 3), main, PLASTIC, depth=4)
    canvas.paint(rect(20, 8, 82, 34, 4), main, PLASTIC, depth=4)
    canvas.paint(rect(20, 84, 84, 93, 3), main, PLASTIC, depth=2.5)
    canvas.paint(rect(48, 83, 80, 86, 1), (90, 92, 96), STEEL)
    canvas.paint(poly("50,33 78,33 72,44 56,44"), darker(main, 0.2), PLASTIC, depth=2, cast=0.5)
    canvas.paint(line("78,54 89,56 89,72 80,77", w=3.8), INK, PLASTIC, depth=1.6)
    jug = blob("54,49! 74,49! 80,62 79,76 74,83! 54,83! 49,76 48,62")
    canvas.paint(jug & rect(0, 60, 100, 100), COFFEE, Look("upright", gloss=0.2), alpha=0.95)
    glass(canvas, jug, clear=0.25)
    canvas.paint(rect(53, 46, 75, 50, 1.4), INK, PLASTIC, depth=1.2)
    canvas.paint(rect(26, 40, 34, 76, 2), (120, 156, 176), PLASTIC, depth=1, alpha=0.85)
    if dial:
        canvas.paint(rect(26, 86, 34, 90, 1.4), NAMED["Red"], PLASTIC, depth=0.8)
    else:
        canvas.paint(rect(26, 14, 44, 24, 1.5), (24, 30, 40), PLASTIC, depth=0.8)
        canvas.tint(
            many([rect(29 + i * 4, 17, 31 + i * 4, 21, 0.3) for i in range(3)]), (110, 220, 250), 1
        )
    canvas.paint(
        ellipse(64, 21, 5),
        darker(main, 0.1) if dial else STEEL_GREY,
        PLASTIC,
        depth=1.5,
        gloss=0.4,
        cast=0.5,
    )


def espresso_machine(canvas: Canvas) -> None:
    """A steel box with a pressure gauge, a portafilter, a steam wand and a cup."""
    canvas.paint(
        rect(14, 10, 86, 42, 4),
        STEEL_GREY,
        PLASTIC,
        depth=3,
        gloss=0.25,
        texture="brushed",
        grain=0.05,
    )
    canvas.paint(rect(20, 40, 80, 84), (86, 88, 94), Look("upright", texture="brushed", grain=0.05))
    canvas.paint(
        rect(12, 80, 88, 93, 3),
        STEEL_GREY,
        PLASTIC,
        depth=2.5,
        gloss=0.25,
        texture="brushed",
        grain=0.05,
    )
    canvas.paint(many([rect(20 + i * 5, 82, 22.6 + i * 5, 84, 0.5) for i in range(12)]), INK, FLAT)
    canvas.paint(ellipse(50, 25, 9), INK, PLASTIC, depth=1.6, cast=0.6)
    canvas.paint(ellipse(50, 25, 7.4), WHITE, PLASTIC, depth=0.8)
    canvas.tint(ring(50, 25, 6.4, 1.2) - rect(0, 25, 100, 60), (80, 170, 90), 0.9)
    canvas.paint(line("50,25 54,21", w=0.9), NAMED["Red"], FLAT)
    canvas.paint(
        many([ellipse(24, 25, 3.6), ellipse(33.6, 25, 3.6)]), WHITE, PLASTIC, depth=1.2, gloss=0.4
    )
    canvas.paint(ellipse(75, 25, 6), INK, PLASTIC, depth=2, cast=0.6)
    canvas.paint(rect(36, 42, 56, 48, 1.5), STEEL_GREY, STEEL)
    canvas.paint(sym("37,48! 38,54 42,57", x=46), STEEL_GREY, STEEL)
    canvas.paint(line("44,51 22,55", w=5), INK, PLASTIC, depth=2)
    canvas.paint(many([rect(43, 56, 45, 61), rect(47, 56, 49, 61)]), STEEL_GREY, STEEL)
    canvas.paint(line("74,42 76,56 72,70", w=2.2), STEEL_GREY, PLASTIC, depth=0.8, gloss=0.5)
    canvas.paint(ring(57, 73, 4, 1.4), WHITE, PLASTIC, depth=0.7)
    canvas.paint(sym("39,66! 40,75 43,81!", x=46), WHITE, GLAZE)
    canvas.paint(ellipse(46, 66.4, 6.4, 1.4), COFFEE, FLAT)
    canvas.tint(many([line("44,61 44,66", w=0.8), line("48,61 48,66", w=0.8)]), COFFEE, 1)


def french_press(canvas: Canvas) -> None:
    """A double-walled steel pot with a plunger knob, a spout and a large handle."""
    canvas.paint(rect(49, 8, 51, 26), STEEL_GREY, STEEL)
    canvas.paint(ellipse(50, 9, 4.6, 4), INK, PLASTIC, depth=2.4, gloss=0.5)
    canvas.paint(
        line("66,34 84,34 88,50 86,70 66,76", w=5.6), STEEL_GREY, PLASTIC, depth=2.2, gloss=0.5
    )
    canvas.paint(blob("36,32 24,26 27,36 34,44"), STEEL_GREY, PLASTIC, depth=2)
    canvas.paint(rect(32, 29, 68, 92, 3), STEEL_GREY, STEEL)
    canvas.paint(sym("50,20 38,22 31,28 31,32!"), STEEL_GREY, Look("metal", gloss=0.4))
    canvas.seam(many([rect(32, 33, 68, 33.6), rect(32, 87, 68, 87.6)]), None, 0.4)


def moka_pot(canvas: Canvas, main: Colour) -> None:
    """An eight-sided pot with a waist, a lid with a knob and a black handle."""
    canvas.paint(line("64,26 82,26 88,36 84,60", w=6), INK, PLASTIC, depth=2.4)
    canvas.paint(poly("34,26 22,27 33,42"), main, PLASTIC, depth=2)
    facets = [0.14, -0.02, -0.16, -0.32]
    for top, bottom, x0, x1, y0, y1 in ((17, 13, 50, 50, 25, 58), (13, 18, 50, 50, 61, 91)):
        for index, shade in enumerate(facets):
            a, b = -1 + index * 0.5, -0.5 + index * 0.5
            side = poly(
                (x0 + a * top, y0), (x0 + b * top, y0), (x1 + b * bottom, y1), (x1 + a * bottom, y1)
            )
            tone = lighter(main, shade) if shade > 0 else darker(main, -shade)
            canvas.paint(side, tone, PLASTIC, depth=0.8, gloss=0.3, cast=0)
    canvas.paint(rect(35, 57, 65, 62.4, 1), STEEL_GREY, STEEL)
    canvas.paint(poly("33,25 67,25 58,17 42,17"), main, PLASTIC, depth=2, gloss=0.4)
    canvas.paint(ellipse(50, 14, 3.6, 4), INK, PLASTIC, depth=2, gloss=0.4)
    canvas.paint(ellipse(40, 76, 2), (206, 166, 92), PLASTIC, depth=1)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "kett-001": partial(gooseneck_kettle, main=C["Black"]),
    "kett-002": partial(gooseneck_kettle, main=C["White"]),
    "kett-003": jug_kettle,
    "kett-004": partial(whistling_kettle, main=C["Red"]),
    "kett-005": glass_kettle,
    "blend-001": partial(countertop_blender, main=C["Black"]),
    "blend-002": partial(stick_blender, main=C["White"]),
    "blend-003": partial(bottle_blender, main=C["Green"], drink=(150, 190, 90), loop=True),
    "blend-004": partial(bottle_blender, main=C["Pink"], drink=(232, 120, 140), loop=False),
    "coffee-001": partial(filter_machine, main=C["Black"], dial=False),
    "coffee-002": espresso_machine,
    "coffee-003": french_press,
    "coffee-004": partial(moka_pot, main=C["Red"]),
    "coffee-005": partial(filter_machine, main=C["White"], dial=True),
}
