"""Training from a recipe to a served adapter: data, loop, final scores, card.

One loop for all kinds of models that are adapters over transformers (`plain_loop`, or `cached_loop` where the recipe says so);
kinds with a loop of their own are found by name in `TRAINERS` and are called as `train(recipe, folder, progress)`.
"""

import json
import os
import resource
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from shopclerk.errors import TrainingError
from shopclerk.finetune.base_model import base_hash
from shopclerk.finetune.card import card_facts, write_card
from shopclerk.finetune.examples import Example, data_hash, held_out, read_examples
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import CHECKPOINTS, Job, Outcome, Progress, silent
from shopclerk.finetune.warm_start import start_facts

TRAINERS: dict[str, str] = {
    "align": "shopclerk.finetune.align_recipe:train",
    "caption": "shopclerk.finetune.captioner:train",
    "classifier": "shopclerk.finetune.head_recipes:train_classifier_recipe",
    "tagger": "shopclerk.finetune.head_recipes:train_tagger_recipe",
    "title-t5": "shopclerk.finetune.title_t5:train",
    "title-tagger": "shopclerk.finetune.title_tagger:train",
    "attributes": "shopclerk.finetune.attributes:train",
    "match": "shopclerk.finetune.match_recipe:train",
    "taxonomy": "shopclerk.finetune.taxonomy_recipe:train",
}
"""Kinds with a loop of their own: `module:function`, imported when first needed."""

ADAPTED = ("causal", "seq2seq", "token", "cross-encoder", "dual-encoder")
RECIPE_FILE, FACTS_FILE = "recipe.yaml", "adapter.json"

Split = tuple[Sequence[Example], Sequence[Example]]
Sources = Mapping[str, Callable[[Recipe, Progress], Split]]
"""Data source by name: recipe to (train, held out). Those that need the agents come from above this layer."""


def finetune(
    recipe: Recipe,
    folder: Path,
    *,
    models: Path,
    sources: Sources,
    resume: bool = True,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Train by a recipe and return the facts of its card.

    Args:
        recipe: The recipe, all changes made.
        folder: Where the result goes; a run that was killed is carried on there.
        models: Where the embedded base is kept once it is unpacked.
        sources: Data sources beside files.
        resume: Carry on from the last checkpoint; False starts anew.
        progress: Called as the work goes on.

    Raises:
        TrainingError: The recipe, its data or a checkpoint cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if recipe.kind in TRAINERS:
        if not resume:
            shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
        return _own_loop(recipe, folder, progress)
    train, heldout = load_data(recipe, sources, progress)
    check_base(recipe, folder, resume=resume)
    outcome = run_job(Job(recipe, folder, train, heldout, models, resume, progress))
    facts = card_facts(recipe, outcome, data_hash([*train, *heldout]), (len(train), len(heldout)))
    facts |= start_facts(recipe)
    facts |= {"base_hash": base_hash(recipe.base, recipe.kind), "memory_mb": peak_memory_mb()}
    write_facts(folder, recipe, facts)
    return facts


def run_job(job: Job) -> Outcome:
    """Run the loop that a recipe names."""
    if job.recipe.training.method == "cached":
        from shopclerk.finetune.cached_loop import train_cached

        return train_cached(job)
    from shopclerk.finetune.plain_loop import train_plain

    return train_plain(job)


def load_data(recipe: Recipe, sources: Sources, progress: Progress = silent) -> Split:
    """Return (train, held out) of a recipe; its own file joins in.

    Raises:
        TrainingError: The source is unknown, or a file is broken.
    """
    data = recipe.data
    own = read_examples(Path(data.file), recipe.kind) if data.file else []
    if data.source == "file":
        if not own:
            raise TrainingError("data.source is 'file': name it by --set data.file=PATH.")
        made: Split = ([], [])
    elif data.source in sources:
        made = sources[data.source](recipe, progress)
    else:
        known = ", ".join(["file", *sources])
        raise TrainingError(f"Unknown data.source '{data.source}'. Known here: {known}.")
    train, heldout = [*made[0], *own], list(made[1])
    if data.heldout:
        heldout += read_examples(Path(data.heldout), recipe.kind)
    if not heldout:
        train, heldout = held_out(train, recipe.training.eval_share, recipe.seed)
    return (train[: data.limit] if data.limit else train), heldout


def check_base(recipe: Recipe, folder: Path, *, resume: bool) -> None:
    """Refuse to carry on a run over another base.

    Raises:
        TrainingError: The folder holds an adapter of another base.
    """
    path = folder / FACTS_FILE
    if not resume or not path.exists():
        return
    try:
        before = json.loads(path.read_text("utf-8")).get("base_hash")
    except ValueError as error:
        raise TrainingError(
            f"{path} is not JSON: {error}. Delete it or name another folder."
        ) from error
    if before != base_hash(recipe.base, recipe.kind):
        raise TrainingError(
            f"The folder {folder} holds an adapter of another base ({before}). Name another output "
            "folder, or start anew with --no-resume."
        )


def write_facts(folder: Path, recipe: Recipe, facts: dict[str, Any]) -> None:
    """Write recipe, facts and card beside the adapter, each whole or not at all."""
    resolved = yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False)
    for name, text in (
        (RECIPE_FILE, resolved),
        (FACTS_FILE, json.dumps(facts, indent=2, ensure_ascii=False) + "\n"),
    ):
        partial = folder / f"{name}.{os.getpid()}.part"
        partial.write_text(text, encoding="utf-8")
        partial.replace(folder / name)
    write_card(folder, recipe, facts)


def _own_loop(recipe: Recipe, folder: Path, progress: Progress) -> dict[str, Any]:
    module, _, name = TRAINERS[recipe.kind].partition(":")
    try:
        train = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise TrainingError(
            f"Recipes of kind '{recipe.kind}' need {TRAINERS[recipe.kind]}: {error}. "
            "pip install 'shopclerk[train]'."
        ) from error
    facts: dict[str, Any] = train(recipe, folder, progress)
    return facts


def peak_memory_mb() -> int:
    """Return the most memory this process has held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))
