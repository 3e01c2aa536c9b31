"""Headphones, earphones and loudspeakers."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    DARK,
    INK,
    NAMED,
    STEEL_GREY,
    WALNUT,
    Colour,
    darker,
    lighter,
)
from shopclerk.sample.drawing.shapes import blob, ellipse, line, many, rect, ring
from shopclerk.sample.drawing.surfaces import (
    BALL,
    CLOTH,
    FLAT,
    LEATHER,
    MATTE,
    PLASTIC,
    STEEL,
    WOOD,
)

WHITE = NAMED["White"]


def over_ear(
    canvas: Canvas, main: Colour, pad: Colour, wired: bool = False, trim: Colour = STEEL_GREY
) -> None:
    """Headphones seen from the front, a little from the side: a padded band and two cups."""
    if wired:
        canvas.paint(line("27,78 26,88 40,92 56,87 74,91 90,88", w=1.5), INK, PLASTIC, depth=0.6)
    canvas.paint(line("23,54 22,34 34,14 50,9 66,14 78,34 77,54", w=5), main, PLASTIC, depth=2)
    canvas.paint(line("30,24 38,16 50,13 62,16 70,24", w=5), pad, LEATHER, depth=2)
    canvas.paint(rect(20, 40, 25, 60, 2).both(), trim, STEEL)
    for mirror in (False, True):
        cushion = ellipse(32, 62, 7.5, 17).turned(6, 32, 62)
        cup = ellipse(24, 62, 9, 17.5).turned(6, 24, 62)
        shell = ellipse(20.5, 62.4, 6, 13).turned(6, 20.5, 62)
        for shape, colour, look, depth in (
            (cushion, pad, LEATHER, 4.0),
            (cup, main, PLASTIC, 4.0),
            (shell, lighter(main, 0.08), PLASTIC, 2.0),
        ):
            canvas.paint(shape.mirrored() if mirror else shape, colour, look, depth=depth, cast=0.5)
    canvas.paint(ellipse(19.4, 62.4, 1.6, 3.6).both(), trim, PLASTIC, depth=0.8)


def earbuds(canvas: Canvas, main: Colour, inner: Colour, stem: bool) -> None:
    """An open round case with two buds lying before it."""
    canvas.pose = "lies"
    canvas.paint(ellipse(50, 25, 25, 18), main, PLASTIC, depth=7)
    canvas.paint(ellipse(50, 28, 20, 12), darker(inner, 0.15), PLASTIC, depth=3)
    canvas.paint(blob("24,40 50,36 76,40 75,54 65,63 50,66 35,63 25,54"), main, PLASTIC, depth=7)
    canvas.paint(ellipse(50, 40.6, 24.6, 5.4), darker(main, 0.1), PLASTIC, depth=1.5)
    wells = many([ellipse(40, 40.6, 6.6, 2.7), ellipse(60, 40.6, 6.6, 2.7)])
    canvas.paint(wells, darker(main, 0.55), MATTE)
    canvas.paint(ellipse(50, 54, 1.2), (90, 220, 120), FLAT)
    for x, sign in ((34, 1), (66, -1)):
        if stem:
            stick = line((x - sign * 2, 78), (x - sign * 19, 87), w=4.6)
            canvas.paint(stick, main, PLASTIC, depth=2)
            canvas.paint(ellipse(x - sign * 18.6, 87, 1.4), STEEL_GREY, PLASTIC, depth=0.6)
        tip = ellipse(x + sign * 7, 82, 4.8, 5.8).turned(sign * 30, x + sign * 7, 82)
        canvas.paint(tip, (64, 64, 70), PLASTIC, depth=2.4)
        canvas.paint(ellipse(x, 78, 8.4, 8.8), main, PLASTIC, depth=4.4, cast=0.7)
        canvas.paint(ellipse(x - sign * 1.6, 76.6, 2.6), darker(main, 0.18), PLASTIC, depth=0.8)


def wired_earphones(canvas: Canvas, main: Colour) -> None:
    """Two in-ear plugs on a thin coiled cable with a jack."""
    canvas.pose = "lies"
    cable = [
        line("30,26 34,44 48,56 50,66", w=1.5), line("70,26 66,44 52,56 50,66", w=1.5),
        ring(46, 72, 20, 1.5, 13), ring(49, 74, 22, 1.5, 12), line("50,66 62,84 78,80 86,66", w=1.5),
    ]  # fmt: skip
    canvas.paint(many(cable), main, PLASTIC, depth=0.7, cast=0.6)
    canvas.paint(rect(48, 54, 52, 64, 1.5), DARK, PLASTIC, depth=1)
    canvas.paint(rect(63.5, 40, 67.5, 51, 1.5).turned(18, 65, 45), DARK, PLASTIC, depth=1)
    canvas.paint(line("86,66 86,56", w=3.6), DARK, PLASTIC, depth=1)
    canvas.paint(line("86,54 86,46", w=1.8), (214, 186, 120), STEEL)
    for mirror in (False, True):
        for shape, colour in (
            (line("30,28 27,16", w=5.5), main),
            (ellipse(25, 15, 6.5), main),
            (ellipse(19, 15, 4.6, 5.6), (60, 60, 64)),
        ):
            canvas.paint(
                shape.mirrored() if mirror else shape, colour, PLASTIC, depth=2.4, cast=0.5
            )


def drum_speaker(canvas: Canvas, main: Colour, big: bool) -> None:
    """A rounded portable speaker covered with cloth; the big one is a barrel with a handle."""
    if big:
        canvas.paint(line("26,38 32,20 50,15 68,20 74,38", w=5), DARK, PLASTIC, depth=2)
        canvas.paint(
            rect(10, 34, 90, 82, 22), main, CLOTH, depth=16, texture="mesh", grain=0.16, gloss=0.1
        )
        for x in (15, 85):
            canvas.paint(ellipse(x, 58, 7, 22), (70, 70, 76), PLASTIC, depth=3)
            canvas.paint(ellipse(x, 58, 4.6, 15), (30, 30, 34), PLASTIC, depth=3)
        canvas.paint(rect(40, 54, 60, 61, 2), (30, 30, 34), PLASTIC, depth=1)
        canvas.paint(
            many([ellipse(x, 39, 1.8) for x in (38, 46, 54, 62)]),
            (150, 150, 156),
            PLASTIC,
            depth=0.8,
        )
        return
    canvas.paint(ellipse(50, 58, 33, 32), darker(main, 0.4), PLASTIC, depth=4)
    canvas.paint(ellipse(50, 55, 33, 31), main, CLOTH, depth=14, texture="mesh", grain=0.2)
    canvas.paint(ring(50, 55, 33, 3.4, 31), darker(main, 0.25), PLASTIC, depth=1.4)
    canvas.tint(ring(50, 55, 23, 2, 21.6) | ellipse(50, 55, 10, 9.4), darker(main, 0.7), 0.35, 0.6)
    canvas.paint(ellipse(50, 77, 7, 4.6), darker(main, 0.4), PLASTIC, depth=1.6)
    canvas.tint(many([rect(47, 76.5, 53, 77.5, 0.5), rect(49.5, 74, 50.5, 80, 0.5)]), WHITE, 0.9)
    canvas.paint(line("30,32 18,24 12,34 22,44", w=2.2), NAMED["Orange"], CLOTH, depth=0.8)


def bookshelf_speaker(canvas: Canvas) -> None:
    """A walnut box with a cloth front and a single brass knob."""
    canvas.paint(rect(8, 34, 92, 80, 3), WALNUT, WOOD, depth=2.5)
    canvas.paint(
        rect(12, 38, 88, 76, 2),
        (76, 70, 64),
        CLOTH,
        texture="weave",
        grain=0.2,
        cast=0.2,
        depth=1.5,
    )
    canvas.tint(many([ellipse(31, 57, 15), ellipse(62, 57, 15)]), (0, 0, 0), 0.2, 1.4)
    canvas.paint(ellipse(81, 57, 5.4), (206, 166, 92), PLASTIC, depth=2, gloss=0.5, cast=0.8)
    canvas.paint(line("81,52.5 81,55", w=0.8), INK, FLAT)
    canvas.paint(rect(16, 80, 22, 84, 0.6).both(), INK, MATTE, depth=1)


def shower_speaker(canvas: Canvas, main: Colour) -> None:
    """A round speaker with a suction cup and three rubber buttons."""
    canvas.paint(ellipse(54, 80, 22, 8), (196, 216, 220), PLASTIC, depth=3)
    canvas.paint(ellipse(53, 51, 34, 34), darker(main, 0.35), PLASTIC, depth=5)
    canvas.paint(ellipse(49, 49, 33, 33), main, PLASTIC, depth=8, gloss=0.5)
    canvas.paint(
        ellipse(49, 42, 20, 20), darker(main, 0.45), PLASTIC, depth=2, texture="mesh", grain=0.4
    )
    for x, y in ((33, 67), (49, 72), (65, 67)):
        canvas.paint(ellipse(x, y, 4.6, 4), WHITE, PLASTIC, depth=2)
    canvas.paint(line("76,32 86,24 90,34 82,44", w=2), main, PLASTIC, depth=0.8)


def party_speaker(canvas: Canvas) -> None:
    """A tall box with two drivers in glowing pink rings."""
    canvas.paint(rect(41, 5, 59, 16, 4) - rect(45, 9, 55, 16, 2), INK, PLASTIC, depth=1.6)
    canvas.paint(rect(26, 12, 74, 92, 7), (38, 38, 42), PLASTIC, depth=5)
    canvas.paint(
        rect(30, 16, 70, 88, 5), (30, 30, 34), CLOTH, texture="mesh", grain=0.3, depth=2, cast=0.2
    )
    for y, r in ((35, 14), (67, 17)):
        canvas.glow(ring(50, y, r + 1, 3), (255, 60, 160), 0.9, 2)
        canvas.paint(ring(50, y, r + 1.2, 2.6), NAMED["Pink"], PLASTIC, depth=1, gloss=0.6)
        canvas.paint(ellipse(50, y, r - 1.8), (52, 52, 58), PLASTIC, depth=5)
        canvas.paint(ellipse(50, y, r * 0.42), (24, 24, 28), BALL)
    canvas.paint(
        many([rect(27, y, 28.6, y + 6, 0.6) for y in range(22, 80, 10)]).both(),
        (80, 200, 255),
        FLAT,
    )


C = NAMED
CREAM_SHELL: Colour = (232, 220, 194)
DRAWINGS: dict[str, Drawing] = {
    "head-001": partial(over_ear, main=C["Black"], pad=(58, 58, 62)),
    "head-002": partial(over_ear, main=CREAM_SHELL, pad=C["Tan"]),
    "head-003": partial(over_ear, main=C["Black"], pad=(58, 58, 62)),
    "head-004": partial(earbuds, main=C["White"], inner=C["White"], stem=False),
    "head-005": partial(earbuds, main=C["Blue"], inner=C["Navy"], stem=True),
    "head-006": partial(
        over_ear, main=(36, 36, 40), pad=(30, 30, 32), wired=True, trim=(90, 92, 96)
    ),
    "head-007": partial(wired_earphones, main=C["Red"]),
    "spk-001": partial(drum_speaker, main=C["Green"], big=False),
    "spk-002": partial(drum_speaker, main=C["Black"], big=True),
    "spk-003": bookshelf_speaker,
    "spk-004": partial(shower_speaker, main=C["Turquoise"]),
    "spk-005": party_speaker,
}
