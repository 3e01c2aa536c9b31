"""Backpacks, suitcases and handbags, seen from the front."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    BRASS,
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
    blob,
    ellipse,
    line,
    many,
    poly,
    rect,
    ring,
    star,
    sym,
)
from shopclerk.sample.drawing.surfaces import CLOTH, LEATHER, MATTE, PLASTIC, STEEL, Look

WHITE = NAMED["White"]
RIPSTOP = Look(depth=5, gloss=0.06, sharp=8, texture="weave", grain=0.04)


def _straps(canvas: Canvas, colour: Colour, top: float = 12) -> None:
    canvas.paint(
        line((42, top + 6), (43, top - 4), (50, top - 7), (57, top - 4), (58, top + 6), w=3),
        colour,
        CLOTH,
        depth=1.4,
    )
    canvas.paint(
        line((30, top + 12), (21, 40), (20, 66), (27, 84), w=5).both(),
        darker(colour, 0.2),
        CLOTH,
        depth=2,
    )


def _zip_line(canvas: Canvas, shape: Shape, colour: Colour, pull: tuple[float, float]) -> None:
    canvas.tint(shape, darker(colour, 0.65), 0.85)
    x, y = pull
    canvas.paint(rect(x - 0.9, y, x + 0.9, y + 5, 0.8), NAMED["Silver"], PLASTIC, depth=0.5)


def day_pack(canvas: Canvas, main: Colour, accent: Colour, laptop: bool = False) -> None:
    """A rounded backpack; the laptop kind is boxy with a level handle strip."""
    _straps(canvas, darker(main, 0.35))
    top = (38, 12) if not laptop else (30, 13)
    body = sym((50, 11), top, (27, 22), (24, 50), (24, 80), (28, 89), (50, 91))
    canvas.paint(body, main, RIPSTOP, depth=7)
    arch = sym("50,17 36,19 30,32 29,48", x=50)
    _zip_line(canvas, arch.rim(0.9) - rect(0, 46, 100, 100), main, (33, 25))
    pocket = sym("50,50 33,51 30,58 30,80 34,86 50,87")
    canvas.paint(pocket, darker(main, 0.07), RIPSTOP, depth=4, cast=0.5)
    _zip_line(canvas, line("33,57 50,56 67,57", w=1), main, (36, 57))
    canvas.paint(
        rect(18, 62, 26, 84, 3).both(),
        darker(main, 0.3),
        CLOTH,
        depth=2,
        texture="mesh",
        grain=0.12,
    )
    if laptop:
        canvas.paint(rect(28, 38, 72, 42, 1), darker(main, 0.4), CLOTH, depth=1)
        canvas.paint(rect(44, 66, 56, 72, 1), accent, LEATHER, depth=0.8)
    else:
        canvas.paint(line("46,36 54,36", w=5), accent, PLASTIC, depth=1)
        canvas.paint(line("30,70 70,70", w=1.6, smooth=False), accent, CLOTH, depth=0.6)


def rolltop(canvas: Canvas, main: Colour) -> None:
    """A tall sack whose top is rolled down and held by a leather strap."""
    _straps(canvas, darker(main, 0.4), 14)
    canvas.paint(sym("27,22! 25,50 26,88 50,91"), main, CLOTH, depth=6, grain=0.07)
    for y, shade in ((10, 0.0), (15, 0.06), (20, 0.12)):
        canvas.paint(rect(25, y, 75, y + 7, 3.5), darker(main, shade), CLOTH, depth=2.4, cast=0.5)
    canvas.paint(rect(46.5, 10, 53.5, 52, 1.5), (116, 72, 42), LEATHER, depth=1, cast=0.5)
    canvas.paint(rect(45, 44, 55, 52, 1) - rect(47, 46, 53, 50, 0.5), BRASS, PLASTIC, depth=0.7)
    canvas.paint(rect(32, 58, 68, 86, 2), darker(main, 0.05), CLOTH, depth=2, cast=0.5)
    canvas.paint(rect(31, 57, 69, 64, 1.5), darker(main, 0.12), CLOTH, depth=1.4, cast=0.5)


def trekking_pack(canvas: Canvas, main: Colour) -> None:
    """A tall pack with a lid, compression straps, a hip belt and a rain cover in its base."""
    canvas.paint(line("28,80 14,84 9,78", w=6).both(), DARK, CLOTH, depth=2)
    _straps(canvas, DARK, 10)
    canvas.paint(sym("50,16 32,18 28,40 25,66 28,90 50,93"), main, RIPSTOP, depth=7)
    canvas.paint(sym("50,74 28,75 26,84 30,93 50,94"), DARK, RIPSTOP, depth=4, cast=0.5)
    canvas.paint(sym("50,5 33,7 28,16 32,24 50,26"), darker(main, 0.18), RIPSTOP, depth=5, cast=0.7)
    canvas.paint(
        sym("50,34 36,35 34,50 35,70 50,72"),
        darker(main, 0.1),
        CLOTH,
        depth=4,
        texture="mesh",
        grain=0.1,
        cast=0.5,
    )
    for x in (38, 62):
        canvas.paint(line((x, 18), (x, 76), w=1.8), DARK, CLOTH, depth=0.6)
        canvas.paint(rect(x - 2.4, 27, x + 2.4, 32, 0.8), (40, 40, 42), PLASTIC, depth=0.8)
    for y in (42, 62):
        canvas.paint(line((27, y), (37, y + 4), w=1.5).both(), NAMED["Orange"], CLOTH, depth=0.5)
    canvas.paint(rect(20, 62, 27, 82, 3).both(), DARK, CLOTH, texture="mesh", grain=0.12)


def unicorn_pack(canvas: Canvas, main: Colour) -> None:
    """A child's bag with a unicorn's face, ears and a golden horn."""
    _straps(canvas, darker(main, 0.3), 22)
    canvas.paint(poly("45,24 50,3 55,24"), (236, 196, 92), PLASTIC, depth=2, gloss=0.5)
    for y in (10, 15, 20):
        canvas.seam(line((50 - (y - 3) * 0.24, y), (50 + (y - 3) * 0.24, y - 2), w=0.6), None, 0.3)
    canvas.paint(blob("29,30 28,13 40,22").both(), main, CLOTH, depth=2)
    canvas.paint(blob("31,26 30,17 37,22").both(), NAMED["Pink"], CLOTH, depth=1)
    canvas.paint(sym("50,22 34,24 25,36 23,66 27,87 50,90"), main, CLOTH, depth=7)
    mane = [
        (40, 22, NAMED["Pink"]),
        (47, 20, NAMED["Turquoise"]),
        (54, 21, NAMED["Yellow"]),
        (60, 24, NAMED["Pink"]),
    ]
    for x, y, colour in mane:
        canvas.paint(ellipse(x, y + 4, 5, 6), colour, CLOTH, depth=3)
    canvas.tint(line("32,47 37,51 43,47", w=1.6).both(), (40, 24, 50), 0.95)
    canvas.tint(ellipse(31, 55, 4, 2.6).both(), NAMED["Pink"], 0.8)
    canvas.paint(sym("50,60 34,61 31,72 34,84 50,86"), lighter(main, 0.3), CLOTH, depth=4, cast=0.5)
    _zip_line(canvas, line("33,66 50,64 67,66", w=1), main, (38, 66))
    canvas.tint(star(50, 76, 5), WHITE, 0.9)


def leather_pack(canvas: Canvas, main: Colour) -> None:
    """A vintage satchel backpack: a flap, two buckled straps and pockets."""
    _straps(canvas, darker(main, 0.25), 14)
    canvas.paint(sym("50,18 29,20 25,40 24,84 50,90"), main, LEATHER, depth=5, grain=0.08)
    canvas.paint(
        rect(30, 60, 70, 87, 4), darker(main, 0.08), LEATHER, depth=3, grain=0.08, cast=0.5
    )
    canvas.paint(
        sym("50,13 28,15 23,26 24,46 32,54 50,56"),
        darker(main, 0.12),
        LEATHER,
        depth=4,
        grain=0.08,
        cast=0.7,
    )
    for x in (37, 63):
        canvas.paint(
            rect(x - 2.6, 36, x + 2.6, 70, 1.4), darker(main, 0.32), LEATHER, depth=1, cast=0.5
        )
        canvas.paint(
            rect(x - 3.8, 58, x + 3.8, 65, 1) - rect(x - 2.2, 59.6, x + 2.2, 63.4, 0.4),
            BRASS,
            PLASTIC,
            depth=0.7,
        )
    canvas.tint(rect(31.5, 61.5, 68.5, 85.5, 3).rim(0.4), lighter(main, 0.5), 0.6)


def hard_case(canvas: Canvas, main: Colour, wide: float, top: float, shine: float = 0.4) -> None:
    """A ribbed shell on four wheels with its handle drawn out."""
    x0, x1 = 50 - wide, 50 + wide
    canvas.paint(rect(41, 5, 43.4, top + 4).both(), STEEL_GREY, STEEL)
    canvas.paint(rect(39, 3, 61, 8, 2.4), DARK, PLASTIC)
    for x in (x0 + 3, x1 - 9):
        canvas.paint(rect(x, 86, x + 6, 94, 2.6), DARK, PLASTIC)
        canvas.paint(ellipse(x + 3, 92, 2.6), (80, 80, 84), PLASTIC, depth=1)
    shell = rect(x0, top, x1, 88, 6)
    canvas.paint(shell, main, PLASTIC, depth=5, gloss=shine)
    count = 5
    gap = (wide * 2 - 12) / count
    for index in range(count):
        x = x0 + 6 + gap * (index + 0.5)
        canvas.paint(
            rect(x - gap * 0.32, top + 6, x + gap * 0.32, 82, 2),
            main,
            PLASTIC,
            depth=1.8,
            gloss=shine,
            cast=0.45,
        )
    canvas.paint(rect(43, top - 1.6, 57, top + 2.6, 2), DARK, PLASTIC, depth=1.2)
    canvas.paint(rect(x1 - 3.4, 44, x1 + 1, 54, 1), (70, 70, 74), PLASTIC, depth=0.8)
    for x, y in ((x0, top), (x1 - 8, top), (x0, 80), (x1 - 8, 80)):
        canvas.tint(rect(x, y, x + 8, y + 8, 4) & shell, (0, 0, 0), 0.12)


def soft_case(canvas: Canvas, main: Colour) -> None:
    """A canvas cabin case with two outside pockets and two wheels."""
    canvas.paint(rect(40, 7, 42.4, 24).both(), STEEL_GREY, STEEL)
    canvas.paint(rect(38, 5, 62, 10, 2.4), DARK, PLASTIC)
    canvas.paint(many([ellipse(31, 91, 4), ellipse(69, 91, 4)]), DARK, PLASTIC)
    canvas.paint(rect(25, 20, 75, 91, 5), main, CLOTH, depth=4, grain=0.09)
    canvas.tint(rect(25, 20, 75, 91, 5).rim(1.1), (150, 104, 62), 0.9)
    for y0, y1 in ((30, 52), (56, 85)):
        canvas.paint(rect(31, y0, 69, y1, 3), main, CLOTH, depth=3, grain=0.09, cast=0.6)
        _zip_line(canvas, line((33, y0 + 4), (67, y0 + 4), w=1), main, (36, y0 + 4))
    canvas.paint(line("42,21 44,16 56,16 58,21", w=2.6), (150, 104, 62), LEATHER, depth=1)


def crescent_bag(canvas: Canvas, main: Colour) -> None:
    """A half-moon shoulder bag under a short strap."""
    canvas.paint(
        line("18,46 26,22 50,11 74,22 82,46", w=3.6), darker(main, 0.12), LEATHER, depth=1.2
    )
    canvas.paint(
        blob("12,42 30,50 50,52 70,50 88,42 86,62 70,79 50,84 30,79 14,62"), main, LEATHER, depth=8
    )
    canvas.tint(line("13,44 30,53 50,55 70,53 87,44", w=0.8), darker(main, 0.6), 0.8)
    canvas.paint(many([ring(17, 45, 3, 1), ring(83, 45, 3, 1)]), BRASS, PLASTIC, depth=0.5)
    canvas.paint(rect(67, 53, 69, 60, 0.8), BRASS, PLASTIC, depth=0.5)


def tote(canvas: Canvas, main: Colour, look: Look, handle: Colour, long: float) -> None:
    """An open bag with two handles; `long` lifts them higher."""
    top = 40.0
    canvas.paint(
        line(
            (34, top + 2),
            (36, top - 18 - long),
            (50, top - 26 - long),
            (64, top - 18 - long),
            (66, top + 2),
            w=2.6,
        ),
        darker(handle, 0.25),
        look,
        depth=1,
    )
    canvas.paint(ellipse(50, top, 29, 2.6), darker(main, 0.5), MATTE)
    canvas.paint(
        sym((21, top, 0), (50, top + 1.6), x=50) | poly((21, top), (79, top), (76, 90), (24, 90)),
        main,
        look,
        depth=4,
    )
    canvas.tint(many([line("32,60 38,84", w=2), line("66,56 60,80", w=2)]), (0, 0, 0), 0.12, 1.5)
    canvas.paint(
        line(
            (34, top + 10),
            (36, top - 14 - long),
            (50, top - 22 - long),
            (64, top - 14 - long),
            (66, top + 10),
            w=2.8,
        ),
        handle,
        look,
        depth=1,
        cast=0.5,
    )
    canvas.paint(rect(32, top + 4, 36, top + 14, 0.6).both(), handle, look, depth=0.8)


def crossbody(canvas: Canvas, main: Colour) -> None:
    """A small bag with a flap, a gold clasp and a long thin strap."""
    canvas.paint(line("24,48 18,20 40,7 66,8 82,22 76,48", w=2), main, LEATHER, depth=0.8)
    canvas.paint(rect(22, 44, 78, 85, 6), main, LEATHER, depth=5, gloss=0.3)
    canvas.paint(
        sym("22,43! 20,54 26,66 50,69"), lighter(main, 0.06), LEATHER, depth=3, gloss=0.3, cast=0.8
    )
    canvas.paint(ellipse(50, 66, 4), BRASS, PLASTIC, depth=1.4, gloss=0.5)
    canvas.paint(many([ring(24, 47, 2.6, 0.9), ring(76, 47, 2.6, 0.9)]), BRASS, PLASTIC, depth=0.4)


def patent_bag(canvas: Canvas, main: Colour) -> None:
    """A shiny lady's handbag with a stiff handle and a gold clasp."""
    for lift, colour in ((3, darker(main, 0.3)), (0, main)):
        canvas.paint(
            line(
                (32, 46 - lift),
                (36, 20 - lift),
                (50, 12 - lift),
                (64, 20 - lift),
                (68, 46 - lift),
                w=3.2,
            ),
            colour,
            PLASTIC,
            depth=1.2,
        )
    body = sym("50,41 26,42 21,54 14,80 20,88 50,90")
    canvas.paint(body, main, PLASTIC, depth=7, gloss=0.6, sharp=14)
    canvas.tint(line("22,52 50,55 78,52", w=0.8), darker(main, 0.6), 0.7)
    canvas.shine(blob("24,60 34,57 30,72 22,80"), 0.45, 1)
    canvas.paint(rect(42, 40, 58, 43, 1), BRASS, PLASTIC, depth=0.8)
    canvas.paint(
        many([ellipse(47.5, 39, 2.4), ellipse(52.5, 39, 2.4)]), BRASS, PLASTIC, depth=1.2, gloss=0.6
    )
    canvas.paint(rect(29, 44, 34, 50, 1).both(), BRASS, PLASTIC, depth=0.7)


C = NAMED
HIDE = Look(depth=4, gloss=0.18, sharp=10, texture="hide", grain=0.05)
DRAWINGS: dict[str, Drawing] = {
    "pack-001": partial(day_pack, main=C["Grey"], accent=(150, 100, 60), laptop=True),
    "pack-002": partial(rolltop, main=(216, 164, 44)),
    "pack-003": partial(trekking_pack, main=C["Green"]),
    "pack-004": partial(day_pack, main=C["Blue"], accent=C["Orange"]),
    "pack-005": partial(unicorn_pack, main=mix(C["Purple"], WHITE, 0.15)),
    "pack-006": partial(leather_pack, main=C["Brown"]),
    "case-001": partial(hard_case, main=C["Black"], wide=22, top=26),
    "case-002": partial(hard_case, main=C["Silver"], wide=29, top=16, shine=0.5),
    "case-003": partial(soft_case, main=C["Navy"]),
    "case-004": partial(hard_case, main=C["Red"], wide=31, top=15),
    "bag-001": partial(crescent_bag, main=C["Burgundy"]),
    "bag-002": partial(tote, main=C["Tan"], look=HIDE, handle=(150, 100, 58), long=0),
    "bag-003": partial(
        tote,
        main=(224, 208, 176),
        look=Look(depth=4, texture="weave", grain=0.1),
        handle=(214, 196, 160),
        long=8,
    ),
    "bag-004": partial(crossbody, main=C["Black"]),
    "bag-005": partial(patent_bag, main=C["Red"]),
}
