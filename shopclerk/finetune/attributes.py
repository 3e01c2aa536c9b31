"""The recipe kind `attributes`: an extractor of attribute values, from labelled listings or a catalogue's own.

As a command: `shopclerk finetune attributes-minilm-lora --set data.file=train.jsonl` for rows of the attributes task, or
`--catalog FILE` for a catalogue, or both. The folder it writes serves as the setting `extractor`. A part of the rows is
held out and measured on. Options are the fields of `AttributeOptions`.
"""

import hashlib
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
import yaml
from safetensors.torch import save_file

from shopclerk.errors import TrainingError, unknown
from shopclerk.finetune.attribute_checkpoint import Checkpoint
from shopclerk.finetune.attribute_data import catalogue_rows, read_rows, with_negatives
from shopclerk.finetune.attribute_fit import FitNumbers, fit, make_items
from shopclerk.finetune.attribute_goods import made_up_rows
from shopclerk.finetune.attribute_net import SpanModel
from shopclerk.finetune.attribute_score import score
from shopclerk.finetune.attribute_start import adapted_encoder, load_head
from shopclerk.finetune.base_model import base_hash
from shopclerk.finetune.card import card_facts, write_card
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import CHECKPOINTS, Outcome, Progress, silent
from shopclerk.models.address import EMBEDDED
from shopclerk.models.attribute_extractor import EmbeddedExtractor
from shopclerk.models.attribute_gazetteer import Gazetteer
from shopclerk.models.attribute_head import WEIGHTS_FILE
from shopclerk.models.attribute_model import ADAPTER, load_model, save_facts
from shopclerk.models.attribute_prompt import PromptWriter
from shopclerk.models.attribute_rows import AttributeRow, labelled
from shopclerk.models.attribute_schema import Schema
from shopclerk.models.text_encoder import embedded_folder

LEAST_ROWS = 20
RECIPE_FILE, FACTS_FILE = "recipe.yaml", "adapter.json"

Split = tuple[Sequence[AttributeRow], Sequence[AttributeRow]]
"""Rows to learn from, and to measure on."""


@dataclass(frozen=True, slots=True)
class AttributeOptions:
    """What only recipes of this kind know.

    Attributes:
        encoder: `minilm`, or `none` for a head that reads counts alone: seconds instead of minutes.
        start: `embedded` carries on from the extractor that ships, `none` starts anew.
        files: More files of labelled rows.
        made_up: Rows made up of goods that no shop sells, for names that the other rows lack.
        negatives: Names of its category that a row is asked for though it lacks them.
        forget: Share of the names whose counts are withheld while training.
        head_lr: Peak learning rate of the head.
        keep_counts: Whether the counts are written beside the weights; they hold values of the rows.
        leave_out: Names that are not learned from, to measure what the extractor makes of unseen ones.
    """

    encoder: str = "minilm"
    start: str = "none"
    files: tuple[str, ...] = ()
    made_up: int = 0
    negatives: int = 0
    forget: float = 0.15
    head_lr: float = 3e-3
    keep_counts: bool = True
    leave_out: tuple[str, ...] = ()


def train(recipe: Recipe, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Train by a recipe of kind `attributes` and return the facts of its card.

    Raises:
        TrainingError: The recipe or its data cannot be used.
    """
    options = read_options(recipe)
    rows = read_all(recipe, options)
    if len(rows) < LEAST_ROWS:
        raise TrainingError(
            f"There are {len(rows)} rows with attributes, and {LEAST_ROWS} are needed at least. Name more by "
            "--set data.file=PATH or --catalog FILE."
        )
    random.Random(recipe.seed).shuffle(rows)
    held = max(1, round(len(rows) * recipe.training.eval_share))
    return train_rows(recipe, options, (rows[held:], rows[:held]), folder, progress)


def read_options(recipe: Recipe) -> AttributeOptions:
    """Return a recipe's options.

    Raises:
        TrainingError: One is unknown or cannot be used.
    """
    known = {each.name for each in fields(AttributeOptions)}
    for name in recipe.options:
        if name not in known:
            raise TrainingError(unknown("option of kind 'attributes'", name, sorted(known)))
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in recipe.options.items()
    }
    options = AttributeOptions(**given)
    for name, value, allowed in (
        ("encoder", options.encoder, ("minilm", "none")),
        ("start", options.start, ("embedded", "none")),
    ):
        if value not in allowed:
            raise TrainingError(unknown(f"options.{name}", str(value), allowed))
    return options


def read_all(recipe: Recipe, options: AttributeOptions) -> list[AttributeRow]:
    """Return the rows that a recipe names."""
    rows: list[AttributeRow] = []
    for path in (recipe.data.file, *options.files):
        rows += read_rows(Path(path)) if path else []
    if recipe.data.catalog:
        rows += catalogue_rows(recipe.data.catalog)
    rows += made_up_rows(options.made_up, recipe.seed)
    left = {name.casefold() for name in options.leave_out}
    kept = [_without(row, left) for row in rows]
    return [row for row in kept if row.values]


def _without(row: AttributeRow, names: set[str]) -> AttributeRow:
    values = {name: found for name, found in row.values.items() if name.casefold() not in names}
    return AttributeRow(row.title, row.description, row.category, values)


def train_rows(
    recipe: Recipe,
    options: AttributeOptions,
    rows: Split,
    folder: Path,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Train on rows and write the extractor into a folder.

    Args:
        recipe: Numbers of the loop and of the adapters.
        options: What only this kind knows.
        rows: To learn from, and to measure on.
        folder: Where the extractor goes.
        progress: Called as the work goes on.
    """
    torch.manual_seed(recipe.seed)
    if recipe.training.threads:
        torch.set_num_threads(recipe.training.threads)
    kept, held = rows
    asked = with_negatives(kept, options.negatives, recipe.seed) if options.negatives else kept
    windows = [window for row in asked for window in labelled(row)]
    gazetteer = Gazetteer.of(windows)
    reads = options.encoder != "none"
    writer = PromptWriter(embedded_folder()) if reads else None
    items = make_items(windows, gazetteer, writer, counted=True, progress=progress)
    model = SpanModel(adapted_encoder(recipe, options.start) if reads else None)
    if options.start != "none":
        load_head(model)
    checkpoint = Checkpoint(folder / CHECKPOINTS, _mark(recipe, rows))
    started = time.perf_counter()
    steps = fit(model, items, _numbers(recipe, options), writer, checkpoint, progress)
    seconds = time.perf_counter() - started
    folder.mkdir(parents=True, exist_ok=True)
    save(model, gazetteer if options.keep_counts else Gazetteer(), kept, recipe.name, folder)
    checkpoint.remove()
    extractor = EmbeddedExtractor(load_model(folder, folder), gazetteer)
    tokens = sum(len(item.prompt.ids) for item in items if item.prompt)
    total = int(tokens * recipe.training.epochs)
    outcome = Outcome(folder, score(extractor, held), steps, seconds, total)
    return _write_facts(recipe, outcome, rows, folder)


def _numbers(recipe: Recipe, options: AttributeOptions) -> FitNumbers:
    training = recipe.training
    return FitNumbers(
        training.epochs,
        training.batch,
        training.lr,
        options.head_lr,
        training.weight_decay,
        training.warmup,
        options.forget,
        recipe.seed,
    )


def save(
    model: SpanModel,
    gazetteer: Gazetteer,
    rows: Sequence[AttributeRow],
    name: str,
    folder: Path,
) -> None:
    """Write head and adapter in half precision, counts and schema."""
    weights = {n: tensor.half().contiguous() for n, tensor in model.head.state_dict().items()}
    save_file(weights, folder / WEIGHTS_FILE)
    if model.encoder is not None:
        _save_adapter(model.encoder, folder / ADAPTER)
    gazetteer.save(folder)
    listed: list[tuple[str, Mapping[str, Sequence[str]]]] = [
        (row.category, {key: values or () for key, values in row.values.items()}) for row in rows
    ]
    schema = Schema.of(listed) if gazetteer.names else Schema({})
    save_facts(folder, name, schema)


def _save_adapter(encoder: Any, folder: Path) -> None:
    """Write adapters without the path that the base has on this machine."""
    encoder.peft_config["default"].base_model_name_or_path = EMBEDDED
    encoder.half().save_pretrained(folder, save_embedding_layers=False)
    encoder.float()
    (folder / "README.md").unlink(missing_ok=True)


def _mark(recipe: Recipe, rows: Split) -> str:
    """Return what a checkpoint must share with a run to be carried on."""
    told = recipe.model_dump_json(exclude={"about", "licence"})
    base = base_hash(recipe.base, "dual-encoder")
    return hashlib.blake2b(f"{told} {base} {_hash(rows)}".encode(), digest_size=8).hexdigest()


def _hash(rows: Split) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for row in (*rows[0], *rows[1]):
        text = json.dumps([row.title, row.description, row.category, dict(row.values)])
        digest.update(text.encode())
    return digest.hexdigest()


def _write_facts(
    recipe: Recipe,
    outcome: Outcome,
    rows: Split,
    folder: Path,
) -> dict[str, Any]:
    from shopclerk.finetune.loop import peak_memory_mb

    counts = (len(rows[0]), len(rows[1]))
    facts = card_facts(recipe, outcome, _hash(rows), counts)
    facts |= {"base_hash": base_hash(recipe.base, "dual-encoder"), "memory_mb": peak_memory_mb()}
    resolved = yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False)
    (folder / RECIPE_FILE).write_text(resolved, encoding="utf-8")
    (folder / FACTS_FILE).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    write_card(folder, recipe, facts)
    return facts
