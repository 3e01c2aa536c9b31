"""Tents, sleeping bags, yoga mats and dog beds."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import DARK, INK, NAMED, STEEL_GREY, Colour, darker, lighter
from shopclerk.sample.drawing.shapes import (
    blob,
    ellipse,
    line,
    many,
    poly,
    rect,
    ring,
    sym,
    text,
)
from shopclerk.sample.drawing.surfaces import (
    CLOTH,
    FLAT,
    FUR,
    MATTE,
    PLASTIC,
    RUBBER,
    STEEL,
    Look,
)

WHITE = NAMED["White"]
FLYSHEET = Look(depth=5, gloss=0.12, sharp=8, texture="folds", grain=0.05)


def _pegs(canvas: Canvas, spots: tuple[tuple[float, float, float, float], ...]) -> None:
    for x0, y0, x1, y1 in spots:
        canvas.paint(line((x0, y0), (x1, y1), w=0.5), (220, 200, 120), FLAT)
        canvas.paint(
            line((x1, y1 - 2), (x1 + (1 if x1 > x0 else -1), y1 + 2), w=1.1),
            STEEL_GREY,
            PLASTIC,
            depth=0.5,
        )


def dome_tent(canvas: Canvas, main: Colour, tall: bool) -> None:
    """A dome with crossed poles and an open porch; the tall one is a family tent with a window."""
    top = 16.0 if tall else 34.0
    side = 6.0 if tall else 12.0
    _pegs(canvas, ((side + 6, 70, 2, 90), (94 - side, 70, 98, 90)))
    dome = blob(
        (side, 88, 0),
        (side + 6, 66),
        (30, top + 8),
        (50, top),
        (70, top + 8),
        (94 - side, 66),
        (100 - side, 88, 0),
    )
    canvas.paint(dome, main, FLYSHEET, depth=9)
    canvas.tint(poly((50, top), (100, top), (100, 90), (66, 90)) & dome, darker(main, 0.7), 0.22)
    for path in (
        ((side + 1, 87), (28, top + 12), (50, top), (64, top + 6)),
        ((99 - side, 87), (72, top + 12), (50, top), (36, top + 6)),
    ):
        canvas.paint(line(*path, w=1.2), lighter(main, 0.45), PLASTIC, depth=0.5)
    door = blob((34, 88, 0), (38, 66), (50, top + 20), (62, 66), (66, 88, 0))
    canvas.paint(door, darker(main, 0.72), FLAT, cast=0)
    canvas.tint(blob("40,88 44,74 50,68 56,74 60,88"), (232, 220, 190), 0.35, 2)
    flap = blob((34, 88, 0), (38, 66), (50, top + 20, 0), (44, 66), (43, 78), (40, 88, 0))
    canvas.paint(flap, lighter(main, 0.12), FLYSHEET, depth=2, cast=0.7)
    canvas.paint(line("40.6,77 45,78", w=2.2), darker(main, 0.3), CLOTH, depth=0.8)
    if tall:
        for x0, x1 in ((16, 29), (71, 84)):
            window = (
                blob((x0, 62), (x0 + 3, 50), (x1 - 2, 47), (x1, 62))
                if x0 < 50
                else blob((x0, 62), (x0 + 2, 47), (x1 - 3, 50), (x1, 62))
            )
            canvas.paint(window, (206, 222, 230), PLASTIC, depth=1, alpha=0.85)
            canvas.paint(window.rim(1), WHITE, FLAT)
    canvas.paint(
        rect(side, 86, 100 - side, 90, 1) - rect(34, 80, 66, 100),
        darker(main, 0.4),
        MATTE,
        depth=0.8,
    )


def needle_tent(canvas: Canvas, main: Colour) -> None:
    """A one-person pyramid pitched on a walking pole."""
    _pegs(canvas, ((50, 14, 4, 86), (50, 14, 96, 88)))
    canvas.paint(poly("14,86 50,14 66,88"), main, FLYSHEET)
    canvas.paint(poly("50,14 88,86 66,88"), darker(main, 0.25), FLYSHEET, cast=0)
    canvas.paint(poly("36,88 50,22 54,88"), darker(main, 0.7), FLAT, cast=0)
    canvas.paint(rect(46.6, 24, 48.2, 88), (200, 120, 50), Look("upright", gloss=0.4))
    canvas.paint(
        blob("36,88! 50,20! 42,60 41,88!"), lighter(main, 0.15), FLYSHEET, depth=2, cast=0.7
    )
    canvas.paint(ellipse(50, 14, 1.8), NAMED["Orange"], PLASTIC, depth=0.8)
    canvas.tint(line("50,14 66,88", w=0.7), lighter(main, 0.5), 0.8)


def pop_up_tent(canvas: Canvas, main: Colour) -> None:
    """A low rounded throw tent, with its round bag beside it."""
    body = blob("5,84! 8,62 26,44 52,40 76,50 88,66 91,84!")
    canvas.paint(body, main, FLYSHEET, depth=10)
    canvas.paint(
        many([line("6,83 22,50 46,41", w=1), line("90,83 78,54 50,41", w=1)]),
        lighter(main, 0.5),
        PLASTIC,
        depth=0.4,
    )
    door = ellipse(38, 68, 18, 17) & rect(0, 0, 100, 84)
    canvas.paint(door, darker(main, 0.7), FLAT, cast=0)
    canvas.paint(door.rim(1.4), NAMED["Yellow"], CLOTH, depth=0.6)
    canvas.paint(
        blob("40,52 54,58 56,70 50,83 44,70"), lighter(main, 0.15), FLYSHEET, depth=2, cast=0.7
    )
    canvas.paint(ellipse(66, 62, 6, 5).turned(20, 66, 62), (206, 222, 230), PLASTIC, depth=1)
    canvas.paint(ellipse(85, 80, 12, 12), darker(main, 0.25), CLOTH, depth=4, cast=0.7)
    canvas.paint(ring(85, 80, 12, 1.6), NAMED["Yellow"], CLOTH, depth=0.6)


def mummy_bag(canvas: Canvas, main: Colour, thick: bool) -> None:
    """A mummy sleeping bag with baffles and a hood; the thick one has deeper tubes."""
    canvas.pose = "lies"
    body = sym("50,5 37,9 32,22 29,36 33,66 38,90 50,95")
    step = 8.6 if thick else 6.4
    puffs = Look(depth=3.2 if thick else 2, gloss=0.14, sharp=8)
    wide = body.inset(-1.6) if thick else body
    canvas.paint(wide, darker(main, 0.3), CLOTH)
    y = 26.0
    while y < 94:
        canvas.paint(rect(0, y, 100, y + step - 0.4, 1.5) & wide, main, puffs)
        y += step
    canvas.paint(
        sym("50,5 37,9 31,24 36,30 50,33") if not thick else sym("50,4 35,8 29,25 36,31 50,34"),
        main,
        puffs,
        depth=4,
        cast=0.6,
    )
    canvas.paint(
        sym("50,11 42,14 40,22 44,28 50,29"),
        NAMED["Orange"] if thick else lighter(main, 0.4),
        CLOTH,
        depth=3,
    )
    canvas.tint(sym("50,15 45,18 46,26 50,27"), (0, 0, 0), 0.4, 1)
    canvas.paint(line("60,30 62,50 58,72", w=1.1), INK, PLASTIC, depth=0.4)
    canvas.paint(rect(59, 33, 62.4, 38, 1), STEEL_GREY, PLASTIC, depth=0.6)


def quilt_bag(canvas: Canvas, main: Colour) -> None:
    """A rectangular bag with one corner turned down and a light lining."""
    canvas.pose = "lies"
    body = rect(26, 8, 74, 94, 4)
    canvas.paint(body, main, CLOTH, depth=4)
    for y in range(14, 94, 13):
        canvas.paint(rect(27, y, 73, y + 12.2, 2) & body, main, Look(depth=2.6, gloss=0.08))
    canvas.paint(poly("40,7 75,7 75,44"), (232, 196, 120), CLOTH, depth=2)
    canvas.paint(poly("40,7 75,44 44,42"), lighter(main, 0.1), CLOTH, depth=3, cast=0.8)
    canvas.paint(rect(28, 10, 48, 22, 3), lighter(main, 0.3), CLOTH, depth=4)
    canvas.paint(line("74,44 74,92", w=1), INK, PLASTIC, depth=0.4)


def shark_bag(canvas: Canvas, main: Colour) -> None:
    """A fleece shark with an open mouth for a child."""
    canvas.pose = "lies"
    canvas.paint(poly("50,78 28,97 50,91 72,97"), main, FUR, depth=3, grain=0.12)
    for mirror in (False, True):
        fin = blob("32,48 12,62! 33,64")
        canvas.paint(
            fin.mirrored() if mirror else fin, darker(main, 0.08), FUR, depth=3, grain=0.12
        )
    canvas.paint(sym("50,4! 34,16 28,38 32,62 42,84 50,90"), main, FUR, depth=7, grain=0.12)
    canvas.paint(
        sym("50,44 38,48 37,62 44,80 50,84"), (236, 238, 240), FUR, depth=4, grain=0.1, cast=0.1
    )
    mouth = sym("50,22 38,25 34,35 38,45 50,48")
    canvas.paint(mouth, (212, 60, 70), CLOTH, depth=3, strength=-0.6)
    teeth = [poly((36 + i * 4, 26), (40 + i * 4, 26), (38 + i * 4, 31)) for i in range(7)]
    teeth += [poly((37 + i * 4, 45), (41 + i * 4, 45), (39 + i * 4, 40)) for i in range(6)]
    canvas.paint(many(teeth) & mouth, WHITE, PLASTIC, depth=0.7)
    canvas.paint(ellipse(39, 18, 2.8).both(), WHITE, PLASTIC)
    canvas.paint(ellipse(39.4, 18.4, 1.6).both(), INK, PLASTIC)
    canvas.seam(
        many([line((31, 48 + i * 4), (36, 49 + i * 4), w=0.7) for i in range(3)]).both(), None, 0.5
    )
    canvas.paint(blob("50,60 46,70 50,78 54,70"), darker(main, 0.12), FUR, depth=2, grain=0.12)


def yoga_mat(
    canvas: Canvas,
    main: Colour,
    thick: float,
    look: Look,
    strap: Colour | None = None,
    mark: bool = False,
) -> None:
    """A mat half unrolled: a flat tongue and a roll whose spiral end shows."""
    canvas.pose = "lies"
    sheet = poly("8,74 60,40 92,56 40,92")
    canvas.paint(sheet.moved(0, thick * 0.35), darker(main, 0.4), MATTE, depth=0.6)
    canvas.paint(sheet, main, look, depth=1)
    if mark:
        canvas.tint(ring(51, 66, 8, 1, 5) | ring(51, 66, 4.4, 1, 2.8), lighter(main, 0.45), 0.8)
    r = 13 + thick * 0.3
    roll = line((22, 62 - r * 0.2), (58, 34 - r * 0.2), w=r * 2)
    canvas.paint(roll.moved(-4, -4), main, look, depth=r * 0.8, strength=1.1, cast=0.8)
    x, y = 18, 58 - r * 0.2
    canvas.paint(ellipse(x, y, r * 0.92, r), darker(main, 0.12), look, depth=1)
    turn = max(2.4, thick * 0.42)
    radius = r * 0.92
    while radius > turn:
        canvas.tint(ring(x, y, radius, 0.8, radius * 1.08), darker(main, 0.6), 0.75)
        radius -= turn
    if strap is not None:
        for share in (0.34, 0.72):
            cx, cy = 18 + 36 * share, 58 - 28 * share - r * 0.2
            band = line((cx - 8, cy - r * 0.9), (cx + 3, cy - 1), (cx + 8, cy + r * 0.8), w=3)
            canvas.paint(band, strap, CLOTH, depth=0.8, cast=0.6)
        canvas.paint(line("24,40 30,18 50,8 52,26", w=2.4), strap, CLOTH, depth=0.8)


def rolled_mat(canvas: Canvas, main: Colour, strap: Colour) -> None:
    """A thick foam mat rolled up and lying, with two bands and a carrying strap."""
    canvas.paint(line("30,42 40,14 74,10 82,34", w=3), strap, CLOTH, depth=1)
    canvas.paint(
        line("26,62 80,48", w=34), main, MATTE, depth=13, strength=1.1, texture="noise", grain=0.05
    )
    for x, y in ((39, 58), (71, 50)):
        band = blob(
            (x - 2.5, y - 17.6), (x + 2.5, y - 18.6), (x + 5.6, y), (x + 5, y + 16.6), (x, y + 17.4),
            (x + 0.6, y),
        )  # fmt: skip
        canvas.paint(band, strap, CLOTH, depth=1, cast=0.5)
    canvas.paint(ellipse(22, 63, 15, 17), lighter(main, 0.12), MATTE, depth=2)
    for radius in (13.4, 10.4, 7.4, 4.4):
        canvas.tint(ring(22, 63, radius, 0.9, radius * 1.12), darker(main, 0.55), 0.8)


def foam_bed(canvas: Canvas, main: Colour) -> None:
    """A big rectangular bed with bolsters and a low front."""
    canvas.paint(rect(8, 38, 92, 70, 10), main, FUR, depth=8, grain=0.1)
    canvas.paint(rect(4, 46, 22, 86, 8), main, FUR, depth=7, grain=0.1, cast=0.6)
    canvas.paint(rect(78, 46, 96, 86, 8), main, FUR, depth=7, grain=0.1, cast=0.6)
    canvas.paint(rect(16, 56, 84, 82, 6), lighter(main, 0.35), FUR, depth=6, grain=0.12, cast=0.7)
    canvas.paint(rect(14, 76, 86, 88, 5), darker(main, 0.08), FUR, depth=4, grain=0.1, cast=0.6)
    canvas.tint(text("woof", 50, 82, 6), WHITE, 0.85)


def donut_bed(canvas: Canvas, main: Colour, paw: bool) -> None:
    """A round fluffy ring around a soft middle."""
    canvas.paint(ellipse(50, 60, 43, 31), main, FUR, depth=12, grain=0.17)
    canvas.paint(ellipse(50, 57, 25, 15), darker(main, 0.3), FUR, depth=4, grain=0.14)
    canvas.paint(ellipse(50, 60, 24, 13), lighter(main, 0.2), FUR, depth=6, grain=0.16, cast=0.1)
    if paw:
        toes = [ellipse(x, y, 2.4, 2) for x, y in ((42, 57), (47, 54), (53, 54), (58, 57))]
        canvas.tint(many([*toes, ellipse(50, 62, 5.4, 3.8)]), darker(main, 0.35), 0.9)


def raised_bed(canvas: Canvas, main: Colour) -> None:
    """A mesh sling on a steel frame with rubber feet."""
    for x, y in ((13, 78), (86, 78), (24, 60), (76, 60)):
        canvas.paint(rect(x - 1.6, y - 20, x + 1.6, y + 10, 1), STEEL_GREY, STEEL)
        canvas.paint(rect(x - 2.6, y + 8, x + 2.6, y + 12, 1), INK, RUBBER)
    canvas.paint(poly("22,38 78,38 92,66 8,66"), main, CLOTH, depth=3, texture="mesh", grain=0.2)
    canvas.tint(ellipse(50, 54, 26, 8), (0, 0, 0), 0.16, 4)
    for path in (
        ((22, 38), (78, 38)),
        ((8, 66), (92, 66)),
        ((22, 38), (8, 66)),
        ((78, 38), (92, 66)),
    ):
        canvas.paint(line(*path, w=3), darker(main, 0.25), CLOTH, depth=1.2, cast=0.5)


def cosy_bed(canvas: Canvas, main: Colour) -> None:
    """A small high-walled pink bed with a dip at the front and a bone on it."""
    canvas.paint(
        blob("12,50 24,34 50,29 76,34 88,50 88,76 70,87 50,88 30,87 12,76"), main, CLOTH, depth=9
    )
    canvas.paint(ellipse(50, 52, 29, 14), darker(main, 0.25), CLOTH, depth=5)
    canvas.paint(ellipse(50, 57, 27, 12), lighter(main, 0.6), FUR, depth=5, grain=0.2)
    canvas.paint(
        blob("20,66 34,62 50,66 66,62 80,66 80,80 66,87 34,87 20,80"),
        main,
        CLOTH,
        depth=6,
        cast=0.6,
    )
    bone = many(
        [
            rect(40, 73, 60, 78, 2),
            ellipse(40, 73, 3),
            ellipse(40, 78, 3),
            ellipse(60, 73, 3),
            ellipse(60, 78, 3),
        ]
    )
    canvas.paint(bone, WHITE, CLOTH, depth=1.6)


CORKY = Look(depth=1, texture="cork", grain=0.07)
GRIPPY = Look(depth=1, texture="noise", grain=0.04)
C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "tent-001": partial(dome_tent, main=C["Green"], tall=False),
    "tent-002": partial(dome_tent, main=C["Orange"], tall=True),
    "tent-003": partial(needle_tent, main=C["Grey"]),
    "tent-004": partial(pop_up_tent, main=C["Blue"]),
    "tent-005": partial(dome_tent, main=C["Green"], tall=False),
    "sleep-001": partial(mummy_bag, main=C["Red"], thick=False),
    "sleep-002": partial(mummy_bag, main=C["Black"], thick=True),
    "sleep-003": partial(quilt_bag, main=C["Blue"]),
    "sleep-004": partial(shark_bag, main=C["Grey"]),
    "yoga-001": partial(yoga_mat, main=C["Purple"], thick=5, look=GRIPPY, mark=True),
    "yoga-002": partial(yoga_mat, main=C["Natural"], thick=4, look=CORKY),
    "yoga-003": partial(rolled_mat, main=C["Black"], strap=(150, 152, 158)),
    "yoga-004": partial(yoga_mat, main=C["Purple"], thick=5, look=GRIPPY, mark=True),
    "yoga-005": partial(yoga_mat, main=C["Pink"], thick=7, look=GRIPPY, strap=DARK),
    "dbed-001": partial(foam_bed, main=C["Grey"]),
    "dbed-002": partial(donut_bed, main=C["Beige"], paw=False),
    "dbed-003": partial(raised_bed, main=C["Green"]),
    "dbed-004": partial(cosy_bed, main=C["Pink"]),
}
