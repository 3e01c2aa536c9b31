"""Tea, coffee and chocolate."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    BRASS,
    INK,
    LEAF,
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
    star,
    sym,
    text,
)
from shopclerk.sample.drawing.surfaces import FLAT, MATTE, PAPER, PLASTIC, STEEL, Look

WHITE = NAMED["White"]
CHOCOLATE: Colour = (72, 40, 26)


def _leaves(canvas: Canvas, tone: Colour, count: int = 70) -> None:
    rng = canvas.rng
    for _ in range(count):
        x, y = 50 + rng.normal(0, 14), 89 + rng.uniform(-3, 4)
        leaf = ellipse(x, y, 2.6, 0.9).turned(float(rng.uniform(-60, 60)), x, y)
        canvas.paint(leaf, mix(tone, WHITE, float(rng.uniform(0, 0.2))), MATTE, depth=0.5)


def tea_pouch(canvas: Canvas, main: Colour, label: str, leaf: Colour, art: str) -> None:
    """A stand-up pouch with a folded top and loose leaves before it."""
    pouch = blob("27,14! 73,14! 74,40 77,66 74,88! 50,90 26,88! 23,66 26,40")
    canvas.paint(pouch, main, Look(depth=5, gloss=0.12, sharp=8, texture="folds", grain=0.05))
    canvas.paint(
        rect(26.6, 12, 73.4, 19, 0.6), darker(main, 0.15), Look("flat", texture="rib", grain=0.05)
    )
    canvas.tint(rect(34, 28, 66, 70, 1.5), (246, 240, 224), 1)
    if art == "mist":
        canvas.tint(poly("36,56 46,36 52,46 58,38 64,56"), (110, 156, 120), 1)
        canvas.tint(
            many([line("36,50 64,50", w=1.4), line("38,54 62,54", w=1.4)]),
            (246, 240, 224),
            0.9,
            0.3,
        )
    else:
        canvas.tint(
            many(
                [
                    line("44,54 42,48 46,43 44,37", w=1.3),
                    line("52,54 50,47 55,42 52,34", w=1.3),
                    line("58,54 57,49 60,45", w=1.1),
                ]
            ),
            (120, 110, 104),
            1,
        )
        canvas.tint(line("40,56 62,58", w=2), (100, 62, 36), 1)
    canvas.tint(text(label, 50, 64, 5), INK, 1)
    _leaves(canvas, leaf)


def tea_box(canvas: Canvas, main: Colour, words: str, number: str, art: str) -> None:
    """A carton of tea bags with one bag and its tag hanging out in front."""
    canvas.paint(poly("18,24 26,14 86,14 78,24"), lighter(main, 0.2), PAPER)
    canvas.paint(poly("78,24 86,14 86,82 78,90"), darker(main, 0.3), PAPER)
    canvas.paint(rect(18, 24, 78, 90), main, PAPER)
    canvas.tint(rect(24, 30, 72, 58, 2), (248, 242, 228), 1)
    if art == "cup":
        canvas.tint(sym("36,38! 38,48 43,53!", x=47), (180, 60, 40), 1)
        canvas.tint(ellipse(47, 38, 11, 2), (110, 56, 24), 1)
    elif art == "daisy":
        for x, y in ((38, 42), (56, 46), (48, 37)):
            canvas.tint(star(x, y, 6, 10, 0.5), (255, 255, 255), 1)
            canvas.tint(star(x, y, 6.4, 10, 0.5).rim(0.4), (190, 190, 180), 1)
            canvas.tint(ellipse(x, y, 2), (246, 196, 60), 1)
    else:
        canvas.tint(ellipse(42, 44, 9), (250, 214, 70), 1)
        canvas.tint(
            many(
                [
                    line((42, 44), (42 + dx, 44 + dy), w=0.6)
                    for dx, dy in ((7, 0), (-7, 0), (0, 7), (0, -7), (5, 5), (-5, 5))
                ]
            ),
            WHITE,
            1,
        )
        canvas.tint(blob("54,52 52,42 60,40 64,46 68,50 60,54"), (206, 164, 104), 1)
    canvas.tint(text(words, 48, 66, 6.2), WHITE if sum(main) < 480 else INK, 1)
    canvas.tint(text(number, 32, 79, 9), WHITE if sum(main) < 480 else INK, 1)
    canvas.paint(line("58,84 66,76 76,80", w=0.6), WHITE, FLAT)
    canvas.paint(
        poly("48,78 62,78 64,94 46,94"),
        (226, 210, 180),
        PAPER,
        texture="weave",
        grain=0.08,
        cast=0.8,
    )
    canvas.tint(ellipse(55, 87, 6, 5), darker(main, 0.4), 0.5, 1)
    canvas.paint(rect(72, 78, 82, 88, 1), lighter(main, 0.2), PAPER, cast=0.8)


def matcha_tin(canvas: Canvas) -> None:
    """A small tin beside a bowl of green powder with a bamboo whisk."""
    canvas.paint(rect(12, 34, 50, 90, 2), (40, 88, 56), Look("upright", gloss=0.4))
    canvas.paint(rect(11, 24, 51, 38, 2), STEEL_GREY, STEEL)
    canvas.tint(rect(18, 48, 44, 80, 1), (244, 238, 220), 0.95)
    canvas.tint(
        many([blob("31,74! 22,66 24,55! 31,62"), blob("31,74! 40,66 38,55! 31,62")]), LEAF, 1
    )
    canvas.paint(
        blob("54,66! 57,80 66,89 84,89 92,80 95,66!"), (60, 56, 54), Look("upright", gloss=0.3)
    )
    canvas.paint(ellipse(74.5, 66, 20.5, 5), (40, 38, 38), MATTE, depth=1)
    canvas.paint(
        blob("57,66 66,60 74,55 84,60 92,66 74,70"),
        (126, 172, 58),
        MATTE,
        depth=4,
        texture="noise",
        grain=0.1,
    )
    canvas.paint(
        rect(70, 30, 76, 46, 2), (222, 190, 132), Look("upright", texture="grain", grain=0.1)
    )
    canvas.paint(
        many([line((73 + i * 0.8, 45), (73 + i * 1.7, 60), w=0.8) for i in range(-4, 5)]),
        (222, 190, 132),
        PLASTIC,
        depth=0.4,
    )


def coffee_bag(
    canvas: Canvas, main: Colour, label: Colour, words: str, big: bool, ground: bool, bean: Colour
) -> None:
    """A gusseted bag with a valve; beans or ground coffee lie before it."""
    top = 6.0 if big else 16.0
    bag = blob((26, top, 0), (74, top, 0), (76, 50), (76, 90, 0), (50, 91), (24, 90, 0), (24, 50))
    canvas.paint(bag, main, Look(depth=5, gloss=0.12, sharp=8, texture="folds", grain=0.05))
    canvas.paint(rect(25.6, top, 74.4, top + 8, 0.6), darker(main, 0.2), MATTE, depth=1)
    canvas.paint(rect(38, top + 2, 62, top + 5, 1), BRASS, PLASTIC, depth=0.7)
    canvas.paint(ellipse(50, top + 15, 2.4), darker(main, 0.3), PLASTIC, depth=0.8)
    canvas.tint(rect(32, top + 24, 68, top + 52, 1.5), label, 1)
    canvas.tint(text(words, 50, top + 38, 4.6), INK if sum(label) > 400 else WHITE, 1)
    rng = canvas.rng
    if ground:
        canvas.paint(
            blob("18,93 32,84 50,79 68,84 82,93 50,96"),
            bean,
            MATTE,
            depth=3,
            texture="noise",
            grain=0.3,
        )
        return
    for _ in range(34):
        x, y, turn = (
            float(50 + rng.normal(0, 17)),
            float(90 + rng.uniform(-4, 3)),
            float(rng.uniform(-70, 70)),
        )
        canvas.paint(
            ellipse(x, y, 3.2, 2.3).turned(turn, x, y),
            bean,
            PLASTIC,
            depth=1.2,
            gloss=0.3,
            cast=0.6,
        )
        canvas.seam(line((x - 2.4, y), (x + 2.4, y + 0.4), w=0.5).turned(turn, x, y), None, 0.6)


def chocolate_bar(canvas: Canvas, wrap: Colour, bar: Colour, words: str, topping: Colour) -> None:
    """A bar half out of its wrapper, its squares and topping showing."""
    canvas.pose = "lies"

    def aslant(shape: Shape) -> Shape:
        return shape.turned(-16)

    canvas.paint(aslant(rect(52, 31, 92, 69, 1)), bar, PLASTIC, depth=1.4, gloss=0.2)
    for row in range(3):
        for column in range(3):
            x, y = 55 + column * 12.2, 33 + row * 11.6
            canvas.paint(
                aslant(rect(x, y, x + 11.2, y + 10.6, 1)),
                lighter(bar, 0.05),
                PLASTIC,
                depth=1.8,
                gloss=0.25,
                cast=0.5,
            )
    rng = canvas.rng
    spots = [(float(rng.uniform(58, 90)), float(rng.uniform(34, 66))) for _ in range(16)]
    canvas.paint(
        aslant(many([ellipse(x, y, 1.1) for x, y in spots])), topping, PLASTIC, depth=0.7, cast=0.6
    )
    canvas.paint(
        aslant(poly("50,29 58,30 55,36 59,44 55,52 59,60 55,70 50,71")),
        STEEL_GREY,
        PLASTIC,
        depth=1,
        gloss=0.5,
    )
    canvas.paint(aslant(rect(6, 29, 52, 71, 1)), wrap, Look(depth=1.6, gloss=0.12))
    canvas.tint(aslant(rect(10, 34, 48, 66, 1).rim(0.6)), (240, 220, 170), 0.9)
    canvas.tint(aslant(text(words, 29, 50, 8)), (248, 234, 200), 1)


def truffles(canvas: Canvas) -> None:
    """Twelve cocoa-dusted truffles in an open box."""
    canvas.pose = "lies"
    canvas.paint(rect(10, 16, 90, 86, 2), (216, 110, 44), PAPER)
    canvas.paint(rect(13, 19, 87, 83, 1), (120, 58, 26), FLAT)
    for row in range(3):
        for column in range(4):
            x, y = 23 + column * 18, 30 + row * 21
            cup = star(x, y, 9.6, 18, 0.9)
            canvas.paint(cup, (60, 36, 26), PLASTIC, depth=1)
            canvas.paint(
                ellipse(x, y, 7.6),
                CHOCOLATE,
                Look("ball", texture="noise", grain=0.2, gloss=0),
                strength=1.0,
            )
            if (row + column) % 2:
                canvas.paint(
                    line((x - 2.4, y - 2), (x + 2, y - 3.4), w=1.6),
                    (240, 150, 50),
                    PLASTIC,
                    depth=0.6,
                )


def chocolate_box(canvas: Canvas) -> None:
    """A heart-shaped red box of assorted chocolates with a ribbon on its lid."""
    canvas.pose = "lies"

    def heart(k: float, x: float, y: float) -> Shape:
        return sym(
            (x, y - 13 * k),
            (x - 13 * k, y - 22 * k),
            (x - 26 * k, y - 12 * k),
            (x - 22 * k, y + 6 * k),
            (x, y + 26 * k, 0),
            x=x,
        )

    canvas.paint(heart(1.35, 62, 56), NAMED["Red"], PLASTIC, depth=2.4)
    canvas.paint(heart(1.2, 62, 56), (246, 226, 200), PAPER)
    tones: list[Colour] = [CHOCOLATE, (140, 84, 48), (240, 226, 200), (96, 54, 34)]
    spots = [
        (45, 38),
        (57, 42),
        (69, 42),
        (80, 38),
        (40, 51),
        (52, 54),
        (64, 55),
        (76, 53),
        (85, 50),
        (50, 66),
        (62, 68),
        (74, 66),
        (62, 80),
    ]
    for index, (x, y) in enumerate(spots):
        shape = ellipse(x, y, 5) if index % 3 else rect(x - 4.6, y - 4.6, x + 4.6, y + 4.6, 1.4)
        canvas.paint(shape, tones[index % 4], PLASTIC, depth=2, gloss=0.3, cast=0.7)
        canvas.tint(
            line((x - 3, y + 1), (x, y - 1.4), (x + 3, y + 1), w=0.7), tones[(index + 2) % 4], 0.9
        )
    canvas.paint(heart(0.9, 26, 34), (186, 30, 44), PLASTIC, depth=3, gloss=0.3, cast=0.9)
    canvas.paint(
        line("6,42 46,30", w=2.6) & heart(0.9, 26, 34), (250, 216, 120), PLASTIC, depth=0.8
    )
    bow = many([blob("26,36 17,29 16,40"), blob("26,36 35,27 36,38"), ellipse(26, 36, 2.4)])
    canvas.paint(bow, (250, 216, 120), PLASTIC, depth=1.2, cast=0.7)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "tea-001": partial(
        tea_pouch, main=(94, 140, 98), label="GREEN TEA", leaf=(86, 116, 56), art="mist"
    ),
    "tea-002": partial(
        tea_pouch, main=(60, 52, 50), label="SMOKED", leaf=(58, 40, 30), art="smoke"
    ),
    "tea-003": partial(tea_box, main=(176, 44, 40), words="BREAKFAST TEA", number="80", art="cup"),
    "tea-004": partial(tea_box, main=(226, 180, 60), words="CHAMOMILE", number="20", art="daisy"),
    "tea-005": matcha_tin,
    "tea-006": partial(
        tea_box, main=(120, 186, 66), words="GINGER LEMON", number="28", art="lemon"
    ),
    "bean-001": partial(
        coffee_bag,
        main=(50, 46, 48),
        label=(206, 150, 70),
        words="HARBOUR",
        big=True,
        ground=False,
        bean=(60, 34, 22),
    ),
    "bean-002": partial(
        coffee_bag,
        main=(232, 218, 190),
        label=(236, 140, 80),
        words="HIGH TERRACE",
        big=False,
        ground=False,
        bean=(150, 96, 56),
    ),
    "bean-003": partial(
        coffee_bag,
        main=(80, 130, 168),
        label=(246, 240, 226),
        words="DECAF",
        big=False,
        ground=True,
        bean=(92, 56, 34),
    ),
    "choc-001": partial(
        chocolate_bar,
        wrap=(34, 44, 66),
        bar=(54, 32, 24),
        words="85%\nSEA SALT",
        topping=(246, 246, 244),
    ),
    "choc-002": partial(
        chocolate_bar,
        wrap=(196, 130, 60),
        bar=(132, 80, 46),
        words="MILK\nHAZELNUT",
        topping=(206, 160, 104),
    ),
    "choc-003": truffles,
    "choc-004": chocolate_box,
}
