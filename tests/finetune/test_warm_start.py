"""Going on from an adapter: its weights are taken over whole, and nothing that does not fit."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from shopclerk.errors import TrainingError
from shopclerk.finetune.heads import load_model, make_head
from shopclerk.finetune.loop import finetune
from shopclerk.finetune.recipe import Recipe, load_recipe
from shopclerk.finetune.warm_start import start_facts, start_folder
from tests.finetune.conftest import BaseMaker, tiny_tokenizer


@pytest.fixture
def made(base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path) -> tuple[Recipe, Path]:
    """A recipe, and the folder of an adapter that it trained for a step."""
    changes = ["training.max_steps=1", "training.batch=2", "training.threads=1"]
    changes += ["training.bf16=false", "lora.first_layer=2", "lora.start=null"]
    recipe = load_recipe("agent-smollm2-lora", [f"base={base('llama')}", *changes])
    sources = {"conversations": lambda *_: (talks, talks[:2])}
    finetune(recipe, tmp_path / "first", models=tmp_path / "models", sources=sources)
    return recipe, tmp_path / "first"


def going_on(recipe: Recipe, start: str | Path, **lora: Any) -> Recipe:
    return recipe.model_copy(
        update={"lora": recipe.lora.model_copy(update={"start": str(start), **lora})}
    )


def test_the_weights_are_taken_over(made: tuple[Recipe, Path]) -> None:
    recipe, folder = made
    recipe = going_on(recipe, folder)
    model = load_model(recipe, make_head(recipe, tiny_tokenizer()), recipe.base)
    held = {name.replace(".default", ""): value for name, value in model.named_parameters()}
    given = load_file(folder / "adapter" / "adapter_model.safetensors")
    assert given
    assert all(torch.equal(held[name], value) for name, value in given.items())
    assert str(folder) in start_facts(recipe)["started_from"]


def test_the_card_says_what_a_run_started_from(
    made: tuple[Recipe, Path], talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    recipe, folder = made
    sources = {"conversations": lambda *_: (talks, talks[:2])}
    again = tmp_path / "again"
    finetune(going_on(recipe, folder), again, models=tmp_path / "models", sources=sources)
    assert f"Started from: {folder}" in (again / "README.md").read_text("utf-8")
    assert "Started from: nothing" in (folder / "README.md").read_text("utf-8")


def test_from_nothing_there_is_no_start(made: tuple[Recipe, Path]) -> None:
    assert start_folder(made[0]) is None
    assert start_facts(made[0]) == {}


@pytest.mark.parametrize(
    ("lora", "said"),
    [({"r": 8}, "another shape"), ({"first_layer": 1}, "matrices"), ({"targets": ["q_proj"]}, "matrices")],
    ids=["rank", "layers", "targets"],
)  # fmt: skip
def test_another_shape_is_refused(
    made: tuple[Recipe, Path], lora: dict[str, Any], said: str
) -> None:
    recipe = going_on(made[0], made[1], **lora)
    with pytest.raises(TrainingError, match=said):
        load_model(recipe, make_head(recipe, tiny_tokenizer()), recipe.base)


def test_another_base_is_refused(made: tuple[Recipe, Path]) -> None:
    recipe, folder = made
    facts = json.loads((folder / "adapter.json").read_text("utf-8"))
    (folder / "adapter.json").write_text(json.dumps({**facts, "base_hash": "another"}), "utf-8")
    with pytest.raises(TrainingError, match="trained on the base another"):
        start_facts(going_on(recipe, folder))


def test_a_folder_without_an_adapter_is_told(made: tuple[Recipe, Path], tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"no adapter in .*null to start from nothing"):
        start_facts(going_on(made[0], tmp_path / "nowhere"))
