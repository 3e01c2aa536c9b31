"""Recipes: everything that decides a training run, in one YAML file.

A recipe is a name, a kind, a base, its data and its numbers. Every key is known here and documented; one that is not
is an error that names the closest. `--set training.epochs=1` changes a value by its path.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process

from shopclerk.errors import TrainingError, unknown

Kind = Literal[
    "causal",
    "seq2seq",
    "token",
    "cross-encoder",
    "dual-encoder",
    "align",
    "classifier",
    "tagger",
    "caption",
    "attributes",
    "taxonomy",
    "match",
    "title-t5",
    "title-tagger",
]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class LoraSection(_Section):
    """Low-rank adapters (Hu et al. 2021), by peft."""

    r: int = Field(default=16, ge=1, le=1024)
    """Rank."""

    alpha: int = Field(default=32, ge=1)
    """Scale: the update counts alpha / r times."""

    dropout: float = Field(default=0.0, ge=0, lt=1)
    """Dropout on the adapter's input."""

    targets: list[str] | Literal["all-linear"] = "all-linear"
    """Names of the linear layers that get an adapter."""

    first_layer: int = Field(default=0, ge=0)
    """The lowest layer with an adapter; those below stay as they are."""

    rslora: bool = False
    """Scale by alpha / sqrt(r) (Kalajdzievski 2023)."""

    dora: bool = False
    """Learn magnitude and direction apart (Liu et al. 2024)."""

    start: str | None = None
    """Go on from an adapter of the same shape: a folder, or `embedded` for the one that ships."""


class TrainingSection(_Section):
    """The numbers of the loop."""

    method: Literal["plain", "cached"] = "plain"
    """`plain`: the transformers Trainer. `cached`: frozen lower layers computed once (causal, CPU)."""

    epochs: float = Field(default=1.0, gt=0)
    """Passes over the data."""

    max_steps: int = Field(default=0, ge=0)
    """Stop after so many steps; 0 for as many as the epochs need."""

    batch: int = Field(default=16, ge=1)
    """Examples a step and device."""

    accumulate: int = Field(default=1, ge=1)
    """Batches a step."""

    lr: float = Field(default=2e-4, gt=0)
    """Peak learning rate; it rises over the warm-up and falls along a cosine."""

    warmup: float = Field(default=0.03, ge=0, le=1)
    """Share of the steps in which the learning rate rises."""

    weight_decay: float = Field(default=0.0, ge=0)
    """Decoupled weight decay."""

    max_length: int = Field(default=512, ge=8)
    """Tokens of an example; longer ones are left out and counted."""

    shuffle: bool = True
    """Examples in random order; False takes them as they come (plain)."""

    bf16: bool = False
    """Compute in bfloat16."""

    checkpointing: bool = False
    """Compute activations twice instead of keeping them."""

    packing: bool = False
    """Put several examples in a row that do not see one another (causal)."""

    eval_share: float = Field(default=0.05, gt=0, lt=1)
    """Share of the data held out where the data has no held-out split of its own."""

    evals: int = Field(default=10, ge=1)
    """Evaluations, and checkpoints, in a run."""

    patience: int = Field(default=0, ge=0)
    """Stop after so many evaluations without getting better; 0 never stops early."""

    threads: int = Field(default=0, ge=0)
    """CPU threads; 0 for the library's choice."""


class DataSection(_Section):
    """What is learned from."""

    source: str
    """`conversations` (invented shops), `catalog` (a catalogue's own texts), or `file`."""

    file: str | None = None
    """JSON Lines that join in, or the whole data where the source is `file`."""

    heldout: str | None = None
    """JSON Lines to measure on."""

    catalog: str | None = None
    """The catalogue that queries are made out of: a product file or a catalogue folder."""

    clicks: str | None = None
    """Click log, JSON Lines with `query`, `product`, `clicks`."""

    shops: int = Field(default=78, ge=1)
    """How many shops are invented."""

    conversations: int = Field(default=18, ge=1)
    """Conversations a shop."""

    per_product: int = Field(default=4, ge=1)
    """Queries made of each product."""

    hard_negatives: int = Field(default=2, ge=0)
    """Wrong products a query that BM25 ranks high, beside those of the batch."""

    limit: int = Field(default=0, ge=0)
    """Use so many examples at most; 0 for all."""

    labels: list[str] = []
    """Names of the classes (token classification)."""


class Recipe(_Section):
    """One training run."""

    name: str
    """Its name, the file's own."""

    kind: Kind
    """What is trained."""

    about: str = ""
    """What the result is for, a sentence."""

    base: str = "embedded"
    """The model to start from: `embedded`, a folder, or a hub id."""

    quantize: Literal["none", "8bit", "4bit"] = "none"
    """Hold the base quantised by bitsandbytes while adapters are trained (QLoRA, Dettmers et al. 2023)."""

    licence: str = "Apache-2.0"
    """Licence of the result."""

    seed: int = 7
    """Decides data, order and initial weights."""

    data: DataSection
    """What is learned from."""

    lora: LoraSection = LoraSection()
    """Adapters."""

    training: TrainingSection = TrainingSection()
    """The loop."""

    options: dict[str, Any] = {}
    """What only this kind understands; see its own page."""


def recipe_names() -> list[str]:
    """Return the names of the recipes that come along."""
    folder = files("shopclerk.finetune").joinpath("recipes")
    return sorted(
        p.name.removesuffix(".yaml") for p in folder.iterdir() if p.name.endswith(".yaml")
    )


def load_recipe(name: str, changes: Sequence[str] = ()) -> Recipe:
    """Read a recipe: one that comes along by its name, or a YAML file.

    Args:
        name: `agent-smollm2-lora`, or a path.
        changes: `path=value` pairs; the value is read as YAML.

    Raises:
        TrainingError: There is no such recipe, it is not YAML, or a key or value does not work.
    """
    path = Path(name)
    own = path.suffix in (".yaml", ".yml")
    source = path if own else files("shopclerk.finetune").joinpath("recipes", f"{name}.yaml")
    if not source.is_file():
        closest = process.extractOne(name, recipe_names())
        raise TrainingError(
            unknown("recipe", name, recipe_names(), closest[0] if closest else None)
            + " Or name a .yaml file."
        )
    try:
        data = yaml.safe_load(source.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TrainingError(f"The recipe {name} is not YAML: {error}") from error
    if not isinstance(data, dict):
        raise TrainingError(
            f"The recipe {name} must be a mapping of keys, not {type(data).__name__}."
        )
    data.setdefault("name", path.stem)
    for change in changes:
        _apply(data, change)
    return check_recipe(data, name)


def check_recipe(data: Mapping[str, Any], name: str) -> Recipe:
    """Check a recipe's keys and values.

    Raises:
        TrainingError: One of them does not work.
    """
    try:
        return Recipe(**data)
    except ValidationError as error:
        raise TrainingError(_complaint(error, name)) from error


def _apply(data: dict[str, Any], change: str) -> None:
    path, sign, text = change.partition("=")
    if not sign or not path:
        raise TrainingError(
            f"--set needs KEY=VALUE, for instance training.epochs=1; got '{change}'."
        )
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise TrainingError(f"--set {path}: '{text}' is not a YAML value: {error}") from error
    *above, last = path.split(".")
    place = data
    for key in above:
        place = place.setdefault(key, {})
        if not isinstance(place, dict):
            raise TrainingError(f"--set {path}: '{key}' holds a value, not further keys.")
    place[last] = value


def _complaint(error: ValidationError, name: str) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = _keys_beside(first["loc"])
        key = str(first["loc"][-1])
        closest = process.extractOne(key, known)
        return f"Recipe {name}: " + unknown("key", where, known, closest[0] if closest else None)
    if first["type"] == "missing":
        return f"Recipe {name}: the key '{where}' is missing."
    return f"Recipe {name}: '{where}' is {first.get('input')!r}: {first['msg']}."


def _keys_beside(loc: tuple[Any, ...]) -> list[str]:
    """Return the keys that are known where an unknown one stands."""
    model: type[BaseModel] = Recipe
    for part in loc[:-1]:
        annotation = model.model_fields[str(part)].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    return list(model.model_fields)
