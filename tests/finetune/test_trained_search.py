"""From a recipe to what searches: a tiny encoder and reranker trained, judged, exported and used."""

from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from shopclerk.errors import MissingModelError
from shopclerk.finetune import search_score
from shopclerk.finetune.loop import finetune
from shopclerk.finetune.recipe import load_recipe
from shopclerk.finetune.search_data import catalog_examples
from shopclerk.finetune.search_score import judge_encoder, judge_reranker
from shopclerk.models.adapted_encoder import AdaptedTextEncoder, was_kept
from shopclerk.models.trained_reranker import TrainedReranker
from shopclerk.shop import Shop
from tests.fakes import HashEncoder
from tests.finetune.conftest import BaseMaker


@pytest.fixture
def plain_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search that the trained models are compared with."""
    monkeypatch.setattr(search_score, "open_text_encoder", lambda *_, **__: HashEncoder())


def trained(name: str, base: BaseMaker, catalog: Path, folder: Path) -> Path:
    changes = [f"base={base('bert')}", f"data.catalog={catalog}", "training.max_steps=2"]
    changes += ["training.batch=2", "training.eval_share=0.3", "options.layers=1"]
    recipe = load_recipe(name, changes)
    finetune(recipe, folder, models=folder, sources={"catalog": catalog_examples})
    return folder


def test_a_reranker_is_judged_reorders_and_scores_in_eight_bits_as_the_whole_model_does(
    base: BaseMaker, catalog_file: Path, tmp_path: Path, plain_base: None
) -> None:
    folder = trained("rerank-minilm-lora", base, catalog_file, tmp_path / "r")
    facts = judge_reranker(folder, tmp_path)
    assert facts["weight"] in search_score.WEIGHTS
    assert {"base_ndcg@10", "ndcg@10", "standard_error"} <= set(facts["metrics"])
    assert facts["kept"] is was_kept(folder)
    reranker = TrainedReranker(folder)
    texts = ["red boots", "a blue kettle, 2 l", "mug " * 300, ""]
    scores = reranker.score("red boots " * 80, texts)
    assert reranker.score("red boots " * 80, texts[::-1]) == pytest.approx(scores[::-1], abs=1e-3)
    with Shop.open(
        catalog_file, reranker=str(folder), encoder=HashEncoder(), image_encoder="none"
    ) as shop:
        assert shop.served.reranker is not None
        assert shop.served.reranker.id == reranker.id
        assert shop.search("red boots and a kettle").hits
    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder / "merged")
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder / "merged")
    assert model.config.num_hidden_layers == 1
    with torch.no_grad():
        batch = tokenizer([("red boots", "green boots for men")], return_tensors="pt")
        whole = float(model.eval()(**batch).logits)
    assert TrainedReranker(folder).score("red boots", ["green boots for men"])[0] == pytest.approx(
        whole, abs=0.1
    )


def test_an_encoder_is_judged_by_hybrid_search(
    base: BaseMaker, catalog_file: Path, tmp_path: Path, plain_base: None, monkeypatch: Any
) -> None:
    class Narrow(AdaptedTextEncoder):
        dimension = 32  # that of the tiny base

    monkeypatch.setattr(search_score, "AdaptedTextEncoder", Narrow)
    folder = trained("search-minilm-lora", base, catalog_file, tmp_path / "s")
    facts = judge_encoder(folder, tmp_path)
    assert facts["kept"] is False  # a random model is no better than a plain search
    assert was_kept(folder) is False
    assert facts["metrics"]["base_ndcg@10"] > facts["metrics"]["ndcg@10"] - 0.2
    assert Narrow(folder).id.endswith(facts["adapter_hash"])


def test_a_folder_without_a_reranker_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="no trained reranker in"):
        TrainedReranker(tmp_path)
