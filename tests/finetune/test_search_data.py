"""Examples of a catalogue: held-out products, clicks, hard negatives."""

import json
from pathlib import Path

import pytest

from shopclerk.catalog.product import Product
from shopclerk.errors import TrainingError
from shopclerk.finetune.recipe import load_recipe
from shopclerk.finetune.search_data import (
    catalog_examples,
    clicked_queries,
    hard_negatives,
    heldout_queries,
    open_catalog,
)
from tests.fakes import HashEncoder
from tests.listings import write_catalog


@pytest.mark.parametrize("kind", ["search-minilm-lora", "rerank-minilm-lora"])
def test_products_held_out_are_not_learned_from(kind: str, catalog_file: Path) -> None:
    recipe = load_recipe(kind, [f"data.catalog={catalog_file}", "training.eval_share=0.3"])
    train, heldout = catalog_examples(recipe)
    query, right = ("query", "positive") if kind.startswith("search") else ("left", "right")
    assert train
    assert heldout
    assert not {e["product"] for e in train} & {e["product"] for e in heldout}
    assert all(e[query] and e["negatives"] and e[right] not in e["negatives"] for e in train)
    assert heldout_queries(recipe)
    assert set(heldout_queries(recipe)) == {(e[query], e["product"]) for e in heldout}


def test_no_more_queries_are_made_than_wanted(catalog_file: Path) -> None:
    recipe = load_recipe(
        "search-minilm-lora", [f"data.catalog={catalog_file}", "data.limit=9", "data.per_product=3"]
    )
    train, heldout = catalog_examples(recipe)
    assert 0 < len(train) + len(heldout) <= 9


@pytest.mark.parametrize("encoder", [None, HashEncoder()], ids=["full text", "hybrid"])
@pytest.mark.parametrize("count", [0, 2, 4])
def test_hard_negatives_are_other_products_that_fit_the_query_less(
    count: int, encoder: HashEncoder | None, catalog_file: Path
) -> None:
    recipe = load_recipe("search-minilm-lora", [f"data.hard_negatives={count}"])
    with open_catalog(str(catalog_file)) as store:
        products = list(store.products())
        with hard_negatives(store, products, encoder, recipe) as negatives:
            for product in products:
                wrong = negatives(product.title, product)
                assert (not wrong) is (count == 0)
                assert len(wrong) <= count
                assert product.title not in {other.title for other in wrong}


def test_what_holds_as_much_of_the_query_is_no_negative(tmp_path: Path) -> None:
    titles = ("red boots", "red boots high", "red shirt", "blue boots")
    items = [Product(id=str(n), title=title) for n, title in enumerate(titles)]
    recipe = load_recipe("search-minilm-lora", ["data.hard_negatives=3"])
    with (
        open_catalog(str(write_catalog(tmp_path / "c.jsonl", items))) as store,
        hard_negatives(store, items[:1], None, recipe) as negatives,
    ):
        wrong = negatives("red boots", items[0])
    assert {product.title for product in wrong} == {"red shirt", "blue boots"}


def test_clicks_count_up_to_a_limit(tmp_path: Path, products: list[Product]) -> None:
    by_id = {product.id: product for product in products}
    lines = [
        {"query": "a", "product": products[0].id, "clicks": 2},
        {"query": "b", "product": products[0].id, "clicks": 900},
        {"query": "c", "product": "gone", "clicks": 3},
    ]
    path = tmp_path / "clicks.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert [query for query, _ in clicked_queries(path, by_id)] == ["a", "a", *["b"] * 5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"query": "a"}', "line 1: a click is"),
        ("nonsense", "line 1: a click is"),
        ('{"query": "a", "product": "gone", "clicks": 1}', "names a product of the catalogue"),
    ],
)
def test_a_broken_click_log_says_so(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "clicks.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match=message):
        clicked_queries(path, {})


def test_a_catalogue_that_is_nowhere_is_an_error() -> None:
    with pytest.raises(TrainingError, match="There is no catalogue"), open_catalog("/nowhere"):
        pass
