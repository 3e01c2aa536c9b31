"""Water bottles and things to feed a baby with."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.kitchen import glass
from shopclerk.sample.drawing.palette import (
    BEECH,
    INK,
    NAMED,
    STEEL_GREY,
    Colour,
    lighter,
)
from shopclerk.sample.drawing.shapes import (
    blob,
    ellipse,
    line,
    many,
    poly,
    rect,
    sym,
)
from shopclerk.sample.drawing.surfaces import (
    MATTE,
    PLASTIC,
    ROUND,
    STEEL,
    WOOD,
    Look,
)

WHITE = NAMED["White"]
CHEF_BLADE = blob("4,59! 20,50 40,45 64,45! 64,59! 40,61 20,62")
SANTOKU_BLADE = blob("8,62! 9,54 16,47 24,45! 64,45! 64,61! 40,63 20,63")
PARING_BLADE = blob("30,54! 42,49 62,47! 62,55! 46,56")
GRIP = blob("64,45! 68,46 82,47 95,45 97,50 94,55 82,52.6 72,53.4 64,54!")
SPECKLED = Look("upright", gloss=0.3, texture="speckle", grain=0.6)


def flask(canvas: Canvas, main: Colour, big: bool) -> None:
    """An insulated bottle with a screw lid and a carrying loop."""
    wide, top = (20.0, 22.0) if big else (16.0, 24.0)
    canvas.paint(line("42,18 42,7 58,7 58,18", w=3), INK, PLASTIC, depth=1.2)
    canvas.paint(
        sym(
            (42, top, 0),
            (50 - wide, top + 10),
            (50 - wide, 60),
            (50 - wide, 90),
            (50 - wide + 2, 94, 0),
        ),
        main,
        Look("upright", gloss=0.28),
    )
    canvas.paint(rect(40, 13, 60, top + 1.6, 2), INK, ROUND)
    canvas.seam(many([rect(x, 14, x + 0.5, top) for x in range(42, 60, 3)]), None, 0.4)
    canvas.paint(rect(50 - wide, 91, 50 + wide, 94.6, 1), STEEL_GREY, STEEL)
    canvas.tint(poly("50,52 45,61 55,61") | poly("55,55 52,61 60,61"), WHITE, 0.85)


def squeeze_bottle(canvas: Canvas) -> None:
    """A soft clear bottle, rolled up a little at its foot."""
    body = sym("40,24! 33,32 32,56 36,70 33,82 36,90!")
    canvas.paint(
        body & rect(0, 46, 100, 100), (178, 214, 232), Look("upright", strength=0.5), alpha=0.65
    )
    glass(canvas, body, (216, 228, 234), 0.55)
    canvas.tint(
        many([line((38, y), (44, y + 1), (56, y - 0.6), (62, y), w=0.7) for y in (64, 68, 72, 76)]),
        (110, 140, 156),
        0.5,
    )
    canvas.paint(rect(38, 16, 62, 26, 2.4), (58, 120, 170), ROUND)
    canvas.paint(rect(44, 7, 56, 17, 3), (216, 228, 234), ROUND)


def bee_bottle(canvas: Canvas, main: Colour) -> None:
    """A child's bottle with a flip straw, a loop and a bee on its side."""
    canvas.paint(line("36,24 30,12 38,8 46,18", w=3), INK, PLASTIC, depth=1.2)
    canvas.paint(line("52,20 56,9 66,7", w=5), WHITE, PLASTIC, depth=2)
    canvas.paint(sym("32,32! 31,54 33,92!"), main, Look("upright", gloss=0.4))
    canvas.paint(rect(30, 18, 70, 34, 6), (250, 150, 40), Look("upright", gloss=0.3))
    canvas.tint(
        many(
            [
                ellipse(46, 52, 5, 6.4).turned(-24, 46, 52),
                ellipse(56, 52, 5, 6.4).turned(24, 56, 52),
            ]
        ),
        WHITE,
        0.92,
    )
    bee = ellipse(51, 62, 9.4, 6.8)
    canvas.paint(bee, (250, 214, 60), PLASTIC, depth=2.4)
    canvas.tint(many([rect(x, 50, x + 2.8, 72) for x in (46.4, 52, 57.4)]) & bee, INK, 0.95)
    canvas.tint(many([ellipse(44, 61, 1)]), INK, 1)
    canvas.tint(line("40,80 46,77 50,81 58,78", w=0.8), WHITE, 0.7)


def felt_bottle(canvas: Canvas) -> None:
    """A slim glass bottle in a sleeve of grey felt."""
    body = sym("44,14! 43,26 36,36 35,60 36,93!")
    glass(canvas, body, (196, 220, 222), 0.7)
    canvas.paint(
        sym("34,46! 33.6,70 35,93.6!"), NAMED["Grey"], Look("upright", texture="fur", grain=0.16)
    )
    canvas.tint(line("47,50 47,92", w=0.6), (70, 72, 76), 0.7)
    canvas.paint(rect(46, 58, 58, 66, 1), (150, 100, 60), MATTE, depth=0.8)
    canvas.paint(
        rect(42, 6, 58, 16, 2.4), (206, 174, 126), Look("upright", texture="grain", grain=0.2)
    )


def baby_bottle(
    canvas: Canvas,
    x: float,
    top: float,
    ring_colour: Colour,
    sleeve: Colour | None = None,
    cap: bool = False,
) -> None:
    """A bottle with a teat; a sleeve and a cap where asked for."""
    wide = 12.5
    body = sym(
        (x - wide + 1.5, top + 26, 0),
        (x - wide, top + 40),
        (x - wide + 2.6, top + 52),
        (x - wide, 84),
        (x - wide + 2, 92, 0),
        x=x,
    )
    milk = body & rect(0, top + 40, 100, 100)
    canvas.paint(milk, (246, 242, 232), Look("upright", strength=0.5), alpha=0.95)
    glass(canvas, body, (214, 226, 232), 0.3)
    canvas.tint(
        many([line((x - 3, y), (x + 3, y), w=0.5) for y in range(int(top) + 44, 90, 6)]),
        (90, 120, 150),
        0.8,
    )
    if sleeve:
        canvas.paint(
            body & rect(0, top + 42, 100, 96),
            sleeve,
            Look("upright", gloss=0.15, texture="rib", grain=0.06),
        )
    teat = sym(
        (x, top + 2),
        (x - 2.6, top + 4),
        (x - 3.4, top + 10),
        (x - 8.6, top + 16),
        (x - 9, top + 20, 0),
        x=x,
    )
    canvas.paint(teat, (232, 206, 170), PLASTIC, depth=2.4, alpha=0.95)
    canvas.paint(
        rect(x - wide + 1, top + 18, x + wide - 1, top + 28, 2),
        ring_colour,
        Look("upright", texture="rib", grain=0.1),
    )
    if cap:
        canvas.paint(
            sym((x, top), (x - 8, top + 2), (x - 9.5, top + 12), (x - 9.5, top + 18, 0), x=x),
            WHITE,
            Look("upright", gloss=0.4),
            alpha=0.75,
        )


def three_bottles(canvas: Canvas) -> None:
    """Three clear baby bottles in a row."""
    for x, top in ((22, 22.0), (50, 18.0), (78, 22.0)):
        baby_bottle(canvas, x, top, (120, 178, 214))


def bowl_and_spoon(canvas: Canvas, main: Colour) -> None:
    """A bamboo bowl on a coloured suction foot and a spoon with a coloured tip."""
    canvas.paint(rect(24, 80, 66, 86, 3), main, PLASTIC, depth=2)
    canvas.paint(rect(34, 72, 56, 82, 2), main, PLASTIC)
    canvas.paint(
        blob("10,42! 14,60 28,75 45,78 62,75 76,60 80,42!"),
        BEECH,
        Look("upright", texture="wood", grain=0.14, gloss=0.1),
    )
    canvas.paint(ellipse(45, 42, 35, 8), lighter(BEECH, 0.3), WOOD, depth=1)
    canvas.paint(ellipse(45, 43, 32, 6.2), main, PLASTIC, depth=3, strength=-0.6, gloss=0)
    canvas.paint(line("88,88 84,58 82,36", w=4), BEECH, WOOD, depth=1.6)
    canvas.paint(ellipse(81, 25, 6.6, 10).turned(-6, 81, 25), main, PLASTIC, depth=3, gloss=0.3)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "bottle-001": partial(flask, main=C["Blue"], big=False),
    "bottle-002": partial(flask, main=C["Black"], big=True),
    "bottle-003": squeeze_bottle,
    "bottle-004": partial(bee_bottle, main=C["Yellow"]),
    "bottle-005": felt_bottle,
    "feed-001": three_bottles,
    "feed-002": partial(baby_bottle, x=50, top=10, ring_colour=WHITE, sleeve=C["Pink"], cap=True),
    "feed-003": partial(bowl_and_spoon, main=C["Blue"]),
}
