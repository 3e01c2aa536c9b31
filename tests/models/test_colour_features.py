"""Which colours a picture shows: known colours, and laws of the vector."""

import numpy as np
import pytest
from PIL import Image

from shopclerk.models.colour_features import DIMENSION, SIDE, colour_features, foreground, lab
from tests.pictures.drawn import scene

KNOWN = {
    # sRGB: CIELAB under D65, as CIE 1976 defines it
    "black": ((0, 0, 0), (0, 0, 0)),
    "white": ((255, 255, 255), (100, 0, 0)),
    "grey": ((119, 119, 119), (50.0, 0, 0)),
    "red": ((255, 0, 0), (53.2, 80.1, 67.2)),
    "green": ((0, 255, 0), (87.7, -86.2, 83.2)),
    "blue": ((0, 0, 255), (32.3, 79.2, -107.9)),
}
ODD_PICTURES = {
    "one pixel": Image.new("RGB", (1, 1), "red"),
    "a line": Image.new("RGB", (1, 900), "red"),
    "black": Image.new("RGB", (40, 40)),
    "white": Image.new("RGB", (40, 40), "white"),
    "grey": scene(1).convert("L"),
    "see-through": scene(1).convert("RGBA"),
}


def thing(colour, background="white"):
    """A square of one colour on another."""
    image = Image.new("RGB", (64, 64), background)
    image.paste(Image.new("RGB", (32, 32), colour), (16, 16))
    return image


@pytest.mark.parametrize(("rgb", "expected"), KNOWN.values(), ids=KNOWN)
def test_colours_are_those_of_cielab(rgb, expected):
    np.testing.assert_allclose(lab(np.array([rgb], np.uint8))[0], expected, atol=0.5)


@pytest.mark.parametrize("image", ODD_PICTURES.values(), ids=ODD_PICTURES)
def test_any_picture_has_a_vector_of_length_one(image):
    vector = colour_features(image)
    assert (vector.shape, vector.dtype) == ((DIMENSION,), np.float32)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_the_histogram_counts_every_pixel_once():
    vector = colour_features(scene(2))
    mean = np.linalg.norm(vector[-3:])
    scale = np.linalg.norm(vector[:-3])
    assert ((vector[:-3] / scale) ** 2).sum() == pytest.approx(1.0, abs=1e-5)
    assert scale**2 + mean**2 == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_neither_side_nor_size_matters(seed):
    image = scene(seed, 2 * SIDE, 2 * SIDE)
    vector = colour_features(image)
    mirrored = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    larger = image.resize((6 * SIDE, 6 * SIDE), Image.Resampling.NEAREST)
    np.testing.assert_allclose(colour_features(mirrored), vector, atol=1e-5)
    np.testing.assert_allclose(colour_features(larger), vector, atol=1e-5)


def test_the_thing_counts_more_than_what_is_behind_it():
    weight = foreground(lab(np.asarray(thing("red").resize((SIDE, SIDE), Image.Resampling.BOX))))
    assert weight.sum() == pytest.approx(1.0)
    assert weight[8:24, 8:24].sum() > 0.9


@pytest.mark.parametrize("colour", ["red", "green", "blue"])
def test_a_colour_is_nearer_to_itself_elsewhere_than_to_another(colour):
    vector, elsewhere = colour_features(thing(colour)), colour_features(thing(colour, "black"))
    others = [colour_features(thing(name)) for name in ("red", "green", "blue") if name != colour]
    assert vector @ elsewhere > 0.8 > max(vector @ other for other in others)


def test_a_picture_of_one_colour_is_that_colour():
    plain = colour_features(Image.new("RGB", (50, 20), (200, 40, 40)))
    assert plain @ colour_features(Image.new("RGB", (9, 9), (200, 40, 40))) > 0.9999
    assert np.count_nonzero(plain[:-3]) == 1
