"""Sweaters and cardigans, laid flat."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    NAMED,
    WALNUT,
    Colour,
    darker,
)
from shopclerk.sample.drawing.patterns import Pattern, plain
from shopclerk.sample.drawing.shapes import Shape, ellipse, line, many, poly, rect, sym
from shopclerk.sample.drawing.surfaces import (
    CLOTH,
    FLAT,
    FUR,
    KNIT,
    MATTE,
    PLASTIC,
    Look,
)
from shopclerk.sample.drawing.tops import long_sleeved, shaded, sleeve

WHITE = NAMED["White"]
NYLON = Look(depth=4, gloss=0.12, sharp=10, texture="folds", grain=0.07)
Paint = Colour | Pattern


def sweater(
    canvas: Canvas, main: Paint, look: Look = KNIT, v: bool = False, waist: float = 0.0
) -> Shape:
    """A pullover with ribbed hem and cuffs; hands back the shape of its body."""
    body = long_sleeved(canvas, main, look, 25, 86, waist)
    ribs = Look(depth=2.5, texture="rib", grain=0.16)
    canvas.paint(rect(0, 80, 100, 90) & body, shaded(main, 0.06), ribs)
    canvas.paint(line("15,75 26,77.5", w=6).both() & sleeve(25).both(), shaded(main, 0.06), ribs)
    if v:
        canvas.paint(sym("41,12! 50,37!"), shaded(main, 0.5), CLOTH)
        canvas.paint(
            line("41,13 50,37", w=2.6, smooth=False).both(), shaded(main, 0.08), ribs, depth=1.2
        )
    else:
        canvas.paint(
            ellipse(50, 13, 11, 8) & rect(0, 11.4, 100, 60), shaded(main, 0.05), ribs, depth=2
        )
        canvas.paint(ellipse(50, 12.6, 8.3, 5.2) & rect(0, 12.4, 100, 60), shaded(main, 0.5), CLOTH)
    return body


def cable_sweater(canvas: Canvas, main: Colour) -> None:
    """Rope cables up the front and a honeycomb between them."""
    sweater(canvas, main, MATTE_KNIT)
    for x in (34, 50, 66):
        for y in range(27, 78, 7):
            for side in (1, -1):
                strand = line((x - 2.4 * side, y), (x, y + 3.5), (x + 2.4 * side, y + 7), w=2.6)
                canvas.paint(strand, main, MATTE, depth=1.2, cast=0.5, strength=1.1)
    for x in (42, 58):
        canvas.tint(
            many([ellipse(x + dx, y, 0.7) for y in range(28, 79, 4) for dx in (-1.6, 1.6)]),
            darker(main, 0.6),
            0.5,
            0.3,
        )
    for y in range(30, 74, 7):
        canvas.paint(
            many([line((19 - (y - 30) * 0.06, y), (22 - (y - 30) * 0.06, y + 6), w=2.6)]).both(),
            main,
            MATTE,
            depth=1.2,
            cast=0.5,
        )


MATTE_KNIT = Look(depth=5, texture="knit", grain=0.12)


FINE_KNIT = Look(depth=5, texture="rib", grain=0.05)


def cardigan(canvas: Canvas, main: Colour) -> None:
    """A chunky open cardigan with wooden buttons and patch pockets."""
    body = long_sleeved(canvas, main, KNIT, 26, 88)
    ribs = Look(depth=2, texture="rib", grain=0.18)
    canvas.paint(rect(0, 82, 100, 92) & body, darker(main, 0.05), ribs)
    canvas.paint(sym("42,12! 50,44!"), darker(main, 0.55), CLOTH)
    canvas.paint(rect(30, 60, 43, 75, 1).both(), main, KNIT, depth=1.6, cast=0.6)
    canvas.paint(rect(29.6, 59, 43.4, 63, 1).both(), darker(main, 0.05), ribs, depth=1)
    canvas.paint(line("41.5,12 47.6,42 48,88", w=4.6, smooth=False), main, ribs, cast=0.5)
    canvas.paint(line("58.5,12 52.4,42 52,88", w=4.6, smooth=False), main, ribs, cast=0.6)
    canvas.paint(many([ellipse(52, y, 1.7) for y in (47, 57, 67, 77)]), WALNUT, PLASTIC, depth=1)


def reindeer_sweater(canvas: Canvas, main: Colour) -> None:
    """A Christmas jumper: reindeer with a red nose between bands of snow."""
    bands = plain(main)
    body = sweater(canvas, bands, MATTE_KNIT)
    flakes = [ellipse(x, y, 0.9) for y in (24, 30, 78) for x in range(20, 84, 5)]
    canvas.tint(many(flakes) & body, WHITE, 0.9)
    canvas.tint(
        many([poly((x, 77, 0), (x + 3, 71), (x + 6, 77)) for x in range(22, 78, 7)]) & body,
        NAMED["Green"],
        0.95,
    )
    horns = many(
        [line("45,46 38,40 36,32", w=1.8), line("38,40 32,38", w=1.6), line("40,42 42,34", w=1.6)]
    )
    canvas.paint(horns.both(), (92, 58, 34), FUR, depth=0.8, grain=0.1)
    canvas.paint(
        ellipse(38, 50, 5, 2.6).turned(20, 38, 50).both(), (140, 92, 56), FUR, depth=1, grain=0.1
    )
    canvas.paint(sym("50,42 42,46 42,56 45,66 50,69"), (160, 108, 66), FUR, depth=4, grain=0.12)
    canvas.paint(ellipse(45.6, 52, 1.5).both(), INKY, FLAT)
    canvas.glow(ellipse(50, 63, 3.4), (255, 120, 100), 0.6, 1.6)
    canvas.paint(ellipse(50, 63, 3.6), (236, 36, 36), PLASTIC, gloss=0.6)


INKY: Colour = (26, 22, 22)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "knit-001": partial(cable_sweater, main=C["Cream"]),
    "knit-002": partial(sweater, main=C["Grey"], look=FINE_KNIT, waist=3),
    "knit-003": partial(sweater, main=C["Green"], look=FINE_KNIT, v=True),
    "knit-004": partial(cardigan, main=C["Beige"]),
    "knit-005": partial(reindeer_sweater, main=C["Red"]),
}
