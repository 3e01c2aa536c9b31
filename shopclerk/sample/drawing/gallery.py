"""All drawings by product id, and the setting each one is photographed in."""

from __future__ import annotations

import zlib
from functools import partial

from PIL import Image

from shopclerk.sample.drawing import (
    audio,
    bags,
    beauty,
    bottles,
    devices,
    footwear,
    furniture,
    games,
    garden,
    kitchen,
    knitwear,
    lighting,
    nursery,
    outdoors,
    pantry,
    seating,
    stationery,
    tableware,
    textiles,
    tools,
    tops,
    toys,
    watches,
    wear,
)
from shopclerk.sample.drawing.canvas import Canvas, Setting, photograph
from shopclerk.sample.drawing.gallery_types import Drawing
from shopclerk.sample.drawing.palette import Colour

MODULES = (
    footwear, tops, knitwear, wear, bags, audio, devices, watches, kitchen, tableware, bottles, seating,
    furniture, lighting, games, toys, stationery, beauty, pantry, garden, tools, outdoors, nursery, textiles,
)  # fmt: skip

DRAWINGS: dict[str, Drawing] = {
    name: drawing for module in MODULES for name, drawing in module.DRAWINGS.items()
}

STUDIO_GROUNDS: tuple[Colour, ...] = (
    (240, 240, 238), (243, 240, 234), (234, 238, 242), (239, 236, 239), (240, 242, 237),
)  # fmt: skip
HOME_GROUNDS: tuple[Colour, ...] = (
    (222, 208, 188), (200, 206, 212), (214, 212, 204), (226, 220, 208), (204, 196, 186),
)  # fmt: skip

SELLER_PHOTOS = frozenset(
    """run-005 snk-005 boot-005 sand-004 slip-004 jkt-006 tee-005 shirt-005 jean-005 dress-005 knit-005
    sock-002 sock-004 pack-005 pack-006 case-004 bag-005 head-003 head-007 spk-005 power-004 key-004
    sw-004 blend-004 coffee-005 pan-005 mug-006 sofa-005 desk-004 chair-005 dlamp-005 bulb-004 build-004
    game-005 plush-004 note-005 lip-002 lip-004 cream-005 tea-006 bean-003 choc-004 prune-004 tent-004
    tent-005 sleep-004 yoga-004 yoga-005 dbed-004 cat-004 drill-004 screw-003 guit-004 stroll-004
    feed-002 cush-003 watch-004""".split()
)
"""Listings of private sellers: shot at home, a little askew and dim."""

MIRRORED = frozenset("run-005 snk-005 boot-005 head-003 tent-005 yoga-004 stroll-004".split())
"""Seller photos taken from the other side; nothing with writing on it."""


def design(product_id: str) -> str:
    """The name of the drawing; variants of one product share it."""
    drawing = DRAWINGS[product_id]
    maker = drawing.func if isinstance(drawing, partial) else drawing
    return getattr(maker, "__name__", product_id)


def setting(product_id: str) -> Setting:
    """Where the product stands: a studio, the same for all of one design, or a seller's home."""
    if product_id not in SELLER_PHOTOS:
        number = zlib.crc32(design(product_id).encode())
        return Setting(ground=STUDIO_GROUNDS[number % len(STUDIO_GROUNDS)])
    number = zlib.crc32(product_id.encode())
    turn = (1.5 + number % 3) * (1 if number % 2 else -1)
    ground = HOME_GROUNDS[number // 7 % len(HOME_GROUNDS)]
    return Setting(ground, turn, product_id in MIRRORED, 0.95, 0.9)


def painted(product_id: str) -> Canvas:
    """The canvas with the product on it, before it is photographed."""
    canvas = Canvas(design(product_id))
    DRAWINGS[product_id](canvas)
    return canvas


def picture(product_id: str) -> Image.Image:
    """The product's picture, 320 x 320 RGB."""
    return photograph(painted(product_id), setting(product_id))
