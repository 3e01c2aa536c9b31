"""What is said in passing, what speaks against a value, and what may take a condition back."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.agents.asides import (
    aside_spans,
    clause_spans,
    is_aside,
    may_take_back,
    rules_out,
    speaks_against,
)


@pytest.mark.parametrize(
    ("clause", "aside"),
    [
        ("my floor is already black", True),
        ("i gave my dad a crystal decanter last year", True),
        ("our neighbour's kitchen is white", True),
        ("i've got about 3 metres of space", True),
        ("my wife would like a red one", False),
        ("i need a blue one", False),
        ("my son is allergic to wool", False),
        ("the blue ones are nice", False),
        ("red mugs", False),
    ],
)
def test_clauses_that_tell_are_asides(clause: str, aside: bool) -> None:
    assert is_aside(clause) is aside


def test_only_part_of_a_message_is_an_aside() -> None:
    text = "something in grey, my floor is already black"
    assert [text[a:b] for a, b in aside_spans(text)] == ["my floor is already black"]
    assert aside_spans("my floor is already black") == []


@given(st.text(alphabet="ab ,.;:!?()", max_size=40))
def test_clauses_lie_in_the_text_in_order_and_hold_no_full_stop_pause(text: str) -> None:
    spans = clause_spans(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
    kept = "".join(text[a:b] for a, b in spans)
    assert kept.count("a") + kept.count("b") == text.count("a") + text.count("b")


@pytest.mark.parametrize(
    ("text", "value", "against"),
    [
        ("hard cheese from italy, not stonegate", "italy", False),
        ("hard cheese from italy, not stonegate", "stonegate", True),
        ("it shouldn't be plastic looking: brass", "brass", False),
        ("i hate red", "red", True),
    ],
)
def test_words_against_a_value_stand_in_its_clause(text: str, value: str, against: bool) -> None:
    start = text.index(value)
    assert speaks_against(text, (start, start + len(value))) is against


def test_without_a_place_anything_may_be_ruled_out() -> None:
    assert speaks_against("red", None)


def test_a_clause_turns_down_what_it_leads_to() -> None:
    text = "zucil again? i'm not going near that brand"
    assert rules_out(text, text.index("brand"))
    assert not rules_out("i like that brand", 12)


@pytest.mark.parametrize(
    ("text", "may"), [("forget the oak", True), ("any dial", True), ("in blue", False)]
)
def test_taking_back_needs_a_word_for_it(text: str, may: bool) -> None:
    assert may_take_back(text) is may
