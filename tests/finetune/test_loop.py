"""The loop: one step of every recipe on a tiny random model; resuming; the card; what goes wrong."""

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from shopclerk.errors import TrainingError
from shopclerk.finetune import loop
from shopclerk.finetune.cached_loop import learning_rate
from shopclerk.finetune.loop import ADAPTED, TRAINERS, finetune
from shopclerk.finetune.recipe import Recipe, load_recipe, recipe_names
from tests.finetune.conftest import BaseMaker

BASES = {"causal": "llama", "seq2seq": "t5", "token": "bert"}
TINY = ["training.max_steps=1", "training.batch=2", "training.threads=1", "quantize=none"]


def data_for(kind: str, talks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a few examples of a kind."""
    shoes = [f"{colour} shoes" for colour in ("red", "blue", "green", "black")]
    return {
        "causal": list(talks),
        "seq2seq": [{"source": text, "target": text.title()} for text in shoes],
        "token": [{"tokens": text.split(), "labels": ["C", "O"]} for text in shoes],
        "cross-encoder": [
            {"left": t, "right": t, "label": float(n % 2)} for n, t in enumerate(shoes)
        ],
        "dual-encoder": [{"query": t[:4], "positive": t, "negatives": [t[::-1]]} for t in shoes],
    }[kind]


def tiny(name: str, base: BaseMaker, *changes: str) -> Recipe:
    """Return a recipe over a tiny random base, for one step."""
    kind = load_recipe(name).kind
    address = base(BASES.get(kind, "bert"))
    small = ["lora.first_layer=2", "lora.start=null"] if name == "agent-smollm2-lora" else []
    return load_recipe(name, [f"base={address}", *TINY, *small, *changes])


def run(
    recipe: Recipe, folder: Path, talks: Sequence[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """Train and return the facts."""
    made = data_for(recipe.kind, talks)
    sources = {
        name: lambda *_: (made, made[:2]) for name in ("conversations", "catalog", "pairs", "given")
    }
    if recipe.data.source == "file":
        recipe = recipe.model_copy(
            update={"data": recipe.data.model_copy(update={"source": "given"})}
        )
    return finetune(recipe, folder, models=folder / "models", sources=sources, **more)


@pytest.mark.parametrize(
    "name", [name for name in recipe_names() if load_recipe(name).kind in ADAPTED]
)
def test_one_step_of_every_recipe(
    name: str, base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    facts = run(tiny(name, base), tmp_path / "out", talks)
    assert facts["steps"] == 1
    assert facts["metrics"]["eval_loss"] > 0
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    for wanted in (
        facts["data_hash"],
        facts["base_hash"],
        facts["licence"],
        f"seed {facts['seed']}",
        "steps in",
    ):
        assert str(wanted) in card
    assert (tmp_path / "out" / "adapter" / "adapter_model.safetensors").stat().st_size > 1_000


@pytest.mark.parametrize("option", ["lora.rslora=true", "lora.dora=true", "training.packing=true"])
def test_peft_and_packing_options_train(
    option: str, base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    recipe = tiny(
        "agent-smollm2-lora", base, "training.method=plain", "training.bf16=false", option
    )
    assert run(recipe, tmp_path / "out", talks)["steps"] == 1


def test_a_token_classifier_trains(
    base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    changes = ["kind=token", "data.labels=[C, O]", "lora.targets=[query]"]
    recipe = load_recipe("search-minilm-lora", [f"base={base('bert')}", *TINY, *changes])
    assert run(recipe, tmp_path / "out", talks)["steps"] == 1


@pytest.mark.parametrize("method", ["plain", "cached"])
def test_it_learns(
    method: str, base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    changes = [
        f"training.method={method}",
        "training.max_steps=40",
        "training.lr=0.02",
        "training.bf16=false",
    ]
    losses = [
        run(tiny("agent-smollm2-lora", base, *changes, f"training.max_steps={steps}"), tmp_path / str(steps), talks)["metrics"]["eval_loss"]
        for steps in (1, 40)
    ]  # fmt: skip
    assert losses[1] < 0.8 * losses[0]


@pytest.mark.parametrize("method", ["plain", "cached"])
def test_a_killed_run_is_carried_on(
    method: str,
    base: BaseMaker,
    talks: list[dict[str, Any]],
    tmp_path: Path,
) -> None:
    changes = [
        f"training.method={method}",
        "training.max_steps=8",
        "training.evals=4",
        "training.bf16=false",
    ]
    recipe = tiny("agent-smollm2-lora", base, *changes)
    whole = run(recipe, tmp_path / "whole", talks)
    stops = {"Training": 5}

    def kill(stage: str, done: int, total: int | None) -> None:
        if stage == "Training" and done == stops.get(stage):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(recipe, tmp_path / "killed", talks, progress=kill)
    seen: list[int] = []
    stops.clear()
    facts = run(
        recipe,
        tmp_path / "killed",
        talks,
        progress=lambda stage, done, _: seen.append(done) if stage == "Training" else None,
    )
    assert min(seen) == 5
    assert facts["metrics"]["eval_loss"] == pytest.approx(whole["metrics"]["eval_loss"], rel=1e-3)


def test_a_checkpoint_of_another_run_is_refused(
    base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    changes = ["training.max_steps=4", "training.evals=4"]
    run(tiny("agent-smollm2-lora", base, *changes), tmp_path / "out", talks)
    other = tiny("agent-smollm2-lora", base, *changes, "lora.r=4")
    with pytest.raises(TrainingError, match=r"another base, data or recipe.*--no-resume"):
        run(other, tmp_path / "out", talks)
    assert run(other, tmp_path / "out", talks, resume=False)["steps"] == 4


def test_a_checkpoint_cut_off_is_an_error_that_says_so(
    base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    recipe = tiny("agent-smollm2-lora", base, "training.max_steps=4", "training.evals=4")
    run(recipe, tmp_path / "out", talks)
    state = tmp_path / "out" / "checkpoints" / "state.pt"
    state.write_bytes(state.read_bytes()[:100])
    with pytest.raises(TrainingError, match="cannot be read"):
        run(recipe, tmp_path / "out", talks)


def test_an_adapter_of_another_base_is_refused(
    base: BaseMaker, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    recipe = tiny("agent-smollm2-lora", base)
    run(recipe, tmp_path / "out", talks)
    facts = tmp_path / "out" / "adapter.json"
    facts.write_text(json.dumps({"base_hash": "0123"}), encoding="utf-8")
    with pytest.raises(TrainingError, match="adapter of another base"):
        run(recipe, tmp_path / "out", talks)


def test_an_interrupted_save_keeps_the_last_checkpoint(
    base: BaseMaker,
    talks: list[dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = tiny("agent-smollm2-lora", base, "training.max_steps=6", "training.evals=6")
    real, saved = torch.save, []

    def save(what: Any, where: Any) -> None:
        if len(saved) == 2:
            Path(where).write_bytes(b"half")
            raise OSError("No space left on device")
        saved.append(where)
        real(what, where)

    monkeypatch.setattr(torch, "save", save)
    with pytest.raises(OSError, match="No space left"):
        run(recipe, tmp_path / "out", talks)
    monkeypatch.setattr(torch, "save", real)
    state = torch.load(tmp_path / "out" / "checkpoints" / "state.pt", weights_only=True)
    assert state["step"] == 2
    assert run(recipe, tmp_path / "out", talks)["steps"] == 6


def test_a_lack_of_memory_says_what_to_lower(
    base: BaseMaker,
    talks: list[dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from shopclerk.finetune import cached_loop

    def full(*_: Any) -> Any:
        raise RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate")

    monkeypatch.setattr(cached_loop, "answer_loss", full)
    with pytest.raises(TrainingError, match=r"Lower training\.batch"):
        run(tiny("agent-smollm2-lora", base), tmp_path / "out", talks)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["training.max_length=8"], "longer than training.max_length"),
        (["lora.first_layer=9"], "the base has the layers 0 to 3"),
        (["lora.first_layer=0"], "lora.first_layer above 0"),
        (["base=/nowhere/at/all"], "There is no model at"),
        (["data.source=dreams"], "Unknown data.source 'dreams'"),
        (["data.source=file"], "--set data.file=PATH"),
    ],
)
def test_what_cannot_be_trained_says_why(
    changes: list[str],
    message: str,
    base: BaseMaker,
    talks: list[dict[str, Any]],
    tmp_path: Path,
) -> None:
    recipe = tiny("agent-smollm2-lora", base, *changes)
    made = list(talks)
    with pytest.raises(Exception, match=message):
        finetune(
            recipe,
            tmp_path / "out",
            models=tmp_path,
            sources={"conversations": lambda *_: (made, made[:2])},
        )


def test_quantised_training_without_its_library_says_so(
    base: BaseMaker,
    talks: list[dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "bitsandbytes" else found(name)
    )
    recipe = tiny("agent-llama3-qlora", base, "quantize=4bit")
    with pytest.raises(TrainingError, match=r"needs bitsandbytes.*shopclerk\[gpu\]"):
        run(recipe, tmp_path / "out", talks)


def test_kinds_with_a_loop_of_their_own_are_found_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(TRAINERS) >= {"align", "caption"}
    monkeypatch.setitem(TRAINERS, "align", f"{__name__}:own_loop")
    recipe = load_recipe("agent-smollm2-lora", ["kind=align"])
    assert finetune(recipe, tmp_path, models=tmp_path, sources={}) == {"name": recipe.name}
    monkeypatch.setitem(TRAINERS, "align", f"{loop.__name__}:nothing")
    with pytest.raises(TrainingError, match="need"):
        finetune(recipe, tmp_path, models=tmp_path, sources={})


def own_loop(recipe: Recipe, folder: Path, progress: Any) -> dict[str, Any]:
    """Stand in for a loop of another kind."""
    return {"name": recipe.name}


def test_the_learning_rate_rises_and_falls() -> None:
    rates = [learning_rate(step, 100, 1.0, 0.1) for step in range(100)]
    assert rates[0] == pytest.approx(0.1, rel=0.1)
    assert max(rates) == pytest.approx(rates[9], rel=0.01)
    assert rates[-1] == pytest.approx(0.05, abs=0.01)
