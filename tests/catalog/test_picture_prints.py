"""Prints: a picture saved anew has nearly the same, and another colour has not."""

import io

import pytest
from PIL import Image

from shopclerk.catalog.picture_prints import picture_print, read_prints, same_prints
from tests.fakes import PAINTS
from tests.pictured import painted
from tests.pictures.drawn import saved, scene

COPIES = {
    "jpeg": lambda image: Image.open(io.BytesIO(saved(image, "JPEG", quality=40))),
    "half the size": lambda image: image.resize((image.width // 2, image.height // 2)),
    "trimmed": lambda image: image.crop((2, 2, image.width - 2, image.height - 2)),
}


@pytest.mark.parametrize("change", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("seed", range(4))
def test_a_copy_is_known(change, seed: int) -> None:
    image = scene(seed)
    known = read_prints([picture_print(scene(seed + 50)), picture_print(image)])
    assert same_prints(picture_print(change(image)), known) == [1]


def test_colours_tell_apart_what_the_hash_does_not() -> None:
    prints = [picture_print(painted(paint)) for paint in PAINTS if paint != "white"]
    known = read_prints(prints)
    assert [same_prints(each, known) for each in prints] == [[0], [1], [2], [3]]


def test_the_form_of_a_print() -> None:
    text = picture_print(painted("red"))
    assert len(text) == 16 + 1 + 96
    hashes, colours = read_prints([text, text])
    assert (hashes.shape, colours.shape) == ((2,), (2, 48))
    assert colours.min() >= 0


def test_nothing_known_nothing_same() -> None:
    assert same_prints(picture_print(painted("red")), read_prints([])) == []
