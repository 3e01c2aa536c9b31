"""Duvet covers, towels and cushions."""

from __future__ import annotations

import math
from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import NAMED, OAK, Colour, darker, lighter
from shopclerk.sample.drawing.patterns import Pattern, checks, over, plain, stripes
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, many, poly, rect, ring, star
from shopclerk.sample.drawing.surfaces import CLOTH, FUR, MATTE, WOOD, Look

WHITE = NAMED["White"]
CRUMPLED = Look(depth=5, texture="folds", grain=0.1)
Paint = Colour | Pattern


def _pillow(
    canvas: Canvas, x: float, y: float, w: float, h: float, fill: Paint, look: Look
) -> None:
    shape = blob(
        (x - w, y - h, 0),
        (x, y - h * 1.12),
        (x + w, y - h, 0),
        (x + w * 1.05, y),
        (x + w, y + h, 0),
        (x, y + h * 1.1),
        (x - w, y + h, 0),
        (x - w * 1.05, y),
    )
    canvas.paint(shape, fill, look, depth=5, cast=0.5)


def bed(canvas: Canvas, fill: Paint, tone: Colour, wide: float, pillows: int, look: Look) -> None:
    """A made bed from its foot: a headboard, pillows and the cover with its fold."""
    x0, x1 = 50 - wide, 50 + wide
    canvas.paint(rect(x0 + 4, 14, x1 - 4, 50, 3), OAK, WOOD, depth=1.4)
    canvas.paint(many([rect(x, 84, x + 4, 94) for x in (x0 + 3, x1 - 7)]), darker(OAK, 0.2), WOOD)
    step = (2 * wide - 12) / pillows
    for index in range(pillows):
        _pillow(canvas, x0 + 6 + step * (index + 0.5), 37, step * 0.44, 8, fill, look)
    cover = blob(
        (x0 + 6, 45, 0),
        (50, 43),
        (x1 - 6, 45, 0),
        (x1 - 1, 66),
        (x1, 86, 0),
        (50, 89),
        (x0, 86, 0),
        (x0 + 1, 66),
    )
    canvas.paint(cover, fill, look, depth=6, cast=0.7)
    folds = [
        line(
            (x0 + 10 + i * 17, 56 + (i % 2) * 6),
            (x0 + 16 + i * 17, 74),
            (x0 + 11 + i * 17, 87),
            w=1.3,
        )
        for i in range(int(wide / 8))
    ]
    canvas.tint(many(folds) & cover, (0, 0, 0), 0.13, 1.2)
    turned = blob(
        (x0 + 6, 45, 0), (50, 43), (x1 - 6, 45, 0), (x1 - 4, 53, 0), (50, 52), (x0 + 4, 53, 0)
    )
    canvas.paint(turned, lighter(tone, 0.25), CLOTH, depth=2, cast=0.6)


def planets(ground: Colour) -> Pattern:
    """A starry sky with Saturn and other planets."""
    sky = plain(ground)
    spots = [(x * 7.3 % 100, 20 + x * 13.7 % 76) for x in range(46)]
    sky = over(sky, many([star(x, y, 1.1, 4, 0.4) for x, y in spots]), (250, 236, 170))
    for x, y, r, tone in (
        (34, 66, 6, NAMED["Orange"]),
        (62, 76, 5, (220, 90, 90)),
        (66, 59, 3.6, NAMED["Turquoise"]),
        (30, 82, 3.4, NAMED["Yellow"]),
    ):
        sky = over(sky, ellipse(x, y, r), tone)
    sky = over(sky, (ring(48, 69, 11, 1.6, 3.6)).turned(-18, 48, 69), (246, 226, 170))
    return over(sky, ellipse(48, 69, 6), (236, 190, 110))


def folded_towel(canvas: Canvas, main: Colour) -> None:
    """A stack of a waffle towel folded twice, with a hanging loop."""
    waffle = Look(depth=3.4, texture="waffle", grain=0.17)
    for y in (72, 57, 42):
        canvas.paint(rect(14, y, 86, y + 17, 8), main, waffle, depth=5, cast=0.6)
        canvas.tint(line((20, y + 8.5), (86, y + 8.5), w=0.9), darker(main, 0.7), 0.25, 0.4)
    canvas.paint(blob("15,47 26,36 74,36 85,47 84,52 50,50 16,52"), main, waffle, depth=4, cast=0.3)
    canvas.paint(line("48,38 50,30 54,38", w=1.4), darker(main, 0.2), CLOTH, depth=0.5)


def beach_towel(canvas: Canvas, main: Colour) -> None:
    """A thin striped towel laid out, with knotted fringes."""
    canvas.pose = "lies"
    cloth = stripes((246, 244, 236), main, 9, 0.6)
    for y0, y1 in ((14, 6), (86, 94)):
        canvas.paint(
            many([line((25 + i * 3.14, y0), (25 + i * 3.14, y1), w=1.2) for i in range(17)]),
            (240, 236, 226),
            CLOTH,
            depth=0.5,
        )
        canvas.paint(
            many([ellipse(25 + i * 3.14, (y0 + y1) / 2, 1) for i in range(17)]),
            (226, 222, 210),
            CLOTH,
            depth=0.5,
        )
    towel = blob("23,13! 50,14 77,13! 76,50 78,87! 50,86 22,87! 24,50")
    canvas.paint(towel, cloth, Look(depth=2, texture="weave", grain=0.1))
    canvas.tint(
        many([line("34,14 37,50 33,86", w=1.6), line("62,14 60,50 64,86", w=1.6)]) & towel,
        (0, 0, 0),
        0.12,
        1.4,
    )
    canvas.paint(poly("50,86 78,87 77,66"), lighter(main, 0.3), CLOTH, depth=2, cast=0.7)


def _cushion_shape(x: float, y: float, half: float) -> Shape:
    return blob(
        (x - half, y - half, 0),
        (x, y - half * 0.86),
        (x + half, y - half, 0),
        (x + half * 0.86, y),
        (x + half, y + half, 0),
        (x, y + half * 0.86),
        (x - half, y + half, 0),
        (x - half * 0.86, y),
    )


def embroidered_cushion(canvas: Canvas, main: Colour) -> None:
    """A cushion with an embroidered rosette and border."""
    canvas.paint(_cushion_shape(50, 52, 38), main, CLOTH, depth=14)
    thread, gold = (240, 230, 200), (226, 182, 90)
    for radius, count, tone in ((20, 12, thread), (12, 8, gold)):
        petals = [
            ellipse(
                50 + radius * math.cos(i * 2 * math.pi / count),
                52 + radius * math.sin(i * 2 * math.pi / count),
                radius * 0.3,
                radius * 0.13,
            ).turned(
                i * 360 / count,
                50 + radius * math.cos(i * 2 * math.pi / count),
                52 + radius * math.sin(i * 2 * math.pi / count),
            )
            for i in range(count)
        ]
        canvas.paint(many(petals), tone, Look(depth=0.8, texture="rib", grain=0.15), cast=0.5)
    canvas.paint(star(50, 52, 6, 8, 0.5), thread, Look(depth=0.8, texture="rib", grain=0.15))
    border = [star(x, y, 2.4, 4, 0.5) for x in range(23, 80, 9) for y in (25, 79)] + [
        star(x, y, 2.4, 4, 0.5) for y in range(34, 76, 9) for x in (23, 77)
    ]
    canvas.paint(many(border), gold, Look(depth=0.6), cast=0.4)


def boucle_cushion(canvas: Canvas, main: Colour) -> None:
    """A plump cushion of looped wool."""
    canvas.paint(_cushion_shape(50, 52, 39), main, FUR, depth=16, grain=0.07)
    rng = canvas.rng
    loops = many(
        [ring(float(rng.uniform(16, 84)), float(rng.uniform(18, 86)), 1.5, 0.6) for _ in range(420)]
    )
    canvas.tint(loops & _cushion_shape(50, 52, 37), darker(main, 0.5), 0.28, 0.1)


def two_velvet(canvas: Canvas, main: Colour) -> None:
    """Two velvet covers, one leaning on the other, with piping."""
    velvet = Look(depth=12, gloss=0.16, sharp=5, texture="noise", grain=0.06)
    for shape, tone in (
        (_cushion_shape(63, 46, 29).turned(10, 63, 46), darker(main, 0.08)),
        (_cushion_shape(37, 60, 29).turned(-6, 37, 60), main),
    ):
        canvas.paint(shape, tone, velvet, cast=0.8)
        canvas.paint(shape.rim(1.2), darker(tone, 0.18), MATTE, depth=0.6, cast=0)


C = NAMED
PERCALE = Look(depth=5, texture="folds", grain=0.03)
FLANNEL = Look(depth=5, texture="noise", grain=0.05)
TARTAN = checks(C["Red"], (70, 20, 26), 8, C["Cream"])
DRAWINGS: dict[str, Drawing] = {
    "duvet-001": partial(
        bed, fill=C["White"], tone=(226, 224, 218), wide=38, pillows=2, look=CRUMPLED
    ),
    "duvet-002": partial(bed, fill=C["Navy"], tone=C["Navy"], wide=38, pillows=2, look=PERCALE),
    "duvet-003": partial(bed, fill=TARTAN, tone=C["Cream"], wide=45, pillows=2, look=FLANNEL),
    "duvet-004": partial(
        bed, fill=planets(C["Blue"]), tone=C["Yellow"], wide=28, pillows=1, look=PERCALE
    ),
    "towel-001": partial(folded_towel, main=C["White"]),
    "towel-002": partial(folded_towel, main=C["Green"]),
    "towel-003": partial(beach_towel, main=C["Turquoise"]),
    "cush-001": partial(embroidered_cushion, main=C["Green"]),
    "cush-002": partial(boucle_cushion, main=C["Cream"]),
    "cush-003": partial(two_velvet, main=C["Yellow"]),
}
