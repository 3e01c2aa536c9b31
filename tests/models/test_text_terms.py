"""Texts as weighted terms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.text_terms import MAX_CHARS, Vocabulary, fold_words, terms

TEXTS = ["red running shoe", "blue running shoes", "red kettle", "red kettle for tea"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Crème BRÛLÉE", ["creme", "brulee"]),
        ("red/blue-shoe", ["red", "blue", "shoe"]),
        ("靴 赤", ["靴", "赤"]),
        ("!!! …", []),
    ],
    ids=["accents", "marks", "other scripts", "nothing"],
)
def test_words_are_folded(text, words):
    assert fold_words(text) == words


def test_terms_are_words_neighbours_and_pieces():
    found = set(terms("red kettle"))
    assert {"red", "kettle", "red|kettle", "# red", "#ettle"} <= found


def test_only_terms_of_several_texts_are_kept_the_commonest_first():
    vocabulary = Vocabulary.learn(TEXTS, least=2, most=1_000)
    assert "red" in vocabulary.terms
    assert "tea" not in vocabulary.terms
    assert Vocabulary.learn(TEXTS, most=1).terms == vocabulary.terms[:1]


def test_rare_terms_weigh_more():
    vocabulary = Vocabulary.learn(TEXTS)
    idf = dict(zip(vocabulary.terms, vocabulary.idf, strict=True))
    assert idf["kettle"] > idf["red"]


def test_a_misspelt_word_shares_pieces():
    vocabulary = Vocabulary.learn(TEXTS)
    right, wrong = vocabulary.weigh(["red kettle"]), vocabulary.weigh(["red kettel"])
    assert (right @ wrong.T).toarray()[0, 0] > 0.2


def test_nothing_known_weighs_nothing():
    assert Vocabulary.learn(TEXTS).weigh(["", "xyzzy"]).nnz == 0
    assert Vocabulary.learn([]).weigh(["red"]).shape == (1, 0)


def test_a_very_long_text_is_read_from_its_beginning():
    assert len(fold_words("word " * 50_000)) == MAX_CHARS // 5


@given(st.lists(st.text(max_size=30), max_size=6))
def test_rows_have_length_one_or_none(texts):
    rows = Vocabulary.learn(texts, least=1).weigh(texts)
    lengths = np.sqrt((rows.multiply(rows)).sum(axis=1))
    assert all(abs(length - 1) < 1e-3 or length == 0 for length in np.ravel(lengths))
