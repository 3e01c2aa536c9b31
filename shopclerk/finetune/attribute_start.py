"""Where a run starts: the embedded encoder with fresh adapters, or with those of the extractor that ships."""

from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from shopclerk.errors import MissingModelError, TrainingError
from shopclerk.finetune.attribute_net import SpanModel
from shopclerk.finetune.base_model import base_folder, load_kwargs
from shopclerk.finetune.recipe import Recipe
from shopclerk.models.attribute_head import WEIGHTS_FILE
from shopclerk.models.attribute_model import ADAPTER, shipped_folder
from shopclerk.models.onnx_export import quiet_peft

LINEAR = ["query", "key", "value", "dense"]


def adapted_encoder(recipe: Recipe, start: str) -> Any:
    """Return the base encoder with trainable adapters.

    Args:
        recipe: Names the base and the adapters' numbers.
        start: `embedded` for those that ship, `none` for fresh ones.

    Raises:
        TrainingError: The base has no such layers.
    """
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    address = base_folder(recipe.base, Path(), "dual-encoder")
    try:
        model = transformers.AutoModel.from_pretrained(
            address, add_pooling_layer=False, **load_kwargs(address)
        )
    except (OSError, ValueError, TypeError) as error:
        raise MissingModelError(
            f"The base '{recipe.base}' could not be loaded ({error}). Set base to 'embedded'."
        ) from error
    with quiet_peft():
        return _with_adapters(model, recipe, start)


def _with_adapters(model: Any, recipe: Recipe, start: str) -> Any:
    from peft import LoraConfig, PeftModel, get_peft_model

    if start != "none":
        folder = shipped_folder() / ADAPTER
        try:
            return PeftModel.from_pretrained(model, str(folder), is_trainable=True).float()
        except (OSError, ValueError) as error:
            raise MissingModelError(
                f"There is no extractor to start from in {folder} ({error}). Set options.start=none."
            ) from error
    lora, layers = recipe.lora, model.config.num_hidden_layers
    if lora.first_layer >= layers:
        raise TrainingError(
            f"lora.first_layer is {lora.first_layer}; the base has the layers 0 to {layers - 1}."
        )
    targets = LINEAR if lora.targets == "all-linear" else lora.targets
    config = LoraConfig(
        r=lora.r,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=targets,
        use_rslora=lora.rslora,
        use_dora=lora.dora,
        layers_to_transform=list(range(lora.first_layer, layers)),
    )
    return get_peft_model(model, config)


def load_head(model: SpanModel) -> None:
    """Give a model the head of the extractor that ships.

    Raises:
        MissingModelError: It is not there.
    """
    path = shipped_folder() / WEIGHTS_FILE
    try:
        weights = {name: tensor.float() for name, tensor in load_file(path).items()}
    except Exception as error:
        # safetensors raises an error of its own kind, which is no subclass of ValueError.
        raise MissingModelError(
            f"There is no extractor to start from in {path.parent} ({error}). Set options.start=none."
        ) from error
    own = model.head.state_dict()
    model.head.load_state_dict({name: weights.get(name, own[name]) for name in own})
