"""The arguments of the tools as search requests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shopclerk.tools.arguments import (
    CompareArguments,
    ProductArguments,
    SearchArguments,
    SimilarArguments,
)

CONDITIONS = {
    "nothing": ({}, {}),
    "words": ({"query": "red", "sort": "newest", "page": 2}, {}),
    "category": ({"category": ["Boots", "Mugs"]}, {"category": {"under": ["Boots", "Mugs"]}}),
    "filter": ({"filters": {"colour": ["Red"]}}, {"colour": {"in": ["Red"]}}),
    "exclude": ({"exclude": {"colour": ["Red"]}}, {"colour": {"not in": ["Red"]}}),
    "both": (
        {"filters": {"tags": ["a"]}, "exclude": {"tags": ["b"]}},
        {"tags": {"in": ["a"], "not in": ["b"]}},
    ),
    "exclude category": (
        {"category": ["Boots"], "exclude": {"category": ["Hiking Boots"]}},
        {"category": {"under": ["Boots"], "not under": ["Hiking Boots"]}},
    ),
    "exclude anywhere": (
        {"exclude": {"any": ["leather"]}},
        {"any": {"not contains_any": ["leather"]}},
    ),
    "price": ({"price_min": 5, "price_max": 9.5}, {"price": {">=": 5, "<=": 9.5}}),
    "free": ({"price_max": 0}, {"price": {"<=": 0}}),
    "rating": ({"rating_min": 4}, {"rating": {">=": 4}}),
    "stock": ({"in_stock": True}, {"stock": {">": 0}}),
}


@pytest.mark.parametrize(("arguments", "filters"), CONDITIONS.values(), ids=CONDITIONS)
def test_arguments_become_filters(arguments, filters):
    assert SearchArguments(**arguments).conditions() == filters


def test_request_takes_page_and_sort():
    request = SearchArguments(query="red mug", sort="price_asc", page=3).request(5)
    assert (request.text, request.sort, request.offset, request.limit) == (
        "red mug",
        "price_asc",
        10,
        5,
    )
    assert SearchArguments(query="red").request(5, text="", only_relevant=True).text == ""


@given(
    category=st.lists(st.text(max_size=5), max_size=2),
    price=st.none() | st.floats(0, 1e9),
    page=st.integers(1, 1000),
    in_stock=st.booleans(),
)
def test_given_arguments_make_the_same_arguments(category, price, page, in_stock):
    arguments = SearchArguments(category=category, price_max=price, page=page, in_stock=in_stock)
    assert SearchArguments(**arguments.given()) == arguments


def test_similar_arguments_are_conditions_too():
    arguments = SimilarArguments(id="a", filters={"colour": ["Blue"]}, price_max=9)
    assert arguments.search().conditions() == {"colour": {"in": ["Blue"]}, "price": {"<=": 9}}


REFUSED = {
    "unknown argument": (SearchArguments, {"color": "red"}, "color"),
    "unknown sort": (SearchArguments, {"sort": "best"}, "price_asc"),
    "negative price": (SearchArguments, {"price_max": -1}, "greater than or equal to 0"),
    "price that is no number": (SearchArguments, {"price_min": float("nan")}, "price_min"),
    "six stars": (SearchArguments, {"rating_min": 6}, "less than or equal to 5"),
    "page nought": (SearchArguments, {"page": 0}, "greater than or equal to 1"),
    "bare text as filter": (SearchArguments, {"filters": {"colour": "Red"}}, "valid list"),
    "no id": (ProductArguments, {}, "id"),
    "no ids": (CompareArguments, {"ids": []}, "at least 1"),
    "too many ids": (CompareArguments, {"ids": ["a"] * 21}, "at most 20"),
    "half a box": (SearchArguments, {"image": "picture-1", "box": [1, 2, 3]}, "at least 4"),
    "too much of a box": (SimilarArguments, {"image": "a", "box": [1, 2, 3, 4, 5]}, "at most 4"),
    "a box of words": (SearchArguments, {"box": ["a", "b", "c", "d"]}, "valid number"),
}


@pytest.mark.parametrize(("kind", "arguments", "problem"), REFUSED.values(), ids=REFUSED)
def test_arguments_that_make_no_sense_are_refused(kind, arguments, problem):
    with pytest.raises(ValidationError, match=problem):
        kind(**arguments)
