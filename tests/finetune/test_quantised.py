"""Training over a base held in four or eight bits (QLoRA), really run, on whatever this machine has."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM

from shopclerk.finetune.export import export_merged
from shopclerk.finetune.heads import load_model, make_head
from shopclerk.finetune.loop import finetune
from shopclerk.finetune.recipe import Recipe, load_recipe
from tests.finetune.conftest import tiny_tokenizer

KINDS = {"4bit": "Linear4bit", "8bit": "Linear8bitLt"}
LAYERS = 2


@pytest.fixture(autouse=True, scope="module")
def _supported() -> None:
    """Skip where bitsandbytes is not there or has no code for this processor."""
    library = pytest.importorskip("bitsandbytes", reason="needs the extra 'gpu'")
    try:
        layer = library.nn.Linear4bit(64, 64)
        layer.to("cuda" if torch.cuda.is_available() else "cpu")(torch.ones(1, 64))
    except Exception as error:  # whatever the library raises on a machine that it does not know
        pytest.skip(f"bitsandbytes does not work on this machine: {error}")


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random LLaMA whose matrices fill whole blocks of 64, as the library's code for processors wants."""
    torch.manual_seed(0)
    folder, tokenizer = tmp_path_factory.mktemp("llama64"), tiny_tokenizer()
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=LAYERS,
        num_attention_heads=4, num_key_value_heads=2, pad_token_id=0, eos_token_id=2,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def quantised(base: Path, bits: str, *changes: str) -> Recipe:
    small = ["training.batch=2", "training.accumulate=1", "training.threads=1"]
    return load_recipe("agent-llama3-qlora", [f"base={base}", f"quantize={bits}", *small, *changes])


@pytest.mark.parametrize("bits", KINDS)
def test_the_base_is_held_in_few_bits_and_the_adapters_are_not(llama: Path, bits: str) -> None:
    recipe = quantised(llama, bits)
    model = load_model(recipe, make_head(recipe, tiny_tokenizer()), recipe.base)
    held = [
        module
        for module in model.modules()
        if type(module).__name__ == KINDS[bits] and "lora" not in type(module).__module__
    ]
    assert len(held) == LAYERS * 7
    assert all(not module.weight.requires_grad for module in held)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    assert trained
    assert {parameter.dtype for parameter in trained} <= {torch.float32, torch.bfloat16}


@pytest.mark.parametrize("bits", KINDS)
@pytest.mark.parametrize("steps", [2, 4], ids=["no look", "a look"])
def test_steps_are_taken_and_the_adapter_fits_the_whole_base(
    steps: int, bits: str, llama: Path, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    recipe = quantised(llama, bits, f"training.max_steps={steps}", f"training.evals={steps // 2}")
    out = tmp_path / "out"
    sources = {"conversations": lambda *_: (talks, talks[:2])}
    facts = finetune(recipe, out, models=tmp_path, sources=sources)
    assert facts["steps"] == steps
    assert 0 < facts["metrics"]["eval_loss"] < 50
    weights = load_file(out / "adapter" / "adapter_model.safetensors")
    assert any(tensor.abs().max() > 0 for name, tensor in weights.items() if "lora_B" in name)
    merged = export_merged(out, tmp_path / "merged", tmp_path)
    assert "quantization_config" not in json.loads((merged / "config.json").read_text("utf-8"))
