"""Filters: parsing, refusals, and the law that Python and SQL say the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.catalog.filters import (
    LIST_OPERATORS,
    NEGATIVE,
    NUMBER_FIELDS,
    NUMBER_TESTS,
    OPERATORS,
    Condition,
    FilterCompiler,
    matches,
    parse_filters,
)
from shopclerk.catalog.product import Product
from shopclerk.errors import FilterError
from tests.conftest import ShopMaker
from tests.listings import any_catalog, levels, temporary_store, texts

numbers = st.sampled_from([0, 3.5, 5, 20]) | st.floats(-1, 101)
TEXT_NAMES = ("id", "title", "description", "url", "currency", "any", "brand", "category", "tags")
ATTRIBUTES = ("colour", "Colour", "size", "capacity", "ß")


@st.composite
def any_filters(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """One to three tests that the fields can take."""
    filters: dict[str, dict[str, Any]] = {}
    for field in draw(
        st.sets(st.sampled_from([*NUMBER_FIELDS, *TEXT_NAMES, *ATTRIBUTES]), max_size=3)
    ):
        if field in NUMBER_FIELDS:
            op = draw(st.sampled_from([*NUMBER_TESTS, "!="]))
            value: Any = draw(numbers)
        else:
            op = draw(st.sampled_from(OPERATORS))
            text = texts | levels | st.sampled_from(["Boots > Women", "s", "é"])
            value = draw(text)
            if op in LIST_OPERATORS:
                value = draw(text | st.lists(text, max_size=3))
            elif op in ("<=", ">=", "<", ">"):
                value = draw(numbers)
        filters[field] = {op: value}
    return filters


def all_fields() -> Product:
    """A product that makes every attribute known to the catalogue."""
    attributes = {name: "x" for name in ("colour", "size", "capacity", "ß")}
    return Product(id="known", title="x", attributes=attributes)


@given(any_catalog, any_filters())
def test_sql_and_python_agree(catalog: list[Product], filters: dict[str, dict[str, Any]]) -> None:
    conditions = parse_filters(filters)
    with temporary_store([*catalog, all_fields()]) as store:
        where, values = FilterCompiler(store).where(conditions)
        found = store.db.execute(f"SELECT id FROM product WHERE {where}", values)
        expected = {product.id for product in store.products() if matches(product, conditions)}
        assert {product_id for (product_id,) in found} == expected


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, 12),
        ({"price": {"<=": 40}}, {"kettle-1", "mug-1", "tea-1"}),
        ({"price": {">": 72, "<": 89}}, set()),
        ({"price": {">=": 72, "<=": 89}}, {"run-1", "run-2", "pack-2"}),
        ({"price": {"==": "89"}}, {"run-1", "run-2"}),
        ({"price": {"!=": 89}}, 10),
        ({"stock": {">": 0}}, 9),
        ({"rating": {">=": 4.5}}, {"run-1", "run-2", "boot-1"}),
        ({"brand": {"==": "CORRIE"}}, {"boot-2", "pack-1"}),
        ({"brand": {"==": "cafe creme"}}, {"tea-1"}),
        ({"brand": {"in": ["corrie", "Lumen"]}}, {"boot-2", "pack-1", "pack-2"}),
        ({"brand": {"not in": ["corrie", "Lumen"]}}, 9),
        ({"brand": {"!=": "Corrie"}}, 10),
        ({"category": {"under": "Footwear"}}, {"run-1", "run-2", "run-3", "boot-1", "boot-2"}),
        ({"category": {"under": "boots"}}, {"boot-1", "boot-2"}),
        ({"category": {"under": ["Athletic > Running Shoes", "tea"]}}, 4),
        ({"category": {"under": "Foot"}}, set()),
        ({"category": {"not under": "Footwear"}}, 7),
        ({"category": {"contains": "pack"}}, {"pack-1", "pack-2"}),
        ({"colour": {"==": "blue"}}, {"run-1", "pack-2"}),
        ({"COLOUR": {"in": ["blue"]}}, {"run-1", "pack-2"}),
        ({"size": {"==": "42"}}, {"run-1", "run-3"}),
        ({"size": {">=": 42}}, {"run-1", "run-3"}),
        ({"capacity": {"<": 20}}, {"pack-2", "kettle-1"}),
        ({"tags": {"in": "waterproof"}}, {"boot-1"}),
        ({"tags": {"contains_any": ["kitch", "off"]}}, {"pack-2", "kettle-1", "mug-1"}),
        ({"any": {"contains": "gruner"}}, {"tea-1"}),
        ({"any": {"not contains": "e"}}, set()),
        ({"id": {"in": ["MUG-1", "none"]}}, {"mug-1"}),
        ({"title": {"contains": "boots"}}, {"boot-1", "boot-2"}),
        ({"url": {"contains": "example"}}, {"run-1"}),
        ({"url": {"!=": "x"}}, 12),
        ({"currency": {"==": "eur"}}, {"tea-1"}),
        ({"brand": {"==": "Corrie"}, "price": {"<": 100}}, {"pack-1"}),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_filter_lets_through(
    shop: ShopMaker, filters: dict[str, dict[str, Any]], ids: set[str] | int
) -> None:
    found = {hit.product.id for hit in shop().search("", filters=filters, limit=100).hits}
    assert (len(found) if isinstance(ids, int) else found) == ids


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"price": {"~": 1}}, r"Unknown filter operator '~'.*<=, >="),
        ({"price": {"<": "cheap"}}, "'price' takes a number, not 'cheap'"),
        ({"price": {"<": None}}, "takes a number, not 'None'"),
        ({"price": {"<": float("nan")}}, "takes a number, not 'nan'"),
        ({"price": {"<": 10**400}}, "takes a number"),
        ({"price": {"contains": "1"}}, "'price' is a number; it takes <=.*not 'contains'"),
        ({"price": {"not in": ["1"]}}, "'price' is a number"),
        ({"brand": {"in": 5}}, "takes a list of texts, not 5"),
        ({"brand": "Corrie"}, r'write {operator: value}.*{"brand": {"==": "Corrie"}}'),
        ({"weight": {"==": "1"}}, "Unknown field 'weight'.*price, rating, stock"),
    ],
)
def test_a_filter_that_cannot_work_says_why(
    shop: ShopMaker, filters: dict[str, Any], told: str
) -> None:
    with pytest.raises(FilterError, match=told):
        shop().search("boots", filters=filters)


def test_every_negative_operator_turns_a_positive_one_round(products: list[Product]) -> None:
    values = {"in": ("Corrie",), "under": ("Boots",), "contains_any": ("Corrie",)}
    for negative, positive in NEGATIVE.items():
        field = "category" if positive == "under" else "brand"
        value = values.get(positive, "Corrie")
        for product in products:
            both = [matches(product, [Condition(field, op, value)]) for op in (negative, positive)]
            assert sorted(both) == [False, True]


def test_a_long_category_is_filtered_by(shop: ShopMaker) -> None:
    path = " > ".join(f"Level number {number} of the tree" for number in range(8))
    product = Product(id="deep", title="Deep thing", category=path)
    found = shop([product]).search(
        "", filters={"category": {"under": "level number 7 of the tree"}}
    )
    assert [hit.product.id for hit in found.hits] == ["deep"]


def test_the_compiler_sees_what_was_written_since(shop: ShopMaker, products: list[Product]) -> None:
    opened = shop()
    compiler = opened.searcher.filters
    assert "origin" in compiler.fields()
    opened.store.delete(["tea-1"])
    assert "origin" not in compiler.fields()
    with pytest.raises(FilterError, match="Unknown field 'origin'"):
        compiler.where(parse_filters({"origin": {"==": "Japan"}}))
