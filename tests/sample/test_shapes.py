"""The drawing helpers: shapes join, cut and move; light falls from the upper left."""

import numpy as np
import pytest

from shopclerk.sample.drawing.canvas import Canvas, Setting, jpeg, photograph
from shopclerk.sample.drawing.palette import NAMED, mix
from shopclerk.sample.drawing.patterns import stripes
from shopclerk.sample.drawing.shapes import Shape, blob, ellipse, line, poly, rect, sym
from shopclerk.sample.drawing.surfaces import MATTE, Look, blur, light, texture


def area(shape: Shape) -> float:
    """In square units of the drawing: the whole is 10,000."""
    return float((np.asarray(shape.mask) > 127).mean() * 10_000)


def test_shapes_join_meet_and_cut() -> None:
    left, right = rect(10, 10, 50, 50), rect(30, 10, 70, 50)
    assert area(left | right) == pytest.approx(2400, rel=0.02)
    assert area(left & right) == pytest.approx(800, rel=0.02)
    assert area(left - right) == pytest.approx(800, rel=0.02)


def test_points_may_be_written_as_words() -> None:
    words, tuples = (
        blob("10,10! 50,5 90,10! 90,90! 10,90!"),
        blob((10, 10, 0), (50, 5), (90, 10, 0), (90, 90, 0), (10, 90, 0)),
    )
    assert words.mask.tobytes() == tuples.mask.tobytes()


def test_a_blob_of_sharp_corners_is_a_polygon() -> None:
    sharp, straight = blob("10,10! 90,10! 90,90! 10,90!"), poly("10,10 90,10 90,90 10,90")
    assert area(sharp) == pytest.approx(area(straight), rel=0.01)


def test_a_symmetrical_shape_is_its_own_mirror_image() -> None:
    shape = sym("50,10 30,30 20,80!")
    assert area(shape - shape.mirrored()) < 25


@pytest.mark.parametrize(("by", "radius"), [(3.0, 17.0), (-3.0, 23.0)])
def test_inset_moves_the_edge(by: float, radius: float) -> None:
    assert area(ellipse(50, 50, 20).inset(by)) == pytest.approx(
        area(ellipse(50, 50, radius)), rel=0.06
    )


def test_moving_and_turning_keep_the_area() -> None:
    shape = rect(30, 40, 60, 50)
    assert area(shape.moved(10, -20)) == pytest.approx(area(shape), rel=0.02)
    assert area(shape.turned(35)) == pytest.approx(area(shape), rel=0.02)


def test_a_line_is_as_wide_as_asked() -> None:
    assert area(line("20,50 80,50", w=4)) == pytest.approx(60 * 4 + 3.14 * 4, rel=0.05)


def test_a_blur_keeps_the_sum_and_has_no_steps() -> None:
    values = np.zeros((200, 200), dtype=np.float32)
    values[80:120, 80:120] = 1
    for radius in (3.0, 20.0):
        assert blur(values, radius).sum() == pytest.approx(1600, rel=0.03)


@pytest.mark.parametrize("form", ["puff", "ball"])
def test_light_comes_from_the_upper_left(form: str) -> None:
    mask = np.asarray(ellipse(50, 50, 20).mask, dtype=np.float32) / 255
    shade, _ = light(mask, Look(form, depth=8))  # type: ignore[arg-type]
    assert shade[380, 380] > shade[480, 480] > shade[580, 580]


@pytest.mark.parametrize(
    "name", ["weave", "knit", "wood", "grain", "fur", "hide", "quilt", "waffle"]
)
def test_textures_neither_lighten_nor_darken_much(name: str) -> None:
    assert abs(float(texture(name).mean())) < 0.35


def test_paint_hides_what_lies_beneath_and_alpha_lets_it_through() -> None:
    canvas = Canvas()
    canvas.paint(rect(20, 20, 80, 80), (200, 0, 0), Look("flat", cast=0))
    canvas.paint(rect(20, 20, 50, 80), (0, 0, 200), Look("flat", cast=0), alpha=0.5)
    assert canvas.rgb[480, 700].tolist() == [200, 0, 0]
    assert canvas.rgb[480, 300].tolist() == [100, 0, 100]


def test_a_tint_stays_on_the_thing() -> None:
    canvas = Canvas()
    canvas.paint(rect(20, 20, 50, 80), (200, 200, 200), MATTE)
    canvas.tint(rect(0, 0, 100, 100), (0, 0, 0), 1.0)
    assert canvas.alpha[480, 700] == 0
    assert canvas.rgb[480, 300].max() == 0


def test_a_standing_thing_throws_a_shadow_on_the_floor() -> None:
    canvas = Canvas()
    empty = np.asarray(photograph(canvas, Setting()), dtype=np.float32)
    canvas.paint(rect(35, 40, 65, 85), NAMED["Red"], MATTE)
    shot = np.asarray(photograph(canvas, Setting()), dtype=np.float32)
    below, above = slice(273, 278), slice(40, 60)
    assert (empty - shot)[below, 130:190].mean() > 15
    assert abs((empty - shot)[above].mean()) < 1


def test_stripes_take_their_share() -> None:
    pattern = stripes((0, 0, 0), (255, 255, 255), 10, 0.3)
    assert pattern.mean() / 255 == pytest.approx(0.3, abs=0.02)


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mix((0, 0, 0), (200, 100, 50), 0.0) == (0, 0, 0)
    assert mix((0, 0, 0), (200, 100, 50), 1.0) == (200, 100, 50)


def test_a_jpeg_of_a_picture_is_always_the_same() -> None:
    shot = photograph(Canvas(), Setting())
    assert jpeg(shot) == jpeg(shot)
    assert jpeg(shot)[:2] == b"\xff\xd8"
