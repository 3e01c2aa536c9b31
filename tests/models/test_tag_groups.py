"""Tags that rule each other out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shopclerk.models.tag_groups import TagGroup, chances, find_groups


def flags(rows, width):
    made = np.zeros((len(rows), width), bool)
    for row, labels in enumerate(rows):
        made[row, list(labels)] = True
    return made


def members(groups):
    return sorted(sorted(group.columns.tolist()) for group in groups)


def test_colours_and_shapes_come_apart():
    # 0 to 2 are colours, 3 and 4 shapes, 5 stands beside any of them.
    rows = [(c, s, *([5] if n % 2 else [])) for c in (0, 1, 2) for s in (3, 4) for n in range(6)]
    groups = find_groups(flags(rows, 6))
    assert members(groups) == [[0, 1, 2], [3, 4]]
    assert all(group.always for group in groups)


def test_a_rare_tag_joins_the_group_that_is_missing_where_it_stands():
    rows = [(c, s) for c in (0, 1) for s in (2, 3) for _ in range(10)] + [(4, 2)]
    assert members(find_groups(flags(rows, 5))) == [[0, 1, 4], [2, 3]]


def test_a_group_that_is_often_missing_is_not_always_there():
    rows = [(0,)] * 20 + [(1,)] * 20 + [()] * 20
    (group,) = find_groups(flags(rows, 2))
    assert not group.always


@pytest.mark.parametrize("rows", [[], [(0, 1)] * 9, [(0,), (1,)]], ids=["none", "together", "few"])
def test_no_group_where_nothing_shows_one(rows):
    assert find_groups(flags(rows, 2)) == []


def test_chances_sum_to_one_where_a_member_is_always_there():
    logits = np.array([[1.0, 2.0, -1.0, 0.5]], np.float32)
    always, maybe = TagGroup(np.array([0, 1]), True), TagGroup(np.array([2]), False)
    found = chances(logits, [always, maybe])[0]
    assert found[:2].sum() == pytest.approx(1)
    assert found[2] == pytest.approx(np.exp(-1) / (1 + np.exp(-1)))
    assert found[3] == pytest.approx(1 / (1 + np.exp(-0.5)))


@given(arrays(np.float32, (3, 4), elements=st.floats(-200, 200, width=32)))
def test_chances_lie_between_none_and_one(logits):
    found = chances(logits, [TagGroup(np.array([0, 1]), True), TagGroup(np.array([2]), False)])
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1.000001)).all()


@given(arrays(bool, (12, 5)))
def test_no_tag_is_in_two_groups(made):
    places = [place for group in find_groups(made) for place in group.columns.tolist()]
    assert len(places) == len(set(places))
