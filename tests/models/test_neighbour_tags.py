"""Tags of like products."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.neighbour_tags import Neighbour, company_of, neighbour_tags


def near(*given):
    return [Neighbour(nearness, frozenset(tags)) for nearness, tags in given]


def test_what_most_neighbours_have_comes_first():
    found = neighbour_tags(near((0.9, "ab"), (0.8, "ac"), (0.7, "ad")))
    assert found[0] == ("a", pytest.approx(1))


def test_a_tag_of_one_far_neighbour_is_left_out():
    assert [tag for tag, _ in neighbour_tags(near((1.0, "a"), (1.0, "a"), (0.2, "b")))] == ["a"]


def test_neighbours_without_tags_have_no_vote():
    assert neighbour_tags(near((1.0, ""), (0.5, "a"))) == [("a", pytest.approx(1))]
    assert neighbour_tags([]) == []


def test_a_tag_that_goes_with_another_is_lifted():
    neighbours = near((1.0, "a"), (1.0, "ab"))
    plain = dict(neighbour_tags(neighbours))["b"]
    lifted = dict(neighbour_tags(neighbours, company={"a": {"b": 1.0}}))["b"]
    assert lifted > plain


def test_company_is_a_share():
    assert company_of(["ab", "a"])["a"]["b"] == 0.5
    assert company_of(["ab", "a"])["b"]["a"] == 1.0


@given(st.lists(st.tuples(st.floats(0, 1), st.sets(st.sampled_from("abcd"))), max_size=8))
def test_scores_lie_between_none_and_one(neighbours):
    given = [Neighbour(nearness, frozenset(tags)) for nearness, tags in neighbours]
    assert all(0 <= score <= 1.000001 for _, score in neighbour_tags(given))
