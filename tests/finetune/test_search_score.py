"""Whether what was trained for a shop is kept: scores, weights, verdicts."""

from pathlib import Path

import pytest

from shopclerk.catalog.product import Product
from shopclerk.finetune.search_data import open_catalog
from shopclerk.finetune.search_score import Read, gain, hybrid_ndcg, verdict
from tests.fakes import HashEncoder


def test_gain_is_that_of_ndcg() -> None:
    assert [gain(1), gain(3), gain(10), gain(11), gain(None)] == pytest.approx(
        [1.0, 0.5, 0.289, 0.0, 0.0], abs=1e-3
    )


def test_hybrid_search_finds_titles(catalog_file: Path, products: list[Product]) -> None:
    with open_catalog(str(catalog_file)) as store:
        pairs = [(product.title, product.id) for product in products]
        assert hybrid_ndcg(store, HashEncoder(), pairs) > 0.9


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ([0.5] * 40, False),
        ([0.6] * 40, True),
        ([1.0, 0.1] * 20, False),
        ([0.4] * 40, False),
    ],
    ids=["the same", "better each time", "better by chance", "worse"],
)
def test_only_a_sure_gain_is_kept(after: list[float], kept: bool) -> None:
    facts = verdict([0.5] * 40, after, {"eval_loss": 1.0})
    assert facts["kept"] is kept
    assert facts["metrics"]["base_ndcg@10"] == 0.5
    assert facts["metrics"]["eval_loss"] == 1.0


@pytest.mark.parametrize(("weight", "expected"), [(0.0, gain(2)), (0.01, gain(2)), (0.2, gain(1))])
def test_a_reranker_counts_by_its_weight(weight: float, expected: float) -> None:
    assert Read("q", 1, [0.9, 0.8, 0.1], [0.0, 2.0, -1.0]).gain(weight) == expected


def test_what_search_did_not_find_no_reranker_finds() -> None:
    assert Read("q", None, [0.9], [1.0]).gain(0.2) == 0.0
