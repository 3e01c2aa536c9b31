"""Boxes: cut out, proposed, drawn."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shopclerk.errors import PictureError
from shopclerk.pictures import Picture, PictureLimits, box_around, crop, draw_boxes, open_picture
from tests.pictures.drawn import quarters, saved, scene


def picture(image: Image.Image, side: int | None = None) -> Picture:
    return open_picture(saved(image, "PNG"), PictureLimits(max_side_px=side))


FLAG = picture(quarters(40, 20))
SMALL_FLAG = picture(quarters(400, 200), side=40)


def test_the_crop_of_the_whole_is_the_picture() -> None:
    for each in (FLAG, SMALL_FLAG, picture(scene(3, 601, 437), side=97)):
        assert crop(each, (0, 0, *each.size_px)).tobytes() == each.image.tobytes()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 90))
def test_the_crop_of_the_whole_is_the_picture_at_any_size(
    width: int, height: int, side: int
) -> None:
    each = picture(scene(3).resize((width, height)), side)
    assert crop(each, [0, 0, width, height]).tobytes() == each.image.tobytes()
    assert crop(each, [-5, -5, width + 5, height + 5]).tobytes() == each.image.tobytes()


@pytest.mark.parametrize("flag", [FLAG, SMALL_FLAG], ids=["whole", "shrunk"])
def test_a_box_is_in_pixels_of_the_original(flag: Picture) -> None:
    width, height = flag.size_px
    below_left = crop(flag, [0, height / 2, width / 2, height])
    assert below_left.size == (20, 10)
    assert np.abs(np.subtract(below_left.getpixel((5, 6)), (0, 0, 255))).max() < 10


def test_what_sticks_out_is_clipped() -> None:
    assert crop(FLAG, [-100, -100, 20, 10]).size == (20, 10)
    assert crop(FLAG, (30, 15, 1e300, 1e300)).size == (10, 5)


def test_a_box_thinner_than_a_pixel_gives_one_pixel() -> None:
    assert crop(SMALL_FLAG, [399.5, 199.9, 400, 200]).size == (1, 1)
    assert crop(FLAG, [3.2, 3.2, 3.3, 3.3]).size == (1, 1)


BAD_BOXES: list[tuple[Any, str]] = [
    ([40, 0, 50, 10], "lies outside the picture"),
    ([-9, -9, 0, 0], "lies outside the picture"),
    ([0, 20, 40, 25], "lies outside the picture"),
    ([10, 0, 10, 5], "x1 must be above x0"),
    ([10, 0, 5, 5], "x1 must be above x0"),
    ([0, 5, 5, 5], "y1 above y0"),
    ([0, 0, math.nan, 5], "4 finite numbers"),
    ([0, 0, math.inf, 5], "4 finite numbers"),
    ([0, 0, 5], "4 finite numbers"),
    ([0, 0, 5, 5, 5], "4 finite numbers"),
    ([], "4 finite numbers"),
    (["a", 0, 5, 5], "4 finite numbers"),
    ([None, 0, 5, 5], "4 finite numbers"),
    (None, "4 finite numbers"),
    (7, "4 finite numbers"),
    ([10**400, 0, 5, 5], "4 finite numbers"),
]


@pytest.mark.parametrize(("box", "message"), BAD_BOXES, ids=lambda value: str(value)[:24])
def test_a_box_that_is_none(box: Any, message: str) -> None:
    with pytest.raises(PictureError, match=message) as caught:
        crop(FLAG, box)
    assert "has 40 x 20 pixels" in str(caught.value)


@pytest.mark.parametrize(
    ("point", "box"),
    [
        ((150, 75), (125, 50, 175, 100)),
        ((0, 0), (0, 0, 50, 50)),
        ((300, 150), (250, 100, 300, 150)),
        ((10, 75), (0, 50, 50, 100)),
    ],
)
def test_the_region_around_a_point(point: tuple[float, float], box: tuple[float, ...]) -> None:
    assert box_around(picture(quarters(300, 150), side=60), point) == pytest.approx(box)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.floats(0, 1), st.floats(0, 1))
def test_the_region_lies_inside_and_can_be_cut_out(
    width: int, height: int, across: float, down: float
) -> None:
    each = Picture(Image.new("RGB", (width, height)), (width, height), 1.0, "x")
    x, y = across * width, down * height
    x0, y0, x1, y1 = box_around(each, (x, y))
    assert -1e-9 <= x0 <= x <= x1 <= width + 1e-9
    assert -1e-9 <= y0 <= y <= y1 <= height + 1e-9
    assert x1 - x0 == pytest.approx(y1 - y0)
    assert min(crop(each, (x0, y0, x1, y1)).size) >= 1


@pytest.mark.parametrize("point", [(-1, 5), (41, 5), (5, 21), (math.nan, 1), (1,), "xy", None])
def test_a_point_that_is_none(point: Any) -> None:
    with pytest.raises(PictureError, match="has 40 x 20 pixels"):
        box_around(FLAG, point)


@pytest.mark.parametrize("ground", ["black", "white", "#e6194b", "#808080"])
def test_a_box_shows_on_any_background(ground: str) -> None:
    plain = Image.new("RGB", (300, 200), ground)
    drawn = draw_boxes(plain, [((50, 60, 250, 180), "shoe", 0.87)])
    behind = np.asarray(plain, dtype=int)[0, 0]
    edge = np.asarray(drawn, dtype=int)[120, 48:60]
    assert np.abs(edge - behind).max(axis=-1).max() > 100
    label = np.asarray(drawn.convert("L"), dtype=int)[40:60, 50:100]
    assert label.max() - label.min() > 200


def test_drawing_leaves_the_picture_as_it_was() -> None:
    plain = Image.new("RGB", (60, 40), "white")
    drawn = draw_boxes(plain, [((5, 5, 50, 30), "shoe", None)])
    assert plain.tobytes() == Image.new("RGB", (60, 40), "white").tobytes()
    assert (drawn.size, drawn.mode) == ((60, 40), "RGB")
    assert drawn.tobytes() != plain.tobytes()
    assert draw_boxes(plain, []).tobytes() == plain.tobytes()


@pytest.mark.parametrize(
    "label", ["", "a very long label that no picture of this size can hold", "鞋 ✓", "a\nb"]
)
@pytest.mark.parametrize("box", [(0, 0, 60, 40), (50, 35, 90, 90), (-9, -9, 3, 3), (30, 30, 5, 5)])
def test_any_label_at_any_place(label: str, box: tuple[int, int, int, int]) -> None:
    plain = Image.new("RGB", (60, 40), "white")
    assert draw_boxes(plain, [(box, label, 1.0)]).tobytes() != plain.tobytes()


def test_the_score_is_part_of_the_label() -> None:
    plain = Image.new("RGB", (200, 100), "white")
    box = (10, 40, 150, 90)
    drawn = [draw_boxes(plain, [(box, "shoe", score)]).tobytes() for score in (None, 0.5, 0.9)]
    assert len(set(drawn)) == 3
