"""Shoes, boots, sandals and slippers, seen from the side with the toe to the left."""

from __future__ import annotations

from functools import partial

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import DARK, NAMED, Colour, darker, lighter, mix
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, many, rect, star
from shopclerk.sample.drawing.surfaces import CLOTH, FLAT, FUR, LEATHER, MATTE, PLASTIC, RUBBER

WHITE = NAMED["White"]


def _low_upper() -> Shape:
    return blob(
        "8,68! 9,60 16,54 28,50 40,43 50,35 56,33 62,38 70,43 80,40 87,31 91,32 92,44 93,58 93,68!"
    )


def _laces(
    canvas: Canvas, start: tuple[float, float], end: tuple[float, float], count: int, colour: Colour
) -> None:
    for index in range(count):
        share = index / (count - 1)
        x = start[0] + (end[0] - start[0]) * share
        y = start[1] + (end[1] - start[1]) * share
        canvas.paint(
            line((x - 3.6, y - 1.2), (x, y + 1), (x + 4.2, y + 4.2), w=1.7),
            colour,
            CLOTH,
            depth=0.8,
        )
        canvas.paint(ellipse(x + 4.6, y + 4.8, 0.8), darker(colour, 0.5), FLAT)


def running_shoe(
    canvas: Canvas,
    main: Colour,
    sole: Colour = WHITE,
    accent: Colour = WHITE,
    lugs: bool = False,
    slim: bool = False,
) -> None:
    """A trainer with a thick curved foam sole and a sweeping stripe."""
    thick = 0.0 if slim else 2.0
    upper = _low_upper()
    canvas.paint(ellipse(71, 42, 16, 6), darker(main, 0.6), CLOTH)
    canvas.paint(upper, main, CLOTH, depth=7, texture="mesh", grain=0.12)
    heel = blob("78,70! 80,52 87,31 92,32 94,70!") & upper
    canvas.paint(heel, darker(main, 0.18), PLASTIC, depth=3, gloss=0.15)
    toe = blob("6,72! 8,61 14,60 21,64 25,72!") & upper
    canvas.paint(toe, darker(main, 0.18), PLASTIC, depth=1.2, gloss=0.15)
    swoop = line("35,66 52,61 66,50 77,44", w=4.6) & upper
    canvas.paint(swoop, accent, PLASTIC, depth=1)
    canvas.paint(line("39,66 56,64 72,54", w=1.6) & upper, accent, FLAT)
    canvas.paint(blob("36,46 48,35 56,32 60,38 54,46 44,52"), lighter(main, 0.12), CLOTH)
    _laces(canvas, (38, 46), (53, 35), 5, accent)
    canvas.paint(line("56,34 63,40 71,44 80,41 88,31", w=2.2), darker(main, 0.3), CLOTH)
    bottom = 78 + thick
    foam = blob(
        (5, 66), (14, 68), (30, 70), (50, 69), (70, 66), (88, 64), (97, 66), (95, bottom - 1), (80, bottom),
        (60, bottom - 2), (40, bottom), (18, bottom - 1), (8, 74),
    )  # fmt: skip
    canvas.paint(foam, sole, RUBBER, depth=3.5)
    canvas.seam(line("10,72 30,75 55,73 92,70", w=0.6), foam, 0.25)
    tread = blob(
        (9, 75),
        (40, bottom - 1),
        (60, bottom - 3),
        (95, bottom - 3),
        (92, bottom + 1),
        (60, bottom),
        (40, bottom + 2),
        (16, bottom + 1),
    )
    canvas.paint(tread, DARK if not slim else main, RUBBER)
    if lugs:
        canvas.paint(
            many([rect(x, bottom - 1, x + 4, bottom + 4, 0.8) for x in range(14, 92, 7)]),
            DARK,
            RUBBER,
        )


def sneaker(
    canvas: Canvas,
    main: Colour,
    sole: Colour = WHITE,
    trim: Colour | None = None,
    cap: bool = False,
) -> None:
    """A flat court shoe with a straight rubber sole; a rubber toe cap makes it a plimsoll."""
    trim = trim or darker(main, 0.08)
    upper = blob(
        "7,70! 7,60 14,55 28,53 42,45 52,38 58,36 64,42 74,45 84,42 90,36 93,38 93,54 94,70!"
    )
    look = CLOTH if cap else LEATHER
    canvas.paint(ellipse(74, 44, 15, 5), mix(main, DARK, 0.6), CLOTH)
    canvas.paint(upper, main, look, depth=6)
    canvas.paint(blob("38,48 51,38 59,36 60,42 52,50 44,55"), lighter(main, 0.1), look)
    canvas.seam(line("30,53 42,58 58,48 66,44", w=0.5), upper)
    canvas.seam(line("44,56 48,70", w=0.5), upper)
    canvas.paint(blob("82,70! 82,50 86,40 94,36 95,70!") & upper, trim, look, depth=2)
    if cap:
        canvas.paint(blob("5,72! 6,60 14,55 22,60 24,72!"), sole, RUBBER, depth=3)
    else:
        canvas.seam(
            many([ellipse(15 + i * 3, 60 + (i % 2) * 2.5, 0.5) for i in range(5)]), upper, 0.35
        )
    _laces(canvas, (40, 49), (54, 39), 5, WHITE)
    foam = blob("5,69 20,69 50,69.5 80,69 96,68 97,77 93,79 50,79 12,79 5,77")
    canvas.paint(foam, sole, RUBBER, depth=2)
    stripe = trim if cap else darker(sole, 0.25)
    canvas.paint(line("6,71.5 50,72 96,71", w=0.9), stripe, FLAT)


def high_top(canvas: Canvas, main: Colour, second: Colour) -> None:
    """A padded ankle-high sneaker in two colours."""
    upper = blob(
        "8,72! 8,61 16,56 30,53 42,44 49,28 52,17 66,18 80,19 88,17 90,30 89,45 93,60 94,72!"
    )
    canvas.paint(upper, main, LEATHER, depth=6, gloss=0.08)
    canvas.paint(blob("8,73! 8,61 17,56 29,58 32,73!") & upper, second, LEATHER, depth=4)
    canvas.paint(blob("74,73! 73,55 82,40 95,44 96,73!") & upper, second, LEATHER, depth=4)
    canvas.paint(blob("52,17 70,19 88,17 89,25 70,27 50,25"), darker(second, 0.1), CLOTH, depth=4)
    canvas.paint(line("46,66 60,58 72,42 80,34", w=4), second, LEATHER, depth=1)
    canvas.paint(blob("36,49 44,42 49,27 56,27 54,42 47,55"), mix(main, WHITE, 0.12), CLOTH)
    _laces(canvas, (39, 49), (51, 24), 7, second)
    foam = blob("5,71 50,71 96,70 97,80 92,82 50,82 12,82 5,79")
    canvas.paint(foam, WHITE, RUBBER)
    canvas.paint(blob("5,77 50,77 97,77 92,82 50,82 12,82"), second, RUBBER)


def velcro_sneaker(canvas: Canvas, main: Colour) -> None:
    """A short child's shoe with two broad straps and a toe bumper."""
    upper = blob("12,70! 11,56 20,47 36,45 48,36 58,30 66,38 78,39 86,31 90,33 91,50 92,70!")
    canvas.paint(ellipse(74, 38, 14, 5), darker(main, 0.6), CLOTH)
    canvas.paint(upper, main, CLOTH, depth=7)
    strap = NAMED["Yellow"]
    for shift in (0, 1):
        x, y = 36 + shift * 11, 47 - shift * 8
        band = blob(
            (x - 3, y - 4),
            (x + 4, y - 6),
            (x + 17, y + 12),
            (x + 19, y + 20),
            (x + 10, y + 19),
            (x, y + 8),
        )
        canvas.paint(band, strap, CLOTH, depth=2)
        canvas.seam(line((x - 1, y - 1), (x + 11, y + 17), w=0.4), band, 0.3)
    canvas.paint(blob("9,73! 9,58 18,50 27,58 28,73!"), WHITE, RUBBER, depth=3)
    foam = blob("8,69 50,70 94,68 96,79 90,82 50,82 16,82 8,79")
    canvas.paint(foam, WHITE, RUBBER, depth=3)
    canvas.paint(line("9,74 50,75 95,74", w=1.6), main, FLAT)


def hiking_boot(
    canvas: Canvas,
    main: Colour,
    collar: Colour = DARK,
    high: float = 0.0,
    sole: Colour = DARK,
    lace: Colour = (196, 60, 44),
) -> None:
    """An ankle boot with a lugged sole, hooks and a padded collar; `high` lifts or lowers the cuff."""
    top = 20 - high
    upper = blob(
        (9, 71, 0), (9, 61), (16, 55), (30, 52), (42, 44), (47, 32), (50, top + 1), (66, top + 2), (82, top),
        (86, top + 12), (86, 44), (91, 58), (92, 71, 0),
    )  # fmt: skip
    canvas.paint(upper, main, LEATHER, depth=6, gloss=0.12)
    canvas.paint(
        blob((50, top), (66, top + 2), (83, top - 1), (85, top + 8), (66, top + 11), (48, top + 8)),
        collar,
        CLOTH,
        depth=4,
    )
    canvas.paint(blob("8,73! 9,60 18,55 30,63 32,75!") & upper, darker(main, 0.25), RUBBER, depth=2)
    canvas.paint(
        blob("74,73! 74,58 84,50 94,56 94,73!") & upper, darker(main, 0.25), LEATHER, depth=3
    )
    canvas.seam(line("47,54 58,62 74,60", w=0.5), upper)
    canvas.seam(line("57,34 66,46 84,44", w=0.5), upper)
    tongue = blob(
        (36, 49), (43, 42), (47, 30), (49, top + 4), (55, top + 4), (54, 36), (50, 46), (44, 55)
    )
    canvas.paint(tongue, mix(main, collar, 0.5), CLOTH)
    _laces(canvas, (38, 49), (50, top + 9), 7, lace)
    foot = blob("6,70 30,71 60,70 94,69 96,77 93,81 70,80 62,78 44,81 16,81 7,78")
    canvas.paint(foot, sole, RUBBER, depth=2.5)
    canvas.paint(line("7,71.5 40,72.5 95,71", w=1.1), lighter(sole, 0.25), FLAT)
    lugs = [rect(x, 79, x + 5, 84, 0.8) for x in (12, 20, 28, 36, 44, 66, 74, 82, 89)]
    canvas.paint(many(lugs), darker(sole, 0.2), RUBBER, depth=1)


def strap_sandal(canvas: Canvas, main: Colour, sole: Colour, straps: int = 3) -> None:
    """A pair from above: footbeds with leather straps and buckles."""
    canvas.pose = "lies"
    bed = blob("16,26 25,10 37,9 44,20 45,36 41,54 43,74 39,89 29,92 21,86 20,70 17,48")
    for side in (bed, bed.mirrored()):
        canvas.paint(side.inset(-1.2), DARK, RUBBER, depth=2)
        canvas.paint(side, sole, MATTE, depth=3.5, texture="cork", grain=0.07)
        canvas.tint(side.inset(5), (60, 40, 20), 0.16, 1.5)
    bands = [
        blob("13,31 22,21 36,18 47,25 47,33 36,28 24,31 14,40"),
        blob("14,48 22,41 34,38 46,44 45,52 34,48 24,51 16,57"),
        blob("18,71 24,64 34,62 45,67 45,74 34,70 26,72 19,79"),
    ][:straps]  # fmt: skip
    for band in bands:
        for side in (band, band.mirrored()):
            canvas.paint(side, main, LEATHER, depth=2.5, cast=0.6)
    for x, y in ((18, 31), (19, 48), (22, 71))[:straps]:
        buckle = (
            rect(x - 2.8, y - 3.4, x + 2.8, y + 3.4, 1) - rect(x - 1.4, y - 2, x + 1.4, y + 2, 0.5)
        ).turned(-38, x, y)
        canvas.paint(buckle.both(), (214, 190, 126), PLASTIC, depth=0.6)
    if straps < 3:
        canvas.paint((star(31, 25, 4.5)).both(), WHITE, PLASTIC, depth=1)


def water_sandal(canvas: Canvas, main: Colour) -> None:
    """A sandal of webbing with a closed rubber toe."""
    canvas.paint(blob("12,70 30,62 60,62 90,58 93,70"), darker(main, 0.55), CLOTH)
    webs = [
        line("28,70 38,52 52,42", w=6), line("52,42 56,56 48,70", w=6),
        line("52,42 62,40 76,52 78,70", w=6), line("58,68 66,52 84,42 91,44 92,66", w=6),
    ]  # fmt: skip
    for web in webs:
        canvas.paint(web, main, CLOTH, depth=2)
    canvas.paint(line("45,46 52,40 60,40", w=7), darker(main, 0.25), CLOTH, depth=2)
    toe = blob("6,73! 6,62 14,54 26,54 34,62 38,73!")
    canvas.paint(toe, DARK, RUBBER, depth=4)
    canvas.paint(many([ellipse(17, 64, 2.2, 1.4), ellipse(25, 63, 2.2, 1.4)]), main, FLAT)
    sole = blob("5,69 30,71 60,69 95,67 96,76 60,78 20,80 6,77")
    canvas.paint(sole, DARK, RUBBER, depth=2.5)
    canvas.paint(line("7,73 40,74.5 95,71.5", w=1.1), main, FLAT)


def slipper(
    canvas: Canvas, main: Colour, sole: Colour, closed: bool, lining: Colour | None = None
) -> None:
    """A house shoe, open at the heel or closed, with a lining that shows."""
    lining = lining or lighter(main, 0.25)
    bed = blob("10,70 40,66 70,64 90,62 93,68 88,74 50,76 14,76")
    canvas.paint(bed, lining, FUR, depth=3, grain=0.15)
    if closed:
        back = blob("50,70! 54,52 70,50 84,46 91,48 93,60 92,74!")
        canvas.paint(ellipse(72, 51, 20, 6), darker(lining, 0.25), FUR, grain=0.2)
        canvas.paint(back, main, FUR, depth=5, grain=0.12)
        canvas.paint(line("50,46 62,54 76,52 89,46", w=4), lining, FUR, depth=2, grain=0.3)
    vamp = blob("7,74! 7,62 15,52 30,44 44,39 53,42 58,54 60,74!")
    canvas.paint(vamp, main, FUR, depth=7, grain=0.12)
    canvas.paint(line("44,39 54,44 60,58", w=4), lining, FUR, depth=2, grain=0.3)
    base = blob("6,73 30,74 60,73 94,70 95,77 60,79 30,80 8,79")
    canvas.paint(base, sole, RUBBER, depth=1.6, texture="cork", grain=0.12)


def moccasin(canvas: Canvas, main: Colour) -> None:
    """A sheepskin slipper with a stitched apron."""
    slipper(canvas, main, DARK, True, NAMED["Cream"])
    apron = blob("14,60 22,51 38,45 47,47 50,56 36,60 22,63")
    canvas.paint(apron, lighter(main, 0.12), LEATHER, depth=3)
    canvas.paint(
        many(
            [
                line((x, y), (x + 1.4, y + 2.4), w=0.7)
                for x, y in (
                    (17, 62),
                    (22, 63),
                    (27, 62.5),
                    (32, 61.5),
                    (37, 60),
                    (42, 58.5),
                    (47, 57),
                )
            ]
        ),
        NAMED["Cream"],
        FLAT,
    )


def dino_slipper(canvas: Canvas, main: Colour) -> None:
    """A plush dinosaur foot with white claws and spikes."""
    canvas.paint(
        many(
            [
                blob((x, 42 - h, 0), (x + 6, 54), (x - 6, 54))
                for x, h in ((58, 8), (70, 10), (82, 6))
            ]
        ),
        NAMED["Orange"],
        MATTE,
    )
    body = blob("8,76! 8,62 18,48 36,40 52,42 66,46 84,42 92,46 93,60 92,76!")
    canvas.paint(body, main, FUR, depth=9)
    canvas.paint(ellipse(72, 47, 17, 5), darker(main, 0.55), FUR)
    canvas.paint(
        many([ellipse(44, 56, 4, 3), ellipse(56, 62, 3, 2.4), ellipse(34, 50, 2.6, 2)]),
        lighter(main, 0.35),
        FUR,
        depth=1,
    )
    canvas.paint(ellipse(27, 54, 4.2), WHITE, PLASTIC)
    canvas.paint(ellipse(26, 54, 2), DARK, PLASTIC)
    for x in (9, 19, 29):
        canvas.paint(
            blob((x - 4, 79), (x - 4, 72), (x + 1, 68), (x + 6, 72), (x + 5, 79)),
            WHITE,
            PLASTIC,
            depth=2,
        )
    canvas.paint(blob("24,76 60,76 93,74 93,80 30,80"), DARK, RUBBER)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "run-001": partial(running_shoe, main=C["Blue"]),
    "run-002": partial(running_shoe, main=(238, 112, 118)),
    "run-003": partial(running_shoe, main=C["Black"], sole=(70, 70, 74), accent=C["Grey"]),
    "run-004": partial(running_shoe, main=C["Orange"], sole=(90, 84, 78), accent=DARK, lugs=True),
    "run-005": partial(running_shoe, main=(38, 88, 190), accent=C["Yellow"]),
    "run-006": partial(running_shoe, main=C["White"], accent=C["Turquoise"], slim=True),
    "snk-001": partial(sneaker, main=C["White"]),
    "snk-002": partial(sneaker, main=C["White"], trim=(214, 190, 180)),
    "snk-003": partial(sneaker, main=C["Navy"], cap=True, trim=C["Red"]),
    "snk-004": partial(high_top, main=C["Black"], second=C["Red"]),
    "snk-005": partial(sneaker, main=C["Pink"], trim=lighter(C["Pink"], 0.5)),
    "snk-006": partial(velcro_sneaker, main=C["Green"]),
    "boot-001": partial(hiking_boot, main=C["Brown"]),
    "boot-002": partial(hiking_boot, main=C["Grey"]),
    "boot-003": partial(
        hiking_boot, main=C["Olive"], high=-6, sole=(120, 88, 58), lace=(220, 200, 150)
    ),
    "boot-004": partial(
        hiking_boot, main=C["Black"], high=8, collar=(96, 98, 104), lace=(236, 190, 50)
    ),
    "boot-005": partial(hiking_boot, main=(128, 84, 48), collar=(60, 44, 34), lace=(90, 60, 40)),
    "boot-006": partial(
        hiking_boot, main=C["Purple"], high=-4, sole=(150, 150, 158), lace=(236, 236, 240)
    ),
    "sand-001": partial(strap_sandal, main=C["Tan"], sole=(196, 158, 110)),
    "sand-002": partial(strap_sandal, main=C["Black"], sole=(196, 158, 110)),
    "sand-003": partial(water_sandal, main=C["Blue"]),
    "sand-004": partial(strap_sandal, main=C["Pink"], sole=lighter(C["Pink"], 0.45), straps=2),
    "slip-001": partial(slipper, main=C["Grey"], sole=(150, 124, 96), closed=True),
    "slip-002": partial(slipper, main=C["Burgundy"], sole=(196, 158, 110), closed=False),
    "slip-003": partial(moccasin, main=C["Tan"]),
    "slip-004": partial(dino_slipper, main=C["Green"]),
}
