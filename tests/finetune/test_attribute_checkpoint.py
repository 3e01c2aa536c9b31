"""Attribute training that was killed: carried on to the very weights, and refused by another run."""

from pathlib import Path

import pytest
import torch

from shopclerk.errors import TrainingError
from shopclerk.finetune.attribute_checkpoint import Checkpoint
from shopclerk.finetune.attribute_fit import FitNumbers, fit, make_items
from shopclerk.finetune.attribute_net import SpanModel
from shopclerk.finetune.attributes import train
from shopclerk.finetune.recipe import Recipe, load_recipe
from shopclerk.models.attribute_gazetteer import Gazetteer, Labelled
from shopclerk.models.attribute_spans import windows
from tests.attribute_rows import lines, write

NUMBERS = FitNumbers(epochs=4, batch=4)


class Killed(Exception):
    """Ends a run in its middle."""


@pytest.fixture
def items():
    rows = [
        Labelled(
            windows(f"Aldo {colour} Mug {number} cm", 1)[0],
            "Mugs",
            {"Color": (colour,), "Length": (f"{number} cm",)},
        )
        for number, colour in enumerate(["Red", "Blue", "Green"] * 4)
    ]
    return make_items(rows, Gazetteer.of(rows), None, counted=True)


def model() -> SpanModel:
    torch.manual_seed(1)
    return SpanModel(None)


def kill_at(step: int):
    def progress(stage: str, done: int, _total: int | None) -> None:
        if stage == "Training" and done == step:
            raise Killed

    return progress


def weights(trained: SpanModel) -> torch.Tensor:
    return torch.cat([each.detach().flatten() for each in trained.parameters()])


def test_a_killed_run_ends_with_the_weights_of_one_that_was_not(tmp_path, items):
    whole, killed, resumed = model(), model(), model()
    fit(whole, items, NUMBERS)
    checkpoint = Checkpoint(tmp_path, "mark", saves=4)
    with pytest.raises(Killed):
        fit(killed, items, NUMBERS, checkpoint=checkpoint, progress=kill_at(8))
    seen = []
    fit(
        resumed,
        items,
        NUMBERS,
        checkpoint=checkpoint,
        progress=lambda _, done, __: seen.append(done),
    )
    assert seen[0] == 7
    assert torch.equal(weights(resumed), weights(whole))
    assert not torch.equal(weights(killed), weights(whole))


@pytest.mark.parametrize(
    ("damage", "told"),
    [(b"torn", "cannot be read"), (None, "another base, data or recipe")],
    ids=["torn", "of another run"],
)
def test_a_checkpoint_that_cannot_be_carried_on_is_told(tmp_path, items, damage, told):
    begun = Checkpoint(tmp_path, "mark")
    fit(model(), items, NUMBERS, checkpoint=begun)
    if damage:
        begun.path.write_bytes(damage)
    with pytest.raises(TrainingError, match=f"{told}.*--no-resume"):
        fit(
            model(),
            items,
            NUMBERS,
            checkpoint=Checkpoint(tmp_path, "other" if not damage else "mark"),
        )


def recipe(folder: Path, **changes: object) -> Recipe:
    data = write(folder / "rows.jsonl", lines(30))
    given = {"data.file": data, "options.encoder": "none", "training.epochs": 10, **changes}
    return load_recipe("attributes-minilm-lora", [f"{key}={value}" for key, value in given.items()])


def test_the_recipe_carries_on_and_clears_up(tmp_path):
    out = tmp_path / "out"
    with pytest.raises(Killed):
        train(recipe(tmp_path), out, kill_at(15))
    assert (out / "checkpoints" / "attributes.pt").exists()
    with pytest.raises(TrainingError, match="another base, data or recipe"):
        train(recipe(tmp_path, **{"options.head_lr": 0.001}), out)
    steps = []
    train(
        recipe(tmp_path),
        out,
        lambda stage, done, _: steps.append(done) if stage == "Training" else None,
    )
    assert steps[0] > 1
    assert not (out / "checkpoints").exists()


def test_no_resume_begins_anew(tmp_path):
    from shopclerk.finetune.loop import finetune

    out = tmp_path / "out"
    with pytest.raises(Killed):
        train(recipe(tmp_path), out, kill_at(15))
    changed = recipe(tmp_path, **{"options.head_lr": 0.001})
    facts = finetune(changed, out, models=tmp_path, sources={}, resume=False)
    assert facts["steps"] > 15
