"""Photos as a shopper might upload them: things of the shop's kinds, but other ones, in a room.

Beside them goes boxes.jsonl: for each phrase the tight box of the thing it names, in pixels.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from shopclerk.sample.drawing.bags import day_pack
from shopclerk.sample.drawing.canvas import Canvas, Setting, developed, jpeg, posed_layer
from shopclerk.sample.drawing.footwear import running_shoe
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.garden import glazed_pot
from shopclerk.sample.drawing.nursery import acoustic
from shopclerk.sample.drawing.palette import Colour
from shopclerk.sample.drawing.seating import racing_chair
from shopclerk.sample.drawing.shapes import FULL_PX, SIDE_PX, UNIT_PX
from shopclerk.sample.drawing.surfaces import Grid, blur, texture
from shopclerk.sample.drawing.tableware import mug
from shopclerk.sample.drawing.tops import rain_jacket

Scene = Grid
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Thing:
    """One thing in a photo: its drawing, what a shopper calls it, its size (1 fills the photo) and place.

    `x` and `y` are the upper left corner of its square, in units; `turn` is clockwise.
    """

    drawing: Drawing
    phrase: str
    size: float
    x: float
    y: float
    turn: float = 0.0
    flip: bool = False


@dataclass(frozen=True)
class Photo:
    """A room, the things in it, and how warm its light is."""

    room: Callable[[], Scene]
    things: tuple[Thing, ...]
    warm: float = 0.04


def _axes() -> tuple[Grid, Grid]:
    y, x = np.mgrid[0:FULL_PX, 0:FULL_PX].astype(np.float32) / UNIT_PX
    return x, y


def _flat(colour: Colour) -> Scene:
    return np.broadcast_to(np.array(colour, dtype=np.float32), (FULL_PX, FULL_PX, 3)).copy()


def boards() -> Scene:
    """A wooden floor from above, its boards running up the photo."""
    x, y = _axes()
    board = np.floor(x / 17)
    tone = 1 + 0.07 * np.sin(board * 12.9898)
    grain = texture("grain") * 0.07 + texture("noise") * 0.015
    gap = (np.abs((x / 17) % 1 - 0.0) < 0.018) | (np.abs(((y + board * 37) / 80) % 1) < 0.006)
    return np.asarray(_flat((172, 128, 86)) * ((tone + grain) * np.where(gap, 0.6, 1))[..., None])


def table(wall: Colour, top: Colour, edge: float) -> Scene:
    """A table top before a wall that is out of focus."""
    _, y = _axes()
    back = _flat(wall) * (0.92 + 0.1 * y / 100)[..., None]
    wood = _flat(top) * (1 + texture("wood") * 0.07 + 0.1 * (y - edge) / 100)[..., None]
    share = (1 / (1 + np.exp(np.clip((edge - y) * 3, -30, 30))))[..., None]
    return np.asarray(back * (1 - share) + wood * share)


def room(wall: Colour, floor: Colour, edge: float) -> Scene:
    """A painted wall with a skirting board over a carpet."""
    x, y = _axes()
    out = _flat(wall) * (1.03 - 0.0022 * x + texture("noise") * 0.012)[..., None]
    skirting = ((y > edge - 6) & (y <= edge))[..., None]
    out = np.where(skirting, _flat((236, 234, 228)) * (1 - 0.04 * (edge - y))[..., None], out)
    carpet = _flat(floor) * (0.94 + texture("noise") * 0.05 + 0.001 * y)[..., None]
    return np.asarray(np.where((y > edge)[..., None], carpet, out))


def bedspread() -> Scene:
    """A creased bed cover from above."""
    return np.asarray(
        _flat((206, 200, 214)) * (1 + texture("folds") * 0.05 + texture("weave") * 0.02)[..., None]
    )


def _layer(thing: Thing) -> tuple[Scene, Grid, str]:
    canvas = Canvas(thing.phrase)
    thing.drawing(canvas)
    colour, cover = posed_layer(canvas, Setting(turn=thing.turn, flip=thing.flip))
    side = int(FULL_PX * thing.size)
    rgba = np.dstack([np.clip(colour, 0, 255), cover * 255]).astype(np.uint8)
    small = Image.fromarray(rgba, "RGBA").resize((side, side), Image.Resampling.LANCZOS)
    sheet = Image.new("RGBA", (FULL_PX, FULL_PX), (0, 0, 0, 0))
    sheet.paste(small, (int(thing.x * UNIT_PX), int(thing.y * UNIT_PX)))
    values = np.asarray(sheet, dtype=np.float32)
    return values[..., :3], np.ascontiguousarray(values[..., 3]) / 255, canvas.pose


def _shade(cover: Grid, pose: str) -> Grid:
    down, right = (14, 22) if pose == "lies" else (10, 34)
    soft = blur(cover, 1.6 * UNIT_PX)
    moved = np.pad(soft, ((down, 0), (right, 0)))[:FULL_PX, :FULL_PX]
    return np.asarray(moved * 0.42)


def _box(cover: Grid) -> Box:
    rows, columns = np.where((cover > 0.5).any(1))[0], np.where((cover > 0.5).any(0))[0]
    scale = FULL_PX / SIDE_PX
    x1, y1 = (int(columns[-1]) + 1) / scale, (int(rows[-1]) + 1) / scale
    return (int(columns[0] / scale), int(rows[0] / scale), int(np.ceil(x1)), int(np.ceil(y1)))


def taken(photo: Photo) -> tuple[Image.Image, list[tuple[str, Box]]]:
    """The photo, and what is where in it."""
    scene, found = photo.room(), []
    for thing in photo.things:
        colour, cover, pose = _layer(thing)
        scene = scene * (1 - _shade(cover, pose))[..., None]
        scene = scene * (1 - cover[..., None]) + colour * cover[..., None]
        found.append((thing.phrase, _box(cover)))
    x, y = _axes()
    level = 1.04 - 0.00006 * ((x - 40) ** 2 + (y - 35) ** 2)
    tint = np.array([1 + photo.warm, 1, 1 - photo.warm], dtype=np.float32)
    image = developed(np.asarray(scene * level[..., None] * tint, dtype=np.float32))
    return ImageEnhance.Color(image).enhance(0.9), found


def _tall_guitar(canvas: Canvas) -> None:
    acoustic(canvas, (186, 112, 58), (96, 52, 30), 6, 19, 24, turn=0)


PHOTOS: dict[str, Photo] = {
    "blue_running_shoe": Photo(
        boards,
        (
            Thing(
                partial(
                    running_shoe,
                    main=(30, 104, 196),
                    sole=(232, 232, 226),
                    accent=(24, 40, 84),
                    slim=True,
                ),
                "blue running shoe",
                0.84,
                8,
                6,
                -17,
                True,
            ),
        ),
    ),
    "mug_and_plant": Photo(
        partial(table, (196, 204, 196), (150, 104, 66), 52),
        (
            Thing(partial(glazed_pot, main=(226, 222, 212)), "green plant", 0.56, 46, 14),
            Thing(partial(mug, main=(190, 40, 42)), "red mug", 0.42, 6, 40),
        ),
        0.06,
    ),
    "black_backpack": Photo(
        partial(room, (206, 190, 160), (110, 112, 122), 80),
        (
            Thing(
                partial(day_pack, main=(46, 46, 50), accent=(150, 150, 156)),
                "black backpack",
                0.78,
                12,
                14,
                4,
            ),
        ),
    ),
    "guitar_and_chair": Photo(
        partial(room, (158, 178, 190), (150, 128, 104), 82),
        (
            Thing(_tall_guitar, "wooden guitar", 0.74, -6, 19, 8),
            Thing(
                partial(racing_chair, main=(50, 50, 54), second=(60, 110, 190)),
                "blue office chair",
                0.7,
                38,
                24,
            ),
        ),
        0.02,
    ),
    "yellow_raincoat": Photo(
        bedspread,
        (
            Thing(
                partial(rain_jacket, main=(236, 184, 40), child=False),
                "yellow rain jacket",
                0.88,
                4,
                4,
                11,
            ),
        ),
    ),
    "mug_on_desk": Photo(
        partial(table, (222, 214, 200), (196, 158, 112), 44),
        (
            Thing(
                partial(mug, main=(70, 112, 150), inside=(240, 234, 220)),
                "blue mug",
                0.6,
                24,
                24,
                0,
                True,
            ),
        ),
        0.05,
    ),
}


def write_photos(folder: Path) -> None:
    """Write all photos and boxes.jsonl into a folder."""
    folder.mkdir(exist_ok=True)
    lines = []
    for name, photo in PHOTOS.items():
        image, found = taken(photo)
        (folder / f"{name}.jpg").write_bytes(jpeg(image))
        lines += [
            json.dumps({"image": f"{name}.jpg", "phrase": phrase, "boxes": [list(box)]})
            for phrase, box in found
        ]
    (folder / "boxes.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
