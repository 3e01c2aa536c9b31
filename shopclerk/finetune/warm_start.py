"""Going on from an adapter that has been trained before, instead of from nothing.

The adapter must have the shape that the recipe asks for; its base is checked by its facts.
"""

import hashlib
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from shopclerk.errors import TrainingError
from shopclerk.finetune.base_model import base_hash
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import ADAPTER
from shopclerk.models.address import EMBEDDED

WEIGHTS_FILE, FACTS_FILE = "adapter_model.safetensors", "adapter.json"


def start_folder(recipe: Recipe) -> Path | None:
    """Return the folder of the adapter that a recipe goes on from, None where it starts from nothing."""
    if recipe.lora.start is None:
        return None
    if recipe.lora.start == EMBEDDED:
        return Path(str(files("shopclerk.models").joinpath("weights", recipe.name)))
    return Path(recipe.lora.start)


def start_weights(recipe: Recipe) -> bytes | None:
    """Return the weights that a recipe goes on from, None where it starts from nothing.

    Raises:
        TrainingError: There is no such adapter, or it has another base.
    """
    folder = start_folder(recipe)
    if folder is None:
        return None
    try:
        weights = (folder / ADAPTER / WEIGHTS_FILE).read_bytes()
        base = str(json.loads((folder / FACTS_FILE).read_text("utf-8"))["base_hash"])
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            f"lora.start: there is no adapter in {folder} ({error}). Name a folder that 'shopclerk "
            "finetune' wrote, 'embedded', or null to start from nothing."
        ) from error
    if base != (own := base_hash(recipe.base, recipe.kind)):
        raise TrainingError(
            f"lora.start: the adapter in {folder} was trained on the base {base}, and this is {own}. "
            "Set lora.start to an adapter of this base, or to null to start from nothing."
        )
    return weights


def start_facts(recipe: Recipe) -> dict[str, str]:
    """Return what a card says of the start: sixteen hex digits of the weights taken over."""
    weights = start_weights(recipe)
    if weights is None:
        return {}
    digest = hashlib.blake2b(weights, digest_size=8).hexdigest()
    return {"started_from": f"{recipe.lora.start}, weights {digest}"}


def warm_start(model: Any, recipe: Recipe) -> None:
    """Give a model (peft, fresh adapters) the weights of the adapter that its recipe names, if it names one.

    Raises:
        TrainingError: There is no such adapter, or it has another base or another shape.
    """
    weights = start_weights(recipe)
    if weights is None:
        return
    from peft import set_peft_model_state_dict
    from safetensors.torch import load

    _take_over(model, load(weights), str(recipe.lora.start), set_peft_model_state_dict)


def _take_over(model: Any, state: dict[str, Any], name: str, put: Callable[..., Any]) -> None:
    own = sum(parameter.requires_grad for parameter in model.parameters())
    fit = "Set lora.r, lora.targets and lora.first_layer as it has them."
    if len(state) != own:
        raise TrainingError(
            f"lora.start: the adapter '{name}' has {len(state)} matrices, and the recipe asks for {own}. {fit}"
        )
    try:
        unknown = put(model, state).unexpected_keys
    except RuntimeError as error:
        raise TrainingError(
            f"lora.start: the adapter '{name}' has another shape: {error}. {fit}"
        ) from error
    if unknown:
        raise TrainingError(f"lora.start: the adapter '{name}' sits elsewhere: {unknown[0]}. {fit}")
