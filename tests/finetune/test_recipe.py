"""Recipes: every one that comes along parses; what does not work says so."""

from pathlib import Path

import pytest

from shopclerk.errors import TrainingError
from shopclerk.finetune.recipe import Recipe, load_recipe, recipe_names


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_parses_and_bears_its_files_name(name: str) -> None:
    assert load_recipe(name).name == name


def test_the_named_recipes_are_there() -> None:
    wanted = {"agent-smollm2-lora", "agent-llama3-qlora", "titles-t5-lora", "search-minilm-lora"}
    assert wanted | {"rerank-minilm-lora"} <= set(recipe_names())


def test_a_change_reaches_its_place_and_is_read_as_yaml() -> None:
    recipe = load_recipe("agent-smollm2-lora", ["training.epochs=0.5", "lora.targets=[q_proj]"])
    assert recipe.training.epochs == 0.5
    assert recipe.lora.targets == ["q_proj"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("training.epoch=1", "Unknown key 'training.epoch'.*Closest: 'epochs'"),
        ("sead=1", "Unknown key 'sead'.*Closest: 'seed'"),
        ("training.batch=0", "'training.batch' is 0"),
        ("kind=painting", "'kind' is 'painting'"),
        ("training", "--set needs KEY=VALUE"),
        ("seed.x=1", "'seed' holds a value"),
        ("lora.r=[", "is not a YAML value"),
    ],
)
def test_what_does_not_work_says_what_would(change: str, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        load_recipe("agent-smollm2-lora", [change])


def test_an_unknown_recipe_names_the_closest() -> None:
    with pytest.raises(TrainingError, match="Closest: 'agent-smollm2-lora'"):
        load_recipe("agent-smollm-lora")


def test_a_recipe_of_ones_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("kind: seq2seq\nbase: some/where\ndata: {source: file}\n", encoding="utf-8")
    assert load_recipe(str(path)).name == "mine"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: [", "is not YAML"),
        ("- a", "must be a mapping"),
        ("kind: causal", "the key 'data' is missing"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match=message):
        load_recipe(str(path))


def test_every_key_is_documented() -> None:
    sections = [Recipe, *(Recipe.model_fields[n].annotation for n in ("data", "lora", "training"))]
    for section in sections:
        for name, field in section.model_fields.items():  # type: ignore[union-attr]
            assert field.description, name
