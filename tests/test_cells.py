"""Cells that a spreadsheet must not take for formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.cells import FORMULA_STARTS, bare, guarded


@pytest.mark.parametrize(
    ("value", "cell"),
    [("=1+1", "'=1+1"), ("-5", "'-5"), ("@x", "'@x"), ("plain", "plain"), ("'quoted", "'quoted"), (7, "7"), (None, "")],
    ids=str,
)  # fmt: skip
def test_guarded(value, cell):
    assert guarded(value) == cell


@pytest.mark.parametrize(
    ("cell", "text"), [("'=a", "=a"), ("'a", "'a"), (" - ", "-"), (None, ""), ("", "")], ids=str
)
def test_bare(cell, text):
    assert bare(cell) == text


@given(st.text(max_size=20))
def test_no_cell_begins_a_formula_and_each_comes_back(text):
    assert not guarded(text).startswith(FORMULA_STARTS)
    if not text.startswith("'"):
        assert bare(guarded(text.strip())) == text.strip()
