"""Pans, mugs and knives."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.kitchen import COFFEE, GLASS, GLAZE, glass
from shopclerk.sample.drawing.palette import (
    INK,
    NAMED,
    STEEL_GREY,
    WALNUT,
    Colour,
    darker,
    lighter,
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
    sym,
    taper,
    text,
)
from shopclerk.sample.drawing.surfaces import (
    FLAT,
    MATTE,
    PLASTIC,
    ROUND,
    STEEL,
    WOOD,
    Look,
)

WHITE = NAMED["White"]


def _iron_handle(canvas: Canvas, iron: Colour, x: float, y: float, r: float) -> None:
    canvas.paint(taper((x + r * 0.66, y - r * 0.66), (84, 16), w0=9, w1=11), iron, MATTE, depth=2)
    canvas.paint(ellipse(83.4, 17, 2.6), (235, 235, 233), FLAT, cast=0)
    lips = many([ellipse(x - r, y, 4, 6), ellipse(x + r * 0.1, y + r, 6, 4)])
    canvas.paint(lips, iron, MATTE, depth=1.5)


def _riveted_handle(
    canvas: Canvas, handle: Colour, look: Look, x: float, y: float, r: float
) -> None:
    sx, sy = x + r * 0.66, y - r * 0.66
    canvas.paint(taper((sx, sy), (sx + 7, sy - 7), w0=10, w1=6), STEEL_GREY, PLASTIC, depth=1.4)
    grip = taper((sx + 5, sy - 5), (92, 10), w0=6, w1=8)
    canvas.paint(grip, handle, look, depth=2.2, gloss=0.25)
    canvas.paint(ellipse(91, 11.6, 1.7), (235, 235, 233), FLAT, cast=0)


def pan(
    canvas: Canvas,
    rim: Colour,
    inside: Colour,
    handle: Colour,
    kind: str,
    x: float = 40,
    y: float = 58,
    r: float = 33,
) -> None:
    """A frying pan from above; kind is iron (pour lips, short handle), steel or coated."""
    canvas.pose = "lies"
    if kind == "iron":
        _iron_handle(canvas, rim, x, y, r)
    else:
        _riveted_handle(canvas, handle, STEEL if kind == "steel" else PLASTIC, x, y, r)
    canvas.paint(ellipse(x, y, r), rim, PLASTIC, depth=2.4, gloss=0.25)
    canvas.paint(
        ellipse(x, y, r - 1.6), darker(inside, 0.25), PLASTIC, depth=4, strength=-0.7, gloss=0
    )
    canvas.paint(
        ellipse(x, y, r - 6),
        inside,
        PLASTIC,
        depth=1,
        gloss=0.1,
        cast=0,
        texture="noise",
        grain=0.05,
    )
    if kind == "steel":
        canvas.tint(
            many([ring(x, y, q, 0.5) for q in range(4, int(r - 7), 3)]), (110, 114, 120), 0.35
        )
    canvas.shine(
        blob((x - 18, y - 4), (x - 8, y - 18), (x + 4, y - 20), (x - 10, y - 6)),
        0.2 if kind == "iron" else 0.34,
        1.6,
    )
    if kind != "iron":
        canvas.paint(
            many([ellipse(x + r * 0.56, y - r * 0.66, 1), ellipse(x + r * 0.66, y - r * 0.56, 1)]),
            STEEL_GREY,
            PLASTIC,
            depth=0.6,
        )


def pan_set(canvas: Canvas, main: Colour) -> None:
    """Three pans of three sizes, with speckled insides."""
    for x, y, r in ((68, 34, 22), (40, 52, 17), (70, 74, 14)):
        canvas.pose = "lies"
        canvas.paint(
            taper((x - r * 0.7, y + r * 0.7), (x - r - 13, y + r + 11), w0=5, w1=6),
            INK,
            PLASTIC,
            depth=1.8,
        )
        canvas.paint(ellipse(x, y, r), main, PLASTIC, depth=2, gloss=0.3, cast=0.6)
        canvas.paint(
            ellipse(x, y, r - 1.4), darker(main, 0.3), PLASTIC, depth=3, strength=-0.7, gloss=0
        )
        canvas.paint(
            ellipse(x, y, r - 4.6),
            lighter(main, 0.08),
            PLASTIC,
            depth=1,
            texture="speckle",
            grain=-1.6,
            cast=0,
        )


def _mug_body(x: float, top: float, bottom: float, wide: float) -> Shape:
    return sym(
        (x - wide, top, 0),
        (x - wide, bottom - 7, 0),
        (x - wide + 3, bottom - 1),
        (x - wide + 9, bottom + 0.6),
        (x, bottom + 0.8),
        x=x,
    )


def mug(
    canvas: Canvas,
    main: Colour,
    look: Look = GLAZE,
    inside: Colour | None = None,
    joke: bool = False,
) -> None:
    """A mug with its handle to the right; the joke one says BOSS under a moustache."""
    canvas.paint(ring(70, 56, 17, 5.4, 18), main, PLASTIC, depth=2.4, gloss=0.4)
    body = _mug_body(44, 28, 86, 27)
    canvas.paint(body, main, look)
    canvas.paint(ellipse(44, 28, 27, 6), lighter(main, 0.25), PLASTIC, depth=1)
    canvas.paint(
        ellipse(44, 28.6, 24.8, 4.8), darker(inside or main, 0.3), MATTE, depth=2, strength=-0.5
    )
    canvas.shine(rect(24, 38, 27.5, 76, 1.6), 0.4, 0.8)
    if joke:
        canvas.tint(text("BOSS", 44, 66, 15), INK, 0.92)
        stache = blob("44,45 38,42 30,46 25,42 29,51 38,53 44,49")
        canvas.tint(stache.both(44), INK, 0.92)


def enamel_mug(canvas: Canvas, main: Colour) -> None:
    """A straight tin mug with a black rim and some chips."""
    canvas.paint(line("70,42 86,42 88,58 84,68 70,70", w=3.6), main, PLASTIC, depth=1.4, gloss=0.4)
    canvas.paint(
        poly("18,30 72,30 70,86 20,86") | ellipse(45, 86, 25, 3),
        main,
        Look("upright", gloss=0.5, texture="speckle", grain=-0.5),
    )
    canvas.paint(ellipse(45, 30, 27.4, 5.4), (34, 34, 38), PLASTIC, depth=1)
    canvas.paint(ellipse(45, 30.4, 25.8, 4.4), (226, 226, 220), MATTE, depth=2, strength=-0.5)
    canvas.paint(rect(19.6, 84.6, 70.4, 87, 1), (34, 34, 38), ROUND)


def glass_mugs(canvas: Canvas) -> None:
    """Two double-walled glasses in which coffee hovers."""
    for x, y in ((30, 0), (66, 8)):
        outer = _mug_body(x, 30 + y, 80 + y, 19)
        canvas.paint(
            ring(x + 21, 53 + y, 9.5, 2.6, 12), GLASS, PLASTIC, depth=1, alpha=0.7, gloss=0.5
        )
        canvas.paint(outer, GLASS, Look("upright", strength=0.4, gloss=0.2), alpha=0.4)
        inner = sym((x - 16.4, 34 + y, 0), (x - 15, 56 + y), (x - 8, 68 + y), (x, 71 + y), x=x)
        canvas.paint(
            inner & rect(0, 42 + y, 100, 100), COFFEE, Look("upright", gloss=0.2), alpha=0.95
        )
        canvas.paint(
            inner & rect(0, 42 + y, 100, 46 + y), (196, 150, 104), Look("upright"), alpha=0.95
        )
        canvas.paint(inner.rim(0.5), (160, 180, 190), FLAT, alpha=0.6)
        glass(canvas, outer, clear=0.12)
        canvas.paint(ellipse(x, 30 + y, 19, 3.4).rim(0.6), (150, 170, 182), FLAT, alpha=0.8)


def travel_mug(canvas: Canvas, main: Colour) -> None:
    """A tall tumbler with a closing lid and a rubber band."""
    canvas.paint(sym("33,26! 35,60 38,92!"), main, Look("upright", gloss=0.3))
    canvas.paint(sym("34.4,46! 35.6,66!"), (74, 74, 80), Look("upright", texture="rib", grain=0.15))
    canvas.paint(rect(31, 17, 69, 27, 3), (58, 58, 62), ROUND)
    canvas.paint(rect(35, 10, 65, 18, 3), (44, 44, 48), ROUND)
    canvas.paint(rect(40, 6, 50, 12, 2), (92, 92, 98), PLASTIC, depth=1.4)
    canvas.paint(rect(32.6, 27, 67.4, 29), STEEL_GREY, STEEL)


def knife(
    canvas: Canvas,
    blade: Shape,
    handle: Shape,
    wood: Colour,
    rivets: tuple[float, ...],
    look: Look = WOOD,
) -> None:
    """A kitchen knife lying aslant; `blade` and `handle` are drawn level."""
    canvas.pose = "lies"

    def turned(shape: Shape) -> Shape:
        return shape.turned(-28)

    canvas.paint(
        turned(blade), (206, 210, 216), PLASTIC, depth=1.2, gloss=0.4, texture="noise", grain=0.02
    )
    canvas.tint(turned(blade & blade.moved(0, -3.2)), (120, 126, 134), 0.28, 0.5)
    canvas.shine(turned(blade.rim(0.7)), 0.5, 0.2)
    canvas.paint(turned(handle), wood, look, depth=2.6)
    canvas.paint(
        turned(many([ellipse(x, 50, 1.1) for x in rivets])),
        STEEL_GREY,
        PLASTIC,
        depth=0.6,
        gloss=0.6,
    )


CHEF_BLADE = blob("4,59! 20,50 40,45 64,45! 64,59! 40,61 20,62")
SANTOKU_BLADE = blob("8,62! 9,54 16,47 24,45! 64,45! 64,61! 40,63 20,63")
PARING_BLADE = blob("30,54! 42,49 62,47! 62,55! 46,56")
GRIP = blob("64,45! 68,46 82,47 95,45 97,50 94,55 82,52.6 72,53.4 64,54!")


def bread_knife(canvas: Canvas, handle: Colour) -> None:
    """A long blade with pointed teeth."""
    teeth = many([poly((x, 54), (x + 3, 54), (x + 1.5, 57)) for x in range(6, 66, 3)])
    blade = blob("3,54! 6,48 12,46! 66,46! 66,54.4!") | teeth
    knife(canvas, blade, GRIP.moved(0.6, 0.5), handle, (73, 81, 89), PLASTIC)


C = NAMED
SPECKLED = Look("upright", gloss=0.3, texture="speckle", grain=0.6)
DRAWINGS: dict[str, Drawing] = {
    "pan-001": partial(pan, rim=(46, 46, 48), inside=(54, 54, 56), handle=INK, kind="iron"),
    "pan-002": partial(
        pan, rim=(104, 108, 114), inside=(118, 120, 124), handle=(96, 98, 104), kind="plain"
    ),
    "pan-003": partial(
        pan, rim=C["Green"], inside=(86, 152, 104), handle=(206, 168, 116), kind="coated"
    ),
    "pan-004": partial(
        pan, rim=STEEL_GREY, inside=(204, 208, 212), handle=STEEL_GREY, kind="steel", r=35
    ),
    "pan-005": partial(pan_set, main=(52, 52, 56)),
    "mug-001": partial(mug, main=C["Cream"], look=SPECKLED),
    "mug-002": partial(mug, main=C["Blue"], look=SPECKLED),
    "mug-003": glass_mugs,
    "mug-004": partial(enamel_mug, main=C["Green"]),
    "mug-005": partial(travel_mug, main=C["Black"]),
    "mug-006": partial(mug, main=C["White"], joke=True),
    "knife-001": partial(knife, blade=CHEF_BLADE, handle=GRIP, wood=WALNUT, rivets=(71, 80, 89)),
    "knife-002": partial(
        knife, blade=SANTOKU_BLADE, handle=GRIP, wood=C["Black"], rivets=(71, 80, 89), look=PLASTIC
    ),
    "knife-003": partial(bread_knife, handle=C["White"]),
    "knife-004": partial(
        knife,
        blade=PARING_BLADE,
        handle=blob("61,46! 72,46 88,47 90,51 87,56 72,55 61,56!"),
        wood=(190, 150, 92),
        rivets=(67, 82),
    ),
}
