"""Building sets and board games."""

from __future__ import annotations

from shopclerk.sample.drawing.canvas import Canvas
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import BEECH, INK, NAMED, WALNUT, Colour, darker, lighter
from shopclerk.sample.drawing.shapes import (
    blob,
    ellipse,
    line,
    many,
    poly,
    rect,
    ring,
    star,
    sym,
    taper,
    text,
)
from shopclerk.sample.drawing.surfaces import (
    BALL,
    BOARD,
    FLAT,
    MATTE,
    PAPER,
    PLASTIC,
    ROUND,
    WOOD,
    Look,
)

WHITE = NAMED["White"]


BRICKS = [NAMED[name] for name in ("Red", "Blue", "Yellow", "Green", "Orange", "White")]


def _brick(canvas: Canvas, x: float, y: float, studs: int, colour: Colour) -> None:
    for index in range(studs):
        canvas.paint(
            rect(x + 1.2 + index * 5, y - 1.5, x + 3.8 + index * 5, y + 1, 0.5),
            colour,
            PLASTIC,
            depth=0.6,
        )
    canvas.paint(rect(x, y, x + studs * 5, y + 6, 0.5), colour, PLASTIC, depth=0.9, gloss=0.3)


def clock_tower(canvas: Canvas) -> None:
    """A tower of bricks with a clock, a roof and gears beside it."""
    for row in range(10):
        y = 84 - row * 6
        x = 32.5 if row else 25.0
        for index in range(3 if row else 4):
            _brick(
                canvas,
                x + index * 12.5 - (2.5 if not row else 0),
                y,
                2 if index != 1 else 3,
                BRICKS[(row * 2 + index) % 5],
            )
        if row:
            canvas.paint(
                rect(x + 10, y, x + 12.6, y + 6, 0.4), BRICKS[(row + 3) % 5], PLASTIC, depth=0.6
            )
    canvas.paint(poly("28,30 50,6 72,30"), NAMED["Red"], PLASTIC, depth=2)
    canvas.paint(ellipse(50, 46, 14), NAMED["Yellow"], PLASTIC, depth=2, cast=0.7)
    canvas.paint(ellipse(50, 46, 11.4), WHITE, PLASTIC, depth=0.8)
    canvas.paint(
        many([line("50,46 50,38", w=1.5), line("50,46 56,48", w=1.5)]), INK, PLASTIC, depth=0.5
    )
    for x, y, r, tone in ((84, 78, 10, NAMED["Grey"]), (15, 82, 8, NAMED["Orange"])):
        canvas.paint(star(x, y, r, 12, 0.8) - ellipse(x, y, r * 0.3), tone, PLASTIC, depth=1.4)


def marble_run(canvas: Canvas) -> None:
    """Coloured chutes zigzag down between posts, with marbles on them."""
    for x in (16, 50, 84):
        canvas.paint(rect(x - 2, 14, x + 2, 92, 1), NAMED["Grey"], ROUND)
        canvas.paint(rect(x - 7, 89, x + 7, 94, 1.5), NAMED["Grey"], PLASTIC)
    canvas.paint(poly("8,8 30,8 22,20 16,20"), NAMED["Yellow"], PLASTIC, depth=2)
    chutes = [
        ((18, 22), (82, 34), "Red"),
        ((84, 38), (18, 50), "Blue"),
        ((16, 54), (52, 62), "Green"),
        ((84, 80), (30, 88), "Orange"),
    ]
    for start, end, name in chutes:
        canvas.paint(line(start, end, w=6), NAMED[name], PLASTIC, depth=2)
        canvas.paint(
            line((start[0], start[1] - 1), (end[0], end[1] - 1), w=2),
            darker(NAMED[name], 0.35),
            MATTE,
            depth=0.6,
        )
    canvas.paint(ring(66, 67, 13, 4), NAMED["Purple"], PLASTIC, depth=1.8)
    for x, y, tone in (
        (40, 23, (60, 160, 220)),
        (60, 41, (230, 80, 90)),
        (30, 54, (90, 190, 110)),
        (64, 80, (240, 190, 60)),
        (19, 6, (200, 90, 200)),
    ):
        canvas.paint(ellipse(x, y, 3.2), tone, BALL, gloss=0.9)


def wooden_castle(canvas: Canvas) -> None:
    """Unpainted blocks: two towers with cones, an arch, battlements and a drawbridge."""
    for x in (14, 66):
        for y in (76, 60, 44):
            canvas.paint(rect(x, y, x + 20, y + 15.6, 0.8), BEECH, WOOD, depth=1.2)
        canvas.paint(
            poly((x - 2, 44), (x + 10, 18), (x + 22, 44)), darker(BEECH, 0.12), WOOD, depth=2
        )
    canvas.paint(
        rect(34, 50, 66, 92, 0.8) - (ellipse(50, 74, 10) | rect(40, 74, 60, 93)),
        lighter(BEECH, 0.15),
        WOOD,
        depth=1.2,
    )
    canvas.paint(
        many([rect(x, 42, x + 6, 50, 0.5) for x in (34, 43.5, 53, 60)]), BEECH, WOOD, depth=0.9
    )
    canvas.paint(ellipse(50, 74, 9.6) | rect(40.4, 74, 59.6, 92), darker(BEECH, 0.55), FLAT, cast=0)
    canvas.paint(poly("41,91 59,91 63,96 37,96"), darker(BEECH, 0.1), WOOD, depth=0.8)
    canvas.seam(many([line((x, 91), (50 + (x - 50) * 1.4, 96), w=0.4) for x in (46, 50, 54)]))
    canvas.paint(poly("24,18 24,10 31,13"), NAMED["Red"], MATTE, depth=0.6)


def magnetic_tiles(canvas: Canvas) -> None:
    """See-through rainbow tiles: a house of squares with triangles on top."""
    tones = [NAMED[name] for name in ("Red", "Orange", "Yellow", "Green", "Blue", "Purple")]
    place = 0
    for row in range(3):
        for column in range(3):
            x, y = 20 + column * 20, 33 + row * 20
            tile = rect(x, y, x + 19.6, y + 19.6, 1.4)
            tone = tones[place % 6]
            canvas.paint(tile, lighter(tone, 0.15), PLASTIC, depth=1, alpha=0.72, gloss=0.5)
            canvas.paint(tile.rim(1.6), tone, PLASTIC, depth=0.8)
            canvas.shine(
                poly((x + 3, y + 14), (x + 3, y + 8), (x + 13, y + 3), (x + 16, y + 3)), 0.4, 0.3
            )
            place += 1
    for index in range(3):
        x = 20 + index * 20
        roof = poly((x, 32), (x + 9.8, 13), (x + 19.6, 32))
        canvas.paint(roof, lighter(tones[(index * 2 + 3) % 6], 0.15), PLASTIC, depth=1, alpha=0.75)
        canvas.paint(roof.rim(1.5), tones[(index * 2 + 3) % 6], PLASTIC, depth=0.8)
    canvas.paint(poly("80,93 94,93 87,80"), NAMED["Turquoise"], PLASTIC, depth=1, alpha=0.8)


def _game_box(canvas: Canvas, main: Colour, title: str) -> None:
    canvas.paint(poly("82,16 92,20 92,84 82,90"), darker(main, 0.35), PAPER)
    canvas.paint(
        rect(10, 16, 82, 90, 0.8), main, Look(depth=0.8, gloss=0.06, texture="noise", grain=0.03)
    )
    canvas.tint(rect(12, 18, 80, 88).rim(0.6), lighter(main, 0.6), 0.8)
    canvas.tint(text(title, 46, 26, 7.4), (255, 246, 214), 1)


def harvest_game(canvas: Canvas) -> None:
    """A box with fields, a sun and a gnome."""
    _game_box(canvas, (70, 120, 150), "HOLLOW HILL")
    scene = rect(14, 32, 78, 86)
    canvas.tint(ellipse(66, 42, 7), (250, 206, 80), 1)
    canvas.tint(blob("0,70 30,48 60,58 90,52 90,100 0,100") & scene, (128, 164, 66), 1)
    canvas.tint(blob("0,84 40,66 90,78 90,100 0,100") & scene, (206, 168, 60), 1)
    canvas.tint(
        many([line((x, 88), (x + 6, 74), w=0.8) for x in range(14, 76, 6)]) & scene,
        (150, 110, 40),
        0.9,
    )
    canvas.tint(sym("35,62 27,66 25,84!", x=35), (60, 90, 160), 1)
    canvas.tint(ellipse(35, 60, 6), (240, 200, 170), 1)
    canvas.tint(sym("35,60 28,60 30,74 35,78", x=35), WHITE, 1)
    canvas.tint(poly("26,58 37,36 44,58"), (200, 50, 46), 1)
    canvas.paint(
        many([rect(85 - i * 8, 88, 91 - i * 8, 94, 1) for i in range(3)]),
        NAMED["Yellow"],
        PLASTIC,
        depth=1,
    )


def lantern_game(canvas: Canvas) -> None:
    """A dark box with an angler fish and a small submarine."""
    _game_box(canvas, (18, 40, 78), "LANTERNFISH")
    canvas.tint(ellipse(26, 42, 12), (250, 240, 150), 0.5, 5)
    canvas.tint(line("52,50 42,36 30,38", w=1.2), (90, 150, 160), 1)
    canvas.tint(ellipse(27, 40, 4), (255, 246, 170), 1)
    body = blob("26,62 36,50 54,46 68,54 68,70 54,78 36,74")
    canvas.tint(body | poly("66,62 78,50 78,74"), (66, 140, 150), 1)
    canvas.tint(blob("25,62 40,63 46,68 36,72"), (14, 26, 50), 1)
    canvas.tint(
        many([poly((28 + i * 4, 63), (31 + i * 4, 63), (29.5 + i * 4, 67)) for i in range(4)]),
        WHITE,
        1,
    )
    canvas.tint(ellipse(48, 56, 4), WHITE, 1)
    canvas.tint(ellipse(47, 56, 2), INK, 1)
    canvas.tint(ellipse(24, 82, 7, 3.4) | rect(22, 76, 26, 82, 1), (250, 190, 60), 1)
    canvas.paint(
        many([ellipse(80 + i * 6, 92, 2.6) for i in range(3)]), NAMED["Turquoise"], PLASTIC, depth=1
    )


def llama_tower(canvas: Canvas) -> None:
    """Wooden llamas standing on each other's backs."""
    tones = [BEECH, NAMED["Turquoise"], NAMED["Pink"], NAMED["Yellow"], BEECH, NAMED["Red"]]
    spots = [(26, 80), (54, 80), (40, 62), (44, 44), (38, 26), (74, 80)]
    for (x, y), tone in zip(spots, tones, strict=True):
        llama = many(
            [
                rect(x, y - 2, x + 16, y + 5, 2),
                rect(x + 1, y + 3, x + 4, y + 13, 1),
                rect(x + 12, y + 3, x + 15, y + 13, 1),
                taper((x + 14, y), (x + 17, y - 9), w0=5, w1=4),
                rect(x + 15, y - 12, x + 22, y - 8, 2),
                line((x + 16.4, y - 11), (x + 16, y - 14), w=1.6),
            ]
        )
        canvas.paint(llama, tone, WOOD, depth=1.2, gloss=0.15, cast=0.5)
        canvas.paint(ellipse(x + 18.6, y - 10.4, 0.7), INK, FLAT)
        canvas.tint(rect(x + 5, y - 2, x + 11, y + 3, 0.6), darker(tone, 0.35), 0.7)


def dice_game(canvas: Canvas) -> None:
    """A box with a dragon on a castle, and real dice before it."""
    _game_box(canvas, (160, 44, 40), "DRACHEN")
    canvas.tint(
        many([rect(18, 52, 42, 86), *[rect(18 + i * 9, 46, 24 + i * 9, 54) for i in range(3)]]),
        (196, 186, 170),
        1,
    )
    canvas.tint(ellipse(30, 76, 5) | rect(25, 76, 35, 86), (80, 50, 40), 1)
    canvas.tint(blob("48,78 50,60 58,46 68,42 76,48 66,52 68,66 62,82"), (70, 150, 80), 1)
    canvas.tint(poly("58,58 44,44 52,68"), (48, 116, 62), 1)
    canvas.tint(ellipse(68, 46, 1.6), WHITE, 1)
    canvas.tint(blob("75,47 84,44 80,52") & rect(0, 0, 80, 100), (250, 190, 60), 1)
    for x, y, turn, tone in (
        (56, 80, -14, WHITE),
        (74, 82, 12, (250, 206, 80)),
        (38, 86, 20, NAMED["Turquoise"]),
    ):
        canvas.paint(
            rect(x - 7, y - 7, x + 7, y + 7, 2).turned(turn, x, y),
            tone,
            PLASTIC,
            depth=1.8,
            cast=0.9,
            gloss=0.4,
        )
        pips = [
            ellipse(x + dx, y + dy, 1.3)
            for dx, dy in ((-3.4, -3.4), (0, 0), (3.4, 3.4), (3.4, -3.4), (-3.4, 3.4))
        ]
        canvas.tint(many(pips).turned(turn, x, y), INK, 1)


def chess(canvas: Canvas) -> None:
    """A folding wooden board with a few pieces upon it."""
    frame = poly("20,50 80,50 96,88 4,88")
    canvas.paint(frame, WALNUT, BOARD)
    canvas.paint(poly("4,88 96,88 96,92 4,92"), darker(WALNUT, 0.3), BOARD)

    def spot(column: float, row: float) -> tuple[float, float]:
        y = 52.5 + 33 * (row / 8) ** 1.12
        half = 27 + 15 * (y - 52.5) / 33
        return 50 - half + 2 * half * column / 8, y

    for row in range(8):
        for column in range(8):
            corners = [
                spot(column, row),
                spot(column + 1, row),
                spot(column + 1, row + 1),
                spot(column, row + 1),
            ]
            canvas.paint(
                poly(*corners),
                (232, 204, 160) if (row + column) % 2 else (104, 62, 38),
                FLAT,
                cast=0,
            )
    canvas.seam(line("12,69 88,69", w=0.5))
    for column, row, dark, kind in (
        (1, 1, True, "rook"),
        (3, 1, True, "queen"),
        (5, 1, True, "pawn"),
        (2, 4, True, "pawn"),
        (4, 5, False, "pawn"),
        (6, 5, False, "queen"),
        (3, 7, False, "rook"),
        (5, 7, False, "pawn"),
    ):
        x, y = spot(column + 0.5, row + 0.7)
        size = 0.8 + row * 0.06
        tone = (74, 44, 28) if dark else (240, 218, 176)
        tall = {"pawn": 11, "rook": 13, "queen": 19}[kind] * size
        body = sym(
            (x - 1.6 * size, y - tall, 0), (x - 1.5 * size, y - 4 * size), (x - 4 * size, y, 0), x=x
        )
        head = (
            ellipse(x, y - tall, 2.8 * size)
            if kind != "rook"
            else rect(x - 3 * size, y - tall - 2 * size, x + 3 * size, y - tall + 2 * size, 0.4)
        )
        canvas.paint(body | head, tone, PLASTIC, depth=1.4, cast=0.7)


C = NAMED
DRAWINGS: dict[str, Drawing] = {
    "build-001": clock_tower,
    "build-002": marble_run,
    "build-003": wooden_castle,
    "build-004": magnetic_tiles,
    "game-001": harvest_game,
    "game-002": lantern_game,
    "game-003": llama_tower,
    "game-004": dice_game,
    "game-005": chess,
}
