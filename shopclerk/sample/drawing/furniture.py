"""Desks and bookcases."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    BRASS,
    INK,
    NAMED,
    OAK,
    WALNUT,
    Colour,
    darker,
    lighter,
)
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, many, poly, rect, sym
from shopclerk.sample.drawing.surfaces import (
    BALL,
    BOARD,
    CLOTH,
    FLAT,
    LEATHER,
    MATTE,
    PLASTIC,
    ROUND,
    STEEL,
    WOOD,
    Look,
)

WHITE = NAMED["White"]


def _top(
    canvas: Canvas, x0: float, x1: float, y: float, colour: Colour, look: Look = BOARD
) -> None:
    canvas.paint(
        poly((x0 + 7, y - 9), (x1 - 7, y - 9), (x1, y), (x0, y)), lighter(colour, 0.08), look
    )
    canvas.paint(rect(x0, y, x1, y + 3), darker(colour, 0.14), look)


def standing_desk(canvas: Canvas, main: Colour) -> None:
    """A plain top on two telescopic steel columns with feet and a handset."""
    for x in (23, 72):
        canvas.paint(rect(x - 6, 87, x + 11, 91, 1.5), (150, 154, 160), PLASTIC, depth=1.2)
        canvas.paint(rect(x, 60, x + 5, 88), (170, 174, 180), STEEL)
        canvas.paint(rect(x - 1, 38, x + 6, 66), (206, 208, 212), STEEL)
    canvas.paint(rect(22, 38, 78, 42), (130, 134, 140), MATTE)
    _top(canvas, 6, 94, 35, main, Look("flat", cast=0.3))
    canvas.paint(rect(74, 38.4, 85, 42, 1), INK, PLASTIC, depth=0.7)
    canvas.paint(many([ellipse(76.6 + i * 2.2, 40.2, 0.6) for i in range(4)]), WHITE, FLAT)


def writing_desk(canvas: Canvas, main: Colour) -> None:
    """Two drawers with brass knobs, tapered legs and a leather inlay."""
    for x in (12, 83):
        canvas.paint(
            poly((x, 52), (x + 5, 52), (x + 3.6, 90), (x + 1.4, 90)),
            main,
            Look("upright", texture="grain", grain=0.16),
        )
    for x in (22, 75):
        canvas.paint(
            poly((x, 52), (x + 3.4, 52), (x + 2.4, 84), (x + 1, 84)), darker(main, 0.35), MATTE
        )
    canvas.paint(rect(10, 42, 90, 55), main, BOARD)
    _top(canvas, 6, 94, 41, main)
    canvas.paint(poly("22,34 78,34 82,39.4 18,39.4"), (52, 84, 62), LEATHER, depth=0.8, cast=0)
    for left in (13.0, 51.5):
        canvas.paint(
            rect(left, 44.4, left + 35.5, 53.4, 0.6), lighter(main, 0.06), WOOD, depth=0.8, cast=0.6
        )
        canvas.paint(ellipse(left + 17.8, 49, 1.7), BRASS, BALL, gloss=0.6, cast=0.6)


def wall_desk(canvas: Canvas, main: Colour) -> None:
    """A shallow cupboard on the wall with its door folded down as a top."""
    canvas.pose = "hangs"
    canvas.paint(rect(20, 14, 80, 62, 1), main, BOARD)
    canvas.paint(rect(23, 17, 77, 60), darker(main, 0.35), BOARD)
    canvas.paint(many([rect(23, 36, 77, 38.4), rect(49, 17, 51, 37)]), lighter(main, 0.1), BOARD)
    books = [
        (26, NAMED["Red"]),
        (29.6, NAMED["Blue"]),
        (33, NAMED["Yellow"]),
        (36.4, NAMED["Green"]),
    ]
    for x, tone in books:
        canvas.paint(rect(x, 22, x + 3, 36), tone, PLASTIC, depth=0.7)
    canvas.paint(rect(58, 28, 65, 36, 1), WHITE, ROUND)
    canvas.paint(
        many([line("61,29 60,20", w=0.7), line("62,29 64,19", w=0.7)]), NAMED["Green"], FLAT
    )
    for x0, x1 in ((23, 10), (77, 90)):
        canvas.paint(line((x0, 42), (x1, 66), w=0.9), (110, 112, 116), PLASTIC, depth=0.4)
    canvas.paint(poly("20,58 80,58 94,70 6,70"), lighter(main, 0.12), BOARD)
    canvas.paint(rect(6, 70, 94, 73), darker(main, 0.12), BOARD)


def gaming_desk(canvas: Canvas) -> None:
    """A black top with K-shaped legs and glowing edges."""
    for mirror in (False, True):
        leg = (
            line("18,40 18,88", w=3.4)
            | line("18,62 30,42", w=3)
            | line("18,64 32,88", w=3)
            | line("12,89 36,89", w=3)
        )
        canvas.paint(leg.mirrored() if mirror else leg, (50, 50, 54), PLASTIC, depth=1.2)
        glow = line("18,46 18,84", w=0.9)
        canvas.tint(glow.mirrored() if mirror else glow, (255, 40, 90), 1, 0.15)
    canvas.paint(rect(24, 52, 76, 56), (40, 40, 44), MATTE)
    canvas.paint(
        poly("14,28 86,28 95,38 5,38"), (48, 48, 52), Look("flat", texture="weave", grain=0.35)
    )
    canvas.paint(rect(5, 38, 95, 42, 1), (34, 34, 38), MATTE, depth=0.8)
    for x0, x1, tone in (
        (6, 35, (60, 220, 255)),
        (35, 65, (160, 90, 255)),
        (65, 94, (255, 60, 140)),
    ):
        canvas.tint(rect(x0, 39.2, x1, 40.6), tone, 1, 0.3)
    canvas.glow(rect(8, 39, 92, 41), (150, 100, 255), 0.18, 3)
    canvas.paint(ring_hook(), (70, 70, 74), PLASTIC, depth=0.6)


def ring_hook() -> Shape:
    """The hook for a headset below the top."""
    return line("88,42 90,48 86,50", w=1.4)


def _books(canvas: Canvas, x0: float, x1: float, floor: float, tall: float) -> None:
    tones = [
        NAMED[name]
        for name in ("Red", "Navy", "Cream", "Green", "Burgundy", "Grey", "Yellow", "Turquoise")
    ]
    x = x0
    while x < x1 - 2:
        width, height = canvas.rng.uniform(1.5, 2.6), tall * canvas.rng.uniform(0.66, 0.95)
        tone = tones[int(canvas.rng.integers(len(tones)))]
        canvas.paint(
            rect(x, floor - height, min(x + width, x1), floor), tone, PLASTIC, depth=0.5, gloss=0.1
        )
        x += width


def ladder_shelf(canvas: Canvas, main: Colour) -> None:
    """Five shelves, deeper towards the floor, between two leaning posts."""
    for x in (30, 67):
        canvas.paint(
            rect(x, 6, x + 3, 94), darker(main, 0.1), Look("upright", texture="grain", grain=0.15)
        )
    for index, y in enumerate((16, 34, 52, 70, 88)):
        deep = 2 + index * 1.6
        canvas.paint(
            poly(
                (33 - deep * 0.3, y - deep),
                (67 + deep * 0.3, y - deep),
                (69 + deep, y),
                (31 - deep, y),
            ),
            lighter(main, 0.1),
            BOARD,
        )
        canvas.paint(rect(31 - deep, y, 69 + deep, y + 2.4), darker(main, 0.08), BOARD)
    _books(canvas, 38, 52, 50, 12)
    canvas.paint(rect(54, 24, 62, 32, 1), WHITE, ROUND)
    canvas.paint(
        many([blob("58,25 52,16 57,15"), blob("58,25 64,15 60,13")]), NAMED["Green"], MATTE
    )
    _books(canvas, 50, 66, 67, 12)


def cube_shelf(canvas: Canvas, main: Colour) -> None:
    """Two columns of four open cubes."""
    canvas.paint(rect(26, 5, 74, 94, 0.6), main, Look(depth=0.8, gloss=0.1))
    inner = darker(main, 0.22) if sum(main) > 400 else darker(main, 0.4)
    for row in range(4):
        for column in range(2):
            x, y = 28.6 + column * 22.3, 7.6 + row * 21.6
            canvas.paint(rect(x, y, x + 20.4, y + 19.4), inner, FLAT, cast=0)
            canvas.tint(
                poly((x, y), (x + 20.4, y), (x + 17, y + 3), (x + 3.4, y + 3)), (0, 0, 0), 0.25
            )
            canvas.tint(
                poly((x, y), (x + 3.4, y + 3), (x + 3.4, y + 17), (x, y + 19.4)), (0, 0, 0), 0.16
            )
            canvas.tint(
                poly((x, y + 19.4), (x + 3.4, y + 16.6), (x + 17, y + 16.6), (x + 20.4, y + 19.4)),
                lighter(main, 0.15),
                0.75,
            )
    _books(canvas, 53, 70, 26, 15)
    canvas.paint(rect(31, 55, 46.5, 69, 1.4), (190, 160, 120), CLOTH, depth=2)
    _books(canvas, 31, 42, 90.4, 15)
    canvas.paint(sym("57,36! 57,42 58.5,47.6!", x=61), NAMED["Turquoise"], ROUND)


def library_case(canvas: Canvas, main: Colour) -> None:
    """A tall walnut case with a cornice and two glazed doors."""
    canvas.paint(rect(22, 8, 78, 92), main, BOARD)
    canvas.paint(rect(19, 4, 81, 9, 1), darker(main, 0.1), WOOD, depth=1.2)
    canvas.paint(rect(20, 89, 80, 94, 0.6), darker(main, 0.15), WOOD)
    canvas.paint(rect(26, 12, 74, 86), darker(main, 0.5), FLAT)
    for floor in (26, 41, 56, 71, 86):
        _books(canvas, 28, 49, floor - 1.4, 12)
        _books(canvas, 52, 73, floor - 1.4, 12)
        canvas.paint(rect(26, floor - 1.4, 74, floor), main, BOARD)
    for x0, x1 in ((24, 49.6), (50.4, 76)):
        door = rect(x0, 10, x1, 88, 0.6)
        canvas.tint(rect(x0 + 3, 13, x1 - 3, 85), (214, 228, 236), 0.2)
        canvas.shine(poly((x0 + 4, 60), (x0 + 4, 40), (x1 - 4, 16), (x1 - 4, 30)), 0.2, 0.3)
        canvas.paint(door - rect(x0 + 3, 13, x1 - 3, 85), main, WOOD, depth=0.8)
    canvas.paint(
        many([ellipse(47.8, 50, 1.1), ellipse(52.2, 50, 1.1)]), BRASS, PLASTIC, depth=0.6, gloss=0.6
    )


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "desk-001": partial(standing_desk, main=C["White"]),
    "desk-002": partial(writing_desk, main=WALNUT),
    "desk-003": partial(wall_desk, main=OAK),
    "desk-004": gaming_desk,
    "shelf-001": partial(ladder_shelf, main=OAK),
    "shelf-002": partial(cube_shelf, main=C["White"]),
    "shelf-003": partial(cube_shelf, main=C["Black"]),
    "shelf-004": partial(library_case, main=WALNUT),
}
