"""A small shop with pictures: six listings, painted."""

import json
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from shopclerk.catalog.product import Product
from tests.fakes import PAINTS
from tests.listings import write_catalog

# id: title, category, price, its pictures by (paint, shape)
GOODS: dict[str, tuple[str, str, float, tuple[tuple[str, str], ...]]] = {
    "red-ball": ("Red ball", "Toys > Balls", 5.0, (("red", "ball"),)),
    "blue-ball": ("Blue ball", "Toys > Balls", 7.0, (("blue", "ball"),)),
    "green-box": ("Green box", "Home > Boxes", 30.0, (("green", "box"),)),
    "red-box": ("Red box", "Home > Boxes", 60.0, (("red", "box"),)),
    "pair": ("Pair of cones", "Toys > Cones", 12.0, (("black", "cone"), ("blue", "cone"))),
    "words-only": ("Striped ball", "Toys > Balls", 3.0, ()),
}


COLOURS = frozenset(paint.capitalize() for paint in PAINTS)


def painted(paint: str, shape: str = "ball", side: int = 96) -> Image.Image:
    """A white picture with one shape on it."""
    image = Image.new("RGB", (side, side), "white")
    pen, edge = ImageDraw.Draw(image), side // 12
    box = (edge, edge, side - edge, side - edge)
    if shape == "ball":
        pen.ellipse(box, fill=PAINTS[paint])
    elif shape == "box":
        pen.rectangle(box, fill=PAINTS[paint])
    else:
        pen.polygon([(side / 2, edge), (box[2], box[3]), (edge, box[3])], fill=PAINTS[paint])
    return image


def picture_file(folder: Path, paint: str, shape: str = "ball") -> Path:
    """A picture saved as PNG in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{paint}-{shape}.png"
    painted(paint, shape).save(path)
    return path


def pictured_products(folder: Path) -> list[Product]:
    """The listings, their pictures saved in `images/` of a folder."""
    return [
        Product(
            id=product_id,
            title=title,
            category=category,
            price=price,
            attributes={"colour": colour} if (colour := title.split()[0]) in COLOURS else {},
            images=tuple(
                str(picture_file(folder / "images", *picture).relative_to(folder))
                for picture in pictures
            ),
        )
        for product_id, (title, category, price, pictures) in GOODS.items()
    ]


def pictured_catalog(folder: Path, products: Sequence[Product] | None = None) -> Path:
    """The listings, or others, as a file with its pictures beside it."""
    given = pictured_products(folder) if products is None else products
    return write_catalog(folder / "catalog.jsonl", given)


def rejected(folder: Path) -> dict[str, str]:
    """What `picture-rejects.jsonl` says of a catalogue's pictures: source to reason."""
    path = folder / "picture-rejects.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    records = [json.loads(line) for line in lines]
    return {json.loads(record["raw"])["image"]: record["reason"] for record in records}
