"""Candidate pairs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.catalog.blocking import (
    MAX_KEY,
    Blocking,
    BlockingTerms,
    pairs_between,
    pairs_within,
)


def within(titles, keys=None, **how):
    words = [title.split() for title in titles]
    terms = BlockingTerms(words, keys or [[] for _ in titles], titles)
    found = pairs_within(terms, Blocking(**how))
    return set(map(tuple, found.tolist()))


def test_rare_words_bring_listings_together():
    titles = ["red shoe torvane", "blue hat", "torvane pacer shoe", "green wool"]
    assert (0, 2) in within(titles, window=0)
    assert not any(3 in pair for pair in within(titles, window=0))


def test_misspelt_and_glued_words_bring_listings_together():
    titles = ["kettlewick teapot", "blue hat", "ketlewick tea pot", "greenwool sock"]
    assert within(titles, window=0) == {(0, 2)}


def test_a_model_number_brings_listings_without_a_common_word_together():
    assert (0, 1) in within(["a b", "c d"], [["ak123"], ["ak123"]], window=0)


def test_words_that_all_hold_find_neighbours_still():
    titles = [f"shoe red {'x' * number}" for number in range(30)]
    found = within(titles, max_posting=5, window=1)
    assert len(found) >= 29


def test_listings_of_the_same_words_are_paired_with_the_first():
    found = within(["red shoe"] * 100)
    assert found == {(0, other) for other in range(1, 100)}


def test_a_key_that_many_share_gives_few_pairs():
    titles = [f"w{number}" for number in range(200)]
    found = within(titles, [["same"]] * 200, window=0)
    assert len(found) <= 200 * MAX_KEY
    assert (0, 1) in found


@pytest.mark.parametrize("titles", [[], ["one"], ["", ""]], ids=["none", "one", "empty"])
def test_few_listings(titles):
    assert within(titles) == ({(0, 1)} if len(titles) == 2 else set())


def test_between_two_lists():
    left = BlockingTerms(
        [["red", "shoe"], ["blue", "hat"]], [[], ["zx90"]], ["red shoe", "blue hat"]
    )
    right = BlockingTerms([["hat", "blue"], ["lamp"]], [[], ["zx90"]], ["hat blue", "lamp"])
    found = set(map(tuple, pairs_between(left, right).tolist()))
    assert {(1, 0), (1, 1)} <= found
    assert (0, 1) not in found


WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=4)


@settings(max_examples=50, deadline=None)
@given(st.lists(WORDS, max_size=12))
def test_pairs_are_ordered_distinct_and_bounded(terms):
    texts = [" ".join(words) for words in terms]
    found = pairs_within(
        BlockingTerms(terms, [[] for _ in terms], texts), Blocking(nearest=2, window=1)
    )
    assert (found[:, 0] < found[:, 1]).all()
    assert len(np.unique(found, axis=0)) == len(found)
    assert len(found) <= 6 * len(terms)
