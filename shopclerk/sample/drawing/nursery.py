"""Guitars, ukuleles and strollers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import INK, NAMED, STEEL_GREY, Colour, darker, lighter
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, many, poly, rect, ring, sym
from shopclerk.sample.drawing.surfaces import (
    CLOTH,
    FLAT,
    LEATHER,
    MATTE,
    PLASTIC,
    RUBBER,
    STEEL,
    Look,
)

WHITE = NAMED["White"]
SPRUCE: Colour = (226, 184, 120)
ROSEWOOD: Colour = (66, 40, 28)
HOLLOW: Colour = (34, 22, 16)
FOOT = 96.0
LACQUER = Look(depth=2, gloss=0.25, sharp=14, texture="grain", grain=0.06)


def acoustic(
    canvas: Canvas,
    top: Colour,
    side: Colour,
    strings: int,
    wide: float,
    length: float,
    slotted: bool = False,
    guard: bool = False,
    binding: Colour = WHITE,
    turn: float = 18,
) -> None:
    """A hollow-bodied instrument; `wide` is half the lower bout, `length` the reach of the neck.

    Ukuleles have four strings, guitars six; classical guitars a slotted head.
    """
    canvas.pose = "lies"
    neck = Neck(strings, FOOT - wide * 2.4 - length, FOOT - wide * 1.34, wide * 0.27, turn)
    _body(canvas, top, side, binding, wide, turn)
    _sound_hole(canvas, neck, darker(side, 0.2), guard, wide)
    bridge = FOOT - wide * 0.52
    bar = rect(50 - wide * 0.34, bridge, 50 + wide * 0.34, bridge + 2.8, 1)
    canvas.paint(neck.at(bar), ROSEWOOD, PLASTIC, depth=0.8)
    _fingerboard(canvas, neck)
    _head(canvas, neck, darker(side, 0.1) if slotted else side, slotted)
    gap = neck.half * 1.5 / (strings - 1)
    places = [50 - neck.half * 0.75 + index * gap for index in range(strings)]
    lines = many([line((x, neck.top), (x, bridge + 1), w=0.28) for x in places])
    canvas.tint(neck.at(lines), (244, 240, 230), 0.9)


@dataclass(frozen=True)
class Neck:
    """Where the strings run: nut, sound hole, and the turn of the whole instrument."""

    strings: int
    top: float
    hole: float
    hole_r: float
    turn: float

    @property
    def half(self) -> float:
        """Half the width of the fingerboard."""
        return 1.9 + self.strings * 0.18

    def at(self, shape: Shape) -> Shape:
        """The shape turned with the instrument."""
        return shape.turned(self.turn, 50, 52)


def _body(
    canvas: Canvas, top: Colour, side: Colour, binding: Colour, wide: float, turn: float
) -> None:
    waist, shoulder = FOOT - wide * 1.28, FOOT - wide * 2.4
    body = sym(
        (50, shoulder),
        (50 - wide * 0.5, shoulder + 1.5),
        (50 - wide * 0.74, waist - wide * 0.62),
        (50 - wide * 0.58, waist),
        (50 - wide * 0.84, waist + wide * 0.44),
        (50 - wide, FOOT - wide * 0.5),
        (50 - wide * 0.6, FOOT - wide * 0.06),
        (50, FOOT),
    ).turned(turn, 50, 52)
    canvas.paint(body.inset(-0.9), side, LACQUER, depth=3)
    canvas.paint(body, top, LACQUER, depth=1.6)
    canvas.tint(body.rim(0.7), binding, 0.7)


def _sound_hole(canvas: Canvas, neck: Neck, rosette: Colour, guard: bool, wide: float) -> None:
    y, r = neck.hole, neck.hole_r
    canvas.paint(neck.at(ring(50, y, r + 1.8, 1.2)), rosette, FLAT)
    canvas.paint(neck.at(ellipse(50, y, r)), HOLLOW, FLAT)
    if guard:
        plate = blob(
            (50 + r, y - 2),
            (50 + wide * 0.5, y + 4),
            (50 + wide * 0.46, y + wide * 0.42),
            (50 + r * 0.8, y + r),
        )
        canvas.paint(neck.at(plate), (60, 34, 24), PLASTIC, depth=0.6)


def _fingerboard(canvas: Canvas, neck: Neck) -> None:
    end = neck.hole - neck.hole_r
    left, right = 50 - neck.half, 50 + neck.half
    board = rect(left, neck.top, right, end)
    canvas.paint(neck.at(board), ROSEWOOD, MATTE, depth=0.8, cast=0.5)
    frets = many([line((left, y), (right, y), w=0.35) for y in _frets(neck.top, end)])
    canvas.tint(neck.at(frets), STEEL_GREY, 0.9)
    reach = neck.hole - neck.top
    dots = many([ellipse(50, neck.top + reach * share, 0.7) for share in (0.2, 0.34, 0.48)])
    canvas.tint(neck.at(dots), WHITE, 0.9)


def _head(canvas: Canvas, neck: Neck, wood: Colour, slotted: bool) -> None:
    half, top = neck.half, neck.top
    pegs = neck.strings // 2
    for index in range(pegs):
        y = top - 3 - index * 9 / pegs
        peg = rect(50 - half - 4.6, y - 1, 50 + half + 4.6, y + 1, 0.9)
        canvas.paint(neck.at(peg), (236, 230, 214), PLASTIC, depth=0.6)
    wide = half + 1.6
    head = poly(
        (50 - half - 0.4, top), (50 - wide, top - 13), (50 + wide, top - 13), (50 + half + 0.4, top)
    )
    canvas.paint(neck.at(head), wood, LACQUER, depth=1)
    if slotted:
        slot = rect(50 - half * 0.7, top - 11, 50 - half * 0.2, top - 2, 0.6)
        canvas.paint(neck.at(slot.both()), HOLLOW, FLAT)
    nut = rect(50 - half - 0.2, top - 0.6, 50 + half + 0.2, top + 0.6)
    canvas.paint(neck.at(nut), (240, 234, 220), FLAT)


def _frets(start: float, end: float) -> list[float]:
    places, gap, y = [], (end - start) * 0.105, start
    while y + gap < end and gap > 0.8:
        y += gap
        places.append(y)
        gap *= 0.93
    return places


def starter_guitar(canvas: Canvas, main: Colour) -> None:
    """A black guitar with a soft bag behind it, a tuner and picks."""
    bag = blob("14,20 22,8 32,12 40,36 62,44 74,64 66,88 44,94 24,84 20,60 24,46")
    canvas.paint(bag, (70, 72, 80), CLOTH, depth=4)
    canvas.tint(bag.inset(1.6).rim(0.6), (150, 152, 160), 0.8)
    acoustic(canvas, main, (34, 34, 38), 6, 20, 26, guard=False)
    for x, y, tone in (
        (84, 80, NAMED["Red"]),
        (90, 70, NAMED["Yellow"]),
        (78, 90, NAMED["Turquoise"]),
    ):
        canvas.paint(blob((x - 4, y - 3), (x + 4, y - 3), (x, y + 5)), tone, PLASTIC, depth=0.8)
    canvas.paint(rect(78, 14, 92, 26, 2), INK, PLASTIC, depth=1.4)
    canvas.paint(rect(80, 16, 90, 23, 1), (110, 220, 150), FLAT)


def electric_guitar(canvas: Canvas, main: Colour) -> None:
    """A double-cut body with a pick guard, three pick-ups, knobs and a tremolo arm."""
    canvas.pose = "lies"

    def at(shape: Shape) -> Shape:
        return shape.turned(24, 50, 52)

    body = blob(
        "44,60 40,50 32,49 30,58 36,68 32,80 34,92 50,98 66,93 69,80 64,69 69,60 70,53 63,52 57,60"
    )
    canvas.paint(at(body), main, PLASTIC, depth=3.4, gloss=0.5)
    canvas.paint(
        at(blob("43,62 41,56 46,60 56,60 60,66 59,78 63,86 54,90 42,84")),
        (246, 244, 238),
        PLASTIC,
        depth=0.8,
    )
    canvas.paint(at(rect(47.4, 16, 52.6, 66, 0.5)), (206, 160, 100), MATTE, depth=0.8, cast=0.5)
    canvas.tint(
        at(many([line((47.4, y), (52.6, y), w=0.35) for y in _frets(16, 62)])), STEEL_GREY, 0.95
    )
    canvas.paint(
        at(blob("47,16! 45.4,8 47,1 54,1 57,6 53,12 53,16!")), (206, 160, 100), LACQUER, depth=1
    )
    canvas.paint(
        at(many([ellipse(45, 3.6 + i * 2, 1.1) for i in range(6)])), STEEL_GREY, PLASTIC, depth=0.5
    )
    for y, tall in ((66, 2.8), (72, 2.8), (78, 4.6)):
        canvas.paint(
            at(rect(44.6, y, 55.4, y + tall, 1)),
            (40, 40, 44) if tall < 4 else STEEL_GREY,
            PLASTIC,
            depth=0.7,
        )
    canvas.paint(at(rect(45, 85, 55, 90, 0.8)), STEEL_GREY, STEEL)
    canvas.paint(at(line("54,88 61,83 63,72", w=0.9)), STEEL_GREY, PLASTIC, depth=0.4)
    canvas.paint(
        at(many([ellipse(60, 78, 1.5), ellipse(61.6, 83, 1.5)])),
        (240, 236, 226),
        PLASTIC,
        depth=0.8,
    )
    canvas.tint(
        at(many([line((48.2 + i * 0.72, 15), (48.2 + i * 0.72, 88), w=0.25) for i in range(6)])),
        (240, 240, 240),
        0.9,
    )


def _wheel(canvas: Canvas, x: float, y: float, r: float, hub: Colour = STEEL_GREY) -> None:
    canvas.paint(ellipse(x, y, r), (44, 44, 48), RUBBER, depth=r * 0.2)
    canvas.paint(ellipse(x, y, r * 0.62), hub, PLASTIC, depth=1)
    canvas.paint(ellipse(x, y, r * 0.2), INK, PLASTIC, depth=0.6)


def buggy(canvas: Canvas, main: Colour, hood: bool = True, cover: bool = False) -> None:
    """A compact pushchair from the side, facing left, with small double wheels."""
    frame = (90, 92, 98)
    canvas.paint(line("88,16 70,46 38,82", w=2.6), frame, PLASTIC, depth=1)
    canvas.paint(line("46,50 74,84", w=2.6), frame, PLASTIC, depth=1)
    canvas.paint(line("84,14 92,18", w=5), INK, RUBBER, depth=2)
    canvas.paint(blob("42,72 66,74 70,82 44,82"), darker(main, 0.35), CLOTH, depth=2)
    canvas.paint(blob("64,30 73,36 64,62 56,66 34,64 30,58 50,54"), main, CLOTH, depth=4, cast=0.5)
    canvas.paint(blob("34,58 28,66 20,76 16,74 24,62"), darker(main, 0.15), CLOTH, depth=2)
    canvas.paint(line("36,60 30,46 44,44", w=2.4), INK, RUBBER, depth=1)
    canvas.paint(line("58,40 52,58", w=1.8), lighter(main, 0.5), CLOTH, depth=0.6)
    if hood:
        canopy = blob("68,34! 72,18 60,9 44,11 36,22 36,28! 52,28")
        canvas.paint(canopy, main, CLOTH, depth=5, cast=0.7)
        canvas.seam(many([line("68,34 58,10", w=0.6), line("67,34 46,12", w=0.6)]), canopy, 0.35)
    if cover:
        rain = blob("36,12 66,8 76,30 66,66 24,76 14,70 28,40")
        canvas.paint(rain, (226, 238, 246), PLASTIC, depth=3, alpha=0.3, gloss=0.4)
        canvas.paint(rain.rim(0.7), (150, 180, 200), FLAT, alpha=0.6)
    for x in (32, 39, 72, 79):
        _wheel(canvas, x, 87, 6)


def pram(canvas: Canvas, main: Colour) -> None:
    """A three-wheeled all-terrain pram with a flat bassinet and large air tyres."""
    frame = (70, 72, 78)
    canvas.paint(line("90,22 72,50 24,84", w=2.8), frame, PLASTIC, depth=1)
    canvas.paint(line("52,58 74,80", w=2.8), frame, PLASTIC, depth=1)
    canvas.paint(line("86,20 93,24", w=5), (120, 84, 54), LEATHER, depth=2)
    canvas.paint(rect(38, 66, 66, 76, 3), darker(main, 0.4), CLOTH, depth=2)
    canvas.paint(blob("16,40! 18,54 28,60 56,60 68,54 72,38!"), main, CLOTH, depth=5, cast=0.5)
    canvas.paint(blob("14,38 30,34 46,36 46,46 20,47"), darker(main, 0.2), CLOTH, depth=3, cast=0.5)
    canopy = blob("72,40! 73,22 60,11 46,13 40,24 40,40!")
    canvas.paint(canopy, main, CLOTH, depth=5, cast=0.7)
    canvas.seam(many([line("70,40 62,12", w=0.6), line("68,40 48,14", w=0.6)]), canopy, 0.35)
    _wheel(canvas, 20, 86, 9)
    _wheel(canvas, 76, 82, 13)
    canvas.paint(
        many(
            [
                line((76, 82), (76 + dx, 82 + dy), w=0.7)
                for dx, dy in ((7, 0), (-7, 0), (4, 6), (-4, 6), (4, -6), (-4, -6))
            ]
        ),
        (110, 112, 118),
        FLAT,
    )


def twin_stroller(canvas: Canvas, main: Colour) -> None:
    """Two seats side by side, seen from the front."""
    canvas.paint(line("14,30 18,10 82,10 86,30", w=3), INK, RUBBER, depth=1.4)
    for x in (28, 72):
        canvas.paint(
            blob((x - 17, 34), (x - 15, 18), (x, 13), (x + 15, 18), (x + 17, 34), (x, 31)),
            main,
            CLOTH,
            depth=4,
        )
        canvas.seam(
            line((x, 14), (x, 31), w=0.6)
            | line((x - 9, 16), (x - 10, 32), w=0.6)
            | line((x + 9, 16), (x + 10, 32), w=0.6),
            None,
            0.3,
        )
        canvas.paint(rect(x - 15, 31, x + 15, 62, 4), lighter(main, 0.12), CLOTH, depth=3, cast=0.6)
        canvas.paint(rect(x - 16, 56, x + 16, 72, 4), main, CLOTH, depth=4, cast=0.6)
        canvas.paint(rect(x - 12, 71, x + 12, 84, 2), darker(main, 0.2), CLOTH, depth=2)
        canvas.paint(
            many([line((x - 5, 36), (x, 56), w=1.6), line((x + 5, 36), (x, 56), w=1.6)]),
            NAMED["Orange"],
            CLOTH,
            depth=0.6,
        )
        canvas.paint(rect(x - 2, 54, x + 2, 58, 1), INK, PLASTIC, depth=0.8)
        canvas.paint(line((x - 16, 50), (x, 47), (x + 16, 50), w=2.8), INK, RUBBER, depth=1.2)
    for x in (10, 50, 90):
        canvas.paint(rect(x - 1.2, 34, x + 1.2, 86, 1), STEEL_GREY, STEEL)
        for dx in (-2.6, 2.6):
            canvas.paint(ellipse(x + dx, 88, 2.4, 6), (44, 44, 48), RUBBER, depth=1)


C = NAMED
KOA: Colour = (168, 98, 44)
DRAWINGS: dict[str, Drawing] = {
    "guit-001": partial(
        acoustic, top=SPRUCE, side=(136, 82, 46), strings=6, wide=20, length=24, guard=True
    ),
    "guit-002": partial(
        acoustic,
        top=(206, 140, 82),
        side=(110, 60, 34),
        strings=6,
        wide=18,
        length=22,
        slotted=True,
    ),
    "guit-003": partial(electric_guitar, main=C["Turquoise"]),
    "guit-004": partial(starter_guitar, main=C["Black"]),
    "uke-001": partial(
        acoustic,
        top=(136, 74, 46),
        side=(104, 54, 34),
        strings=4,
        wide=17,
        length=14,
        binding=(90, 48, 30),
    ),
    "uke-002": partial(
        acoustic,
        top=KOA,
        side=(120, 66, 30),
        strings=4,
        wide=20,
        length=18,
        binding=(240, 226, 196),
    ),
    "uke-003": partial(
        acoustic, top=C["Yellow"], side=(226, 176, 34), strings=4, wide=17, length=14
    ),
    "stroll-001": partial(buggy, main=C["Grey"]),
    "stroll-002": partial(pram, main=C["Olive"]),
    "stroll-003": partial(twin_stroller, main=C["Black"]),
    "stroll-004": partial(buggy, main=C["Navy"], cover=True),
}
