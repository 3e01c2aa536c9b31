"""Words shared, weighed by rarity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.matching.text_space import TextSpace, WordCounts, grams, rarity

TEXTS = [["red", "shoe"], ["red", "boot"], ["shoe", "red"], []]


def at(*places):
    return np.array(places)


def test_equal_words_are_wholly_shared():
    space = TextSpace.of(TEXTS)
    less, more, _ = space.shared(at(0), at(2))
    assert less[0] == more[0] == pytest.approx(1)
    assert space.cosine(at(0), at(2))[0] == pytest.approx(1)


def test_a_rare_word_weighs_more():
    space = TextSpace.of([["common", "rare"], ["common"], ["common"], ["common"]])
    assert space.idf[space.places["rare"]] > space.idf[space.places["common"]]


def test_what_is_missing_is_told_from_both_sides():
    space = TextSpace.of(TEXTS)
    assert space.rarest_missing(at(0), at(1))[0] == pytest.approx(space.idf[space.places["shoe"]])
    assert space.rarest_missing(at(0), at(2))[0] == 0


def test_an_empty_text_shares_nothing():
    space = TextSpace.of(TEXTS)
    assert space.cosine(at(3), at(0))[0] == 0


def test_the_catalogue_says_how_rare_words_are():
    known = TextSpace.of(TEXTS, WordCounts({"red": 900, "shoe": 2}, 1000))
    assert known.idf[known.places["shoe"]] > 2 * known.idf[known.places["red"]]


@given(st.integers(1, 10**6), st.integers(0, 100))
def test_rarity_lies_between_nothing_and_one(texts, count):
    weight = rarity(np.array([min(count, texts)], np.float32), texts)[0]
    assert 0 < weight <= 1


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=5), min_size=2, max_size=6))
def test_the_cosine_does_not_depend_on_order(texts):
    space = TextSpace.of(texts)
    rows = np.arange(len(texts))
    assert np.allclose(space.cosine(rows, rows[::-1]), space.cosine(rows[::-1], rows))


def test_grams_mark_the_ends():
    assert grams("ab") == [" ab", "ab "]
    assert grams("") == ["  "]
