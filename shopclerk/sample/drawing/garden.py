"""Garden tools, planters, power drills and screwdrivers."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import DARK, INK, LEAF, NAMED, STEEL_GREY, TERRACOTTA, Colour, darker, lighter, mix
from shopclerk.sample.drawing.patterns import over, plain
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, many, poly, rect, ring, star, sym, taper
from shopclerk.sample.drawing.surfaces import CLOTH, FLAT, LEATHER, MATTE, PLASTIC, ROUND, RUBBER, STEEL, WOOD, Look

WHITE = NAMED["White"]
ASH: Colour = (214, 178, 126)
SOIL: Colour = (70, 50, 38)


def secateurs(canvas: Canvas, main: Colour) -> None:
    """Pruning shears: crossing blades, a spring and two curved grips."""
    canvas.pose = "lies"
    canvas.paint(blob((50, 46), (58, 34), (62, 18), (58, 8, 0), (48, 20), (42, 36), (44, 46)), STEEL_GREY, PLASTIC, depth=1.6, gloss=0.5)
    canvas.paint(blob((50, 46), (44, 34), (40, 22), (44, 14), (38, 12), (32, 24), (38, 42), (46, 52)), (120, 124, 130), PLASTIC, depth=1.6, gloss=0.4)
    canvas.paint(many([line((46 + (i % 2) * 8, 54 + i * 1.6), (54 - (i % 2) * 8, 55.6 + i * 1.6), w=0.9) for i in range(6)]), STEEL_GREY, PLASTIC, depth=0.4)
    for mirror in (False, True):
        grip = taper((46, 48), (35, 62), (34, 78), (40, 93), w0=7, w1=7.5)
        canvas.paint(grip.mirrored() if mirror else grip, main, PLASTIC, depth=2.6, cast=0.6)
    canvas.paint(ellipse(49, 46, 4), STEEL_GREY, PLASTIC, depth=1.4, gloss=0.6, cast=0.7)
    canvas.paint(star(49, 46, 2, 6, 0.85), (110, 112, 118), PLASTIC, depth=0.5)


def _trowel(canvas: Canvas, handle: Colour, look: Look, turn: float, x: float = 50) -> None:
    def at(shape: Shape) -> Shape:
        return shape.moved(x - 50, 0).turned(turn, 50, 50)

    canvas.paint(at(sym((44, 10, 0), (40, 18), (40, 34), (50, 52, 0)).turned(180, 50, 31)), STEEL_GREY, PLASTIC, depth=2.4, gloss=0.5, texture="brushed", grain=0.03)
    canvas.tint(at(line((50, 16), (50, 48), w=2)), (90, 94, 100), 0.35, 0.5)
    canvas.paint(at(taper((50, 50), (50, 64), w0=3.2, w1=3.6)), STEEL_GREY, STEEL)
    canvas.paint(at(sym((47, 62, 0), (45.6, 74), (46, 88), (50, 94))), handle, look, depth=2.4)


def trowel(canvas: Canvas) -> None:
    """A steel hand trowel with depth marks and an ash handle."""
    canvas.pose = "lies"
    _trowel(canvas, ASH, WOOD, 28)
    canvas.tint(many([line((46, y), (51, y), w=0.6) for y in (24, 30, 36, 42)]).turned(28), (70, 74, 80), 0.8)
    canvas.paint(line((50, 90), (46, 97), (53, 98), (50, 91), w=0.9).turned(28), (130, 86, 50), LEATHER, depth=0.4)


def loppers(canvas: Canvas, main: Colour) -> None:
    """Long telescopic handles below a hooked cutting head."""
    canvas.pose = "lies"
    for mirror in (False, True):
        arm = line((49, 32), (42, 50), (36, 72), w=3)
        grip = taper((36.6, 70), (32, 92), w0=5.4, w1=6)
        collar = line((38.6, 62), (37.4, 67), w=5)
        for shape, tone, look in ((arm, STEEL_GREY, STEEL), (collar, INK, PLASTIC), (grip, main, PLASTIC)):
            canvas.paint(shape.mirrored() if mirror else shape, tone, look, depth=2)
    canvas.paint(blob((52, 34), (60, 24), (60, 12), (52, 5, 0), (46, 16), (45, 32)), STEEL_GREY, PLASTIC, depth=1.6, gloss=0.5)
    canvas.paint(blob((48, 34), (40, 26), (36, 16), (40, 8), (35, 7), (29, 16), (34, 30), (44, 40)), (86, 90, 96), PLASTIC, depth=1.6, gloss=0.4)
    canvas.paint(blob((43, 30), (50, 26), (57, 30), (60, 42), (50, 46), (40, 42)), main, PLASTIC, depth=2, cast=0.7)
    canvas.paint(ellipse(50, 35, 3.4), STEEL_GREY, PLASTIC, depth=1.2, gloss=0.6)


def tool_set(canvas: Canvas, main: Colour) -> None:
    """Five small tools with pink handles before a flowered bag."""
    canvas.pose = "lies"
    cloth = plain(lighter(main, 0.45))
    for x, y, tone in ((20, 64, main), (32, 82, (240, 200, 90)), (50, 70, (206, 90, 130)), (68, 84, main), (80, 66, (240, 200, 90)), (26, 92, (206, 90, 130)), (60, 94, main)):
        petals = many([ellipse(x + 2.6 * math.cos(a * 1.2566), y + 2.6 * math.sin(a * 1.2566), 2.2) for a in range(5)])
        cloth = over(over(cloth, petals, tone), ellipse(x, y, 1.3), WHITE)
    heads = [
        sym((43, 8, 0), (40, 16), (41, 28), (50, 34)), many([line((44 + 4 * i, 8), (46 + 2 * i, 30), w=2) for i in range(4)]),
        sym((50, 4, 0), (46, 14), (47, 34)), many([line((44, 30), (42, 14), w=2), line((50, 30), (50, 10), w=2), line((56, 30), (58, 14), w=2)]),
        blob((44, 10), (56, 10), (57, 30), (50, 36), (43, 30)),
    ]  # fmt: skip
    for index, head in enumerate(heads):
        dx, turn = -32 + index * 16, -12 + index * 6
        canvas.paint(head.moved(dx, 6).turned(turn, 50, 120), STEEL_GREY, PLASTIC, depth=1.4, gloss=0.5)
        canvas.paint(rect(47.6, 36, 52.4, 70, 2.4).moved(dx, 4).turned(turn, 50, 120), main, PLASTIC, depth=2)
    canvas.paint(line((34, 58), (36, 46), (50, 42), (64, 46), (66, 58), w=2.6), darker(main, 0.15), CLOTH, depth=1)
    canvas.paint(poly((10, 58), (90, 58), (86, 97), (14, 97)), cloth, CLOTH, depth=4, cast=0.7)
    canvas.paint(rect(10, 57, 90, 61, 1), main, CLOTH, depth=1)


def _plant(canvas: Canvas, x: float, y: float, size: float, tone: Colour = LEAF) -> None:
    for angle in (-70, -45, -20, 4, 28, 52, 74):
        reach = size * (1.0 - abs(angle) / 260)
        leaf = blob((x, y, 0), (x - size * 0.13, y - reach * 0.5), (x, y - reach, 0), (x + size * 0.13, y - reach * 0.5))
        canvas.paint(leaf.turned(angle, x, y), mix(tone, WHITE, abs(angle) / 400), PLASTIC, depth=1.6, gloss=0.12, cast=0.5)


def terracotta_pot(canvas: Canvas) -> None:
    """A clay pot with a broad rim and a plant."""
    _plant(canvas, 50, 42, 34)
    canvas.paint(ellipse(50, 42, 29, 4.6), SOIL, MATTE, texture="noise", grain=0.2, depth=1)
    clay = Look("upright", texture="noise", grain=0.05)
    canvas.paint(poly((24, 54), (76, 54), (68, 92), (32, 92)) | ellipse(50, 92, 18, 2), TERRACOTTA, clay)
    canvas.paint(poly((19, 43), (81, 43), (79, 56), (21, 56)) | ellipse(50, 43, 31, 4), TERRACOTTA, clay, cast=0.6)
    canvas.paint(ellipse(50, 42.6, 28.6, 3.2), SOIL, MATTE, texture="noise", grain=0.2, depth=1)
    _plant(canvas, 50, 44, 30)


def glazed_pot(canvas: Canvas, main: Colour) -> None:
    """A round-bellied pot with a drip glaze."""
    _plant(canvas, 50, 42, 33, (96, 150, 90))
    body = sym((26, 42, 0), (20, 58), (22, 76), (34, 91, 0), (50, 92))
    canvas.paint(body, main, Look("upright", gloss=0.6))
    canvas.paint(ellipse(50, 42, 24.4, 4), lighter(main, 0.2), PLASTIC, depth=1, gloss=0.4)
    canvas.paint(ellipse(50, 42.2, 22, 3), SOIL, MATTE, texture="noise", grain=0.2, depth=1)
    drips = blob((24, 80), (32, 76), (38, 84), (46, 78), (54, 85), (62, 77), (70, 83), (77, 78), (70, 96), (30, 96))
    canvas.tint(drips & body, darker(main, 0.45), 0.5, 0.5)
    _plant(canvas, 50, 44, 28, (96, 150, 90))


def balcony_box(canvas: Canvas, main: Colour) -> None:
    """A long box with flowers and a water gauge."""
    for x in range(14, 90, 12):
        _plant(canvas, x, 56, 22)
    tones = [NAMED["Red"], NAMED["Pink"], NAMED["Yellow"], WHITE]
    for index, (x, y) in enumerate(((14, 36), (24, 44), (34, 32), (44, 40), (54, 34), (64, 44), (74, 34), (86, 40))):
        canvas.paint(star(x, y, 5.4, 8, 0.6), tones[index % 4], PLASTIC, depth=1.4, cast=0.5)
        canvas.paint(ellipse(x, y, 1.6), (240, 200, 80), PLASTIC, depth=0.8)
    canvas.paint(poly((5, 56), (95, 56), (91, 86), (9, 86)), main, PLASTIC, depth=3, gloss=0.15)
    canvas.paint(rect(3, 53, 97, 59, 2), lighter(main, 0.1), PLASTIC, depth=1.6, cast=0.6)
    canvas.paint(rect(82, 64, 87, 80, 2), (150, 206, 236), PLASTIC, depth=1)
    canvas.paint(ellipse(84.5, 74, 1.8), NAMED["Red"], PLASTIC, depth=0.8)
    canvas.seam(line((10, 79), (78, 79), w=0.5), None, 0.3)


def macrame_planter(canvas: Canvas, main: Colour) -> None:
    """A white bowl hung in knotted cord, with a tassel below."""
    canvas.pose = "hangs"
    cords = [line((50, 6), (x, 44), (50 + (x - 50) * 0.7, 66), (50, 74), w=1.7) for x in (27, 42, 58, 73)]
    _plant(canvas, 50, 52, 30)
    canvas.paint(blob((27, 48, 0), (29, 60), (38, 69), (50, 71), (62, 69), (71, 60), (73, 48, 0)), (240, 240, 238), Look("upright", gloss=0.4))
    canvas.paint(ellipse(50, 48, 23, 3.4), (224, 224, 220), PLASTIC, depth=1)
    canvas.paint(ellipse(50, 48.4, 21, 2.6), SOIL, MATTE, depth=1)
    _plant(canvas, 50, 50, 26)
    for cord in cords:
        canvas.paint(cord, main, CLOTH, depth=0.8, cast=0.7)
    canvas.paint(many([line((34, 56), (42, 62), w=1.4), line((42, 56), (34, 62), w=1.4), line((58, 56), (66, 62), w=1.4), line((66, 56), (58, 62), w=1.4), line((46, 60), (54, 66), w=1.4), line((54, 60), (46, 66), w=1.4)]), main, CLOTH, depth=0.7, cast=0.7)
    canvas.paint(ellipse(50, 76, 3.4, 4), main, CLOTH, depth=1.6)
    canvas.paint(many([line((50, 78), (50 + dx, 95), w=1.2) for dx in (-5, -3, -1, 1, 3, 5)]), main, CLOTH, depth=0.6)
    canvas.paint(ring(50, 6, 3.4, 1), (206, 168, 98), PLASTIC, depth=0.5)


def cordless_drill(canvas: Canvas, main: Colour, battery: float, extra: bool, hammer: bool = False) -> None:
    """A pistol-shaped drill pointing left; `battery` is how broad the pack at its foot is."""
    canvas.paint(line((4, 32), (20, 32), w=2.2), STEEL_GREY, STEEL)
    canvas.paint(poly((18, 28), (32, 23), (32, 42), (18, 37)), (74, 76, 82), Look("lying", gloss=0.4))
    canvas.seam(many([line((x, 25), (x, 40), w=0.4) for x in (24, 27, 30)]), None, 0.6)
    canvas.paint(blob((54, 42), (72, 42), (74, 56), (76, 78, 0), (58, 78, 0), (55, 60)), main, PLASTIC, depth=4)
    canvas.paint(blob((62, 46), (72, 46), (73, 60), (75, 74), (64, 74)), DARK, RUBBER, depth=2, texture="rib", grain=0.06)
    canvas.paint(blob((32, 22, 0), (50, 19), (72, 20), (82, 26), (82, 40), (72, 45), (50, 45), (32, 43, 0)), main, PLASTIC, depth=6)
    canvas.paint(rect(31, 21.4, 42, 43.6, 2), (60, 62, 68), Look("lying", gloss=0.3))
    canvas.paint(blob((74, 22), (84, 26), (84, 40), (75, 44)), DARK, RUBBER, depth=2)
    canvas.seam(many([line((76, y), (82, y), w=0.7) for y in (29, 32, 35, 38)]), None, 0.7)
    canvas.paint(blob((50, 46), (56, 46), (57, 56), (52, 55)), INK if sum(main) > 200 else NAMED["Red"], PLASTIC, depth=1.4)
    canvas.paint(rect(52, 30, 66, 35, 1), WHITE, FLAT, alpha=0.85, cast=0)
    canvas.paint(ellipse(52, 48, 1.3), (255, 246, 200), FLAT)
    canvas.paint(blob((66 - battery, 78), (66 + battery - 2, 77), (66 + battery, 80), (66 + battery, 90), (66 - battery, 91)), DARK, PLASTIC, depth=2.4, cast=0.6)
    canvas.paint(rect(66 - battery, 79, 66 + battery, 82, 0.6), main, PLASTIC, depth=0.8)
    canvas.tint(many([ellipse(62 + i * 3, 86, 0.8) for i in range(3)]), (110, 230, 120), 1)
    if extra:
        canvas.paint(rect(14, 74, 40, 91, 2), DARK, PLASTIC, depth=2.4)
        canvas.paint(rect(20, 70, 34, 75, 1), (70, 72, 78), PLASTIC, depth=1)
        canvas.paint(rect(14, 77, 40, 80.4, 0.6), main, PLASTIC, depth=0.8)


def corded_drill(canvas: Canvas, main: Colour) -> None:
    """A hammer drill with a side handle, a depth rod and a cable."""
    canvas.paint(line((76, 80), (80, 92), (60, 95), (36, 91), (16, 95), w=2), INK, PLASTIC, depth=0.8)
    canvas.paint(line((3, 30), (22, 30), w=2), STEEL_GREY, STEEL)
    canvas.seam(many([line((x, 31), (x + 2, 29), w=0.5) for x in range(4, 20, 3)]), None, 0.6)
    canvas.paint(rect(19, 24, 33, 37, 1.4), (90, 92, 98), Look("lying", gloss=0.5))
    canvas.paint(rect(33, 35, 40, 74, 3), INK, RUBBER, depth=2, texture="rib", grain=0.06)
    canvas.paint(line((14, 41), (36, 41), w=1.4), STEEL_GREY, STEEL)
    canvas.paint(blob((60, 40), (80, 38), (86, 52), (86, 78, 0), (72, 82, 0), (68, 58)), main, PLASTIC, depth=4)
    canvas.paint(blob((76, 44), (84, 50), (85, 74), (79, 76)), INK, RUBBER, depth=2)
    canvas.paint(blob((32, 20, 0), (52, 17), (78, 19), (88, 26), (87, 40), (74, 45), (50, 44), (32, 41, 0)), main, PLASTIC, depth=6)
    canvas.paint(rect(31, 20, 41, 41, 2), INK, Look("lying", gloss=0.3))
    canvas.seam(many([line((x, 24), (x + 2, 36), w=0.9) for x in (58, 62, 66, 70)]), None, 0.7)
    canvas.paint(blob((64, 46), (69, 46), (72, 58), (68, 58)), INK, PLASTIC, depth=1.4)
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
        canvas.paint(rect(x, 68 + (index % 3) * 2, x + 1.8, 84, 0.6), STEEL_GREY if index % 2 else (206, 166, 90), STEEL)
    canvas.paint(rect(68, 74, 88, 86, 2), INK, PLASTIC, depth=2)
    canvas.paint(rect(68, 76, 88, 78.6, 0.5), main, PLASTIC, depth=0.6)
    canvas.paint(many([ellipse(78 + 6 * (i % 2), 20 + 7 * (i // 2), 2.4) for i in range(6)]), STEEL_GREY, PLASTIC, depth=1)


def _driver(canvas: Canvas, x: float, y: float, length: float, grip: float, main: Colour, second: Colour, sleeve: Colour) -> None:
    canvas.paint(rect(x - 1, y + grip, x + 1, y + length - 4), sleeve, Look("upright", gloss=0.5))
    canvas.paint(poly((x - 1, y + length - 5), (x + 1, y + length - 5), (x + 1.6, y + length - 1), (x + 0.6, y + length), (x - 0.6, y + length), (x - 1.6, y + length - 1)), STEEL_GREY, STEEL)
    handle = sym((x - 3, y, 0), (x - 4, y + 3), (x - 4, y + grip * 0.7), (x - 2.2, y + grip * 0.86), (x - 3, y + grip, 0), x=x)
    canvas.paint(handle, main, Look("upright", gloss=0.4))
    canvas.paint(rect(x - 4, y + grip * 0.2, x + 4, y + grip * 0.6) & handle, second, Look("upright", gloss=0.3), cast=0)
    canvas.seam(many([line((x + dx, y + grip * 0.22), (x + dx, y + grip * 0.58), w=0.4) for dx in (-2, 0, 2)]), None, 0.3)


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
        _driver(canvas, 13 + index * 12.4, 12, length, 30 if index < 6 else 26, NAMED["Red"], NAMED["Yellow"], NAMED["Red"] if index < 6 else (214, 220, 226))


def ratchet_driver(canvas: Canvas, main: Colour) -> None:
    """One stout ratchet driver with a ring and twelve bits beside it."""
    canvas.pose = "lies"
    _driver(canvas, 32, 6, 86, 42, main, INK, STEEL_GREY)
    big = sym((27, 6, 0), (24, 12), (25, 32), (28, 40), (26, 48, 0), x=32)
    canvas.paint(big, main, Look("upright", gloss=0.4))
    canvas.paint(rect(20, 14, 44, 32) & big, INK, Look("upright", texture="rib", grain=0.15), cast=0)
    canvas.paint(rect(26, 47, 38, 54, 1), INK, Look("upright", texture="rib", grain=0.2))
    canvas.paint(rect(28.6, 54, 35.4, 62, 1), STEEL_GREY, STEEL)
    for index in range(12):
        x, y = 56 + (index % 4) * 10, 18 + (index // 4) * 24
        canvas.paint(rect(x, y + 6, x + 4, y + 16, 0.6), (150, 154, 160), STEEL)
        canvas.paint(poly((x + 1, y), (x + 3, y), (x + 3.2, y + 7), (x + 0.8, y + 7)), (110, 114, 120), STEEL)
        canvas.paint(rect(x, y + 9, x + 4, y + 11), (main, NAMED["Red"], NAMED["Yellow"])[index // 4], FLAT)


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
    "drill-001": partial(cordless_drill, main=C["Green"], battery=16, extra=True),
    "drill-002": partial(cordless_drill, main=C["Green"], battery=10, extra=False),
    "drill-003": partial(corded_drill, main=C["Orange"]),
    "drill-004": partial(drill_case, main=C["Red"]),
    "screw-001": precision_set,
    "screw-002": insulated_set,
    "screw-003": partial(ratchet_driver, main=C["Green"]),
}
__all__ = ["DRAWINGS", "ROUND"]
