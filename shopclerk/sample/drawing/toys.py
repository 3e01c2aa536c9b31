"""Soft toys and cat toys."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import INK, NAMED, Colour, darker, lighter, mix
from shopclerk.sample.drawing.shapes import (
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
from shopclerk.sample.drawing.surfaces import (
    BALL,
    CLOTH,
    FUR,
    MATTE,
    PLASTIC,
    Look,
)

WHITE = NAMED["White"]


def bear(canvas: Canvas, main: Colour, big: bool) -> None:
    """A sitting teddy; the giant one wears a red bow and holds a heart."""
    pale = lighter(main, 0.35) if not big else (250, 226, 216)
    for x in (33, 67):
        canvas.paint(ellipse(x, 16, 8.4), main, FUR, depth=4)
        canvas.paint(ellipse(x, 17, 4.6), pale, FUR, depth=2, grain=0.15)
    canvas.paint(ellipse(28, 60, 7, 18).turned(24, 28, 60).both(), main, FUR, depth=5)
    canvas.paint(ellipse(50, 67, 23, 24), main, FUR, depth=9)
    canvas.paint(ellipse(50, 69, 14, 15), pale, FUR, depth=5, grain=0.15, cast=0.1)
    for x in (29, 71):
        canvas.paint(ellipse(x, 84, 13, 11), main, FUR, depth=6, cast=0.6)
        canvas.paint(ellipse(x, 85, 7.4, 6.4), pale, FUR, depth=2.4, grain=0.15, cast=0.1)
    canvas.paint(ellipse(50, 31, 24, 21), main, FUR, depth=9, cast=0.6)
    canvas.paint(ellipse(50, 39, 10.4, 8), pale, FUR, depth=4, grain=0.15)
    canvas.paint(ellipse(41, 29, 2.6).both(), INK, PLASTIC, gloss=0.8)
    canvas.paint(ellipse(50, 35.6, 3.6, 2.7), INK, PLASTIC, gloss=0.5)
    canvas.tint(line("50,38 50,41.4 46,43.6", w=0.8) | line("50,41.4 54,43.6", w=0.8), INK, 0.9)
    if big:
        bow = many([blob("50,53 39,47 38,59"), blob("50,53 61,47 62,59"), ellipse(50, 53, 3)])
        canvas.paint(bow, NAMED["Red"], CLOTH, depth=2, cast=0.6)
        heart = many([ellipse(45, 67, 6), ellipse(55, 67, 6), poly("39.6,69.6 60.4,69.6 50,82")])
        canvas.paint(heart, NAMED["Red"], CLOTH, depth=4, cast=0.6)


def octopus(canvas: Canvas, main: Colour) -> None:
    """A round head over eight arms of different cloth."""
    tones = [main, NAMED["Pink"], NAMED["Turquoise"], NAMED["Yellow"]]
    ends = [(8, 76), (20, 88), (33, 92), (44, 93)]
    for index, (x, y) in enumerate(ends):
        arm = taper((38 + index * 3, 58), (30 + index * 4 - 8 + index * 2, 74), (x, y), w0=12, w1=7)
        for side in (arm, arm.mirrored()):
            canvas.paint(side, mix(tones[index], main, 0.25), FUR, depth=4, grain=0.14, cast=0.5)
    canvas.paint(
        blob("50,8 30,14 22,34 27,54 38,66 50,68 62,66 73,54 78,34 70,14"),
        main,
        FUR,
        depth=12,
        grain=0.2,
    )
    canvas.paint(ellipse(40, 42, 4.4, 5).both(), WHITE, PLASTIC, depth=1.4)
    canvas.paint(ellipse(41, 43, 2.4, 3).both(), INK, PLASTIC, gloss=0.8)
    canvas.tint(line("44,54 50,57.5 56,54", w=1.1), INK, 0.9)
    canvas.tint(ellipse(33, 51, 4, 2.8).both(), NAMED["Pink"], 0.7, 0.6)


def fox(canvas: Canvas, main: Colour) -> None:
    """A sitting fox with a white bib and a bushy tail."""
    tail = taper("66,82 86,76 88,50", w0=12, w1=15)
    canvas.paint(tail, main, FUR, depth=5)
    canvas.paint(ellipse(88, 46, 8, 9), WHITE, FUR, depth=4, grain=0.15)
    canvas.paint(sym("50,46 36,54 30,74 33,90 50,92"), main, FUR, depth=8)
    canvas.paint(sym("50,52 42,60 43,76 50,82"), WHITE, FUR, depth=3, grain=0.15)
    canvas.paint(ellipse(41, 88, 7, 5).both(), (70, 44, 34), FUR, depth=2.5, grain=0.15, cast=0.6)
    ears = blob("30,30 27,8! 44,18")
    canvas.paint(ears.both(), main, FUR, depth=3)
    canvas.paint(blob("31.6,25 29.6,13! 39,19").both(), (70, 44, 34), FUR, depth=1.4, grain=0.15)
    canvas.paint(sym("50,15 33,22 24,38 38,48 50,55"), main, FUR, depth=7, cast=0.6)
    canvas.paint(
        blob("24,38 36,38 49,50 49,55 38,49").both(), WHITE, FUR, depth=2, grain=0.12, cast=0.1
    )
    canvas.paint(ellipse(50, 52, 3.4, 2.6), INK, PLASTIC, gloss=0.6)
    canvas.paint(ellipse(41, 34, 2.4, 3).both(), INK, PLASTIC, gloss=0.8)


def feather_wand(canvas: Canvas) -> None:
    """A rod, a string and a bundle of coloured feathers with a bell."""
    canvas.pose = "lies"
    canvas.paint(taper("8,92 66,12", w0=3.4, w1=1.6), NAMED["Blue"], PLASTIC, depth=1)
    canvas.paint(taper("8,92 22,73", w0=5.4, w1=5), INK, MATTE, depth=1.6)
    canvas.paint(line("66,12 86,16 84,38 68,46 66,56", w=0.8), (90, 90, 96), CLOTH, depth=0.3)
    for angle, name in (
        (-46, "Red"),
        (-22, "Yellow"),
        (0, "Turquoise"),
        (22, "Pink"),
        (46, "Green"),
    ):
        feather = blob("66,58! 61,70 62,84 66,94! 70,84 71,70").turned(-angle, 66, 57)
        canvas.paint(feather, NAMED[name], Look(depth=1.6, texture="fur", grain=0.14), cast=0.6)
        canvas.tint(line("66,58 66,90", w=0.6).turned(-angle, 66, 57), WHITE, 0.7)
    canvas.paint(ellipse(66, 57, 3.6), (220, 180, 90), BALL, gloss=0.8)


def mice(canvas: Canvas, main: Colour) -> None:
    """Five felt mice, each with a tail and pink ears."""
    canvas.pose = "lies"
    for x, y, shade in (
        (26, 26, 0.0),
        (68, 24, 0.12),
        (46, 50, -0.15),
        (24, 74, 0.1),
        (72, 76, 0.0),
    ):
        tone = darker(main, shade) if shade >= 0 else lighter(main, -shade)
        canvas.paint(
            line((x + 12, y + 3), (x + 20, y + 7), (x + 25, y), w=1.3),
            NAMED["Pink"],
            CLOTH,
            depth=0.5,
        )
        canvas.paint(
            blob(
                (x - 17, y + 4),
                (x - 8, y - 5),
                (x + 4, y - 8),
                (x + 13, y - 1),
                (x + 12, y + 7),
                (x, y + 9),
                (x - 10, y + 8),
            ),
            tone,
            FUR,
            depth=5,
            grain=0.2,
        )
        for dx in (-6, -1):
            canvas.paint(
                ellipse(x + dx, y - 6, 3.6), darker(tone, 0.1), FUR, depth=1.4, grain=0.1, cast=0.6
            )
            canvas.paint(ellipse(x + dx, y - 5.6, 2), NAMED["Pink"], MATTE, depth=0.8)
        canvas.paint(
            many([ellipse(x - 11, y + 0.6, 1), ellipse(x - 17, y + 4, 1.2)]),
            INK,
            PLASTIC,
            depth=0.5,
        )


def puzzle_feeder(canvas: Canvas, main: Colour) -> None:
    """A round dish with a maze of walls and kibble among them."""
    canvas.pose = "lies"
    canvas.paint(ellipse(50, 50, 42), main, PLASTIC, depth=5)
    canvas.paint(ellipse(50, 50, 36), darker(main, 0.3), PLASTIC, depth=2, strength=-0.6, gloss=0)
    walls = (
        (ring(50, 50, 28, 3) - rect(46, 15, 56, 40))
        | (ring(50, 50, 18, 3) - rect(52, 50, 80, 58))
        | ring(50, 50, 8, 8)
    )
    walls = walls | line("50,68 50,78", w=3) | line("32,50 22,50", w=3) | line("66,40 76,34", w=3)
    canvas.paint(walls, lighter(main, 0.1), PLASTIC, depth=1.4, cast=0.9)
    kibble = [
        (34, 28),
        (62, 24),
        (74, 56),
        (60, 74),
        (36, 72),
        (25, 60),
        (44, 38),
        (60, 42),
        (38, 58),
        (70, 68),
        (27, 40),
    ]
    canvas.paint(
        many([ellipse(x, y, 2.2) for x, y in kibble]), (160, 100, 54), MATTE, depth=1.2, cast=0.7
    )


def laser_toy(canvas: Canvas, main: Colour) -> None:
    """A white egg-shaped turret that throws a red dot on the floor."""
    canvas.paint(ellipse(46, 84, 26, 8), darker(main, 0.14), PLASTIC, depth=3)
    canvas.paint(
        blob("46,20 30,28 24,52 28,76 46,84 64,76 68,52 62,28"), main, PLASTIC, depth=12, gloss=0.5
    )
    canvas.paint(poly("30,18 28,8 40,18"), main, PLASTIC, depth=1.8)
    canvas.paint(poly("62,18 64,8 52,18"), main, PLASTIC, depth=1.8)
    canvas.paint(blob("46,12 32,16 28,28 46,34 64,28 60,16"), main, PLASTIC, depth=6, cast=0.5)
    canvas.paint(ellipse(46, 24, 6.4), INK, PLASTIC, depth=2, gloss=0.5)
    canvas.paint(ellipse(46, 24, 2.6), (250, 60, 50), PLASTIC, gloss=0.8)
    canvas.tint(line("46,24 88,88", w=0.9), (255, 70, 70), 0.8)
    canvas.glow(line("52,33 88,88", w=0.6), (255, 70, 70), 0.5, 0.5)
    canvas.glow(ellipse(88, 89, 5, 2.6), (255, 40, 40), 0.95, 1.4)
    canvas.paint(ellipse(46, 62, 4), (90, 200, 120), PLASTIC, depth=1.2)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "plush-001": partial(bear, main=(140, 92, 56), big=False),
    "plush-002": partial(octopus, main=C["Purple"]),
    "plush-003": partial(fox, main=C["Orange"]),
    "plush-004": partial(bear, main=C["White"], big=True),
    "cat-001": feather_wand,
    "cat-002": partial(mice, main=C["Grey"]),
    "cat-003": partial(puzzle_feeder, main=C["Green"]),
    "cat-004": partial(laser_toy, main=C["White"]),
}
