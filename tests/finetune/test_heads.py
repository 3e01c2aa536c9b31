"""Heads: losses, packing without contamination, answer tokens only."""

from typing import Any

import pytest
import torch

from shopclerk.errors import TrainingError
from shopclerk.finetune.heads import IGNORED, load_model, make_head
from shopclerk.finetune.pair_heads import info_nce, mean_pooled
from shopclerk.finetune.recipe import load_recipe
from tests.finetune.conftest import BaseMaker, tiny_tokenizer


@pytest.fixture
def tokenizer() -> Any:
    return tiny_tokenizer()


def test_only_the_answer_is_learned(tokenizer: Any, talks: list[dict[str, Any]]) -> None:
    head = make_head(load_recipe("agent-smollm2-lora"), tokenizer)
    encoded = head.encode(talks[0])
    assert encoded is not None
    learned = [
        i
        for i, label in zip(encoded["input_ids"], encoded["labels"], strict=True)
        if label != IGNORED
    ]
    assert tokenizer.decode(learned) == talks[0]["answer"] + "<|im_end|>"


def test_packed_examples_do_not_see_one_another(
    base: BaseMaker, tokenizer: Any, talks: list[dict[str, Any]]
) -> None:
    recipe = load_recipe("agent-llama3-qlora", ["quantize=none", "training.bf16=false"])
    packing = make_head(recipe, tokenizer)
    model = load_model(recipe, packing, str(base("llama")))
    items = [packing.encode(talk) for talk in talks[:3]]
    packed = packing.collator([item for item in items if item])
    with torch.no_grad():
        together = model(**packed).logits[0]
        apart = [
            model(input_ids=torch.tensor([item["input_ids"]])).logits[0] for item in items if item
        ]
    torch.testing.assert_close(together, torch.cat(apart), rtol=1e-4, atol=1e-5)


def test_the_first_token_of_a_packed_example_is_no_target(
    tokenizer: Any, talks: list[dict[str, Any]]
) -> None:
    packing = make_head(load_recipe("agent-llama3-qlora"), tokenizer)
    items = [item for talk in talks[:2] if (item := packing.encode(talk))]
    labels = packing.collator(items)["labels"][0]
    assert labels[0] == IGNORED
    assert labels[len(items[0]["input_ids"])] == IGNORED


def test_contrast_is_least_where_each_query_is_nearest_its_own_product() -> None:
    axes = torch.eye(4)
    right = torch.cat([axes, axes])
    wrong = torch.cat([axes, axes.flip(0)])
    groups = torch.arange(4)
    assert info_nce(right, groups, 0.05) < 1e-3 < info_nce(wrong, groups, 0.05)


def test_two_queries_for_one_product_are_no_negatives_of_each_other() -> None:
    vectors = torch.nn.functional.normalize(torch.ones(4, 3), dim=1)
    same, apart = torch.tensor([5, 5]), torch.tensor([5, 6])
    assert info_nce(vectors, same, 0.05) < 1e-4
    assert info_nce(vectors, apart, 0.05) == pytest.approx(0.693, abs=0.01)


def test_pooling_passes_over_padding() -> None:
    hidden = torch.tensor([[[3.0, 4.0], [100.0, 100.0]]])
    torch.testing.assert_close(
        mean_pooled(hidden, torch.tensor([[1, 0]])), torch.tensor([[0.6, 0.8]])
    )


def test_words_take_their_label_on_their_first_token(tokenizer: Any) -> None:
    recipe = load_recipe("search-minilm-lora", ["kind=token", "data.labels=[O, COLOUR]", "base=x"])
    encoded = make_head(recipe, tokenizer).encode(
        {"tokens": ["red", "zzyxx"], "labels": ["COLOUR", "O"]}
    )
    assert encoded is not None
    assert [label for label in encoded["labels"] if label != IGNORED] == [1, 0]


def test_an_unknown_label_is_named(tokenizer: Any) -> None:
    recipe = load_recipe("search-minilm-lora", ["kind=token", "data.labels=[O]", "base=x"])
    with pytest.raises(TrainingError, match=r"'SIZE' is none of data\.labels"):
        make_head(recipe, tokenizer).encode({"tokens": ["a"], "labels": ["SIZE"]})
