"""Power banks, keyboards, smartwatches, watches and necklaces."""

from __future__ import annotations

import math
from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import DARK, INK, NAMED, ROSE_GOLD, STEEL_GREY, Colour, darker, lighter, mix
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, many, poly, rect, ring, sym, text
from shopclerk.sample.drawing.surfaces import BALL, CLOTH, FLAT, LEATHER, MATTE, PLASTIC, STEEL, Look

WHITE = NAMED["White"]
SCREEN = Look("flat", cast=0.0)


def power_bank(canvas: Canvas, main: Colour, wide: float, tall: float, label: str, cable: bool = False) -> None:
    """A slab with a level display and its capacity printed on it, laid a little aslant."""
    canvas.pose = "lies"
    x0, y0, x1, y1 = 50 - wide, 50 - tall, 50 + wide, 50 + tall

    def turned(shape: Shape) -> Shape:
        return shape.turned(14)

    if cable:
        canvas.paint(turned(line((x1 - 4, y0 + 2), (x1 + 5, y0 - 7), (x1 + 9, y0 + 12), (x1 + 6, y0 + 26), w=3)), darker(main, 0.1), PLASTIC, depth=1.2)
        canvas.paint(turned(rect(x1 + 3.6, y0 + 24, x1 + 8.6, y0 + 33, 1.4)), STEEL_GREY, PLASTIC, depth=1)
    canvas.paint(turned(rect(x0, y0, x1, y1, 5)), main, PLASTIC, depth=3.2, gloss=0.3)
    canvas.paint(turned(many([rect(44, y0 - 0.4, 56, y0 + 2.2, 1)])), darker(main, 0.6), MATTE, depth=0.6)
    ink = darker(main, 0.45) if sum(main) > 450 else lighter(main, 0.7)
    canvas.tint(turned(text(label, 50, y1 - 9, 6.4)), ink, 0.9)
    canvas.tint(turned(text("mAh", 50, y1 - 4, 3.6)), ink, 0.8)
    canvas.tint(turned(many([ellipse(43 + 4.6 * i, y0 + 9, 1.1) for i in range(4)])), (96, 214, 130), 1)
    bolt = poly((52, 38), (44, 52), (49, 52), (47, 63), (57, 47), (51, 47))
    canvas.tint(turned(bolt), ink, 0.55)


def solar_bank(canvas: Canvas, main: Colour) -> None:
    """An orange rugged bank with four fold-out panels."""
    canvas.pose = "lies"
    for index in range(4):
        x = 6 + index * 22.3
        canvas.paint(rect(x, 22, x + 21, 68, 2), main, PLASTIC, depth=1.6)
        canvas.paint(rect(x + 2.4, 25, x + 18.6, 65, 1), (28, 36, 66), PLASTIC, depth=0.8, gloss=0.25)
        cells = [line((x + 2.4, y), (x + 18.6, y), w=0.35) for y in range(30, 65, 5)] + [line((x + 10.5, 25), (x + 10.5, 65), w=0.35)]
        canvas.tint(many(cells), (170, 180, 200), 0.7)
        canvas.shine(poly((x + 3, 60), (x + 3, 44), (x + 17, 26), (x + 18, 30)), 0.14, 0.5)
    canvas.paint(rect(5, 64, 28.5, 82, 4), main, PLASTIC, depth=3, cast=0.7)
    canvas.paint(rect(8, 75, 25, 79, 1), DARK, MATTE, depth=0.8)
    canvas.tint(many([ellipse(10 + i * 4.4, 70, 1) for i in range(4)]), (96, 230, 130), 1)


def _keys(canvas: Canvas, x0: float, y0: float, x1: float, rows: int, pitch: float, colour: Colour, tall: float) -> None:
    for row in range(rows):
        y = y0 + row * pitch
        x = x0
        widths = _row_widths(row, rows, x1 - x0, pitch)
        for width in widths:
            key = rect(x + 0.35, y + 0.3, x + width - 0.35, y + pitch - 0.5, 0.9)
            canvas.paint(key, colour, PLASTIC, depth=tall, gloss=0.1, cast=0.55)
            if width < pitch * 1.3:
                canvas.tint(rect(x + width * 0.34, y + pitch * 0.3, x + width * 0.52, y + pitch * 0.5, 0.3), darker(colour, 0.6) if sum(colour) > 380 else WHITE, 0.75)
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
        canvas.paint(ellipse(89.6, y0 + 6.8, 4.6), mix(case, STEEL_GREY, 0.6), PLASTIC, depth=1.6, cast=0.7)
        for x in (84.6, 89.4):
            pad = [rect(x, y0 + 15.4 + 6.1 * row, x + 4.2, y0 + 20.6 + 6.1 * row, 0.8) for row in range(3)]
            canvas.paint(many(pad), keys, PLASTIC, depth=0.8, gloss=0.1, cast=0.5)


def gaming_keyboard(canvas: Canvas) -> None:
    """A black keyboard lit by a rainbow from below."""
    canvas.pose = "lies"
    canvas.paint(rect(4, 29, 96, 74, 3), (30, 30, 34), PLASTIC, depth=2)
    hues: list[Colour] = [(255, 40, 60), (255, 140, 30), (240, 230, 40), (60, 220, 80), (40, 180, 255), (120, 80, 255), (255, 60, 200)]
    for index, hue in enumerate(hues):
        x = 7 + index * 12.3
        canvas.tint(rect(x, 32, x + 12.3, 71) & rect(6, 31, 94, 72, 2), hue, 0.85, 1.6)
    _keys(canvas, 7, 33, 93, 6, 6.3, (36, 36, 40), 1.2)
    for index, hue in enumerate(hues):
        marks = [rect(9 + index * 12.3 + dx, 35.4 + row * 6.3, 11 + index * 12.3 + dx, 36.6 + row * 6.3, 0.4) for row in range(5) for dx in (0, 6.2)]
        canvas.tint(many(marks), lighter(hue, 0.3), 0.95)


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
        ticks.append(line((50 + sx * r, 50 - sy * r), (50 + sx * (r - length), 50 - sy * (r - length)), w=w))
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
    canvas.tint(line((42, 58), (46, 58), (48, 54), (50, 61), (52, 58), (58, 58), w=0.7, smooth=False), (255, 120, 120), 1)
    canvas.shine(blob((36, 42), (44, 32), (54, 30), (40, 46)), 0.13, 0.8)


def outdoor_watch(canvas: Canvas, main: Colour) -> None:
    """A chunky watch with a steel bezel, buttons and a map on its face."""
    canvas.pose = "lies"
    _strap(canvas, main, 16, Look(depth=2.5, texture="rib", grain=0.07))
    canvas.paint(many([rect(18, y, 24, y + 6, 1.4) for y in (36, 47, 58)]).both(), (70, 72, 76), PLASTIC, depth=1)
    canvas.paint(ellipse(50, 50, 28.5), darker(main, 0.2), PLASTIC, depth=3)
    canvas.paint(ellipse(50, 50, 26), (110, 112, 118), STEEL)
    canvas.tint(_marks(25, 1.6, 1, 12), WHITE, 0.9)
    face = canvas.paint(ellipse(50, 50, 20.5), (28, 44, 40), PLASTIC, depth=1)
    canvas.tint(many([ring(44, 56, r, 0.6, r * 0.7) for r in (4, 8, 12, 16)]) & face, (110, 160, 120), 0.9)
    canvas.tint(line((36, 62), (44, 52), (54, 56), (62, 42), w=1.2) & face, (255, 150, 50), 1)
    canvas.tint(text("1847 m", 50, 39, 6), WHITE, 1)
    canvas.tint(poly((62, 38), (59.6, 43), (64.4, 43)), (255, 80, 60), 1)


def fitness_band(canvas: Canvas, main: Colour) -> None:
    """A narrow band with a tall little screen, curled on the table."""
    canvas.paint(ring(50, 50, 31, 7, 40), darker(main, 0.3), MATTE, depth=3)
    canvas.paint(poly((38, 6), (62, 6), (62, 94), (38, 94)) & ellipse(50, 50, 31, 42), main, MATTE, depth=4)
    canvas.paint(rect(36.5, 22, 63.5, 78, 8), (24, 25, 30), PLASTIC, depth=3, gloss=0.4)
    canvas.tint(text("10:09", 50, 36, 8), WHITE, 1)
    canvas.tint(many([ellipse(47.4, 48, 2.9), ellipse(52.6, 48, 2.9), poly((44.8, 49.4), (55.2, 49.4), (50, 55.5))]), (240, 60, 80), 1)
    canvas.tint(text("72", 50, 61, 8), (120, 230, 170), 1)
    canvas.tint(rect(42, 69, 58, 71, 1), (90, 150, 250), 1)


def wrist_watch(canvas: Canvas, case: Colour, dial: Colour, strap: Colour, kind: str, r: float = 23) -> None:
    """A wristwatch; kind is bracelet, mesh, diver or leather."""
    canvas.pose = "lies"
    looks = {
        "bracelet": Look("metal", gloss=0.2), "diver": Look("metal", gloss=0.2),
        "mesh": Look(depth=1.5, texture="mesh", grain=0.2, gloss=0.3), "leather": replace_depth(LEATHER),
    }  # fmt: skip
    wide = r * 0.56
    _strap(canvas, strap, wide, looks[kind])
    if kind in ("bracelet", "diver"):
        canvas.seam(many([line((50 - wide, y), (50 + wide, y), w=0.5) for y in [*range(8, 34, 4), *range(68, 94, 4)]]), None, 0.5)
        canvas.seam(line((50 - wide * 0.4, 6), (50 - wide * 0.45, 94), w=0.5).both(), None, 0.4)
    if kind == "leather":
        canvas.tint(line((50 - wide + 1.6, 33), (50 - wide * 0.82 + 1.4, 7), w=0.5).both() | line((50 - wide + 1.6, 67), (50 - wide * 0.82 + 1.4, 93), w=0.5).both(), lighter(strap, 0.6), 0.7)
        canvas.paint(rect(50 - wide, 4, 50 + wide, 9, 1) - rect(50 - wide + 2, 5.4, 50 + wide - 2, 7.6), case, PLASTIC, depth=0.7)
    canvas.paint(rect(50 + r - 1, 47.4, 50 + r + 3.6, 52.6, 1), case, PLASTIC, depth=1)
    canvas.paint(ellipse(50, 50, r + 1.4), case, PLASTIC, depth=2.4, gloss=0.5)
    if kind == "diver":
        canvas.paint(ellipse(50, 50, r), darker(dial, 0.3), PLASTIC, depth=1.4)
        canvas.tint(_marks(r - 1, 1.8, 0.9, 12) | poly((48, 28.5), (52, 28.5), (50, 32)), WHITE, 1)
    face = r - (4.6 if kind == "diver" else 2.6)
    canvas.paint(ellipse(50, 50, face), dial, PLASTIC, depth=1, gloss=0.15)
    ink = WHITE if sum(dial) < 380 else INK
    if kind != "mesh":
        canvas.tint(_marks(face - 1.4, 3, 1.2 if kind == "diver" else 0.8), ink, 1)
    if kind == "leather":
        canvas.tint(many([text("12", 50, 50 - face + 6, 5), text("6", 50, 50 + face - 6, 5)]), ink, 1)
    if kind == "bracelet":
        canvas.tint(rect(60, 48, 65, 52), WHITE, 1)
        canvas.tint(text("17", 62.5, 50, 3.2), INK, 1)
    _hands(canvas, ink, face)
    canvas.shine(blob((38, 44), (44, 35), (54, 32), (42, 48)), 0.16, 0.8)


def replace_depth(look: Look) -> Look:
    """The look of a flat strap."""
    return Look(depth=1.8, gloss=look.gloss, sharp=look.sharp, texture=look.texture, grain=0.06)


def pendant(canvas: Canvas, chain: Colour, stone: Colour) -> None:
    """A milky drop in a bezel on a fine chain."""
    canvas.pose = "lies"
    canvas.paint(line((20, 12), (26, 36), (38, 52), (50, 58), w=1.1).both(), chain, PLASTIC, depth=0.5, gloss=0.5)
    canvas.paint(ring(50, 60, 3, 1), chain, PLASTIC, depth=0.4)
    drop = blob((50, 61, 0), (42, 72), (40, 80), (50, 89), (60, 80), (58, 72))
    canvas.paint(drop, chain, PLASTIC, depth=1.5, gloss=0.6)
    canvas.paint(drop.inset(1.8), stone, BALL, gloss=0.7)
    canvas.shine(ellipse(47, 77, 2, 3.4), 0.8, 0.8)


def fine_chain(canvas: Canvas, main: Colour) -> None:
    """A plain fine chain of small links with a clasp."""
    canvas.pose = "lies"
    links = []
    for index in range(72):
        angle = 2 * math.pi * index / 72
        x, y = 50 + 30 * math.sin(angle), 50 - 36 * math.cos(angle) * (1 - 0.12 * math.sin(angle) ** 2)
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
    "power-001": partial(power_bank, main=C["Black"], wide=19, tall=38, label="10000", cable=True),
    "power-002": partial(power_bank, main=C["White"], wide=24, tall=40, label="20000"),
    "power-003": partial(power_bank, main=C["Blue"], wide=14, tall=28, label="5000"),
    "power-004": partial(power_bank, main=(50, 50, 54), wide=28, tall=42, label="30000"),
    "power-005": partial(solar_bank, main=C["Orange"]),
    "key-001": partial(keyboard, case=(104, 108, 114), keys=(176, 180, 186), thick=True),
    "key-002": partial(keyboard, case=(226, 226, 226), keys=(250, 250, 250), thick=False, dial=True),
    "key-003": partial(keyboard, case=(48, 48, 52), keys=(66, 66, 72), thick=False, dial=True),
    "key-004": gaming_keyboard,
    "sw-001": partial(smartwatch, case=(60, 60, 64), strap=C["Black"], r=25),
    "sw-002": partial(smartwatch, case=ROSE_GOLD, strap=(226, 188, 172), r=25),
    "sw-003": partial(outdoor_watch, main=C["Olive"]),
    "sw-004": partial(fitness_band, main=C["Blue"]),
    "watch-001": partial(wrist_watch, case=C["Silver"], dial=(236, 236, 232), strap=C["Silver"], kind="bracelet"),
    "watch-002": partial(wrist_watch, case=C["Gold"], dial=(246, 238, 220), strap=C["Gold"], kind="mesh", r=18),
    "watch-003": partial(wrist_watch, case=C["Silver"], dial=C["Blue"], strap=C["Silver"], kind="diver", r=26),
    "watch-004": partial(wrist_watch, case=C["Gold"], dial=(248, 244, 234), strap=C["Brown"], kind="leather"),
    "neck-001": partial(pendant, chain=C["Silver"], stone=(214, 222, 232)),
    "neck-002": partial(fine_chain, main=C["Gold"]),
    "neck-003": pearls,
}
__all__ = ["CLOTH", "DRAWINGS", "FLAT", "sym"]
