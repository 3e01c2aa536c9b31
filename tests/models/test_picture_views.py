"""Views of a picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shopclerk.models.picture_views import (
    LEAST_AREA,
    judging_views,
    random_crop,
    training_views,
)
from tests.pictured import painted


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**31))
def test_a_crop_lies_within_the_picture(width, height, seed):
    crop = random_crop(Image.new("RGB", (width, height)), np.random.default_rng(seed))
    assert 1 <= crop.width <= width
    assert 1 <= crop.height <= height


def test_a_crop_shows_enough():
    random = np.random.default_rng(3)
    image = painted("red")
    sizes = [random_crop(image, random).size for _ in range(50)]
    areas = [w * h / image.width / image.height for w, h in sizes]
    assert min(areas) > LEAST_AREA - 0.02
    assert len(set(sizes)) > 20


@pytest.mark.parametrize("count", [1, 2, 8])
def test_views_to_learn_from_begin_with_the_whole(count):
    image = painted("blue")
    views = list(training_views(image, count, seed=5))
    assert len(views) == count
    assert views[0] is image


def test_a_seed_gives_the_same_views():
    image = painted("green", "cone")
    first, again, other = (
        [np.asarray(view).tobytes() for view in training_views(image, 4, seed)]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_judging_sees_the_whole_mirrored_and_the_middle():
    whole, mirrored, middle = judging_views(painted("red", "cone"))
    assert whole.size == mirrored.size
    assert middle.width < whole.width
