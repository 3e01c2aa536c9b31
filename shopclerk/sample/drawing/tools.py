"""Power drills and screwdrivers."""

from __future__ import annotations

from functools import partial

import numpy as np

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    DARK,
    INK,
    NAMED,
    STEEL_GREY,
    Colour,
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
    FLAT,
    PLASTIC,
    RUBBER,
    STEEL,
    Look,
)

WHITE = NAMED["White"]
ASH: Colour = (214, 178, 126)
SOIL: Colour = (70, 50, 38)


def cordless_drill(
    canvas: Canvas, main: Colour, battery: float, extra: bool, hammer: bool = False
) -> None:
    """A pistol-shaped drill pointing left; `battery` is how broad the pack at its foot is."""
    canvas.paint(line("4,32 20,32", w=2.2), STEEL_GREY, STEEL)
    canvas.paint(poly("18,28 32,23 32,42 18,37"), (74, 76, 82), Look("lying", gloss=0.4))
    canvas.seam(many([line((x, 25), (x, 40), w=0.4) for x in (24, 27, 30)]), None, 0.6)
    canvas.paint(blob("54,42 72,42 74,56 76,78! 58,78! 55,60"), main, PLASTIC, depth=4)
    canvas.paint(
        blob("62,46 72,46 73,60 75,74 64,74"), DARK, RUBBER, depth=2, texture="rib", grain=0.06
    )
    canvas.paint(blob("32,22! 50,19 72,20 82,26 82,40 72,45 50,45 32,43!"), main, PLASTIC, depth=6)
    canvas.paint(rect(31, 21.4, 42, 43.6, 2), (60, 62, 68), Look("lying", gloss=0.3))
    canvas.paint(blob("74,22 84,26 84,40 75,44"), DARK, RUBBER, depth=2)
    canvas.seam(many([line((76, y), (82, y), w=0.7) for y in (29, 32, 35, 38)]), None, 0.7)
    canvas.paint(
        blob("50,46 56,46 57,56 52,55"),
        INK if sum(main) > 200 else NAMED["Red"],
        PLASTIC,
        depth=1.4,
    )
    canvas.paint(rect(52, 30, 66, 35, 1), WHITE, FLAT, alpha=0.85, cast=0)
    canvas.paint(ellipse(52, 48, 1.3), (255, 246, 200), FLAT)
    canvas.paint(
        blob(
            (66 - battery, 78),
            (66 + battery - 2, 77),
            (66 + battery, 80),
            (66 + battery, 90),
            (66 - battery, 91),
        ),
        DARK,
        PLASTIC,
        depth=2.4,
        cast=0.6,
    )
    canvas.paint(rect(66 - battery, 79, 66 + battery, 82, 0.6), main, PLASTIC, depth=0.8)
    canvas.tint(many([ellipse(62 + i * 3, 86, 0.8) for i in range(3)]), (110, 230, 120), 1)
    if extra:
        canvas.paint(rect(14, 74, 40, 91, 2), DARK, PLASTIC, depth=2.4)
        canvas.paint(rect(20, 70, 34, 75, 1), (70, 72, 78), PLASTIC, depth=1)
        canvas.paint(rect(14, 77, 40, 80.4, 0.6), main, PLASTIC, depth=0.8)


def corded_drill(canvas: Canvas, main: Colour) -> None:
    """A hammer drill with a side handle, a depth rod and a cable."""
    canvas.paint(line("76,80 80,92 60,95 36,91 16,95", w=2), INK, PLASTIC, depth=0.8)
    canvas.paint(line("3,30 22,30", w=2), STEEL_GREY, STEEL)
    canvas.seam(many([line((x, 31), (x + 2, 29), w=0.5) for x in range(4, 20, 3)]), None, 0.6)
    canvas.paint(rect(19, 24, 33, 37, 1.4), (90, 92, 98), Look("lying", gloss=0.5))
    canvas.paint(rect(33, 35, 40, 74, 3), INK, RUBBER, depth=2, texture="rib", grain=0.06)
    canvas.paint(line("14,41 36,41", w=1.4), STEEL_GREY, STEEL)
    canvas.paint(blob("60,40 80,38 86,52 86,78! 72,82! 68,58"), main, PLASTIC, depth=4)
    canvas.paint(blob("76,44 84,50 85,74 79,76"), INK, RUBBER, depth=2)
    canvas.paint(blob("32,20! 52,17 78,19 88,26 87,40 74,45 50,44 32,41!"), main, PLASTIC, depth=6)
    canvas.paint(rect(31, 20, 41, 41, 2), INK, Look("lying", gloss=0.3))
    canvas.seam(many([line((x, 24), (x + 2, 36), w=0.9) for x in (58, 62, 66, 70)]), None, 0.7)
    canvas.paint(blob("64,46 69,46 72,58 68,58"), INK, PLASTIC, depth=1.4)
    canvas.paint(ellipse(47, 18.4, 4, 2), INK, PLASTIC, depth=1)


def drill_case(canvas: Canvas, main: Colour) -> None:
    """A red drill in an open case with rows of bits."""
    canvas.pose = "lies"
    canvas.paint(rect(4, 8, 96, 92, 4), DARK, PLASTIC, depth=3)
    canvas.paint(rect(8, 12, 92, 88, 3), (76, 78, 84), PLASTIC, depth=2, strength=-0.5, gloss=0)
    inner = Canvas("inner")
    cordless_drill(inner, main, 13, False)
    colour = inner.rgb / np.maximum(inner.alpha, 1e-3)[..., None]
    canvas.paste(colour, inner.alpha, 0.72, 10, 12)
    for index in range(12):
        x = 14 + index * 4
        canvas.paint(
            rect(x, 68 + (index % 3) * 2, x + 1.8, 84, 0.6),
            STEEL_GREY if index % 2 else (206, 166, 90),
            STEEL,
        )
    canvas.paint(rect(68, 74, 88, 86, 2), INK, PLASTIC, depth=2)
    canvas.paint(rect(68, 76, 88, 78.6, 0.5), main, PLASTIC, depth=0.6)
    canvas.paint(
        many([ellipse(78 + 6 * (i % 2), 20 + 7 * (i // 2), 2.4) for i in range(6)]),
        STEEL_GREY,
        PLASTIC,
        depth=1,
    )


def _driver(
    canvas: Canvas,
    x: float,
    y: float,
    length: float,
    grip: float,
    main: Colour,
    second: Colour,
    sleeve: Colour,
) -> None:
    canvas.paint(rect(x - 1, y + grip, x + 1, y + length - 4), sleeve, Look("upright", gloss=0.5))
    canvas.paint(
        poly(
            (x - 1, y + length - 5),
            (x + 1, y + length - 5),
            (x + 1.6, y + length - 1),
            (x + 0.6, y + length),
            (x - 0.6, y + length),
            (x - 1.6, y + length - 1),
        ),
        STEEL_GREY,
        STEEL,
    )
    handle = sym(
        (x - 3, y, 0),
        (x - 4, y + 3),
        (x - 4, y + grip * 0.7),
        (x - 2.2, y + grip * 0.86),
        (x - 3, y + grip, 0),
        x=x,
    )
    canvas.paint(handle, main, Look("upright", gloss=0.4))
    canvas.paint(
        rect(x - 4, y + grip * 0.2, x + 4, y + grip * 0.6) & handle,
        second,
        Look("upright", gloss=0.3),
        cast=0,
    )
    canvas.seam(
        many(
            [line((x + dx, y + grip * 0.22), (x + dx, y + grip * 0.58), w=0.4) for dx in (-2, 0, 2)]
        ),
        None,
        0.3,
    )


def precision_set(canvas: Canvas) -> None:
    """A slim handle and rows of tiny bits in a magnetic tray."""
    canvas.pose = "lies"
    canvas.paint(rect(6, 18, 94, 84, 3), (54, 55, 60), PLASTIC, depth=2.4)
    canvas.paint(rect(10, 22, 90, 80, 2), (34, 35, 39), PLASTIC, depth=1.4, strength=-0.5, gloss=0)
    canvas.paint(rect(14, 27, 86, 34, 3.4), (150, 154, 160), Look("lying", gloss=0.6))
    canvas.paint(rect(22, 27, 50, 34, 1), (60, 60, 66), Look("lying", texture="grain", grain=0.1))
    canvas.paint(rect(84, 28.6, 88, 32.4, 0.6), (196, 60, 50), PLASTIC, depth=0.8)
    for row in range(2):
        for index in range(12):
            x, y = 14.4 + index * 6.2, 40 + row * 20
            canvas.paint(rect(x, y + 6, x + 3, y + 15, 0.6), (176, 180, 186), STEEL)
            canvas.paint(rect(x + 0.8, y, x + 2.2, y + 7, 0.5), (120, 124, 130), STEEL)


def insulated_set(canvas: Canvas) -> None:
    """Seven red and yellow screwdrivers with insulated blades."""
    canvas.pose = "lies"
    for index, length in enumerate((76, 72, 66, 62, 56, 50, 66)):
        _driver(
            canvas,
            13 + index * 12.4,
            12,
            length,
            30 if index < 6 else 26,
            NAMED["Red"],
            NAMED["Yellow"],
            NAMED["Red"] if index < 6 else (214, 220, 226),
        )


def ratchet_driver(canvas: Canvas, main: Colour) -> None:
    """One stout ratchet driver with a ring and twelve bits beside it."""
    canvas.pose = "lies"
    _driver(canvas, 32, 6, 86, 42, main, INK, STEEL_GREY)
    big = sym("27,6! 24,12 25,32 28,40 26,48!", x=32)
    canvas.paint(big, main, Look("upright", gloss=0.4))
    canvas.paint(
        rect(20, 14, 44, 32) & big, INK, Look("upright", texture="rib", grain=0.15), cast=0
    )
    canvas.paint(rect(26, 47, 38, 54, 1), INK, Look("upright", texture="rib", grain=0.2))
    canvas.paint(rect(28.6, 54, 35.4, 62, 1), STEEL_GREY, STEEL)
    for index in range(12):
        x, y = 56 + (index % 4) * 10, 18 + (index // 4) * 24
        canvas.paint(rect(x, y + 6, x + 4, y + 16, 0.6), (150, 154, 160), STEEL)
        canvas.paint(
            poly((x + 1, y), (x + 3, y), (x + 3.2, y + 7), (x + 0.8, y + 7)), (110, 114, 120), STEEL
        )
        canvas.paint(
            rect(x, y + 9, x + 4, y + 11), (main, NAMED["Red"], NAMED["Yellow"])[index // 4], FLAT
        )


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "drill-001": partial(cordless_drill, main=C["Green"], battery=16, extra=True),
    "drill-002": partial(cordless_drill, main=C["Green"], battery=10, extra=False),
    "drill-003": partial(corded_drill, main=C["Orange"]),
    "drill-004": partial(drill_case, main=C["Red"]),
    "screw-001": precision_set,
    "screw-002": insulated_set,
    "screw-003": partial(ratchet_driver, main=C["Green"]),
}
