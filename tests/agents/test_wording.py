"""Tokens, stems and synonyms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.agents.wording import FILLER, recipients, stem, stems, synonyms, tokens
from shopclerk.catalog.text import fold

PLURALS = [
    ("shoes", "shoe"),
    ("boxes", "box"),
    ("dresses", "dress"),
    ("watches", "watch"),
    ("brushes", "brush"),
    ("batteries", "battery"),
    ("jerseys", "jersey"),
    ("mugs", "mug"),
    ("hoodies", "hoodie"),
    ("movies", "movie"),
]
APART = [
    ("fit", "fitness"),
    ("bus", "bu"),
    ("glass", "glas"),
    ("tennis", "tenni"),
    ("run", "running"),
]


@pytest.mark.parametrize(("many", "one"), PLURALS, ids=[many for many, _ in PLURALS])
def test_plural_and_singular_share_a_stem(many: str, one: str) -> None:
    assert stem(many) == stem(one)


@pytest.mark.parametrize(("word", "other"), APART, ids=[word for word, _ in APART])
def test_other_words_stay_apart(word: str, other: str) -> None:
    assert stem(word) != stem(other)


@given(st.text("abceishuxyz", max_size=9) | st.sampled_from(sorted(FILLER)) | st.text(max_size=9))
def test_stem_of_a_stem_is_itself(word: str) -> None:
    assert stem(stem(word)) == stem(word)


@given(st.text(max_size=40))
def test_tokens_stand_where_they_say(text: str) -> None:
    folded = fold(text)
    places = [(token.start, token.end) for token in tokens(folded)]
    assert places == sorted(places)
    for token in tokens(folded):
        assert folded[token.start : token.end].startswith(token.text[:1])


TOKENS = {
    "possessive": ("men's shoes", ["men", "shoes"]),
    "short form": ("don't", ["dont"]),
    "hyphen": ("t-shirt", ["t", "shirt"]),
    "digits": ("22l pack", ["22l", "pack"]),
    "marks alone": ("?! --", []),
    "other scripts": ("東京 чай", ["東京", "чай"]),
}


@pytest.mark.parametrize(("text", "words"), TOKENS.values(), ids=TOKENS)
def test_tokens(text: str, words: list[str]) -> None:
    assert [token.text for token in tokens(text)] == words


def test_synonyms_go_both_ways_within_a_line() -> None:
    assert stems("couch") in synonyms()[stems("sofa")]
    assert stems("sofa") in synonyms()[stems("couch")]


def test_kinds_go_one_way() -> None:
    assert stems("running shoes") in synonyms()[stems("sneakers")]
    assert stems("sneakers") not in synonyms().get(stems("running shoes"), [])


def test_people_are_recipients_by_stem() -> None:
    assert {stem("husband"), stem("mum")} <= recipients()
