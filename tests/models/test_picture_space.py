"""Where pictures and words meet: what is stored, and what a query's dot product with it comes to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.picture_space import OWN_WORDS, ROUTES, Look, PictureSpace
from tests.eyes import random_head, unit

SIZE, MEANING = 6, 4
WORDS = ("red", "blue", "shoe", "bag")
TERMS = [["red", "shoe"], ["blue", "bag", "nosuch"], [], ["shoe", "shoe"], ["nosuch"]]
HEAD = random_head(WORDS, size=SIZE, meaning=MEANING)
LOOKS = [
    Look(vector, meaning)
    for vector, meaning in zip(unit(5, SIZE, 1), unit(5, MEANING, 2), strict=True)
]


def space(route):
    return PictureSpace(route, SIZE, HEAD if "head" in route else None)


def suggested(vector):
    """The words that a picture suggests, as a vector of length one."""
    probabilities = np.sqrt(HEAD.words(vector[None])[0])
    return probabilities / np.linalg.norm(probabilities)


def held(terms):
    return np.array([word in terms for word in WORDS], float)


def shares(look, terms):
    """The words stored for a product, as a vector of length one."""
    amounts = OWN_WORDS * held(terms) + (1 - OWN_WORDS) * HEAD.words(look.vector[None])[0]
    return np.sqrt(amounts) / np.linalg.norm(np.sqrt(amounts))


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_stored_is_unit_length(route):
    stored = space(route).product_vectors(LOOKS, TERMS)
    words = len(WORDS) if "head" in route else 0
    assert stored.shape == (5, SIZE + MEANING + words)
    assert stored.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(stored, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("route", ROUTES)
@given(order=st.permutations(range(5)))
def test_what_is_stored_does_not_depend_on_the_batch(route, order):
    made = space(route)
    permuted = made.product_vectors([LOOKS[at] for at in order], [TERMS[at] for at in order])
    np.testing.assert_allclose(permuted, made.product_vectors(LOOKS, TERMS)[order], atol=1e-6)


@pytest.mark.parametrize("asked", [[], ["red"], ["blue", "bag"], ["nosuch"]], ids=str)
@pytest.mark.parametrize("route", [route for route in ROUTES if "head" in route])
def test_a_picture_scores_the_weighted_sum_of_its_parts(route, asked):
    made, look = space(route), Look(unit(1, SIZE, 8)[0], unit(1, MEANING, 9)[0])
    weights = made.weights
    meaning = HEAD.meanings(look.vector[None])[0]
    expected = [
        weights.look * look.vector @ other.vector
        + weights.meaning * meaning @ HEAD.meanings(other.vector[None])[0]
        + weights.words * suggested(look.vector) @ shares(other, terms)
        + weights.asked * held(asked) @ shares(other, terms)
        for other, terms in zip(LOOKS, TERMS, strict=True)
    ]
    scores = made.product_vectors(LOOKS, TERMS) @ made.picture_query(look, asked)
    np.testing.assert_allclose(scores, expected, atol=1e-5)


@pytest.mark.parametrize("route", ["class names", "shared space"])
def test_without_a_head_a_picture_scores_by_look_and_meaning(route):
    made, look = space(route), Look(unit(1, SIZE, 8)[0], unit(1, MEANING, 9)[0])
    scores = made.product_vectors(LOOKS, TERMS) @ made.picture_query(look, ["red"])
    expected = [
        made.weights.look * look.vector @ other.vector
        + made.weights.meaning * look.meaning @ other.meaning
        for other in LOOKS
    ]
    np.testing.assert_allclose(scores, expected, atol=1e-5)


@pytest.mark.parametrize("route", ROUTES)
def test_words_score_by_meaning_and_by_agreement(route):
    made, meaning = space(route), unit(1, MEANING, 3)[0]
    scores = made.product_vectors(LOOKS, TERMS) @ made.words_query(meaning, ["red", "nosuch"])
    means = [made.meaning(look) @ meaning for look in LOOKS]
    if made.head:
        parts = [held(["red"]) @ shares(look, own) for look, own in zip(LOOKS, TERMS, strict=True)]
        means = np.add(means, parts)
    np.testing.assert_allclose(scores, means, atol=1e-5)


@pytest.mark.parametrize("route", ROUTES)
def test_meanings_are_unit_length_and_those_of_the_head(route):
    for look in LOOKS:
        meaning = space(route).meaning(look)
        assert np.linalg.norm(meaning) == pytest.approx(1.0, abs=1e-5)
        expected = HEAD.meanings(look.vector[None])[0] if "head" in route else look.meaning
        np.testing.assert_allclose(meaning, expected, atol=1e-6)


def test_a_word_in_the_listing_counts_when_it_is_asked_for():
    made = space("own head")
    with_it, without = made.product_vectors([LOOKS[0]] * 2, [["red", "shoe"], ["blue", "shoe"]])
    query = made.picture_query(LOOKS[1], ["red"])
    assert with_it @ query > without @ query


@pytest.mark.parametrize("terms", [["shoe", "red"], ["shoe", "shoe", "red"], {"red", "shoe"}])
def test_words_are_a_set(terms):
    made = space("own head")
    stored = made.product_vectors(LOOKS[:1], [terms])
    np.testing.assert_array_equal(stored, made.product_vectors(LOOKS[:1], TERMS[:1]))
    query = made.words_query(LOOKS[0].meaning, terms)
    np.testing.assert_array_equal(query, made.words_query(LOOKS[0].meaning, TERMS[0]))


KNOWN = {
    "a word of the head": ("own head", ["red", "nosuch"], True),
    "no word of the head": ("own head", ["nosuch"], False),
    "no words": ("shipped head", [], False),
    "no head": ("class names", ["red"], False),
    "any word in a shared space": ("shared space", ["nosuch"], True),
}


@pytest.mark.parametrize(("route", "terms", "known"), KNOWN.values(), ids=KNOWN)
def test_which_words_can_be_asked_for(route, terms, known):
    assert space(route).knows(terms) is known


def test_spaces_of_other_vectors_have_other_names():
    other = PictureSpace("own head", SIZE, random_head(WORDS, size=SIZE, seed=3))
    names = {space("own head").id, other.id, space("class names").id, space("shared space").id}
    assert len(names) == 4
