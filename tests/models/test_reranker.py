"""Cross-encoder rerankers."""

import math
import sys

import pytest

from shopclerk.errors import MissingModelError
from shopclerk.models.reranker import CrossEncoderReranker


@pytest.fixture(scope="module")
def reranker(tiny_reranker):
    return CrossEncoderReranker(str(tiny_reranker))


def test_scores_keep_the_order_given(reranker):
    texts = ["red shoe", "blue kettle for women", "mug"]
    scores = reranker.score("a red shoe", texts)
    assert all(isinstance(score, float) and math.isfinite(score) for score in scores)
    assert len(set(scores)) == 3
    assert reranker.score("a red shoe", texts[::-1]) == pytest.approx(scores[::-1], abs=1e-5)


def test_no_texts_no_scores(reranker):
    assert reranker.score("red", []) == []


def test_long_texts_are_cut(reranker):
    assert math.isfinite(reranker.score("red", ["boots " * 5_000])[0])


@pytest.mark.parametrize("address", ["nosuch", "./nosuch", "/no/such/model", "empty"])
def test_missing_model_is_not_sought_on_the_network(address, tmp_path, sought):
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingModelError, match=f"'{address}' could not be loaded"):
        CrossEncoderReranker(address)
    assert sought == []


def test_a_folder_is_loaded_without_the_network(tiny_reranker, sought):
    assert CrossEncoderReranker(str(tiny_reranker)).score("red", ["red shoe"])
    assert sought == []


def test_missing_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingModelError, match=r"shopclerk\[train\].*leave the setting"):
        CrossEncoderReranker("models/mine")


def test_a_shop_uses_the_reranker_of_its_settings(shop, tiny_reranker):
    opened = shop(reranker=str(tiny_reranker))
    found = opened.search("hiking boots", limit=12)
    scores = opened.searcher.models.reranker.score(
        "hiking boots", [hit.product.embedding_text() for hit in found.hits]
    )
    assert scores == sorted(scores, reverse=True)
