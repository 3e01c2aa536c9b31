"""Pieces of texts and candidate spans."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.attribute_spans import (
    MAX_PIECES,
    MAX_WIDTH,
    cut,
    find_value,
    lowered,
    shape,
    windows,
)

CUTS = {
    "units": ("40mm/3.5g", ["40", "mm", "/", "3.5", "g"]),
    "thousands": ("5,000 IU", ["5,000", "IU"]),
    "comma": ("8400, Red", ["8400", ",", "Red"]),
    "model": ("MB-565LL_A", ["MB", "-", "565", "LL", "_", "A"]),
    "arabic": ("قميص أحمر", ["قميص", "أحمر"]),
    "chinese": ("红色杯子", ["红", "色", "杯", "子"]),
    "empty": ("", []),
    "blanks": (" \n ", []),
}
# text, value, where, exact
FOUND = {
    "word": ("Aldo Red Mug", "red", [(1, 1)], True),
    "words": ("Navy  Blue Mug", "navy blue", [(0, 1)], True),
    "twice": ("Red Mug, Red", "Red", [(0, 0), (3, 3)], True),
    "inside a word": ("Men Shorts", "Short", [(1, 1)], False),
    "a word rather than inside one": ("Short Shorts", "short", [(0, 0)], True),
    "blanks around": ("120 Count Box", " 120 Count ", [(0, 1)], True),
    "absent": ("Aldo Mug", "Red", [], False),
    "empty": ("Aldo Mug", "  ", [], False),
    "pattern letters": ("5 (L+) x", "(L+)", [(1, 4)], True),
    "too long": ("a " * 40, " ".join("a" * 30), [], False),
}
SHAPES = {
    "7": "9",
    "84": "99",
    "3.5": "9.9",
    "IU": "AA",
    "Red": "Aa",
    "red": "aa",
    "x": "a",
    "/": "/",
}


@pytest.mark.parametrize(("text", "pieces"), CUTS.values(), ids=CUTS)
def test_pieces_by_hand(text, pieces):
    assert [text[start:end] for start, end in cut(text)] == pieces


@pytest.mark.parametrize(("text", "value", "spans", "exact"), FOUND.values(), ids=FOUND)
def test_values_are_found_where_they_stand(text, value, spans, exact):
    assert find_value(windows(text, 1)[0], value) == (spans, exact)


@pytest.mark.parametrize(("piece", "wanted"), SHAPES.items(), ids=SHAPES)
def test_shapes(piece, wanted):
    assert shape(piece) == wanted


@given(st.text(max_size=200))
def test_pieces_are_in_order_and_hold_all_but_white_space(text):
    bounds = cut(text)
    assert all(a < b for a, b in bounds)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(bounds))
    covered = {place for a, b in bounds for place in range(a, b)}
    assert all(char.isspace() for place, char in enumerate(text) if place not in covered)


@given(st.text(max_size=100))
def test_lowering_keeps_the_length(text):
    assert len(lowered(text)) == len(text)


@given(st.text(min_size=1, max_size=120), st.data())
def test_what_a_span_reads_is_found_again(text, data):
    pieces = windows(text, 1)[0]
    if len(pieces):
        first, last = data.draw(st.sampled_from(pieces.spans.tolist()))
        start, end = pieces.place(first, last)
        spans, exact = find_value(pieces, text[start:end])
        assert exact
        keys = {" ".join(pieces.key(*span).split()) for span in spans}
        assert pieces.key(first, last) in keys


def test_long_texts_are_read_in_windows_that_overlap_and_end():
    text = "word " * 10_000
    found = windows(text, 3)
    assert len(found) == 3
    assert all(len(window) == MAX_PIECES for window in found)
    assert found[1].bounds[0] < found[0].bounds[-1]
    assert len(found[0].spans) <= MAX_PIECES * MAX_WIDTH
