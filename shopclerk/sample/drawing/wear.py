"""Jeans, dresses, socks and scarves."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import NAMED, Colour, darker, lighter, mix
from shopclerk.sample.drawing.patterns import Pattern, checks, dots, over, plain
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, many, poly, rect, sym
from shopclerk.sample.drawing.surfaces import CLOTH, DENIM, KNIT, MATTE, PLASTIC, Look

WHITE = NAMED["White"]
THREAD: Colour = (204, 156, 84)


def jeans(
    canvas: Canvas,
    main: Colour,
    hem: float = 7.5,
    knee: float = 8.0,
    length: float = 95,
    high: float = 0.0,
    worn: float = 0.0,
) -> None:
    """Trousers from the front; `hem` and `knee` are half the widths of a leg."""
    canvas.pose = "lies"
    top = 8 - high
    left = 41 - hem * 0.35
    leg = blob(
        (34, top, 0),
        (31, 18),
        (29.5, 28),
        (left - knee, 60),
        (left - hem - 1, length, 0),
        (left + hem - 1, length + 0.8, 0),
        (left + knee, 62),
        (50.3, 36, 0),
        (50.3, top, 0),
    )
    for side in (leg, leg.mirrored()):
        canvas.paint(side, main, DENIM, depth=4)
    if worn:
        canvas.tint(ellipse(left - 1, 34, 4, 18).both(), lighter(main, 0.6), worn, 3)
        canvas.tint(ellipse(left - 1, 62, 4, 6).both(), lighter(main, 0.6), worn, 2)
    band = sym((34, top - 0.5, 0), (50, top + 1), x=50) | rect(33.6, top, 66.4, top + 5, 0.6)
    canvas.paint(band, main, DENIM, depth=1.2, cast=0.5)
    canvas.paint(ellipse(50, top + 0.6, 15, 1.4), darker(main, 0.55), CLOTH, depth=1)
    for path in (
        ((50, top + 6), (50, 34)),
        ((53.5, top + 6), (53.5, 26), (50.5, 33)),
        ((46, top + 5), (44, top + 12), (32.5, top + 14)),
        ((54, top + 5), (56, top + 12), (67.5, top + 14)),
    ):
        canvas.tint(line(*path, w=0.5), THREAD, 0.75)
    canvas.tint(
        line((left - hem, length - 2.4), (left + hem - 1, length - 1.6), w=0.45).both(), THREAD, 0.7
    )
    canvas.paint(
        many([rect(x, top - 0.8, x + 1.8, top + 5.8, 0.4) for x in (37, 44, 54.2, 61.2)]),
        main,
        DENIM,
        depth=0.6,
    )
    canvas.paint(ellipse(50, top + 2.8, 1.3), (190, 126, 74), PLASTIC, depth=0.7)
    canvas.seam(line("50,33 47,42", w=0.6) | line("50.3,33 54,41", w=0.6), None, 0.3)


def _skirt_folds(
    canvas: Canvas, shape: Shape, top: float, bottom: float, main: Colour, spread: float
) -> None:
    for share in (-0.8, -0.5, -0.2, 0.15, 0.45, 0.75):
        fold = line(
            (50 + share * 11, top), (50 + share * 13, top + 8), (50 + share * spread, bottom), w=1.4
        )
        canvas.tint(fold & shape, darker(main, 0.75), 0.26, 0.9)
        canvas.tint(fold.moved(-1.8, 0) & shape, (255, 255, 255), 0.12, 0.9)


def dress(
    canvas: Canvas,
    main: Colour | Pattern,
    tone: Colour,
    bottom: float = 88,
    spread: float = 26,
    look: Look = CLOTH,
) -> Shape:
    """The body of a dress with a waist; hands back its shape."""
    canvas.pose = "lies"
    body = sym(
        (42, 12, 0),
        (36, 16),
        (37, 28, 0),
        (39, 38),
        (40.5, 43),
        (50 - spread * 0.62, 62),
        (50 - spread, bottom, 0),
        (50, bottom + 1.5),
    )
    canvas.paint(body, main, look, depth=5)
    _skirt_folds(canvas, body, 45, bottom, tone, spread * 0.95)
    return body


def wrap_dress(canvas: Canvas, main: Colour) -> None:
    """A crossed front, short sleeves and a long tie."""
    arm = blob("42,12! 34,17 27,34! 34,38! 39,27!")
    for side in (arm, arm.mirrored()):
        canvas.paint(side, main, CLOTH)
    body = dress(canvas, main, main, 86)
    canvas.paint(poly("43,11 57,11 51,33"), darker(main, 0.6), CLOTH)
    canvas.paint(blob("58,10! 54,24 42,42! 47,42! 58,28 62,14"), main, CLOTH, depth=1, cast=0.5)
    canvas.paint(
        blob("42,10! 45,24 57,42! 60,40! 55,30 41,13") & body, main, CLOTH, depth=1.5, cast=0.7
    )
    canvas.seam(line("57,43 54,60 46,87", w=0.7), body)
    canvas.paint(rect(39.5, 41, 60.5, 46, 1), darker(main, 0.12), CLOTH, depth=1.2)
    for end in ((66, 62), (60, 66)):
        canvas.paint(line((58, 44), (61, 52), end, w=2.2), darker(main, 0.12), CLOTH, depth=0.8)
    canvas.paint(ellipse(58, 44, 2.2), darker(main, 0.1), CLOTH, depth=1)


def evening_gown(canvas: Canvas, main: Colour) -> None:
    """Floor length velvet with long sleeves."""
    velvet = Look(depth=5, gloss=0.16, sharp=5, texture="noise", grain=0.1, strength=1.1)
    arm = blob("40,9! 34,13 27,34 24,52! 28,53! 34,36 39,24!")
    for side in (arm, arm.mirrored()):
        canvas.paint(side, main, velvet)
    canvas.pose = "lies"
    body = sym("43,8! 36,12 38,24 41,35 38,46 35,66 24,95! 50,98")
    canvas.paint(body, main, velvet)
    _skirt_folds(canvas, body, 40, 97, main, 24)
    canvas.paint(sym("41,7! 44,14 50,19"), darker(main, 0.6), CLOTH)


def sun_dress(canvas: Canvas, main: Colour) -> None:
    """Wide straps, a square neck and a loose skirt."""
    canvas.paint(rect(39.5, 5, 43.5, 20, 0.6).both(), main, CLOTH, depth=1.4)
    canvas.pose = "lies"
    body = sym("38,16! 37,26 40,38 34,56 25,80! 50,82")
    linen = Look(depth=5, texture="weave", grain=0.12)
    canvas.paint(body, main, linen)
    _skirt_folds(canvas, body, 44, 80, main, 24)
    canvas.paint(rect(38.5, 37, 61.5, 41, 1), darker(main, 0.08), linen, depth=1)
    canvas.seam(line("39,19 61,19", w=0.4), body, 0.3)
    canvas.paint(
        many([ellipse(50, y, 1) for y in (22, 27, 32)]), (160, 110, 60), PLASTIC, depth=0.6
    )


def tea_dress(canvas: Canvas, main: Colour) -> None:
    """Polka dots, puffed sleeves, knee length."""
    spots = dots(main, WHITE, 5.2, 0.95)
    arm = blob("41,13 33,15 27,24 29,32 36,33 39,25")
    for side in (arm, arm.mirrored()):
        canvas.paint(side, spots, CLOTH, depth=5)
    dress(canvas, spots, main, 78, 24)
    canvas.paint(ellipse(50, 12, 8, 6), darker(main, 0.4), CLOTH)
    canvas.paint(blob("43,10 41,18 49,20 48,15").both(), WHITE, CLOTH, depth=1)
    canvas.paint(rect(40, 41.5, 60, 44.5, 0.8), darker(main, 0.3), CLOTH, depth=0.8)


def tulle_dress(canvas: Canvas, main: Colour) -> None:
    """A child's party dress: satin bodice, bow and three layers of tulle."""
    canvas.pose = "lies"
    sheer = Look(depth=4, texture="weave", grain=0.12, cast=0.35)
    for bottom, spread, share in ((88, 37, 0.5), (76, 31, 0.35), (64, 25, 0.2)):
        rim: list[tuple[float, ...]] = [
            (40, 38, 0),
            (50 - spread * 0.7, bottom - 20),
            (50 - spread, bottom - 3),
        ]
        rim += [
            (50 - spread + step * spread / 4, bottom + (2 if step % 2 else -1))
            for step in range(1, 8)
        ]
        rim += [(50 + spread, bottom - 3), (50 + spread * 0.7, bottom - 20), (60, 38, 0)]
        layer = canvas.paint(blob(*rim), lighter(main, share), sheer, alpha=0.93)
        _skirt_folds(canvas, layer, 42, bottom, main, spread)
    canvas.paint(sym("42,14! 37,19 38,30 40,40!"), main, PLASTIC, depth=4, gloss=0.2, sharp=6)
    canvas.paint(ellipse(36, 18, 5, 4.5).both(), lighter(main, 0.3), sheer)
    bow = many(
        [
            blob("50,40 40,34 39,46"),
            blob("50,40 60,34 61,46"),
            line("50,41 46,52", w=2.4),
            line("50,41 54,52", w=2.4),
        ]
    )
    canvas.paint(bow, darker(main, 0.22), PLASTIC, depth=1.5)
    canvas.paint(ellipse(50, 40, 2.2), darker(main, 0.22), PLASTIC)


def _sock(dx: float, dy: float) -> Shape:
    return blob("40,14! 55,14! 56,44 58,58 48,74 36,86 24,88 19,80 24,70 36,60 41,48").moved(dx, dy)


def _one_sock(
    canvas: Canvas, dx: float, dy: float, main: Colour | Pattern, trim: Colour, look: Look = KNIT
) -> None:
    whole = canvas.paint(_sock(dx, dy), main, look, depth=4, grain=0.1, cast=0.6)
    canvas.paint(whole & ellipse(55 + dx, 62 + dy, 8, 9), trim, look, depth=2, grain=0.1, cast=0.1)
    canvas.paint(
        whole & ellipse(21 + dx, 84 + dy, 10, 10), trim, look, depth=2, grain=0.1, cast=0.1
    )
    canvas.paint(
        whole & rect(0, 13 + dy, 100, 21 + dy),
        trim,
        MATTE,
        depth=1.5,
        texture="rib",
        grain=0.15,
        cast=0.1,
    )


def socks(
    canvas: Canvas, main: Colour, trim: Colour, pairs: int, band: Colour | None = None
) -> None:
    """Socks laid over one another, as many as there are pairs."""
    canvas.pose = "lies"
    step = min(16.0, 46 / pairs)
    for index in range(pairs + 1):
        dx = (index - pairs / 2) * step + 8
        _one_sock(canvas, dx, (index % 2) * 3 - 1, main, trim)
        if band is not None:
            canvas.tint(_sock(dx, 0) & rect(0, 26, 100, 28), band, 0.9)


def animal_socks(canvas: Canvas) -> None:
    """A fox, a bear, an owl and a frog, each on a sock of its own."""
    canvas.pose = "lies"
    faces: list[tuple[Colour, Colour]] = [
        (NAMED["Orange"], WHITE),
        ((140, 92, 56), (214, 176, 130)),
        ((120, 100, 170), NAMED["Yellow"]),
        ((88, 168, 76), (206, 228, 140)),
    ]
    for index, (fur, patch) in enumerate(faces):
        left = 14 + index * 24
        body = sym((left - 9, 22, 0), (left - 9, 60), (left - 8, 82), (left, 88), x=left)
        canvas.paint(body, fur, KNIT, depth=4, grain=0.09)
        canvas.paint(
            rect(left - 9, 20, left + 9, 28, 1),
            lighter(fur, 0.35),
            MATTE,
            depth=1.4,
            texture="rib",
            grain=0.12,
        )
        ear = (
            ellipse(left - 6, 43, 3.4)
            if index in (1, 3)
            else poly((left - 9, 48), (left - 8, 37), (left - 2, 44))
        )
        canvas.paint(ear.both(left), darker(fur, 0.12), KNIT, depth=1.5, grain=0.08)
        canvas.paint(ellipse(left, 54, 8.4, 8), lighter(fur, 0.08), KNIT, depth=3, grain=0.08)
        canvas.paint(
            ellipse(left, 58, 5, 3.6) if index != 2 else ellipse(left - 3.6, 52, 3.6).both(left),
            patch,
            MATTE,
            depth=1,
        )
        canvas.paint(ellipse(left - 3.4, 51.6, 1.2).both(left), (26, 22, 24), PLASTIC, depth=0.6)
        canvas.paint(ellipse(left, 57, 1.5, 1.1), (40, 30, 30), PLASTIC, depth=0.6)


def long_scarf(canvas: Canvas, main: Colour | Pattern, tone: Colour, look: Look = KNIT) -> None:
    """A scarf folded once about itself, with a fringe."""
    canvas.pose = "lies"
    tail = blob("34,30! 52,36! 48,60 40,86! 23,83! 32,58")
    other = blob("48,32! 66,28! 70,56 76,82! 58,86! 54,60")
    for piece, x0, y0, x1, y1 in ((other, 59, 86, 75, 83), (tail, 24, 83, 39, 86)):
        fringe = [
            line(
                (x0 + (x1 - x0) * i / 7, y0 + (y1 - y0) * i / 7 - 1),
                (x0 + (x1 - x0) * i / 7 - 0.5, y0 + 8),
                w=1.1,
            )
            for i in range(8)
        ]
        canvas.paint(many(fringe), tone, CLOTH, depth=0.6)
        canvas.paint(piece, main, look, depth=4, grain=0.12, cast=0.6)
    loop = blob("26,22 50,9 74,22 72,38 50,44 28,38") - ellipse(50, 21, 15, 6)
    canvas.paint(loop, main, look, depth=6, grain=0.12, cast=0.6)
    canvas.tint(
        many(
            [
                line("30,30 50,38 70,30", w=0.9),
                line("28,24 38,14", w=0.9),
                line("72,24 62,14", w=0.9),
            ]
        ),
        (0, 0, 0),
        0.25,
        0.7,
    )


def silk_square(canvas: Canvas, main: Colour) -> None:
    """A silk square printed with the map of a town, one corner folded."""
    canvas.pose = "lies"
    square = blob("14,14! 50,15 86,13! 87,50 86,86! 50,85 14,87! 13,50")
    cream = mix(main, WHITE, 0.75)
    printed = over(plain(main), rect(22, 22, 78, 78), cream)
    streets = [
        line("22,34 50,40 78,30", w=1.6),
        line("22,60 48,56 78,64", w=1.6),
        line("36,22 40,50 34,78", w=1.6),
        line("60,22 58,50 66,78", w=1.6),
    ]
    printed = over(printed, many(streets), main)
    printed = over(printed, line("22,70 40,66 58,72 78,52", w=3), NAMED["Turquoise"])
    houses = [
        rect(x, y, x + 4, y + 4)
        for x, y in (
            (26, 26),
            (44, 28),
            (50, 30),
            (66, 36),
            (26, 42),
            (44, 46),
            (64, 44),
            (50, 62),
            (24, 52),
            (70, 70),
        )
    ]
    printed = over(printed, many(houses), darker(main, 0.4))
    printed = over(printed, rect(17, 17, 83, 83) - rect(18.4, 18.4, 81.6, 81.6), cream)
    canvas.paint(square, printed, Look(depth=2, gloss=0.2, sharp=6, texture="folds", grain=0.1))
    canvas.paint(poly("62,86 86.5,62 64,64"), darker(main, 0.12), CLOTH, depth=2, cast=0.8)


C = NAMED
TARTAN = checks(C["Blue"], C["Navy"], 10, (220, 226, 236))
DRAWINGS: dict[str, Drawing] = {
    "jean-001": partial(jeans, main=(38, 52, 98)),
    "jean-002": partial(jeans, main=C["Black"], hem=5.6, knee=6.6),
    "jean-003": partial(jeans, main=(146, 180, 216), hem=12, knee=9.6, high=3, worn=0.15),
    "jean-004": partial(jeans, main=C["Grey"], hem=4.4, knee=6, length=84, high=2),
    "jean-005": partial(jeans, main=(62, 96, 150), hem=8, worn=0.4),
    "dress-001": partial(wrap_dress, main=(20, 128, 88)),
    "dress-002": partial(evening_gown, main=C["Burgundy"]),
    "dress-003": partial(sun_dress, main=C["Yellow"]),
    "dress-004": partial(tea_dress, main=C["Black"]),
    "dress-005": partial(tulle_dress, main=C["Pink"]),
    "sock-001": partial(socks, main=C["Grey"], trim=(92, 96, 102), pairs=2, band=C["Orange"]),
    "sock-002": partial(socks, main=C["Black"], trim=(34, 34, 38), pairs=5),
    "sock-003": animal_socks,
    "sock-004": partial(socks, main=C["White"], trim=(226, 226, 226), pairs=10, band=C["Red"]),
    "scarf-001": partial(long_scarf, main=TARTAN, tone=C["Blue"], look=CLOTH),
    "scarf-002": partial(silk_square, main=C["Orange"]),
    "scarf-003": partial(
        long_scarf, main=C["Black"], tone=C["Black"], look=Look(texture="rib", grain=0.14)
    ),
}
