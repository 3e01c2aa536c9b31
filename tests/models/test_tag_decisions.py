"""From chances to tags."""

import numpy as np
import pytest

from shopclerk.models.tag_decisions import (
    DEFAULT_THRESHOLD,
    decide,
    labelled_share,
    ranked,
    tune_thresholds,
)
from shopclerk.models.tag_groups import TagGroup

ALWAYS = TagGroup(np.array([0, 1]), True)
MAYBE = TagGroup(np.array([0, 1]), False)
HALF = np.full(3, 0.5, np.float32)


def rows(*given):
    return np.array(given, np.float32)


@pytest.mark.parametrize(
    ("groups", "said"),
    [([], [0, 0, 1]), ([ALWAYS], [0, 1, 1]), ([MAYBE], [0, 0, 1])],
    ids=["each alone", "one in any case", "one where it is likely"],
)
def test_one_of_a_group_is_said(groups, said):
    assert decide(rows([0.2, 0.3, 0.6]), groups, HALF).tolist() == [[bool(each) for each in said]]


def test_never_two_of_a_group():
    assert decide(rows([0.8, 0.9, 0.1]), [MAYBE], HALF).tolist() == [[False, True, False]]


def test_what_is_said_comes_first():
    chances = rows([0.9, 0.2, 0.5])
    said = np.array([[False, True, True]])
    assert ranked(chances, said).tolist() == [[2, 1, 0]]


def test_thresholds_part_right_from_wrong():
    chances = np.concatenate([np.full((50, 1), 0.3), np.full((50, 1), 0.1)]).astype(np.float32)
    flags = np.repeat([[True], [False]], 50, axis=0)
    threshold = tune_thresholds(chances, flags, [])[0]
    assert 0.1 < threshold <= 0.3


def test_the_threshold_of_a_rare_tag_is_near_the_common_one():
    random = np.random.default_rng(1)
    flags = np.stack([random.random(400) < 0.5, np.arange(400) == 7], axis=1)
    chances = np.where(flags, 0.6, 0.2).astype(np.float32)
    chances[7, 1] = 0.06
    common, rare = tune_thresholds(chances, flags, [])
    assert abs(common - rare) < 0.1


def test_nothing_held_out_gives_the_default():
    nothing = tune_thresholds(np.zeros((0, 2), np.float32), np.zeros((0, 2), bool), [])
    assert nothing == pytest.approx([DEFAULT_THRESHOLD] * 2)


def test_the_share_of_labelled_listings_is_their_mean_chance():
    chances = np.array([[0.4], [0.4], [0.9]] * 40, np.float32)
    flags = np.array([[True], [True], [False]] * 40)
    assert labelled_share(chances, flags)[0] == pytest.approx(0.4, abs=0.01)
