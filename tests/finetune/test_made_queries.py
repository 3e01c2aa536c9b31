"""Queries made out of listings."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.catalog.product import Product
from shopclerk.catalog.text import analyse
from shopclerk.finetune.made_queries import QueryMaker, with_typo, wordings
from tests.listings import make_products


def test_most_queries_speak_of_the_product() -> None:
    products = make_products()
    maker, hits, total = QueryMaker(products, random.Random(1)), 0, 0
    for product in products:
        told = set(analyse(" ".join(product.search_texts().values())))
        for query in maker.queries(product, 8):
            hits += bool(told & set(analyse(query)))
            total += 1
    assert total > 60
    assert hits > 0.95 * total


def test_queries_come_out_the_same_for_a_seed() -> None:
    products = make_products()
    one, other = (
        [QueryMaker(products, random.Random(4)).queries(p, 5) for p in products] for _ in range(2)
    )
    assert one == other


def test_some_queries_say_what_no_listing_answers() -> None:
    products = make_products()
    maker = QueryMaker(products, random.Random(2))
    said = " ".join(query for product in products for query in maker.queries(product, 12))
    assert "shipping" in said or "delivery" in said
    assert "looking for" in said


@pytest.mark.parametrize(("code", "glued"), [("KX-TG9332", "kxtg9332"), ("MB565LL/A", "mb565lla")])
def test_model_numbers_are_typed_in_several_ways(code: str, glued: str) -> None:
    product = Product(id="1", title=f"phone {code}")
    maker = QueryMaker([product], random.Random(3))
    said = " ".join(query for _ in range(40) for query in maker.queries(product, 4))
    assert glued in said
    assert code.lower() in said


@settings(max_examples=60, deadline=None)
@given(
    st.text(min_size=1).filter(str.strip),
    st.text(),
    st.sampled_from(["", "Shoes > Boots"]),
    st.integers(0, 1_000),
)
def test_any_listing_gives_queries_that_are_not_empty(
    title: str, description: str, category: str, seed: int
) -> None:
    product = Product(
        id="1", title=title, description=description or None, category=category or None
    )
    queries = QueryMaker([product], random.Random(seed)).queries(product, 4)
    assert len(queries) == len(set(queries))
    assert all(query.strip() for query in queries)


@pytest.mark.parametrize("text", ["waterproof boots", "abc", ""])
def test_a_typo_changes_one_letter_or_nothing(text: str) -> None:
    changed = with_typo(text, random.Random(2))
    assert abs(len(changed) - len(text)) <= 1
    assert (changed != text) is (len(text) > 3)


def test_every_wording_can_be_filled() -> None:
    maker = QueryMaker(make_products(), random.Random(5))
    words = wordings()
    assert all("{}" in frame for frame in words["frames"])
    for wording in (*words["asides"], *words["values"]):
        assert "{" not in maker._filled(wording)
