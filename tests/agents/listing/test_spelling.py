"""Sellers' rough words, spelt as the shop spells them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.agents.listing.draft import Draft, Given
from shopclerk.agents.listing.spelling import RoughWords

COUNTS = {"running": 9, "runing": 1, "shoes": 30, "yellow": 5, "salmon": 4, "backpack": 6}
WORDS = RoughWords(COUNTS, ["Yelloh"])


@pytest.mark.parametrize(
    ("rough", "clean"),
    [
        ("nike runing shoes", "nike running shoes"),
        ("Runing SHOES, YELOW", "Running SHOES, YELLOW"),
        ("shoes sz10 Size9.5", "shoes sz 10 Size 9.5"),
        ("shoes SZ1000 K510 a-runing", "shoes SZ1000 K510 a-runing"),
        ("yelloh shoes", "yelloh shoes"),
        ("gelow shoes", "gelow shoes"),
        ("sold with love", "sold with love"),
        ("yelow zapatillas correr hombre", "yelow zapatillas correr hombre"),
        ("", ""),
    ],
    ids=["misspelt by the shop too", "case", "sizes", "codes", "brand", "first letter", "english", "other language", "empty"],
)  # fmt: skip
def test_rough_words_are_mended(rough, clean):
    assert WORDS.mended(rough)[0] == clean


def test_what_was_mended_is_told():
    draft, changes = WORDS.of_draft(Draft(given=Given(text="runing backpak shoes")))
    assert changes == {"runing": "running", "backpak": "backpack"}
    assert draft.given.text == "running backpack shoes"


def test_a_rare_word_mends_nothing():
    assert RoughWords({"yellow": 2, "shoes": 3}).mended("yelow shoes")[0] == "yelow shoes"


@given(st.text(max_size=80))
def test_mending_twice_changes_nothing_more(text):
    once, _ = WORDS.mended(text)
    assert WORDS.mended(once)[0] == once
