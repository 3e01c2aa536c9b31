"""Sofas and office chairs."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    BEECH,
    BRASS,
    INK,
    NAMED,
    STEEL_GREY,
    Colour,
    darker,
    lighter,
    mix,
)
from shopclerk.sample.drawing.shapes import blob, ellipse, line, many, poly, rect, sym
from shopclerk.sample.drawing.surfaces import (
    CLOTH,
    FLAT,
    LEATHER,
    MATTE,
    PLASTIC,
    STEEL,
    WOOD,
    Look,
)

WHITE = NAMED["White"]


VELVET = Look(depth=4, gloss=0.14, sharp=5, texture="noise", grain=0.06, strength=1.0)


def sofa(canvas: Canvas, main: Colour, seats: int, look: Look) -> None:
    """A sofa with loose cushions: as many as it has seats."""
    half = 15.0 * seats if seats == 3 else 31.0
    x0, x1 = 50 - half, 50 + half
    canvas.paint(
        many(
            [poly((x, 80), (x + 3.4, 80), (x + 2.6, 88), (x + 0.8, 88)) for x in (x0 + 3, x1 - 6.4)]
        ),
        BEECH,
        WOOD,
    )
    canvas.paint(rect(x0 + 3, 34, x1 - 3, 76, 5), main, look)
    width = (2 * half - 14) / seats
    for index in range(seats):
        left = x0 + 7 + width * index
        canvas.paint(rect(left + 0.3, 36, left + width - 0.3, 62, 5), main, look, depth=5, cast=0.5)
    for index in range(seats):
        left = x0 + 7 + width * index
        canvas.paint(
            rect(left + 0.2, 57, left + width - 0.2, 71, 4),
            lighter(main, 0.06),
            look,
            depth=4,
            cast=0.6,
        )
    canvas.paint(rect(x0 + 4, 70, x1 - 4, 81, 2), main, look, depth=2.5)
    for x in (x0, x1 - 9):
        canvas.paint(rect(x, 47, x + 9, 82, 4), main, look, depth=4, cast=0.6)


def chesterfield(canvas: Canvas, main: Colour) -> None:
    """Buttoned leather with rolled arms and back."""
    canvas.paint(many([ellipse(x, 84, 2.6, 3.6) for x in (12, 88)]), INK, PLASTIC)
    canvas.paint(rect(8, 38, 92, 74, 5), main, LEATHER, depth=5)
    for y, shift in ((44, 0.0), (51, 4.0), (58, 0.0)):
        spots = [ellipse(16 + shift + 8 * i, y, 0.9) for i in range(9 if not shift else 8)]
        canvas.seam(
            many(
                [
                    line((16 + shift + 8 * i, y), (20 + shift + 8 * i, y + 7), w=0.5)
                    for i in range(8)
                ]
            ),
            None,
            0.35,
        )
        canvas.seam(
            many(
                [
                    line((16 + shift + 8 * i, y), (12 + shift + 8 * i, y + 7), w=0.5)
                    for i in range(1, 9)
                ]
            ),
            None,
            0.35,
        )
        canvas.paint(many(spots), darker(main, 0.35), PLASTIC, depth=0.6)
    canvas.paint(rect(6, 33, 94, 41, 4), main, LEATHER, depth=3.4, cast=0.6)
    for index in range(3):
        canvas.paint(
            rect(16 + 22.8 * index, 60, 38.6 + 22.8 * index, 73, 4),
            lighter(main, 0.05),
            LEATHER,
            depth=4,
            cast=0.6,
        )
    canvas.paint(rect(14, 72, 86, 83, 2), main, LEATHER)
    for x in (11, 89):
        canvas.paint(rect(x - 6, 44, x + 6, 84, 3), main, LEATHER, depth=3, cast=0.6)
        canvas.paint(ellipse(x, 44, 8, 7), main, LEATHER, depth=4, cast=0.6)
        canvas.paint(ellipse(x, 44, 3.4, 2.8), darker(main, 0.2), LEATHER, depth=1.4)
        canvas.paint(
            many([ellipse(x + dx, y, 0.6) for y in range(54, 82, 4) for dx in (-4.6, 4.6)]),
            BRASS,
            PLASTIC,
            depth=0.4,
        )


def sofa_bed(canvas: Canvas, main: Colour) -> None:
    """A low armless couch on metal legs, its back a padded board."""
    canvas.paint(
        many([line((x, 74), (x + dx, 88), w=1.8) for x, dx in ((24, -3), (76, 3))]),
        STEEL_GREY,
        STEEL,
    )
    for x0, x1 in ((17, 49.8), (50.2, 83)):
        canvas.paint(rect(x0, 36, x1, 62, 3.4), main, CLOTH, depth=4)
        canvas.paint(rect(x0, 60, x1, 76, 3.4), lighter(main, 0.05), CLOTH, depth=4, cast=0.7)
        for y in (45, 53):
            canvas.seam(line((x0 + 3, y), (x1 - 3, y), w=0.5), None, 0.35)
        canvas.seam(line((x0 + 2, 68), (x1 - 2, 68), w=0.4), None, 0.3)
    for x, tone in ((22, NAMED["Yellow"]), (66, NAMED["White"])):
        canvas.paint(
            blob(
                (x, 46),
                (x + 7, 48),
                (x + 14, 46),
                (x + 13, 54),
                (x + 14, 61),
                (x + 7, 60),
                (x, 61),
                (x + 1, 54),
            ),
            tone,
            CLOTH,
            depth=4,
            cast=0.8,
        )


def corner_sofa(canvas: Canvas, main: Colour) -> None:
    """An L-shaped couch with a long seat on the right."""
    canvas.paint(
        many([rect(x, 80, x + 3, 86) for x in (9, 64)] + [rect(90, 86, 93, 92)]), INK, MATTE
    )
    canvas.paint(rect(6, 36, 94, 72, 5), main, CLOTH, depth=4)
    for index in range(3):
        canvas.paint(
            rect(12 + 26 * index, 37, 37.6 + 26 * index, 60, 5), main, CLOTH, depth=5, cast=0.5
        )
    for index in range(2):
        canvas.paint(
            rect(12 + 26 * index, 56, 37.6 + 26 * index, 70, 4),
            lighter(main, 0.07),
            CLOTH,
            depth=4,
            cast=0.6,
        )
    canvas.paint(rect(8, 69, 66, 81, 2), main, CLOTH)
    canvas.paint(rect(5, 46, 13, 82, 4), main, CLOTH, depth=3.4, cast=0.6)
    canvas.paint(poly("64,57 92,57 96,78 63,78"), lighter(main, 0.09), CLOTH, depth=4, cast=0.7)
    canvas.paint(rect(63, 76, 96, 88, 2), main, CLOTH, depth=3)


def _star_base(canvas: Canvas, colour: Colour, look: Look = PLASTIC) -> None:
    for x, y in ((22, 88), (36, 92), (64, 92), (78, 88)):
        canvas.paint(line((50, 79), (x, y - 3), w=3.2), colour, look, depth=1.4)
        canvas.paint(ellipse(x, y, 2.8, 3.2), INK, PLASTIC, depth=1.2)
    canvas.paint(line("50,79 50,90", w=3.2), colour, look, depth=1.4)
    canvas.paint(ellipse(50, 93, 2.8, 3.2), INK, PLASTIC, depth=1.2)
    canvas.paint(rect(48, 66, 52, 82, 1), (90, 92, 98), STEEL)


def mesh_chair(canvas: Canvas, main: Colour) -> None:
    """An ergonomic chair: headrest, see-through back with a spine, arms and a star base."""
    frame = darker(main, 0.25)
    _star_base(canvas, frame)
    canvas.paint(line("50,20 50,64", w=4), frame, PLASTIC)
    canvas.paint(rect(38, 8, 62, 18, 4), main, CLOTH, texture="mesh", grain=0.3)
    back = sym("50,20 34,22 32,36 36,48 33,58 50,61")
    canvas.paint(back, main, CLOTH, texture="mesh", grain=0.35, alpha=0.92)
    canvas.paint(back.rim(2.2), frame, PLASTIC, depth=1.2)
    canvas.paint(rect(38, 46, 62, 51, 2), frame, PLASTIC, depth=1.4, alpha=0.9)
    canvas.paint(line("30,70 26,64 26,54", w=2.8).both(), frame, PLASTIC, depth=1.2)
    canvas.paint(rect(20, 50, 33, 54, 2).both(), frame, PLASTIC, depth=1.6)
    canvas.paint(
        blob("30,60 50,59 70,60 73,67 68,71 50,72 32,71 27,67"),
        mix(main, INK, 0.15),
        CLOTH,
        depth=4,
        cast=0.6,
    )


def banker_chair(canvas: Canvas, main: Colour) -> None:
    """Buttoned brown leather in an oak frame with brass nails."""
    _star_base(canvas, (150, 100, 56), WOOD)
    back = sym("50,14 34,16 28,30 29,50 34,60 50,62")
    canvas.paint(back.inset(-1.8), (150, 100, 56), WOOD, depth=1.4)
    canvas.paint(back, main, LEATHER, depth=5)
    for x, y in (
        (42, 28),
        (50, 28),
        (58, 28),
        (38, 38),
        (46, 38),
        (54, 38),
        (62, 38),
        (42, 48),
        (50, 48),
        (58, 48),
    ):
        canvas.seam(
            many([line((x, y), (x + 4, y + 10), w=0.4), line((x, y), (x - 4, y + 10), w=0.4)])
            & back.inset(3),
            None,
            0.3,
        )
        canvas.paint(ellipse(x, y, 1), darker(main, 0.3), PLASTIC, depth=0.5)
    canvas.paint(line("30,42 19,46 18,54 24,66", w=3.8).both(), (150, 100, 56), WOOD, depth=1.4)
    canvas.paint(line("28,43 20,46", w=4.6).both(), main, LEATHER, depth=1.8)
    canvas.paint(
        blob("25,60 50,57 75,60 77,68 50,72 23,68"), lighter(main, 0.05), LEATHER, depth=5, cast=0.6
    )
    canvas.paint(
        many([ellipse(26 + i * 4, 69.4, 0.7) for i in range(13)]), BRASS, PLASTIC, depth=0.4
    )


def petal_chair(canvas: Canvas, main: Colour) -> None:
    """A rounded velvet shell with upright channels on a gold star base."""
    for x, y in ((26, 90), (42, 93), (58, 93), (74, 90)):
        canvas.paint(line((50, 76), (x, y), w=2.4), BRASS, PLASTIC, depth=1, gloss=0.5)
        canvas.paint(ellipse(x, y, 2, 1.6), INK, PLASTIC, depth=0.8)
    canvas.paint(rect(48.4, 66, 51.6, 78), BRASS, STEEL)
    back = blob("24,52 26,30 36,20 50,17 64,20 74,30 76,52 68,64 50,67 32,64")
    canvas.paint(back, main, VELVET, depth=6)
    canvas.seam(
        many([line((50 + dx, 62), (50 + dx * 1.5, 20), w=0.6) for dx in (-15, -9, -3, 3, 9, 15)])
        & back.inset(1),
        None,
        0.3,
    )
    for mirror in (False, True):
        arm = blob("20,52 23,42 29,44 33,56 36,66 28,67 22,62")
        canvas.paint(arm.mirrored() if mirror else arm, main, VELVET, depth=4, cast=0.5)
    canvas.paint(
        blob("28,60 50,55 72,60 70,68 50,72 30,68"), lighter(main, 0.1), VELVET, depth=4, cast=0.6
    )


def racing_chair(canvas: Canvas, main: Colour, second: Colour) -> None:
    """A bucket seat with winged shoulders, cushions and red panels."""
    _star_base(canvas, INK)
    back = sym("50,5 39,7 36,18 27,24 30,38 31,56 36,63!")
    canvas.paint(back, main, LEATHER, depth=4)
    canvas.paint(sym("50,8 43,10 41,22 40,40 41,60!"), second, LEATHER, depth=3)
    canvas.paint(blob("30,27 35,30 36,52 33,50").both(), second, LEATHER, depth=1.4)
    canvas.paint(rect(42.4, 15, 48, 18, 1.4).both(), INK, FLAT)
    canvas.paint(rect(40, 20, 60, 27, 3), main, LEATHER, depth=3, cast=0.7)
    canvas.paint(rect(38, 46, 62, 57, 4), main, LEATHER, depth=3.4, cast=0.7)
    canvas.paint(line("50,46 50,57", w=1), second, FLAT)
    canvas.paint(rect(18, 50, 30, 54, 2).both(), INK, PLASTIC, depth=1.4)
    canvas.paint(line("27,54 28,66", w=3).both(), INK, PLASTIC, depth=1.2)
    canvas.paint(blob("27,61 50,58 73,61 75,69 50,73 25,69"), main, LEATHER, depth=4, cast=0.6)
    canvas.paint(
        blob("37,61 50,59.6 63,61 65,69 50,71 35,69"), second, LEATHER, depth=2.4, cast=0.2
    )


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "sofa-001": partial(
        sofa, main=C["Grey"], seats=3, look=Look(depth=4, texture="weave", grain=0.09)
    ),
    "sofa-002": partial(sofa, main=C["Green"], seats=2, look=VELVET),
    "sofa-003": partial(chesterfield, main=C["Brown"]),
    "sofa-004": partial(sofa_bed, main=C["Blue"]),
    "sofa-005": partial(corner_sofa, main=C["Beige"]),
    "chair-001": partial(mesh_chair, main=C["Black"]),
    "chair-002": partial(mesh_chair, main=C["Grey"]),
    "chair-003": partial(banker_chair, main=C["Brown"]),
    "chair-004": partial(petal_chair, main=C["Pink"]),
    "chair-005": partial(racing_chair, main=C["Black"], second=C["Red"]),
}
