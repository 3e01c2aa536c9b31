"""Prices as sellers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.catalog.money import ISO_CODES, SYMBOLS, format_price, parse_currency, parse_price
from shopclerk.errors import RowError

READ = {
    "dollar sign": ("$1,299.00", 1299.0, "USD"),
    "euro behind": ("1.299,00 €", 1299.0, "EUR"),
    "code before": ("EUR 20", 20.0, "EUR"),
    "code glued": ("20EUR", 20.0, "EUR"),
    "code in small letters": ("20 eur", 20.0, "EUR"),
    "decimal comma": ("15,50", 15.5, None),
    "rupee": ("₹ 1,299", 1299.0, "INR"),
    "rupees with a dot": ("Rs.500", 500.0, "INR"),
    "lakh": ("₹1,29,999.00", 129999.0, "INR"),
    "blank for thousands": ("1 299,00 kr", 1299.0, "SEK"),
    "no-break space": ("1\u00a0299,00", 1299.0, None),
    "apostrophe": ("1'299.00 CHF", 1299.0, "CHF"),
    "curly apostrophe": ("1\u2019299.00", 1299.0, None),
    "google merchant": ("19.99 USD", 19.99, "USD"),
    "sign and code": ("$19.99 CAD", 19.99, "CAD"),
    "signed symbol": ("US $20", 20.0, "USD"),
    "round german": ("19,-", 19.0, None),
    "three digits after a dot": ("1.299", 1299.0, None),
    "three digits after a comma": ("1,299", 1299.0, None),
    "three decimals": ("1.299 KWD", 1.299, "KWD"),
    "zero before": ("0.125", 0.125, None),
    "four digits before": ("1234.567", 1234.567, None),
    "other mark for thousands": ("1 299,000", 1299.0, None),
    "millions": ("1.299.000", 1299000.0, None),
    "no zero before": ("$.50", 0.5, "USD"),
    "exponent": ("1.5e3", 1500.0, None),
    "plus": ("+5", 5.0, None),
    "int": (12, 12.0, None),
    "float": (12.345, 12.345, None),
    "zero": (0, 0.0, None),
}
REFUSED = {
    "word": ("free", "is not a number"),
    "empty": ("", "is not a number"),
    "negative number": (-5, "is negative"),
    "negative text": ("-5", "is negative"),
    "negative behind a sign": ("$-5", "is negative"),
    "typographic minus": ("\u22125", "is negative"),
    "nan": (float("nan"), "is not a number"),
    "nan text": ("nan", "is not a number"),
    "infinity": (float("inf"), "is too big"),
    "big": (1e15, "is too big"),
    "big text": ("9" * 60, "is too big"),
    "huge int": (10**5000, "is too big"),
    "endless text": ("9" * 5000, "is not a number"),
    "range": ("10-20", "several numbers"),
    "two prices": ("$10.00 $20.00", "not one number|several numbers"),
    "two numbers": ("10 20", "is not one number"),
    "bad groups": ("1,2,3", "is not one number"),
    "two decimal marks": ("1.299.00", "is not one number"),
    "superscript": ("19⁹⁹", "no known currency"),
    "unknown unit": ("5 abc", "no known currency"),
    "two currencies": ("€5 USD", "two currencies"),
    "truth value": (True, "is not a number"),
}


@pytest.mark.parametrize(("text", "value", "currency"), READ.values(), ids=READ)
def test_reads_a_price(text: str | int | float, value: float, currency: str | None) -> None:
    assert parse_price(text) == (value, currency)


@pytest.mark.parametrize(("text", "problem"), REFUSED.values(), ids=REFUSED)
def test_refuses_with_value_and_what_is_allowed(text: str | int | float, problem: str) -> None:
    with pytest.raises(RowError, match=problem) as caught:
        parse_price(text)
    assert "Allowed: one number from 0 to" in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("text", "given_currency", "currency"),
    [
        ("5", "EUR", "EUR"),
        ("$5", "CAD", "CAD"),
        ("$5", "EUR", "USD"),
        ("5 kr", "NOK", "NOK"),
        ("5 GBP", "EUR", "GBP"),
        ("5", "€", "EUR"),
        ("5", "usd", "USD"),
        (5, "PHP", "PHP"),
    ],
)
def test_currency_beside_the_price(text: str | int, given_currency: str, currency: str) -> None:
    assert parse_price(text, given_currency) == (5.0, currency)


def test_three_decimals_by_the_currency_beside() -> None:
    assert parse_price("1,299", "KWD") == (1.299, "KWD")


@pytest.mark.parametrize("text", ["dollars", "??", "12", "E U"])
def test_unknown_currency(text: str) -> None:
    with pytest.raises(RowError, match="ISO 4217"):
        parse_currency(text)


def test_symbols_mean_known_codes() -> None:
    assert {code for codes in SYMBOLS.values() for code in codes} <= ISO_CODES
    assert all(symbol == symbol.casefold() for symbol in SYMBOLS)


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (1299, "USD", "$1,299.00"),
        (15.5, "EUR", "€15.50"),
        (38, "PHP", "PHP 38.00"),
        (1500, "JPY", "¥1,500"),
        (1.299, "KWD", "KWD 1.299"),
        (-5, "USD", "-$5.00"),
    ],
)
def test_writes_a_price(value: float, currency: str, text: str) -> None:
    assert format_price(value, currency) == text


@given(st.integers(0, 10**13), st.sampled_from(["USD", "EUR", "GBP", "INR", "PHP", "SEK"]))
def test_what_is_written_reads_back(cents: int, currency: str) -> None:
    assert parse_price(format_price(cents / 100, currency)) == (cents / 100, currency)


@given(st.text() | st.text("0123456789.,' -$€eE") | st.floats() | st.integers())
def test_any_text_is_read_or_refused(text: str | float) -> None:
    try:
        value, _ = parse_price(text)
    except RowError:
        return
    assert 0 <= value <= 1e12
