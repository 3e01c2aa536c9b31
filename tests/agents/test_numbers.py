"""Limits as shoppers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.agents.numbers import Numbers, amount, digits_for_words, read_numbers

UNITS = "only the second number of a range is checked for a unit; the first is read as a price"
STARS = "a range of ratings is read as its upper end, or as a range of prices"


def bug(text: str, low: float | None, high: float | None, stars: float | None, why: str):
    return pytest.param(
        text, low, high, stars, id=text, marks=pytest.mark.xfail(strict=True, reason=why)
    )


PHRASES = [
    # text, price_min, price_max, rating_min
    ("under 50", None, 49.99, None),
    ("below $50", None, 49.99, None),
    ("less than 50", None, 49.99, None),
    ("less then 50 euros", None, 49.99, None),
    ("cheaper than 20", None, 19.99, None),
    ("< 30", None, 29.99, None),
    ("at most 50", None, 50, None),
    ("up to 75", None, 75, None),
    ("maximum of 40", None, 40, None),
    ("no more than 60", None, 60, None),
    ("nothing over 25", None, 25, None),
    ("not above 30", None, 30, None),
    ("<= 30", None, 30, None),
    ("my budget is 200", None, 200, None),
    ("i can spend 90", None, 90, None),
    ("i don't want to pay more than 40", None, 40, None),
    ("raise it to 80", None, 80, None),
    ("hide anything above 60", None, 60, None),
    ("for $20", None, 20, None),
    ("between 20 and 50", 20, 50, None),
    ("between 50 and 20", 20, 50, None),
    ("from 20 to 50", 20, 50, None),
    ("$20-$50", 20, 50, None),
    ("20 to 50 euros", 20, 50, None),
    ("price 20 - 50", 20, 50, None),
    ("between 1,000 and 2,000", 1000, 2000, None),
    ("over 20 under 50", 20.01, 49.99, None),
    ("around 50", 40, 60, None),
    ("about $100", 80, 120, None),
    ("50 tops", None, 50, None),
    ("50 or less", None, 50, None),
    ("$50 max", None, 50, None),
    ("50 and up", 50, None, None),
    ("100+", 100, None, None),
    ("over $1,000", 1000.01, None, None),
    ("more than 50", 50.01, None, None),
    ("at least 50", 50, None, None),
    ("starting at 50", 50, None, None),
    (">= 30", 30, None, None),
    ("at least 4 stars", None, None, 4),
    ("4 stars and up", None, None, 4),
    ("rated 4.5 or higher", None, None, 4.5),
    ("4+ stars", None, None, 4),
    ("4,5 stars", None, None, 4.5),
    ("four stars", None, None, 4),
    ("rating of at least 4.2", None, None, 4.2),
    ("at least 4 stars under 30", None, 29.99, 4),
    ("twenty dollars", None, 20, None),
    ("under a hundred", None, 99.99, None),
    ("under two thousand dollars", None, 1999.99, None),
    ("under 1.299,00 €", None, 1298.99, None),
    ("up to $1,299.00", None, 1299, None),
    ("under 1 299", None, 1298.99, None),
    ("under $1.5k", None, 1499.99, None),
    ("iphone 12 under 500", None, 499.99, None),
    ("15-inch laptop under 900", None, 899.99, None),
]
BUGS = [
    pytest.param("not below 30", 30, None, None, id="not below 30"),
    pytest.param("no less than 30", 30, None, None, id="no less than 30"),
    pytest.param("nothing under 30", 30, None, None, id="nothing under 30"),
    bug("from 2 to 4 people", None, None, None, UNITS),
    bug("from 3 to 5 years", None, None, None, UNITS),
    bug("between 4 and 5 stars", None, None, 4, STARS),
    bug("rating between 3 and 4", None, None, 3, STARS),
]
NO_LIMITS = [
    "55 inch",
    "under 55 inch",
    "500 ml bottle",
    "under 500 ml",
    "at least 8 gb",
    "up to 10 hours",
    "for 4 people",
    "under 2 kg",
    "2 pack",
    "5% off",
    "iphone 12",
    "galaxy s21",
    "size 42",
    "with 3 reviews",
    "shoes",
    "",
]


@pytest.mark.parametrize(
    ("text", "low", "high", "stars"), [*(pytest.param(*p, id=p[0]) for p in PHRASES), *BUGS]
)
def test_limits(text: str, low: float | None, high: float | None, stars: float | None) -> None:
    numbers, rest = read_numbers(digits_for_words(text))
    assert numbers == Numbers(low, high, stars)
    assert len(rest) == len(digits_for_words(text))


@pytest.mark.parametrize("text", NO_LIMITS)
def test_what_is_no_limit_is_left_in_the_text(text: str) -> None:
    assert read_numbers(text) == (Numbers(), text)


def test_what_is_read_is_blanked_out_in_place() -> None:
    _, rest = read_numbers("red mugs under $20 please")
    assert rest == "red mugs           please"


AMOUNTS = {"1,299.00": 1299, "1.299,00": 1299, "15,50": 15.5, "1 299": 1299, "2k": 2000, "$7": 7}


@pytest.mark.parametrize(("text", "value"), AMOUNTS.items(), ids=AMOUNTS)
def test_amount(text: str, value: float) -> None:
    assert amount(text) == value


WORDS = {
    "ten dollars": "10 dollars",
    "a hundred": "100",
    "three thousand": "3000",
    "one of them": "one of them",
    "the second one": "the second one",
}


@pytest.mark.parametrize(("text", "digits"), WORDS.items(), ids=WORDS)
def test_number_words(text: str, digits: str) -> None:
    assert digits_for_words(text) == digits


@given(st.text(st.sampled_from("0123456789.,-$€k <>under atos"), max_size=40))
def test_any_text_keeps_its_length(text: str) -> None:
    numbers, rest = read_numbers(text)
    assert len(rest) == len(text)
    assert numbers.rating_min is None or 0 <= numbers.rating_min < 6


@given(st.integers(1, 10**6))
def test_under_and_over_meet_at_the_number(price: int) -> None:
    assert read_numbers(f"under {price}")[0].price_max == pytest.approx(price - 0.01)
    assert read_numbers(f"over {price}")[0].price_min == pytest.approx(price + 0.01)
