"""Queries made out of a catalogue, clicks, hard negatives."""

import json
import random
from pathlib import Path

import pytest

from shopclerk.catalog.product import Product
from shopclerk.errors import TrainingError
from shopclerk.finetune.recipe import load_recipe
from shopclerk.finetune.search_data import (
    catalog_examples,
    clicked_queries,
    hard_negatives,
    made_queries,
    open_catalog,
    with_typo,
)
from shopclerk.finetune.search_score import gain, hybrid_ndcg
from tests.fakes import HashEncoder


def test_made_queries_speak_of_the_product(products: list[Product]) -> None:
    rng = random.Random(1)
    for product in products:
        text = " ".join(product.search_texts().values()).casefold()
        queries = made_queries(product, 6, rng)
        assert queries
        assert any(any(word in text for word in query.split()[-3:]) for query in queries)


def test_made_queries_come_out_the_same_for_a_seed(products: list[Product]) -> None:
    one, other = (made_queries(products[0], 5, random.Random(4)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("text", ["waterproof boots", "abc", ""])
def test_a_typo_changes_one_letter_or_nothing(text: str) -> None:
    changed = with_typo(text, random.Random(2))
    assert abs(len(changed) - len(text)) <= 1
    assert (changed != text) is (len(text) > 3)


@pytest.mark.parametrize("kind", ["search-minilm-lora", "rerank-minilm-lora"])
def test_products_held_out_are_not_learned_from(kind: str, catalog_file: Path) -> None:
    recipe = load_recipe(kind, [f"data.catalog={catalog_file}", "training.eval_share=0.3"])
    train, heldout = catalog_examples(recipe)
    key = "query" if kind.startswith("search") else "left"
    assert train
    assert heldout
    if kind.startswith("search"):
        assert not {e["product"] for e in train} & {e["product"] for e in heldout}
        assert all(e["positive"] not in e["negatives"] for e in train)
    else:
        assert {e["label"] for e in train} == {0.0, 1.0}
    assert all(e[key] for e in train)


def test_hard_negatives_share_words_and_are_other_products(catalog_file: Path) -> None:
    with open_catalog(str(catalog_file)) as store:
        product = next(store.products())
        wrong = hard_negatives(store, 2)(product.title, product)
        assert product.title not in {other.title for other in wrong}
        assert hard_negatives(store, 0)(product.title, product) == []


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


def test_gain_is_that_of_ndcg() -> None:
    assert [gain(1), gain(3), gain(10), gain(11), gain(None)] == pytest.approx(
        [1.0, 0.5, 0.289, 0.0, 0.0], abs=1e-3
    )


def test_hybrid_search_finds_titles(catalog_file: Path, products: list[Product]) -> None:
    with open_catalog(str(catalog_file)) as store:
        pairs = [(product.title, product.id) for product in products]
        assert hybrid_ndcg(store, HashEncoder(), pairs) > 0.9
