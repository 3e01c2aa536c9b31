"""Jackets, T-shirts and shirts, laid flat with the arms a little apart."""

from __future__ import annotations

from functools import partial

import numpy as np

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    BRASS,
    DARK,
    NAMED,
    Colour,
    darker,
    lighter,
    mix,
)
from shopclerk.sample.drawing.patterns import Pattern, checks, flowers, stripes
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, many, poly, rect, sym
from shopclerk.sample.drawing.surfaces import (
    CLOTH,
    DENIM,
    MATTE,
    PLASTIC,
    Look,
)

WHITE = NAMED["White"]
NYLON = Look(depth=4, gloss=0.12, sharp=10, texture="folds", grain=0.07)
Paint = Colour | Pattern


def torso(wide: float = 24, bottom: float = 90, waist: float = 0.0) -> Shape:
    """The body of a garment from the shoulders down."""
    left = 50 - wide
    return sym(
        (41, 13.6, 0), (left + 5, 18), (left + 1, 30, 0), (left + waist, 55), (left, bottom - 3), (left + 1, bottom, 0),
        (50, bottom + 0.6),
    )  # fmt: skip


def sleeve(wide: float = 24, length: float = 80, cuff: float = 9.5, out: float = 6) -> Shape:
    """The left sleeve, from the shoulder to a cuff at the height `length`."""
    left = 50 - wide
    return blob(
        (left + 9, 16.5, 0), (left + 2, 20), (left - 3, 30), (left - out - 1, length - 18), (left - out - 4, length, 0),
        (left - out + cuff - 4, length + 1, 0), (left + 3, length - 28), (left + 7, 36, 0),
    )  # fmt: skip


def shaded(colour: Paint, share: float) -> Paint:
    """The colour or pattern with some black."""
    return (
        darker(colour, share)
        if isinstance(colour, tuple)
        else np.asarray(colour * (1 - share), dtype=np.float32)
    )


def long_sleeved(
    canvas: Canvas,
    main: Paint,
    look: Look,
    wide: float = 24,
    bottom: float = 90,
    waist: float = 0.0,
) -> Shape:
    """A garment with long sleeves; hands back the shape of its body."""
    canvas.pose = "lies"
    arm = sleeve(wide)
    for side in (arm, arm.mirrored()):
        canvas.paint(side, main, look)
    body = torso(wide, bottom, waist)
    canvas.paint(body, main, look, cast=0.5)
    folds = many([line("30,40 36,52", w=1.2), line("68,38 62,54", w=1.2), line("33,70 40,78", w=1)])
    canvas.tint(folds & body, (0, 0, 0), 0.16, 1)
    return body


def _neck(canvas: Canvas, main: Paint, depth: float = 6, half: float = 8) -> None:
    below = rect(0, 13.6, 100, 60)
    hole = ellipse(50, 14, half, depth) & below
    canvas.paint(hole, shaded(main, 0.45), CLOTH, depth=2)
    canvas.paint(ellipse(50, 14, half, 2.6) & below, shaded(main, 0.22), CLOTH, depth=1)


def _zip(canvas: Canvas, top: float, bottom: float, colour: Colour) -> None:
    canvas.paint(rect(49, top, 51, bottom, 0.5), colour, MATTE, depth=0.8)
    canvas.seam(line((50, top), (50, bottom), w=0.4))
    canvas.paint(rect(49.2, top + 4, 50.8, top + 9, 0.7), NAMED["Silver"], PLASTIC, depth=0.5)


def _pocket_zips(canvas: Canvas, colour: Colour) -> None:
    canvas.paint(line("34,62 37.5,76", w=1.4).both(), colour, MATTE, depth=0.5)


def hood(canvas: Canvas, main: Colour, look: Look = NYLON) -> None:
    """A hood standing up behind the collar."""
    canvas.paint(sym("50,3 40,5 35,14 38,24! 50,28"), main, look, depth=4)
    canvas.paint(sym("50,8 43,10 41,17 45,25! 50,27"), darker(main, 0.5), look, depth=2)


def shell_jacket(canvas: Canvas, main: Colour, accent: Colour, slim: float = 0.0) -> None:
    """A rain shell with a hood, a taped zip and slanting pockets."""
    body = long_sleeved(canvas, main, NYLON, 25 - slim / 2, waist=slim)
    canvas.seam(line("25,36 50,34 75,36", w=0.4), body)
    hood(canvas, main)
    canvas.paint(
        blob("41,19 45,26 50,30 55,26 59,19 58,33 50,35 42,33"), darker(main, 0.12), NYLON, depth=2
    )
    _zip(canvas, 26, 89, accent)
    _pocket_zips(canvas, accent)
    canvas.paint(rect(57, 42, 65, 44, 0.6), accent, MATTE, depth=0.6)
    canvas.paint(line("16.5,77 25,78", w=2).both(), darker(main, 0.35), MATTE, depth=1)


def field_jacket(canvas: Canvas, main: Colour) -> None:
    """Waxed cotton with four bellows pockets and a corduroy collar."""
    body = long_sleeved(canvas, main, Look(depth=4, gloss=0.1, texture="noise", grain=0.08), 26)
    canvas.seam(line("50,24 50,90", w=0.5), body)
    for x0, y0, x1, y1 in ((30, 38, 43, 50), (30, 62, 44, 79)):
        canvas.paint(rect(x0, y0, x1, y1, 1.5).both(), main, MATTE, depth=1.5, cast=0.5)
        canvas.paint(
            rect(x0 - 0.7, y0 - 1, x1 + 0.7, y0 + 4.5, 1).both(),
            darker(main, 0.1),
            MATTE,
            depth=1,
            cast=0.6,
        )
        canvas.paint(ellipse((x0 + x1) / 2, y0 + 2.4, 0.8).both(), BRASS, PLASTIC, depth=0.5)
    canvas.paint(ellipse(50, 15, 8, 6), darker(main, 0.55), CLOTH)
    collar = blob("42,10 36,19 40,29 49,24 46,17")
    canvas.paint(collar.both(), (96, 66, 40), MATTE, depth=2, texture="rib", grain=0.18, cast=0.5)
    canvas.paint(
        many([ellipse(48.2, y, 0.9) for y in range(32, 90, 10)]), BRASS, PLASTIC, depth=0.5
    )


def down_jacket(canvas: Canvas, main: Colour) -> None:
    """Horizontal puffed baffles from collar to hem."""
    canvas.pose = "lies"
    puffs = Look(depth=3.2, gloss=0.16, sharp=8)
    arm = sleeve(25)
    for side in (arm, arm.mirrored()):
        for y in range(14, 84, 8):
            canvas.paint(rect(0, y, 100, y + 7.6, 2) & side, main, puffs)
    body = torso(25, 88, 2)
    for y in range(14, 90, 8):
        canvas.paint(rect(0, y, 100, y + 7.8, 2) & body, main, puffs)
    canvas.paint(sym("50,6 41,7 39,15 42,23 50,24"), main, puffs)
    canvas.paint(sym("50,8 44,9 43,13 50,15"), darker(main, 0.6), puffs)
    _zip(canvas, 16, 88, DARK)
    _pocket_zips(canvas, (90, 90, 96))


def denim_jacket(canvas: Canvas, main: Colour) -> None:
    """A trucker jacket: yoke, chest pockets with pointed flaps, copper buttons."""
    body = long_sleeved(canvas, main, DENIM, 25, 82)
    thread = (206, 160, 90)
    for path in (
        ((26, 38), (50, 38)),
        ((40, 38), (45, 76)),
        ((33, 38), (38, 76)),
        ((25, 76), (50, 76)),
        ((17, 76), (26, 77.5)),
    ):
        canvas.tint(line(*path, w=0.5).both(), thread, 0.75)
    flap = poly("31,38 44,38 44,43 37.5,46 31,43")
    canvas.paint(flap.both(), main, DENIM, depth=1, cast=0.5)
    canvas.tint(flap.rim(0.4).both(), thread, 0.5)
    canvas.seam(line("50,24 50,82", w=0.5), body)
    canvas.paint(ellipse(50, 15, 8, 6), darker(main, 0.6), CLOTH)
    canvas.paint(blob("43,10! 36,18 39,28! 50,22! 45,16").both(), main, DENIM, depth=1.5, cast=0.6)
    buttons = [ellipse(51, y, 1.1) for y in range(28, 82, 10)] + [
        ellipse(37.5, 43.5, 0.9),
        ellipse(62.5, 43.5, 0.9),
    ]
    canvas.paint(many(buttons), (186, 112, 66), PLASTIC, depth=0.6)


def rain_jacket(canvas: Canvas, main: Colour, child: bool) -> None:
    """A rubbery raincoat with a hood; the child's one is short with reflective stripes."""
    look = Look(depth=4, gloss=0.3, sharp=8, texture="folds", grain=0.05)
    body = long_sleeved(canvas, main, look, 29 if child else 25, 80 if child else 92)
    hood(canvas, main, look)
    canvas.paint(
        rect(46.5, 27, 53.5, 79 if child else 91, 1), darker(main, 0.06), look, depth=1, cast=0.5
    )
    canvas.paint(
        many([ellipse(50, y, 1.3) for y in range(33, 78 if child else 90, 11)]),
        DARK if not child else NAMED["Blue"],
        PLASTIC,
        depth=0.7,
    )
    canvas.paint(rect(29, 60, 42, 70, 1.5).both(), darker(main, 0.08), look, depth=1.2, cast=0.5)
    if child:
        canvas.paint(rect(0, 49, 100, 53) & body, (206, 210, 214), PLASTIC, depth=0.5)
        canvas.paint(
            line("8,59 26,61", w=4).both() & sleeve(29).both(), (206, 210, 214), PLASTIC, depth=0.5
        )


def t_shirt(
    canvas: Canvas, main: Paint, slim: float = 0.0, vneck: bool = False, wide: float = 24
) -> Shape:
    """A T-shirt; hands back the shape of its body."""
    canvas.pose = "lies"
    arm = blob(
        (50 - wide + 9, 16, 0),
        (50 - wide + 1, 20),
        (50 - wide - 15, 38, 0),
        (50 - wide - 5, 46, 0),
        (50 - wide + 7, 38, 0),
    )
    for side in (arm, arm.mirrored()):
        canvas.paint(side, main, CLOTH)
    canvas.seam(line((50 - wide - 13, 36.6), (50 - wide - 3.5, 44), w=0.35).both(), None, 0.2)
    body = torso(wide, 90, slim)
    canvas.paint(body, main, CLOTH, cast=0.5)
    folds = many([line("30,34 42,46", w=1), line("72,60 62,78", w=1.3), line("31,66 38,82", w=1.2)])
    canvas.tint(folds & body, (0, 0, 0), 0.13, 1.2)
    canvas.seam(rect(0, 86.8, 100, 87.2) & body, None, 0.2)
    _neck(canvas, main, 8 if slim else 6.5)
    half = ellipse(50, 14, 9.3, 9.3 if slim else 7.8) - ellipse(50, 14, 8, 8 if slim else 6.5)
    canvas.paint(half & rect(0, 14, 100, 40), shaded(main, 0.06), CLOTH, depth=0.8)
    return body


def rocket_tee(canvas: Canvas, main: Colour) -> None:
    """A child's T-shirt with a rocket."""
    t_shirt(canvas, main, wide=28)
    canvas.tint(
        many([ellipse(x, y, 1) for x, y in ((34, 40), (66, 46), (32, 66), (69, 70), (62, 34))]),
        NAMED["Yellow"],
        0.9,
    )
    canvas.tint(blob("40,66 44,52 56,52 60,66"), NAMED["Red"], 0.95)
    canvas.tint(sym("50,30! 43,42 43,58 46,64!"), WHITE, 0.95)
    canvas.tint(sym("50,30! 45,38 50,39"), NAMED["Red"], 0.95)
    canvas.tint(ellipse(50, 46, 3.6), NAMED["Navy"], 0.95)
    canvas.tint(blob("46,65! 50,80! 54,65!"), NAMED["Yellow"], 0.95)


def breton_tee(canvas: Canvas) -> None:
    """Sailor stripes with long sleeves and a boat neck."""
    bands = stripes(NAMED["White"], NAMED["Navy"], 6.4, 0.42)
    body = long_sleeved(canvas, bands, CLOTH)
    canvas.paint(
        (body & rect(0, 0, 100, 27)), NAMED["White"], CLOTH, cast=0.0, depth=1, strength=0.3
    )
    _neck(canvas, NAMED["White"], 4.5, 10)


def shirt(
    canvas: Canvas,
    main: Paint,
    pocket: bool = True,
    slim: float = 0.0,
    look: Look = CLOTH,
    button: Colour = WHITE,
) -> None:
    """A shirt with a collar, a button band and cuffs."""
    body = long_sleeved(canvas, main, look, 24, 90, slim)
    canvas.paint(
        line("16.5,76 26,77.5", w=5.5).both() & sleeve(24).both(),
        shaded(main, 0.04),
        look,
        depth=1.2,
    )
    canvas.paint(rect(47.6, 20, 52.4, 90) & body, shaded(main, 0.03), look, depth=0.8, cast=0.4)
    canvas.paint(ellipse(50, 14, 8, 5), shaded(main, 0.35), CLOTH)
    if pocket:
        canvas.paint(poly("57,38 68,38 68,49 62.5,52 57,49"), main, look, depth=0.6, cast=0.5)
    canvas.paint(blob("42,11! 38,18 41,28! 50,20! 46,15").both(), main, look, depth=1.5, cast=0.6)
    canvas.paint(blob("42,10 50,8 58,10 50,13"), shaded(main, 0.12), look, depth=1)
    canvas.paint(
        many([ellipse(50, y, 0.95) for y in (24, 34, 44, 54, 64, 74, 84)]),
        button,
        PLASTIC,
        depth=0.5,
    )


def blouse(canvas: Canvas, main: Colour) -> None:
    """A silk blouse with an open V and flowing folds."""
    satin = Look(depth=5, gloss=0.25, sharp=6, texture="folds", grain=0.09)
    body = long_sleeved(canvas, main, satin, 25, 88, 3)
    canvas.tint(
        many([line("38,40 34,86", w=1.6), line("60,36 66,86", w=1.8), line("56,50 57,86", w=1.2)])
        & body,
        darker(main, 0.5),
        0.25,
        1,
    )
    canvas.paint(sym("42,12! 50,38!"), darker(main, 0.4), CLOTH)
    canvas.paint(blob("42,10! 36,18 38,27 50,40! 46,26").both(), main, satin, depth=1.6, cast=0.6)
    canvas.paint(
        many([ellipse(50, y, 1.1) for y in (45, 54, 63, 72, 81)]),
        lighter(main, 0.2),
        PLASTIC,
        depth=0.8,
    )


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "jkt-001": partial(shell_jacket, main=C["Navy"], accent=(210, 110, 44)),
    "jkt-002": partial(shell_jacket, main=C["Red"], accent=DARK, slim=4),
    "jkt-003": partial(field_jacket, main=C["Olive"]),
    "jkt-004": partial(down_jacket, main=C["Black"]),
    "jkt-005": partial(denim_jacket, main=(70, 108, 162)),
    "jkt-006": partial(rain_jacket, main=C["Yellow"], child=False),
    "jkt-007": partial(rain_jacket, main=C["Yellow"], child=True),
    "tee-001": partial(t_shirt, main=C["White"], slim=3),
    "tee-002": partial(t_shirt, main=C["Black"]),
    "tee-003": breton_tee,
    "tee-004": partial(t_shirt, main=C["Grey"]),
    "tee-005": partial(t_shirt, main=C["Red"], wide=26),
    "tee-006": partial(rocket_tee, main=C["Blue"]),
    "shirt-001": partial(shirt, main=(150, 186, 226)),
    "shirt-002": partial(
        shirt,
        main=C["White"],
        look=Look(depth=4, texture="folds", grain=0.06),
        pocket=False,
        button=(206, 190, 160),
    ),
    "shirt-003": partial(blouse, main=C["Cream"]),
    "shirt-004": partial(shirt, main=checks(C["Red"], C["Black"], 9.5, C["Cream"])),
    "shirt-005": partial(
        shirt,
        main=flowers(mix(C["Green"], WHITE, 0.15), (C["Pink"], C["White"], C["Yellow"]), 11),
        pocket=False,
        slim=4,
    ),
}
