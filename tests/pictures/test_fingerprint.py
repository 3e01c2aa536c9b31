"""Fingerprints: near for one picture, however it was saved; far for another."""

import io
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from shopclerk.errors import PictureError
from shopclerk.pictures import distance, fingerprint, open_picture, same_picture
from tests.pictures.drawn import saved, scene

SEEDS = range(24)
hashes = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")


def compressed(image: Image.Image, format: str, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(saved(image, format, quality=quality))).convert("RGB")


def trimmed(image: Image.Image, share: float) -> Image.Image:
    x, y = round(image.width * share), round(image.height * share)
    return image.crop((x, y, image.width - x, image.height - y))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "jpeg 90": lambda image: compressed(image, "JPEG", 90),
    "jpeg 30": lambda image: compressed(image, "JPEG", 30),
    "webp 50": lambda image: compressed(image, "WEBP", 50),
    "half": lambda image: image.resize((160, 120)),
    "a quarter": lambda image: image.resize((80, 60)),
    "double": lambda image: image.resize((640, 480)),
    "grey": lambda image: image.convert("L"),
    "less contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.8),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.85),
    "trimmed by 1%": lambda image: trimmed(image, 0.01),
}


@pytest.mark.parametrize("copy", COPIES)
def test_copies_of_a_picture_are_the_same(copy: str) -> None:
    originals = [scene(seed) for seed in SEEDS]
    apart = [distance(fingerprint(each), fingerprint(COPIES[copy](each))) for each in originals]
    assert max(apart) <= 8
    assert all(
        same_picture(fingerprint(each), fingerprint(COPIES[copy](each))) for each in originals
    )


def test_different_pictures_are_not_the_same() -> None:
    prints = [fingerprint(scene(seed)) for seed in range(60)]
    pairs = list(itertools.combinations(prints, 2))
    assert not any(same_picture(one, other) for one, other in pairs)
    # Farther than the threshold by more than a bit or two, so that it does not hang on this drawing.
    assert min(distance(one, other) for one, other in pairs) >= 12


def test_the_middle_of_a_picture_is_not_the_picture() -> None:
    for seed in SEEDS:
        whole = scene(seed)
        assert not same_picture(fingerprint(whole), fingerprint(trimmed(whole, 0.25)))


def test_a_fingerprint_is_16_hexadecimal_digits_and_stays() -> None:
    found = fingerprint(scene(1))
    assert found == fingerprint(open_picture(saved(scene(1), "PNG")).image)
    assert (len(found), int(found, 16) < 2**64) == (16, True)


@given(hashes, hashes, hashes)
def test_distance_is_a_metric(one: str, two: str, three: str) -> None:
    assert distance(one, one) == 0
    assert 0 <= distance(one, two) == distance(two, one) <= 64
    assert (distance(one, two) == 0) == (one == two)
    assert distance(one, three) <= distance(one, two) + distance(two, three)


def test_distance_counts_bits() -> None:
    assert distance("0" * 16, "f" * 16) == 64
    assert distance("0" * 15 + "1", "0" * 15 + "E") == 4


@pytest.mark.parametrize(
    "text",
    ["", "abc", "g" * 16, "0" * 17, "-" + "0" * 15, "0x" + "0" * 14, "0_0" + "0" * 13, "٠" * 16],
)
def test_what_is_no_fingerprint(text: str) -> None:
    with pytest.raises(PictureError, match="One has 16 hexadecimal digits"):
        distance(text, "0" * 16)
