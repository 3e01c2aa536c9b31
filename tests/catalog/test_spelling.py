"""Corrections by the catalogue's own words, and completions."""

import pytest

from shopclerk.catalog.spelling import (
    Speller,
    complete,
    correct_query,
    english_words,
    store_vocabulary,
)
from tests.conftest import ShopMaker

WORDS = {"sneakers": 9, "shoes": 20, "shirt": 3, "shorts": 5, "boot": 4, "backpack": 2, "2024": 1}


@pytest.fixture
def speller() -> Speller:
    return Speller(WORDS, language=lambda: {"sofa", "short", "book"})


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("snekers", "sneakers"),
        ("shose", "shoes"),
        ("sneekers", "sneakers"),
        ("backpakc", "backpack"),
        ("shoes", None),
        ("sneaker", None),
        ("boots", None),
        ("sofa", None),
        ("book", None),
        ("zzzzzz", None),
        ("sh", None),
        ("2025", None),
        ("mb565", None),
    ],
)
def test_correct(speller: Speller, word: str, meant: str | None) -> None:
    assert speller.correct(word) == meant


def test_the_nearest_then_the_same_letter_then_the_more_frequent_comes_first() -> None:
    speller = Speller({"boat": 1, "coat": 50, "boot": 5, "bolt": 9}, language=frozenset)
    assert speller.neighbours("boxt") == ["bolt", "boot", "boat"]


def test_an_empty_vocabulary_corrects_nothing() -> None:
    assert Speller({}, language=frozenset).correct("shose") is None


def test_english_words_are_left_alone() -> None:
    assert {"sofa", "helicopter", "shoes"} <= english_words()
    assert "snekers" not in english_words()


def test_a_query_is_corrected_word_by_word(shop: ShopMaker) -> None:
    speller = Speller(store_vocabulary(shop().store))
    assert correct_query(speller, "the hikng boots for wommen") == {
        "hikng": "hiking",
        "wommen": "women",
    }


def test_the_vocabulary_counts_products(shop: ShopMaker) -> None:
    store = shop().store
    assert store_vocabulary(store)["running"] == 3
    store.delete(["run-1"])
    assert store_vocabulary(store)["running"] == 2
    store.delete(list(store.ids()))
    assert store_vocabulary(store) == {}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("hik", "Hiking Boots"),
        ("FELL", "Fellwind"),
        ("cafe", "Café Crème"),
        ("red wat", "red waterproof"),
    ],
)
def test_complete(shop: ShopMaker, typed: str, first: str) -> None:
    assert complete(shop().store, typed)[0] == first


@pytest.mark.parametrize("typed", ["", "  ", "qqqq", "%", "'\"", "a" * 10_000])
def test_nothing_to_complete(shop: ShopMaker, typed: str) -> None:
    assert complete(shop().store, typed) == []
