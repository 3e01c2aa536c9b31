"""Power banks and keyboards."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    DARK,
    NAMED,
    STEEL_GREY,
    Colour,
    darker,
    lighter,
    mix,
)
from shopclerk.sample.drawing.shapes import (
    Shape,
    ellipse,
    line,
    many,
    poly,
    rect,
    text,
)
from shopclerk.sample.drawing.surfaces import (
    MATTE,
    PLASTIC,
    Look,
)

WHITE = NAMED["White"]
SCREEN = Look("flat", cast=0.0)


def power_bank(
    canvas: Canvas, main: Colour, wide: float, tall: float, label: str, cable: bool = False
) -> None:
    """A slab with a level display and its capacity printed on it, laid a little aslant."""
    canvas.pose = "lies"
    x0, y0, x1, y1 = 50 - wide, 50 - tall, 50 + wide, 50 + tall

    def turned(shape: Shape) -> Shape:
        return shape.turned(14)

    if cable:
        canvas.paint(
            turned(
                line((x1 - 4, y0 + 2), (x1 + 5, y0 - 7), (x1 + 9, y0 + 12), (x1 + 6, y0 + 26), w=3)
            ),
            darker(main, 0.1),
            PLASTIC,
            depth=1.2,
        )
        canvas.paint(
            turned(rect(x1 + 3.6, y0 + 24, x1 + 8.6, y0 + 33, 1.4)), STEEL_GREY, PLASTIC, depth=1
        )
    canvas.paint(turned(rect(x0, y0, x1, y1, 5)), main, PLASTIC, depth=3.2, gloss=0.3)
    canvas.paint(
        turned(many([rect(44, y0 - 0.4, 56, y0 + 2.2, 1)])), darker(main, 0.6), MATTE, depth=0.6
    )
    ink = darker(main, 0.45) if sum(main) > 450 else lighter(main, 0.7)
    canvas.tint(turned(text(label, 50, y1 - 9, 6.4)), ink, 0.9)
    canvas.tint(turned(text("mAh", 50, y1 - 4, 3.6)), ink, 0.8)
    canvas.tint(
        turned(many([ellipse(43 + 4.6 * i, y0 + 9, 1.1) for i in range(4)])), (96, 214, 130), 1
    )
    bolt = poly("52,38 44,52 49,52 47,63 57,47 51,47")
    canvas.tint(turned(bolt), ink, 0.55)


def solar_bank(canvas: Canvas, main: Colour) -> None:
    """An orange rugged bank with four fold-out panels."""
    canvas.pose = "lies"
    for index in range(4):
        x = 6 + index * 22.3
        canvas.paint(rect(x, 22, x + 21, 68, 2), main, PLASTIC, depth=1.6)
        canvas.paint(
            rect(x + 2.4, 25, x + 18.6, 65, 1), (28, 36, 66), PLASTIC, depth=0.8, gloss=0.25
        )
        cells = [line((x + 2.4, y), (x + 18.6, y), w=0.35) for y in range(30, 65, 5)] + [
            line((x + 10.5, 25), (x + 10.5, 65), w=0.35)
        ]
        canvas.tint(many(cells), (170, 180, 200), 0.7)
        canvas.shine(poly((x + 3, 60), (x + 3, 44), (x + 17, 26), (x + 18, 30)), 0.14, 0.5)
    canvas.paint(rect(5, 64, 28.5, 82, 4), main, PLASTIC, depth=3, cast=0.7)
    canvas.paint(rect(8, 75, 25, 79, 1), DARK, MATTE, depth=0.8)
    canvas.tint(many([ellipse(10 + i * 4.4, 70, 1) for i in range(4)]), (96, 230, 130), 1)


def _keys(
    canvas: Canvas,
    x0: float,
    y0: float,
    x1: float,
    rows: int,
    pitch: float,
    colour: Colour,
    tall: float,
) -> None:
    for row in range(rows):
        y = y0 + row * pitch
        x = x0
        widths = _row_widths(row, rows, x1 - x0, pitch)
        for width in widths:
            key = rect(x + 0.35, y + 0.3, x + width - 0.35, y + pitch - 0.5, 0.9)
            canvas.paint(key, colour, PLASTIC, depth=tall, gloss=0.1, cast=0.55)
            if width < pitch * 1.3:
                canvas.tint(
                    rect(x + width * 0.34, y + pitch * 0.3, x + width * 0.52, y + pitch * 0.5, 0.3),
                    darker(colour, 0.6) if sum(colour) > 380 else WHITE,
                    0.75,
                )
            x += width


def _row_widths(row: int, rows: int, total: float, pitch: float) -> list[float]:
    if row == rows - 1:
        sides = [pitch * 1.4] * 3
        return [*sides, total - pitch * 1.4 * 6, *sides]
    edge = pitch * (1.0 + 0.35 * (row % 3))
    middle = int((total - 2 * edge) / pitch)
    rest = total - 2 * edge - (middle - 1) * pitch
    return [edge, *([pitch] * (middle - 1)), rest, edge]


def keyboard(canvas: Canvas, case: Colour, keys: Colour, thick: bool, dial: bool = False) -> None:
    """A keyboard from above; thick ones have tall keys, a dial sits in the corner of some."""
    canvas.pose = "lies"
    y0, y1 = (30.0, 72.0) if thick else (34.0, 69.0)
    canvas.paint(rect(4, y0, 96, y1, 3.2), case, PLASTIC, depth=2 if thick else 1.4, gloss=0.12)
    right = 83.0 if dial else 93.0
    _keys(canvas, 7, y0 + 3, right, 6 if thick else 5, 6.1, keys, 1.5 if thick else 0.8)
    if dial:
        canvas.paint(
            ellipse(89.6, y0 + 6.8, 4.6), mix(case, STEEL_GREY, 0.6), PLASTIC, depth=1.6, cast=0.7
        )
        for x in (84.6, 89.4):
            pad = [
                rect(x, y0 + 15.4 + 6.1 * row, x + 4.2, y0 + 20.6 + 6.1 * row, 0.8)
                for row in range(3)
            ]
            canvas.paint(many(pad), keys, PLASTIC, depth=0.8, gloss=0.1, cast=0.5)


def gaming_keyboard(canvas: Canvas) -> None:
    """A black keyboard lit by a rainbow from below."""
    canvas.pose = "lies"
    canvas.paint(rect(4, 29, 96, 74, 3), (30, 30, 34), PLASTIC, depth=2)
    hues: list[Colour] = [
        (255, 40, 60),
        (255, 140, 30),
        (240, 230, 40),
        (60, 220, 80),
        (40, 180, 255),
        (120, 80, 255),
        (255, 60, 200),
    ]
    for index, hue in enumerate(hues):
        x = 7 + index * 12.3
        canvas.tint(rect(x, 32, x + 12.3, 71) & rect(6, 31, 94, 72, 2), hue, 0.85, 1.6)
    _keys(canvas, 7, 33, 93, 6, 6.3, (36, 36, 40), 1.2)
    for index, hue in enumerate(hues):
        marks = [
            rect(
                9 + index * 12.3 + dx,
                35.4 + row * 6.3,
                11 + index * 12.3 + dx,
                36.6 + row * 6.3,
                0.4,
            )
            for row in range(5)
            for dx in (0, 6.2)
        ]
        canvas.tint(many(marks), lighter(hue, 0.3), 0.95)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "power-001": partial(power_bank, main=C["Black"], wide=19, tall=38, label="10000", cable=True),
    "power-002": partial(power_bank, main=C["White"], wide=24, tall=40, label="20000"),
    "power-003": partial(power_bank, main=C["Blue"], wide=14, tall=28, label="5000"),
    "power-004": partial(power_bank, main=(50, 50, 54), wide=28, tall=42, label="30000"),
    "power-005": partial(solar_bank, main=C["Orange"]),
    "key-001": partial(keyboard, case=(104, 108, 114), keys=(176, 180, 186), thick=True),
    "key-002": partial(
        keyboard, case=(226, 226, 226), keys=(250, 250, 250), thick=False, dial=True
    ),
    "key-003": partial(keyboard, case=(48, 48, 52), keys=(66, 66, 72), thick=False, dial=True),
    "key-004": gaming_keyboard,
}
