"""The cached loop computes what the plain one does."""

import copy
import random
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from torch import nn

from shopclerk.finetune.cached_layers import (
    HiddenStates,
    MasterAdamW,
    Tokens,
    answer_loss,
    bucketed_batches,
    fill_hidden_states,
    pad_hidden,
    pad_ids,
    split_layers,
)
from tests.finetune.conftest import BaseMaker

EXAMPLES = [
    Tokens(tuple(range(5, 5 + length)), length - answer)
    for length, answer in ((12, 4), (7, 2), (20, 9), (9, 3))
]


@pytest.fixture
def model(base: BaseMaker) -> Any:
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(1)
    plain = transformers.AutoModelForCausalLM.from_pretrained(base("llama"), dtype=torch.float32)
    config = LoraConfig(
        r=4, target_modules=["q_proj", "up_proj"], layers_to_transform=[2, 3], task_type="CAUSAL_LM"
    )
    adapted = get_peft_model(plain, config)
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:
            nn.init.normal_(parameter, std=0.3)
    return adapted


def plain_loss(model: Any) -> torch.Tensor:
    ids = pad_ids(EXAMPLES)
    labels = torch.full_like(ids, -100)
    mask = torch.zeros_like(ids)
    for row, example in enumerate(EXAMPLES):
        labels[row, example.answer_from : len(example.ids)] = torch.tensor(
            example.ids[example.answer_from :]
        )
        mask[row, : len(example.ids)] = 1
    return model(input_ids=ids, attention_mask=mask, labels=labels).loss


def cached_loss(model: Any, folder: Path) -> torch.Tensor:
    lower, upper = split_layers(model.get_base_model(), 2)
    states = HiddenStates(folder / "states", [len(e.ids) for e in EXAMPLES], 32)
    assert list(fill_hidden_states(lower, EXAMPLES, states))[-1] == len(EXAMPLES)
    hidden = pad_hidden(states, range(len(EXAMPLES))).float()
    return answer_loss(upper, model.get_base_model().lm_head, hidden, EXAMPLES)


def test_the_loss_is_that_of_the_plain_loop(model: Any, tmp_path: Path) -> None:
    # The states are kept in bfloat16: eight bits of mantissa.
    torch.testing.assert_close(
        cached_loss(model, tmp_path), plain_loss(model), rtol=2e-2, atol=2e-2
    )


def test_the_gradients_are_those_of_the_plain_loop(model: Any, tmp_path: Path) -> None:
    trained = [p for p in model.parameters() if p.requires_grad]
    plain = torch.autograd.grad(plain_loss(model), trained)
    cached = torch.autograd.grad(cached_loss(model, tmp_path), trained)
    for one, other in zip(plain, cached, strict=True):
        assert nn.functional.cosine_similarity(one.flatten(), other.flatten(), dim=0) > 0.999


def test_without_rounding_they_are_equal_to_float_error(model: Any) -> None:
    lower, upper = split_layers(model.get_base_model(), 2)
    with torch.no_grad():
        hidden = lower(input_ids=pad_ids(EXAMPLES), use_cache=False).last_hidden_state
    loss = answer_loss(upper, model.get_base_model().lm_head, hidden, EXAMPLES)
    torch.testing.assert_close(loss, plain_loss(model), rtol=1e-5, atol=1e-5)


def test_states_are_read_back_by_example(tmp_path: Path) -> None:
    states = HiddenStates(tmp_path / "states", [2, 3], 4)
    wanted = torch.arange(12.0).reshape(3, 4)
    states.put(1, wanted)
    torch.testing.assert_close(HiddenStates(tmp_path / "states", [2, 3], 4).get(1).float(), wanted)
    assert states.get(0).shape == (2, 4)


def test_batches_hold_every_example_once_and_similar_lengths() -> None:
    lengths = [random.Random(3).randint(5, 90) for _ in range(203)]
    batches = bucketed_batches(lengths, 8, random.Random(1))
    assert sorted(index for batch in batches for index in batch) == list(range(203))
    spread = [max(lengths[i] for i in b) - min(lengths[i] for i in b) for b in batches]
    assert sum(spread) / len(spread) < 15


def test_small_steps_are_not_lost_in_bfloat16() -> None:
    parameter = nn.Parameter(torch.ones(4, dtype=torch.bfloat16))
    optimizer = MasterAdamW([parameter], lr=1e-4)
    for _ in range(100):
        parameter.grad = torch.ones(4, dtype=torch.bfloat16)
        optimizer.step()
    # A hundred steps of 1e-4 each; bfloat16 alone would round every one of them away.
    assert abs(float(parameter.detach()[0]) - 0.99) < 0.005


def test_the_optimizer_is_taken_up_where_it_was() -> None:
    parameter = nn.Parameter(torch.ones(3))
    one = MasterAdamW([parameter], lr=0.1)
    parameter.grad = torch.ones(3)
    one.step()
    saved, reached = copy.deepcopy(one.state_dict()), parameter.detach().clone()
    fresh = nn.Parameter(torch.zeros(3))
    other = MasterAdamW([fresh], lr=0.1)
    other.load_state_dict(saved)
    torch.testing.assert_close(fresh.detach(), reached)
