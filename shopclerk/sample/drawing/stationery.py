"""Notebooks, pens and books."""

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
    text,
)
from shopclerk.sample.drawing.surfaces import (
    CLOTH,
    FLAT,
    LEATHER,
    MATTE,
    PAPER,
    PLASTIC,
    STEEL,
    Look,
)

WHITE = NAMED["White"]
PAGE: Colour = (246, 242, 230)
COVER = Look(depth=0.9, gloss=0.06, texture="noise", grain=0.03)


def open_notebook(canvas: Canvas, main: Colour, ruling: str) -> None:
    """A closed hardcover over an open one, so that cover and ruling both show."""
    canvas.pose = "lies"
    canvas.paint(rect(36, 42, 96, 90, 1.5), darker(main, 0.1), COVER)
    for x0, x1 in ((37.5, 66), (66, 94.5)):
        page = rect(x0, 43.5, x1, 88.5, 0.8)
        canvas.paint(page, PAGE, PAPER)
        if ruling == "Dotted":
            canvas.tint(
                many(
                    [
                        ellipse(x, y, 0.32)
                        for x in range(int(x0) + 4, int(x1) - 1, 3)
                        for y in range(48, 87, 3)
                    ]
                ),
                (110, 110, 116),
                0.9,
            )
        else:
            canvas.tint(
                many([rect(x0 + 3, y, x1 - 3, y + 0.35) for y in range(50, 87, 4)]),
                (110, 130, 170),
                0.9,
            )
    canvas.tint(line("66,43 66,89", w=3), (0, 0, 0), 0.25, 1)
    cover = rect(8, 8, 54, 74, 2)
    canvas.paint(cover.moved(1, 1), PAGE, PAPER)
    canvas.paint(cover, main, COVER, depth=1.4, cast=0.9)
    canvas.tint(rect(13.5, 8, 14.3, 74), (0, 0, 0), 0.3)
    canvas.paint(rect(47, 8, 49, 74), darker(main, 0.4), CLOTH, depth=0.6)
    canvas.paint(line("24,74 24,82", w=1.6) | line("28,74 29,84", w=1.6), NAMED["Red"], FLAT)


def pocket_notebooks(canvas: Canvas, main: Colour) -> None:
    """Three thin stapled booklets fanned out."""
    canvas.pose = "lies"
    for turn, tone in ((-14, darker(main, 0.12)), (2, lighter(main, 0.1)), (17, main)):
        book = rect(30, 18, 70, 78, 2).turned(turn, 50, 96)
        canvas.paint(book.moved(0.8, 0.8), PAGE, PAPER)
        canvas.paint(book, tone, COVER, depth=1, cast=0.8)
        canvas.tint(
            many([rect(31, 34, 31.8, 40), rect(31, 56, 31.8, 62)]).turned(turn, 50, 96),
            (120, 122, 128),
            0.9,
        )
        canvas.tint(rect(40, 30, 62, 38, 0.6).rim(0.5).turned(turn, 50, 96), INK, 0.75)


def leather_journal(canvas: Canvas, main: Colour) -> None:
    """A wrapped cover tied with a thong."""
    canvas.pose = "lies"
    canvas.paint(rect(26, 14, 80, 88, 2), PAGE, PAPER, texture="brushed", grain=0.05)
    canvas.paint(
        blob("20,12! 50,11 78,12! 79,50 77,87! 50,88 20,87! 19,50"),
        main,
        LEATHER,
        depth=3,
        grain=0.09,
    )
    canvas.paint(
        blob("48,12! 62,11 66,30 70,50 66,70 62,88 48,87!"),
        darker(main, 0.1),
        LEATHER,
        depth=2,
        grain=0.09,
        cast=0.7,
    )
    for y in (46, 50):
        canvas.paint(
            line((18, y), (50, y + 1), (80, y), w=1.6),
            darker(main, 0.4),
            LEATHER,
            depth=0.6,
            cast=0.6,
        )
    canvas.paint(
        many([line("66,50 74,66 70,80", w=1.4), line("66,50 62,68 66,82", w=1.4)]),
        darker(main, 0.4),
        LEATHER,
        depth=0.5,
    )
    canvas.paint(
        many(
            [
                ellipse(62, 47, 4, 2.4).turned(24, 62, 47),
                ellipse(70, 47, 4, 2.4).turned(-24, 70, 47),
                ellipse(66, 49, 1.8),
            ]
        ),
        darker(main, 0.4),
        LEATHER,
        depth=0.8,
    )


def cat_notebook(canvas: Canvas, main: Colour) -> None:
    """A pink spiral notebook with a cat's face."""
    canvas.pose = "lies"
    canvas.paint(rect(22, 11, 80, 91, 2), PAGE, PAPER)
    canvas.paint(rect(20, 10, 78, 90, 3), main, COVER, depth=1.4)
    canvas.paint(
        many([ring(20, y, 2.8, 1) for y in range(15, 88, 6)]), STEEL_GREY, PLASTIC, depth=0.4
    )
    canvas.tint(
        many([poly("34,46 35,29 47,38"), poly("66,46 65,29 53,38"), ellipse(50, 50, 18, 15)]),
        WHITE,
        1,
    )
    canvas.tint(
        many([poly("36.4,40 36.8,33 42,37"), poly("63.6,40 63.2,33 58,37")]), lighter(main, 0.2), 1
    )
    canvas.tint(ellipse(43, 48, 2, 2.6).both(), INK, 1)
    canvas.tint(ellipse(50, 53, 1.6, 1.2), main, 1)
    canvas.tint(line("50,54 47,57", w=0.7).both(), INK, 1)
    canvas.tint(
        many([line((36, y), (28, y - 1 + i * 2), w=0.6) for i, y in enumerate((51, 54))]).both(),
        INK,
        0.9,
    )
    canvas.tint(ellipse(38, 54, 3, 2).both(), main, 0.7)
    canvas.tint(text("meow", 50, 76, 9), WHITE, 1)
    canvas.tint(
        many([star(30, 20, 3), star(70, 24, 2.4), star(68, 82, 3), star(30, 74, 2.4)]), WHITE, 0.85
    )


def fountain_pen(canvas: Canvas, main: Colour, trim: Colour, facet: bool) -> None:
    """An uncapped pen with its cap beside it."""
    canvas.pose = "lies"

    def aslant(shape: Shape) -> Shape:
        return shape.turned(-32)

    body = (
        Look("lying", gloss=0.5)
        if not facet
        else Look("lying", gloss=0.3, texture="brushed", grain=0.06)
    )
    body = Look("puff", depth=2.6, gloss=0.6, sharp=14, texture=body.texture, grain=0.03)
    canvas.paint(aslant(blob("46,38! 90,39.4! 94,42.6 90,46! 46,47!")), main, body)
    canvas.paint(aslant(poly("46,38 30,39.6 30,45.4 46,47")), darker(main, 0.3), body)
    canvas.paint(
        aslant(many([rect(44, 37.6, 47, 47.4, 0.5), rect(29, 39.2, 31, 45.8, 0.5)])),
        trim,
        PLASTIC,
        depth=0.8,
        gloss=0.6,
    )
    canvas.paint(
        aslant(blob("29.4,40! 22,40.4 11,43! 22,45.4 29.4,45!")),
        trim if not facet else STEEL_GREY,
        PLASTIC,
        depth=1,
        gloss=0.6,
    )
    canvas.seam(aslant(line("11,42.8 23,42.8", w=0.4)), None, 0.7)
    canvas.paint(aslant(ellipse(23.4, 42.8, 0.9)), INK, FLAT)
    canvas.paint(aslant(blob("34,58! 72,57! 78,62.5 72,68! 34,67!")), main, body)
    canvas.paint(aslant(rect(34, 57.6, 37, 67.4, 0.4)), trim, PLASTIC, depth=0.8, gloss=0.6)
    canvas.paint(aslant(line("72,59.6 42,60.6", w=1.8)), trim, PLASTIC, depth=0.7, gloss=0.6)
    canvas.paint(aslant(ellipse(42, 60.6, 1.7)), trim, PLASTIC, depth=0.8, gloss=0.6)


INKS: list[Colour] = [
    (206, 40, 46), (236, 120, 40), (246, 200, 50), (130, 190, 70), (40, 140, 80), (50, 180, 180), (50, 120, 210),
    (40, 60, 140), (120, 74, 160), (220, 80, 150), (120, 76, 46), (44, 44, 48),
]  # fmt: skip


def gel_pens(canvas: Canvas) -> None:
    """Twelve clear pens side by side, each with its colour inside and on its cap."""
    canvas.pose = "lies"
    for index, tone in enumerate(INKS):
        x = 10.8 + index * 7.15
        y = 2.0 if index % 2 else 0.0
        canvas.paint(
            poly((x - 1.4, 18 + y), (x + 1.4, 18 + y), (x + 0.4, 11 + y), (x - 0.4, 11 + y)),
            STEEL_GREY,
            STEEL,
        )
        canvas.paint(
            rect(x - 2.3, 18 + y, x + 2.3, 78 + y, 1.2),
            (226, 232, 236),
            Look("upright", gloss=0.4),
            alpha=0.9,
        )
        canvas.tint(rect(x - 0.9, 20 + y, x + 0.9, 64 + y), tone, 0.95)
        canvas.paint(rect(x - 2.5, 22 + y, x + 2.5, 36 + y, 1), tone, Look("upright", gloss=0.3))
        canvas.paint(rect(x - 2.6, 66 + y, x + 2.6, 88 + y, 1.2), tone, Look("upright", gloss=0.4))


def brush_pens(canvas: Canvas) -> None:
    """Six pastel pens, uncapped, each over a stroke it has drawn."""
    canvas.pose = "lies"
    canvas.paint(rect(6, 8, 94, 92, 1), (252, 250, 246), PAPER)
    for index, tone in enumerate([INKS[0], INKS[1], INKS[2], INKS[4], INKS[6], INKS[8]]):
        pastel = mix(tone, WHITE, 0.52)
        y = 18 + index * 13
        canvas.tint(
            blob(
                (10, y),
                (18, y - 3),
                (32, y - 1),
                (40, y - 3),
                (42, y + 2),
                (30, y + 3),
                (16, y + 3),
            ),
            pastel,
            0.85,
            0.2,
        )
        canvas.paint(
            blob((46, y - 1.6, 0), (40, y, 0), (46, y + 1.6, 0)),
            darker(pastel, 0.25),
            MATTE,
            depth=0.6,
        )
        canvas.paint(
            poly((46, y - 1.8), (52, y - 3), (52, y + 3), (46, y + 1.8)),
            (70, 70, 74),
            Look("lying"),
        )
        canvas.paint(rect(52, y - 3.8, 92, y + 3.8, 2), WHITE, Look("lying", gloss=0.2))
        canvas.paint(rect(82, y - 3.8, 92, y + 3.8, 2), pastel, Look("lying", gloss=0.3))
        canvas.tint(rect(60, y - 0.8, 76, y + 0.8), pastel, 0.9)


def _book(canvas: Canvas, cover: Colour, thick: float, hard: bool) -> Shape:
    """A standing book seen a little from the right; hands back its front."""
    if hard:
        canvas.paint(
            poly((78, 9), (78 + thick + 1, 13), (78 + thick + 1, 89), (78, 93)),
            darker(cover, 0.35),
            MATTE,
            depth=0.6,
        )
    pages = poly((77, 10), (77 + thick, 13.4), (77 + thick, 88), (77, 91))
    canvas.paint(pages, PAGE, Look("flat"))
    canvas.tint(
        many(
            [
                line((77 + i, 11 + i * 0.4), (77 + i, 90 - i * 0.4), w=0.25)
                for i in range(1, int(thick))
            ]
        ),
        (150, 140, 120),
        0.6,
    )
    front = canvas.paint(rect(20, 8, 78, 93, 0.6), cover, COVER)
    canvas.tint(rect(20, 8, 23, 93), (0, 0, 0), 0.2, 0.6)
    return front


def bread_book(canvas: Canvas) -> None:
    """A cookbook with a round loaf on its cover."""
    _book(canvas, (228, 206, 168), 8, True)
    canvas.tint(text("The Patient\nOven", 50, 24, 9), (92, 52, 28), 1)
    canvas.paint(
        ellipse(50, 64, 23, 16),
        (176, 108, 52),
        PLASTIC,
        depth=8,
        gloss=0.1,
        texture="noise",
        grain=0.12,
    )
    for x in (38, 46, 54, 62):
        canvas.tint(line((x, 52), (x - 4, 66), w=1.8), (238, 206, 150), 0.9, 0.3)
    canvas.tint(text("Bread for Slow Weekends", 50, 86, 4), (92, 52, 28), 1)


def snail_book(canvas: Canvas) -> None:
    """A picture book: a snail with a suitcase under a sun."""
    front = _book(canvas, (126, 196, 226), 4, True)
    canvas.tint(blob("18,74 40,66 60,70 82,64 82,100 18,100") & front, (118, 184, 84), 1)
    canvas.tint(ellipse(66, 36, 7), (252, 214, 84), 1)
    canvas.tint(text("Where Snails\nGo on Holiday", 49, 20, 7), WHITE, 1)
    canvas.tint(blob("28,80 34,73 60,73 66,58 72,60 70,76 62,81"), (236, 200, 150), 1)
    canvas.tint(line("66,60 63,51", w=1.1) | line("70,60 73,52", w=1.1), (236, 200, 150), 1)
    canvas.tint(many([ellipse(63, 51, 1.5), ellipse(73, 52, 1.5)]), INK, 1)
    canvas.tint(ellipse(47, 64, 13), (224, 96, 96), 1)
    canvas.tint(ring(47, 64, 9.4, 1.6) | ring(47, 64, 5, 1.4), (250, 210, 190), 1)
    canvas.tint(rect(66, 72, 76, 80, 1) | ring(71, 72, 2.6, 0.8), (140, 86, 50), 1)


def tea_book(canvas: Canvas) -> None:
    """A French paperback with a steaming cup under a moon."""
    _book(canvas, (58, 54, 104), 5, False)
    canvas.tint(text("Le Petit Guide\ndu soir", 50, 24, 7), (250, 232, 190), 1)
    canvas.tint(ellipse(66, 44, 6) - ellipse(69, 42, 6), (252, 226, 150), 1)
    canvas.tint(sym("33,60! 36,74 44,80!", x=50), (240, 236, 226), 1)
    canvas.tint(ring(69, 66, 6, 2), (240, 236, 226), 1)
    canvas.tint(ellipse(50, 60, 17, 3), (186, 120, 60), 1)
    canvas.tint(ellipse(50, 83, 22, 2.4), (240, 236, 226), 1)
    canvas.tint(
        many([line((x, 56), (x + 2, 50), (x - 1, 45), (x + 1, 40), w=1) for x in (44, 51)]),
        (220, 220, 240),
        0.8,
    )
    canvas.tint(
        many([star(28, 40, 1.6), star(38, 47, 1.2), star(74, 60, 1.4), star(27, 56, 1.2)]),
        (252, 226, 150),
        1,
    )


def mountain_book(canvas: Canvas) -> None:
    """A travel paperback with layered hills."""
    front = _book(canvas, (232, 226, 208), 6, False)
    for points, tone in (
        (((18, 66), (32, 46), (44, 58), (58, 40), (82, 62), (82, 100), (18, 100)), (146, 172, 178)),
        (((18, 76), (36, 60), (52, 70), (68, 58), (82, 70), (82, 100), (18, 100)), (84, 124, 118)),
        (((18, 86), (40, 74), (60, 80), (82, 74), (82, 100), (18, 100)), (48, 82, 70)),
    ):
        canvas.tint(poly(*points) & front, tone, 1)
    canvas.tint(ellipse(36, 42, 5), (226, 120, 70), 1)
    canvas.tint(text("Field Notes on\nSmall Mountains", 50, 22, 7), (48, 62, 56), 1)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "note-001": partial(open_notebook, main=C["Green"], ruling="Dotted"),
    "note-002": partial(open_notebook, main=C["Black"], ruling="Lined"),
    "note-003": partial(pocket_notebooks, main=C["Tan"]),
    "note-004": partial(leather_journal, main=C["Brown"]),
    "note-005": partial(cat_notebook, main=C["Pink"]),
    "pen-001": partial(fountain_pen, main=C["Burgundy"], trim=BRASS, facet=False),
    "pen-002": partial(fountain_pen, main=C["Blue"], trim=STEEL_GREY, facet=True),
    "pen-003": gel_pens,
    "pen-004": brush_pens,
    "book-001": bread_book,
    "book-002": snail_book,
    "book-003": tea_book,
    "book-004": mountain_book,
}
