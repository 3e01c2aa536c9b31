"""Going on from an adapter that has been trained before, instead of from nothing.

The adapter must have the shape that the recipe asks for; its base is checked by its facts.
"""

import hashlib
import json
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


def warm_start(model: Any, recipe: Recipe) -> str | None:
    """Give a model the weights of the adapter that its recipe names.

    Args:
        model: The base with fresh adapters (peft).
        recipe: The recipe.

    Returns:
        Sixteen hex digits of the weights taken over, None where the recipe starts from nothing.

    Raises:
        TrainingError: There is no such adapter, or it has another base or another shape.
    """
    folder = start_folder(recipe)
    if folder is None:
        return None
    from peft import set_peft_model_state_dict
    from safetensors.torch import load

    path = folder / ADAPTER / WEIGHTS_FILE
    try:
        weights = path.read_bytes()
        base = str(json.loads((folder / FACTS_FILE).read_text("utf-8"))["base_hash"])
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            f"lora.start: there is no adapter in {folder} ({error}). Name a folder that 'shopclerk "
            "finetune' wrote, 'embedded', or null to start from nothing."
        ) from error
    if base != (own := base_hash(recipe.base, recipe.kind)):
        raise TrainingError(
            f"lora.start: the adapter in {folder} has the base {base}, the recipe has {own}."
        )
    _take_over(model, load(weights), folder, set_peft_model_state_dict)
    return hashlib.blake2b(weights, digest_size=8).hexdigest()


def _take_over(model: Any, state: dict[str, Any], folder: Path, put: Any) -> None:
    own = {name for name, value in model.named_parameters() if value.requires_grad}
    try:
        found = put(model, state)
    except RuntimeError as error:
        raise TrainingError(
            f"lora.start: the adapter in {folder} has another shape than the recipe: {error}. Set "
            "lora.r, lora.targets and lora.first_layer as it has them."
        ) from error
    if len(state) != len(own) or found.unexpected_keys:
        raise TrainingError(
            f"lora.start: the adapter in {folder} has {len(state)} matrices and the recipe asks for "
            f"{len(own)}. Set lora.targets and lora.first_layer as it has them."
        )
