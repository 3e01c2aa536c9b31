"""Face creams and lipsticks."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import (
    BRASS,
    INK,
    LEAF,
    NAMED,
    Colour,
    darker,
    lighter,
)
from shopclerk.sample.drawing.shapes import (
    blob,
    ellipse,
    line,
    many,
    poly,
    rect,
    star,
    text,
)
from shopclerk.sample.drawing.surfaces import PLASTIC, ROUND, Look

WHITE = NAMED["White"]
CHOCOLATE: Colour = (72, 40, 26)


def cream_jar(
    canvas: Canvas,
    jar: Colour,
    lid: Colour,
    cream: Colour,
    words: str,
    motif: str = "",
    wide: float = 32,
) -> None:
    """An open jar with a swirl of cream; its lid leans beside it."""
    canvas.paint(ellipse(80, 62, 17, 20).turned(12, 80, 62), lid, PLASTIC, depth=3, gloss=0.4)
    canvas.paint(
        ellipse(79, 62, 13, 16).turned(12, 79, 62),
        darker(lid, 0.15),
        PLASTIC,
        depth=2,
        strength=-0.5,
    )
    x0, x1 = 42 - wide, 42 + wide
    canvas.paint(rect(x0, 50, x1, 88, 6), jar, Look("upright", gloss=0.35))
    canvas.paint(rect(x0 + 3, 44, x1 - 3, 52, 1), darker(jar, 0.1), Look("upright", gloss=0.3))
    canvas.paint(ellipse(42, 44, wide - 3, 6), lighter(jar, 0.3), PLASTIC, depth=1)
    canvas.paint(ellipse(42, 44, wide - 5.4, 4.6), cream, PLASTIC, depth=2)
    swirl = blob("24,44 28,38 38,36 42,29 47,35 57,38 61,44 42,48")
    canvas.paint(swirl, cream, PLASTIC, depth=3, gloss=0.25, cast=0.2)
    canvas.tint(line("30,41 42,39 52,41", w=0.8), darker(cream, 0.3), 0.5, 0.3)
    ink = darker(jar, 0.65) if sum(jar) > 400 else WHITE
    canvas.tint(text(words, 42, 76, 6), ink, 0.9)
    if motif == "rose":
        canvas.tint(
            many([ellipse(42, 63, 4.6), ellipse(38, 64, 3.4), ellipse(46, 64, 3.4)]),
            (222, 90, 120),
            0.9,
        )
        canvas.tint(line("40,62 43,60 45,63 41,65", w=0.7), (150, 40, 70), 0.9)
    elif motif == "leaf":
        canvas.tint(blob("34,66! 40,57 51,58! 45,66"), LEAF, 0.95)
        canvas.tint(line("35,66 50,58.5", w=0.5), WHITE, 0.9)
    elif motif == "moon":
        canvas.tint(ellipse(42, 62, 5) - ellipse(44.4, 60.6, 4.8), (246, 226, 160), 1)


def cream_tube(canvas: Canvas) -> None:
    """A sun cream tube standing on its cap."""
    canvas.paint(
        poly("28,8 72,8 66,78 34,78"), (252, 246, 230), Look("upright", gloss=0.3, strength=0.6)
    )
    canvas.paint(rect(28, 7, 72, 12), (236, 228, 208), Look("flat", texture="rib", grain=0.08))
    canvas.paint(rect(33, 76, 67, 93, 3), (250, 190, 70), ROUND)
    canvas.tint(star(50, 32, 12, 12, 0.62), (250, 190, 70), 1)
    canvas.tint(ellipse(50, 32, 6), (255, 214, 110), 1)
    canvas.tint(text("SPF 30", 50, 54, 9), (200, 120, 40), 1)
    canvas.tint(text("Daylight", 50, 64, 5.4), (120, 100, 70), 1)


def serum_jar(canvas: Canvas) -> None:
    """A large gold jar, closed, with loud words."""
    canvas.paint(rect(16, 42, 84, 90, 6), (244, 236, 220), Look("upright", gloss=0.4))
    canvas.paint(rect(14, 20, 86, 43, 4), (214, 172, 92), Look("metal", gloss=0.4))
    canvas.seam(many([rect(x, 22, x + 0.4, 42) for x in range(18, 86, 4)]), None, 0.25)
    canvas.tint(text("RETINOL", 50, 57, 11), (150, 96, 30), 1)
    canvas.tint(text("+ VITAMIN C", 50, 68, 7), (230, 120, 40), 1)
    canvas.tint(text("100 ml", 50, 79, 5.4), (120, 100, 80), 1)


def lipstick(
    canvas: Canvas,
    tone: Colour,
    case: Colour,
    sheer: bool,
    x: float = 40,
    small: float = 1.0,
    cap: bool = True,
) -> None:
    """A twisted-up lipstick; its cap stands beside it where asked for."""
    k = small
    base = 92.0

    def up(value: float) -> float:
        return base - value * k

    bullet = blob(
        (x - 8 * k, up(38), 0),
        (x - 8 * k, up(66)),
        (x - 2 * k, up(80)),
        (x + 5 * k, up(84)),
        (x + 8 * k, up(76)),
        (x + 8 * k, up(38), 0),
    )
    canvas.paint(
        bullet, tone, Look("upright", gloss=0.75 if sheer else 0.2), alpha=0.9 if sheer else 1
    )
    slant = blob(
        (x - 7 * k, up(64)),
        (x - 1 * k, up(79)),
        (x + 5 * k, up(83)),
        (x + 7 * k, up(77)),
        (x, up(68)),
    )
    canvas.paint(
        slant, lighter(tone, 0.14), PLASTIC, depth=1.4, gloss=0.5 if sheer else 0.12, cast=0
    )
    canvas.paint(rect(x - 9.4 * k, up(42), x + 9.4 * k, up(28)), BRASS, Look("metal", gloss=0.4))
    canvas.paint(rect(x - 12 * k, up(29), x + 12 * k, base, 1.4), case, Look("upright", gloss=0.5))
    canvas.paint(rect(x - 12 * k, up(29), x + 12 * k, up(26.6)), BRASS, Look("metal", gloss=0.4))
    if cap:
        canvas.paint(rect(64, 44, 88, 92, 2), case, Look("upright", gloss=0.5))
        canvas.paint(rect(64, 86, 88, 89), BRASS, Look("metal", gloss=0.4))


def six_lipsticks(canvas: Canvas) -> None:
    """Six nude shades in a row."""
    shades: list[Colour] = [
        (212, 160, 136),
        (198, 136, 112),
        (186, 118, 100),
        (206, 148, 140),
        (170, 104, 84),
        (222, 176, 150),
    ]
    for index, tone in enumerate(shades):
        lipstick(canvas, tone, (60, 48, 46), False, x=11 + index * 15.6, small=0.56, cap=False)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "cream-001": partial(
        cream_jar,
        jar=(52, 62, 104),
        lid=(206, 168, 98),
        cream=(250, 244, 230),
        words="OVERNIGHT",
        motif="moon",
    ),
    "cream-002": cream_tube,
    "cream-003": partial(
        cream_jar,
        jar=(178, 214, 170),
        lid=(96, 150, 92),
        cream=(196, 230, 188),
        words="NETTLE GEL",
        motif="leaf",
        wide=34,
    ),
    "cream-004": partial(
        cream_jar,
        jar=(244, 214, 218),
        lid=(232, 184, 190),
        cream=(252, 236, 236),
        words="ROSE",
        motif="rose",
        wide=29,
    ),
    "cream-005": serum_jar,
    "lip-001": partial(lipstick, tone=(166, 44, 36), case=INK, sheer=False),
    "lip-002": partial(lipstick, tone=(206, 122, 136), case=INK, sheer=False),
    "lip-003": partial(lipstick, tone=(112, 48, 124), case=(232, 226, 220), sheer=True),
    "lip-004": six_lipsticks,
}
