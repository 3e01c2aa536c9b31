"""Pairs among their rivals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.matching.group_features import (
    distinct_pairs,
    group_features,
    group_sizes,
    standing,
)


def floats(*values):
    return np.array(values, np.float32)


def test_the_best_leads_and_the_others_trail():
    margins, ranks = standing(floats(1, 5, 3), np.array([7, 7, 7]))
    assert margins.tolist() == [-4, 2, -2]
    assert ranks.tolist() == [2, 0, 1]


def test_a_pair_without_rivals_has_no_lead():
    margins, ranks = standing(floats(1, 2), np.array([1, 2]))
    assert np.isnan(margins).all()
    assert ranks.tolist() == [0, 0]


def test_listings_have_rivals_on_both_sides():
    scores = {"alone": floats(1, 4, 0)}
    found = group_features(scores, np.array([0, 1, 0]), np.array([1, 2, 2]))
    assert found["alone_margin_less"].tolist() == [-3, 3, -4]
    assert found["alone_rank_more"].tolist() == [1, 0, 1]
    assert found["rivals_more"].tolist() == [2, 2, 2]


def test_without_a_rival_on_one_side_the_lead_is_not_known():
    found = group_features({"alone": floats(1, 4)}, np.array([0, 1]), np.array([1, 2]))
    assert np.isnan(found["alone_margin_less"]).all()


def test_a_pair_given_twice_counts_once():
    first, inverse = distinct_pairs(np.array([0, 1, 0]), np.array([1, 0, 2]))
    assert len(first) == 2
    assert inverse[0] == inverse[1] != inverse[2]


def test_sizes_are_cut():
    assert group_sizes(np.zeros(30, np.int64)).tolist() == [10] * 30


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-50, 50)), min_size=1, max_size=12))
def test_the_order_of_pairs_does_not_matter(pairs):
    rows = np.array([row for row, _ in pairs])
    scores = floats(*[score for _, score in pairs])
    margins, _ = standing(scores, rows)
    turned, _ = standing(scores[::-1], rows[::-1])
    assert np.allclose(margins, turned[::-1], equal_nan=True)
    assert margins[np.isnan(margins)].size == sum(list(rows).count(row) == 1 for row in rows)


def test_no_pairs():
    nothing = np.zeros(0, np.int64)
    assert group_sizes(nothing).size == 0
    assert standing(floats(), nothing)[0].size == pytest.approx(0)
