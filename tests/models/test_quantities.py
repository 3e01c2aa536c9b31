"""Quantities in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.quantities import UnitError, parse_number, parse_quantity, plain_number
from shopclerk.models.unit_names import units

READ = {
    "mixed fraction": ("1 1/2 in", "1.5 in"),
    "glyph": ("½ lb", "0.5 lb"),
    "hyphen": ("16-Ounce", "16 oz"),
    "thousands": ("5,000 IU", "5000 IU"),
    "decimal comma": ("1,5 kg", "1.5 kg"),
    "times": ("2 x 250ml", "2 x 250 ml"),
    "two words": ("12.8 Fl. Oz", "12.8 fl oz"),
    "glued": ("3.5g", "3.5 g"),
    "inches": ('27"', "27 in"),
    "no unit": ("7200 RPM", "7200"),
    "behind": ("240 softgels (Pack of 2)", "240 capsule"),
}
NO_NUMBERS = ["", "abc", "x/y", "١٢x" * 0]
CONVERSIONS = {
    "length": ("27 in", "cm", "68.58"),
    "data": ("500GB", "TB", "0.5"),
    "same": ("3 ft", "ft", "3"),
    "temperature": ("100 °C", "°F", "212"),
    "mass": ("1 lb", "g", "453.59237"),
}


@pytest.mark.parametrize(("text", "wanted"), READ.values(), ids=READ)
def test_quantities_are_read(text, wanted):
    assert parse_quantity(text).text() == wanted


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_number_is_no_quantity(text):
    assert parse_quantity(text) is None


@pytest.mark.parametrize(("text", "unit", "wanted"), CONVERSIONS.values(), ids=CONVERSIONS)
def test_quantities_are_converted(text, unit, wanted):
    assert parse_quantity(text).to(unit) == Decimal(wanted)


@pytest.mark.parametrize(
    ("text", "unit"), [("3 cm", "kg"), ("3 cm", "parsnips"), ("3", "cm"), ("3 capsules", "tablet")]
)
def test_what_cannot_be_converted_says_so(text, unit):
    with pytest.raises(UnitError, match=unit):
        parse_quantity(text).to(unit)


@pytest.mark.parametrize("text", ["1/0", "1.2.3", "1,2,3"])
def test_no_numbers(text):
    assert parse_number(text) is None


@given(st.decimals(min_value=0, max_value=10**6, places=3))
def test_a_number_is_written_and_read_alike(number):
    assert parse_number(plain_number(number)) == number


@given(st.text(max_size=300))
def test_any_text_is_taken(text):
    quantity = parse_quantity(text)
    assert quantity is None or quantity.times >= 0


@pytest.mark.parametrize("unit", sorted({u.symbol for u in units().values() if u.pint}))
def test_the_library_knows_every_unit(unit):
    assert parse_quantity(f"2 {unit}").to(unit) == 2
    base = {u.symbol: u for u in units().values()}[unit]
    others = [u.symbol for u in units().values() if u.dimension == base.dimension and u.pint]
    assert parse_quantity(f"2 {unit}").to(others[0]) is not None
