"""Labelled listings: painted pictures with titles, their rows as files, and features that see nothing but colours."""

import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.finetune.listing_rows import LabelledListing
from tests.pictured import picture_file

COLOURS, SHAPES = ("red", "blue", "green"), ("ball", "box")
LABELS = {"ball": "Toys > Balls", "box": "Home > Boxes"}
NAMES = ("Aldon", "Brisk", "Corva", "Dunlow", "Elmet", "Farsk", "Galto", "Hobrin")


class QuarterFeatures:
    """Sixteen colours of a picture, row by row."""

    id = "quarters"
    dimension = 48

    def __init__(self) -> None:
        self.seen = 0

    def encode(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Return `(len(images), 48) float32`, 0 to 1."""
        self.seen += len(images)
        small = [image.convert("RGB").resize((4, 4), Image.Resampling.BOX) for image in images]
        rows = [np.asarray(each, np.float32).ravel() / 255 for each in small]
        return np.array(rows, np.float32).reshape(len(images), self.dimension)


def listings(
    folder: Path, *, pictures: bool = True, titles: bool = True, tags: bool = False
) -> list[LabelledListing]:
    """Forty-eight listings: three colours, two shapes, eight makers; the title says the shape, not the colour."""
    return [
        LabelledListing(
            picture_file(folder / "images", colour, shape) if pictures else None,
            f"{name} {shape} for children" if titles else "",
            (shape, colour) if tags else (LABELS[shape],),
        )
        for colour, shape, name in product(COLOURS, SHAPES, NAMES)
    ]


def write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Rows as JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def as_rows(given: Sequence[LabelledListing], key: str) -> list[dict[str, Any]]:
    """Listings as records of `label` or `tags`."""
    return [
        {
            "image": str(each.image) if each.image else None,
            "title": each.text or None,
            "description": None,
            key: list(each.labels) if key == "tags" else each.labels[0],
        }
        for each in given
    ]
