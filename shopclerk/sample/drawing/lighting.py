"""Desk lamps, floor lamps and bulbs."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    BRASS,
    INK,
    NAMED,
    STEEL_GREY,
    Colour,
    darker,
    lighter,
)
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, many, poly, rect, sym
from shopclerk.sample.drawing.surfaces import BALL, FLAT, MATTE, PLASTIC, ROUND, STEEL, WOOD, Look

WHITE = NAMED["White"]
WARM: Colour = (255, 232, 176)


def heron_lamp(canvas: Canvas, main: Colour) -> None:
    """A two-part balanced arm with a long flat head."""
    canvas.glow(poly("12,30 44,22 56,84 4,84"), WARM, 0.22, 5)
    canvas.paint(ellipse(66, 88, 19, 4.6), main, PLASTIC, depth=2)
    canvas.paint(ellipse(66, 86, 18, 4.2), lighter(main, 0.08), PLASTIC, depth=1.6)
    canvas.paint(line("66,85 82,50", w=3), main, PLASTIC, depth=1.2)
    canvas.paint(line("82,50 48,18", w=3), main, PLASTIC, depth=1.2)
    canvas.paint(line("85,53 76,44", w=1.2), STEEL_GREY, STEEL)
    canvas.paint(
        many([ellipse(82, 50, 3.6), ellipse(48, 18, 3.2), ellipse(66, 84, 3)]),
        lighter(main, 0.12),
        PLASTIC,
        depth=1.6,
        gloss=0.5,
    )
    canvas.paint(line("50,17 13,28", w=6.4), main, PLASTIC, depth=2)
    canvas.paint(line("44,22.4 15,31", w=1.6), (255, 248, 224), FLAT)
    canvas.paint(ellipse(58, 86, 1.4, 0.7), (255, 255, 255), FLAT)


def banker_lamp(canvas: Canvas) -> None:
    """A brass stand under a long green glass shade, with a pull chain."""
    canvas.glow(poly("24,42 76,42 88,84 12,84"), WARM, 0.3, 6)
    canvas.paint(ellipse(50, 88, 24, 5.4), darker(BRASS, 0.15), PLASTIC, depth=2, gloss=0.5)
    canvas.paint(ellipse(50, 86, 21, 4.4), BRASS, PLASTIC, depth=2, gloss=0.5)
    canvas.paint(sym("48.4,36! 48,60 46,70 48,78 44,85!"), BRASS, Look("metal", gloss=0.5))
    canvas.paint(line("64,42 64,62", w=0.8), BRASS, PLASTIC, depth=0.3)
    canvas.paint(ellipse(64, 64, 1.6), BRASS, BALL)
    shade = blob("12,42! 16,28 30,20 50,18 70,20 84,28 88,42! 50,44")
    canvas.paint(shade, (24, 112, 64), PLASTIC, depth=9, gloss=0.6, sharp=16)
    canvas.tint(rect(20, 38, 80, 43) & shade, (150, 230, 150), 0.5, 1.4)
    canvas.shine(blob("22,32 34,24 52,22 36,28"), 0.55, 0.8)
    canvas.paint(rect(45, 14, 55, 19, 1.5), BRASS, PLASTIC, depth=1, gloss=0.6)


def moon_lamp(canvas: Canvas) -> None:
    """A glowing moon with craters on a small wooden stand."""
    canvas.glow(ellipse(50, 45, 38), (255, 244, 206), 0.55, 7)
    canvas.paint(line("40,92 50,78 60,92", w=4), NAMED["Natural"], WOOD)
    canvas.paint(rect(34, 80, 66, 85, 2), NAMED["Natural"], WOOD, depth=1.4)
    moon = ellipse(50, 46, 35)
    canvas.paint(moon, (250, 240, 208), BALL, gloss=0, strength=0.45, texture="noise", grain=0.05)
    for x, y, r in (
        (38, 36, 7),
        (60, 30, 5),
        (64, 54, 8.4),
        (44, 62, 5.4),
        (30, 52, 3.6),
        (54, 44, 3),
        (50, 73, 3.4),
        (73, 40, 2.8),
    ):
        canvas.paint(
            ellipse(x, y, r, r * 0.92),
            (226, 210, 168),
            PLASTIC,
            depth=1.4,
            strength=-0.6,
            gloss=0,
            cast=0,
            alpha=0.75,
        )


def clip_lamp(canvas: Canvas, main: Colour) -> None:
    """A bendable neck between a clip and a small ring-shaped head."""
    canvas.glow(ellipse(28, 40, 16, 10), (255, 250, 232), 0.6, 6)
    neck = line("66,76 78,56 74,30 56,18 38,24", w=3.4)
    canvas.paint(neck, main, PLASTIC, depth=1.4, texture="rib", grain=0.14)
    canvas.paint(ellipse(29, 30, 17, 8.4).turned(-14, 29, 30), main, PLASTIC, depth=3)
    canvas.paint(ellipse(28.6, 33.4, 13, 4.4).turned(-14, 28, 33), (255, 246, 214), FLAT)
    canvas.paint(poly("46,74 78,70 80,78 48,82"), main, PLASTIC, depth=2.4)
    canvas.paint(poly("46,92 48,85 80,80 84,90"), darker(main, 0.08), PLASTIC, depth=2.4)
    canvas.paint(ellipse(72, 80, 4), STEEL_GREY, PLASTIC, depth=1.4)
    canvas.paint(line("80,84 90,86 94,94", w=1.6), INK, PLASTIC, depth=0.6)
    canvas.paint(ellipse(60, 75.4, 2), (90, 160, 230), PLASTIC, depth=0.8)


def arc_lamp(canvas: Canvas) -> None:
    """A brass bow from a marble block to a hanging dome."""
    canvas.glow(poly("12,42 36,42 46,90 4,90"), WARM, 0.25, 5)
    canvas.paint(rect(66, 84, 92, 93, 1.4), (232, 230, 226), PLASTIC, depth=1.6, gloss=0.2)
    canvas.tint(
        many([line("68,86 76,88 84,86 91,90", w=0.5), line("70,92 80,90 88,92", w=0.4)]),
        (130, 130, 134),
        0.6,
    )
    canvas.paint(
        line("82,84 82,40 72,16 48,7 30,14 24,28", w=2), BRASS, PLASTIC, depth=0.9, gloss=0.6
    )
    dome = blob("9,41! 12,32 24,26 36,32 39,41!")
    canvas.paint(dome, BRASS, PLASTIC, depth=6, gloss=0.5)
    canvas.paint(ellipse(24, 41.4, 14.6, 2), (255, 244, 210), FLAT)


def tripod_lamp(canvas: Canvas) -> None:
    """Three ash legs under a linen drum."""
    canvas.glow(ellipse(50, 26, 30, 18), WARM, 0.4, 7)
    for end in ((26, 94), (74, 94), (52, 92)):
        canvas.paint(line((50, 44), end, w=2.8), (214, 180, 130), WOOD, depth=1.2)
    canvas.paint(ellipse(50, 46, 4), BRASS, BALL)
    canvas.paint(line("38,68 62,68", w=0.9), BRASS, PLASTIC, depth=0.4)
    canvas.paint(
        poly("32,8 68,8 74,42 26,42"),
        (238, 222, 188),
        Look("upright", texture="weave", grain=0.09, strength=0.45),
    )
    canvas.tint(ellipse(50, 28, 13, 12), (255, 246, 214), 0.65, 4)
    canvas.tint(rect(26, 40.8, 74, 42) | rect(32, 8, 68, 9), (200, 176, 130), 0.5)


def column_lamp(canvas: Canvas, main: Colour) -> None:
    """A slim pole with an upward bowl that lights the ceiling."""
    canvas.glow(poly("38,12 62,12 84,0 16,0"), WARM, 0.75, 5)
    canvas.paint(ellipse(50, 92, 16, 3.8), darker(main, 0.15), PLASTIC, depth=1.6)
    canvas.paint(ellipse(50, 90.6, 15, 3.2), main, PLASTIC, depth=1.4)
    canvas.paint(rect(48.7, 22, 51.3, 90), main, Look("upright", gloss=0.4))
    canvas.paint(blob("34,12! 66,12! 60,20 52,25 48,25 40,20"), main, PLASTIC, depth=3)
    canvas.paint(ellipse(50, 12, 16, 1.8), (255, 244, 208), FLAT)
    canvas.paint(rect(48, 50, 52, 56, 1), lighter(main, 0.35), PLASTIC, depth=0.6)


def paper_lantern(canvas: Canvas) -> None:
    """A tall ribbed paper lantern on small feet."""
    canvas.glow(sym("50,8 30,14 26,46 32,82 50,88"), WARM, 0.4, 6)
    canvas.paint(
        line("38,84 32,94", w=1.6).both() | line("50,86 50,94", w=1.6), INK, PLASTIC, depth=0.6
    )
    body = sym("42,8! 32,20 28,36 31,50 33,56 29,68 36,87!")
    canvas.paint(body, (250, 244, 226), Look("upright", strength=0.35, texture="noise", grain=0.02))
    canvas.tint(ellipse(50, 44, 14, 30), (255, 240, 196), 0.7, 5)
    ribs = [blob((20, y), (50, y + 1.6), (80, y), (50, y + 2.3)) for y in range(10, 88, 5)]
    canvas.tint(many(ribs) & body, (196, 178, 140), 0.6)
    canvas.paint(rect(42, 6, 58, 9, 0.6), INK, ROUND)


def _screw(canvas: Canvas, x: float, y: float, w: float) -> None:
    canvas.paint(rect(x - w, y, x + w, y + w * 2.1, 1), STEEL_GREY, Look("metal", gloss=0.3))
    for index in range(4):
        canvas.seam(
            line((x - w, y + 1 + index * w * 0.5), (x + w, y + 1.6 + index * w * 0.5), w=0.5),
            None,
            0.45,
        )
    canvas.paint(
        poly(
            (x - w * 0.7, y + w * 2.1),
            (x + w * 0.7, y + w * 2.1),
            (x + w * 0.3, y + w * 2.6),
            (x - w * 0.3, y + w * 2.6),
        ),
        INK,
        MATTE,
        depth=0.6,
    )


def _bulb_shape(x: float, y: float, r: float) -> Shape:
    return sym(
        (x, y - r),
        (x - r * 0.72, y - r * 0.7),
        (x - r, y),
        (x - r * 0.72, y + r * 0.72),
        (x - r * 0.46, y + r * 1.5, 0),
        x=x,
    )


def led_bulb(canvas: Canvas, x: float, y: float, r: float, tone: Colour) -> None:
    """One frosted LED bulb with a white collar."""
    canvas.glow(ellipse(x, y, r * 1.2), tone, 0.45, 4)
    _screw(canvas, x, y + r * 2.0, r * 0.4)
    canvas.paint(
        sym((x - r * 0.62, y + r * 1.0, 0), (x - r * 0.44, y + r * 2.0, 0), x=x),
        (232, 232, 230),
        ROUND,
    )
    canvas.paint(
        _bulb_shape(x, y, r) & rect(0, 0, 100, y + r * 1.2),
        lighter(tone, 0.35),
        BALL,
        strength=0.35,
        gloss=0.5,
    )


def four_bulbs(canvas: Canvas) -> None:
    """Four warm white bulbs in a row."""
    for x, y in ((17, 42.0), (39, 38.0), (61, 42.0), (83, 38.0)):
        led_bulb(canvas, x, y, 10.5, WARM)


def colour_bulb(canvas: Canvas) -> None:
    """One large bulb shimmering in many colours."""
    led_bulb(canvas, 50, 32, 20, (250, 240, 250))
    glow = _bulb_shape(50, 32, 20) & rect(0, 0, 100, 56)
    for x, y, tone in (
        (39, 24, (255, 70, 120)),
        (60, 21, (80, 140, 255)),
        (63, 40, (70, 220, 150)),
        (42, 43, (255, 190, 60)),
        (50, 32, (190, 90, 255)),
    ):
        canvas.tint(ellipse(x, y, 10) & glow, tone, 0.62, 3.4)
    canvas.shine(ellipse(42, 22, 3, 5), 0.7, 1)


def filament_bulb(canvas: Canvas) -> None:
    """A large amber globe with a looped filament."""
    canvas.glow(ellipse(50, 40, 32), (255, 190, 90), 0.5, 7)
    _screw(canvas, 50, 74, 8.4)
    globe = _bulb_shape(50, 38, 29) & rect(0, 0, 100, 75)
    canvas.paint(globe, (226, 150, 56), BALL, alpha=0.72, gloss=0.7)
    canvas.paint(sym("48,74! 46,62 48,54", x=50), (240, 214, 160), PLASTIC, alpha=0.7)
    loops = many([line("40,60 38,34 44,22 48,36 50,52 52,36 56,22 62,34 60,60", w=1.1)])
    canvas.glow(loops, (255, 226, 130), 0.9, 1.2)
    canvas.paint(loops, (255, 246, 200), FLAT)
    canvas.shine(ellipse(35, 28, 3.4, 7).turned(24, 35, 28), 0.65, 1)


def candle_bulbs(canvas: Canvas) -> None:
    """Ten small candle bulbs in two rows."""
    for row, y in enumerate((26.0, 66.0)):
        for index in range(5):
            x = 14 + index * 18
            canvas.glow(ellipse(x, y, 7, 11), (214, 234, 255), 0.4, 2.5)
            _screw(canvas, x, y + 15, 3)
            canvas.paint(rect(x - 4, y + 8, x + 4, y + 16, 1), WHITE, ROUND)
            flame = sym((x, y - 16, 0), (x - 3.6, y - 6), (x - 5.4, y + 3), (x - 4, y + 9, 0), x=x)
            canvas.paint(
                flame,
                (236, 244, 255),
                Look("upright", gloss=0.5, strength=0.5),
                cast=0.3 + 0.1 * row,
            )


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "dlamp-001": partial(heron_lamp, main=C["Black"]),
    "dlamp-002": partial(heron_lamp, main=C["Yellow"]),
    "dlamp-003": banker_lamp,
    "dlamp-004": moon_lamp,
    "dlamp-005": partial(clip_lamp, main=C["White"]),
    "flamp-001": arc_lamp,
    "flamp-002": tripod_lamp,
    "flamp-003": partial(column_lamp, main=C["Black"]),
    "flamp-004": paper_lantern,
    "bulb-001": four_bulbs,
    "bulb-002": colour_bulb,
    "bulb-003": filament_bulb,
    "bulb-004": candle_bulbs,
}
