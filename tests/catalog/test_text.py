"""Folding, index terms, content words and requests for several things."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shopclerk.catalog.text import (
    MAX_TERM_CHARS,
    STOP_WORDS,
    analyse,
    content_terms,
    fold,
    request_items,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café CRÈME", "cafe creme"),
        ("Straße", "strasse"),
        ("  a \t b\n", "a b"),
        ("ＦＵＬＬ", "full"),
        ("ﬁne", "fine"),
        ("℡", "tel"),
        ("İstanbul", "istanbul"),
        ("한국", "한국"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
@example("℡")
@example("\u0345\u1f80")
@example("\ufdfa\u3392")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_case_does_not_matter(text: str, other: str) -> None:
    assert fold(text.casefold()) == fold(text)
    assert analyse(f"{text} {other}") == [*analyse(text), *analyse(other)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Red running-shoes!", ["red", "running", "shoes"]),
        ("women's", ["women", "s"]),
        ("MB565LL/A", ["mb565ll", "mb", "565", "ll", "a", "mb565lla"]),
        ("iphone 13", ["iphone", "13"]),
        ("64GB", ["64gb", "64", "gb"]),
        ("snake_case", ["snake", "case"]),
        ("東京都", ["東", "京", "都", "東京", "京都"]),
        ("茶", ["茶"]),
        ("👟 !? --", []),
        ("x" * 100, ["x" * MAX_TERM_CHARS]),
    ],
)
def test_analyse(text: str, terms: list[str]) -> None:
    assert analyse(text) == terms


@pytest.mark.parametrize("written", ["mb565lla", "MB565LL/A", "MB-565-LLA", "mb565-lla"])
def test_the_ways_to_write_a_model_number_meet(written: str) -> None:
    assert "mb565lla" in analyse(written)


@given(st.text())
def test_terms_are_safe_to_quote(text: str) -> None:
    for term in analyse(text):
        assert term
        assert '"' not in term
        assert term.split() == [term]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("I am looking for a red kettle please", ["am", "red", "kettle"]),
        ("shoes shoes SHOES", ["shoes"]),
        ("do you have anything", ["anything"]),
        ("the of and", []),
        ("", []),
    ],
)
def test_content_terms(query: str, terms: list[str]) -> None:
    found = content_terms(query)
    assert found == terms or set(terms) <= set(found)
    assert not STOP_WORDS & set(found)


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ("a steel kettle and a white mug", ["a steel kettle", "a white mug"]),
        ("red shoes; blue backpack", ["red shoes", "blue backpack"]),
        ("black and white shoes", []),
        ("kettle and mug", []),
        ("red running shoes", []),
    ],
)
def test_a_request_for_several_things_is_cut(query: str, items: list[str]) -> None:
    assert request_items(query) == items


@pytest.mark.parametrize("text", ["a-" * 200_000, "and a " * 50_000, "é" * 200_000])
def test_a_long_text_takes_no_longer_than_its_length(text: str) -> None:
    started = time.perf_counter()
    analyse(text)
    request_items(text)
    assert time.perf_counter() - started < 5
