"""Conditions on columns, as they are typed."""

import pytest

from shopclerk.agents.batch.conditions import (
    Condition,
    parse_conditions,
    refuse_unknown,
    resolve,
)
from shopclerk.errors import SettingError

CELLS = {"Brand": "Kettle  Wick", "Price": 12.0, "Tags": ["red", "Wool"], "Note": None}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Brand=kettle wick", True),
        ("Brand=kettle", False),
        ("Brand!=kettle", True),
        ("Brand~WICK", True),
        ("Brand!~wick", False),
        ("Price=12", True),
        ("Tags=wool", True),
        ("Tags~oo", True),
        ("Tags=blue", False),
        ("Note=", True),
        ("Brand=", False),
        ("Missing=", True),
        ("Brand = kettle wick ", True),
    ],
)
def test_a_condition_holds_or_not(text: str, holds: bool) -> None:
    assert parse_conditions([text])[0].holds(CELLS) is holds


def test_a_value_may_hold_the_marks() -> None:
    assert parse_conditions(["a=b=c~d"]) == (Condition("a", "=", "b=c~d"),)


@pytest.mark.parametrize("text", ["", "brand", "=x", "~x"])
def test_what_is_no_condition_is_told(text: str) -> None:
    with pytest.raises(SettingError, match="COLUMN=VALUE"):
        parse_conditions([text])


@pytest.mark.parametrize(
    ("typed", "meant"), [("SKU", "SKU"), ("sku", "SKU"), ("id", "SKU"), ("title", "Name")]
)
def test_columns_are_found_by_name_case_or_field(typed: str, meant: str) -> None:
    conditions = resolve(
        [Condition(typed, "=", "x")], ["SKU", "Name"], {"id": "SKU", "title": "Name"}
    )
    assert conditions[0].column == meant


def test_an_unknown_column_is_told() -> None:
    with pytest.raises(SettingError, match=r"--where: Unknown column 'colour'.*SKU"):
        refuse_unknown([Condition("colour", "=", "red")], ["SKU"])
