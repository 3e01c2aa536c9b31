"""Words in a form that can be compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.matching.words import folded, words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Sony   DSC-W120 ", "sony dsc-w120"),
        ("Café Crème", "cafe creme"),
        ("ＣＡＮＯＮ", "canon"),
        ("Nіkе Аir Max", "nike air max"),  # і, е and А are Cyrillic
        ("Кеды белые", "кеды белые"),  # a word of another script alone stays what it is
        ("ad\u200bidas", "adidas"),
        ("", ""),
    ],
    ids=["blanks", "accents", "width", "homoglyphs", "cyrillic", "zero width", "empty"],
)
def test_folded(text, plain):
    assert folded(text) == plain


def test_scripts_without_blanks_give_pairs():
    assert words(folded("防水靴 41")) == ["防水", "水靴", "41"]


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    once = folded(text)
    assert folded(once) == once
