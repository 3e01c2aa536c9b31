"""Handing trained adapters on: merged folders, GGUF, CTranslate2, and uploads to a hub.

An adapter is merged only into a base that is not quantised: rounding the sum again would undo part of what was learned.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from shopclerk.errors import MissingModelError, TrainingError, unknown
from shopclerk.finetune.adapter_gguf import write_adapter_gguf
from shopclerk.finetune.base_model import base_folder, base_hash, load_kwargs, shape_options
from shopclerk.finetune.loop import FACTS_FILE, RECIPE_FILE
from shopclerk.finetune.recipe import Recipe, load_recipe
from shopclerk.finetune.run import ADAPTER
from shopclerk.models.agent_adapter import ADAPTER_FILE

FORMS = ("merged", "gguf", "gguf-adapter", "ctranslate2")
AUTO = {
    "causal": "AutoModelForCausalLM",
    "seq2seq": "AutoModelForSeq2SeqLM",
    "token": "AutoModelForTokenClassification",
    "cross-encoder": "AutoModelForSequenceClassification",
    "dual-encoder": "AutoModel",
}


def export(folder: Path, form: str, target: Path, models: Path) -> Path:
    """Write a trained adapter in another form; return what was written.

    Args:
        folder: What `finetune` made.
        form: `merged`, `gguf`, `gguf-adapter` or `ctranslate2`.
        target: The folder or file to write.
        models: Where the embedded base is kept once it is unpacked.

    Raises:
        TrainingError: The form is unknown or does not suit the model.
    """
    writers: dict[str, Callable[[Path, Path, Path], Path]] = {
        "merged": export_merged,
        "gguf": _export_gguf,
        "gguf-adapter": _export_gguf_adapter,
        "ctranslate2": _export_ctranslate2,
    }
    if form not in writers:
        raise TrainingError(unknown("form", form, FORMS))
    return writers[form](folder, target, models)


def trained_recipe(folder: Path) -> Recipe:
    """Return the recipe that a folder was made by, its base still the one it was trained on.

    Raises:
        TrainingError: It is no result of `finetune`, or the base has changed since.
    """
    try:
        facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
        recipe = load_recipe(str(folder / RECIPE_FILE))
        expected = facts["base_hash"]
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            f"{folder} is no folder that 'shopclerk finetune' made: {error}. It needs {FACTS_FILE} and "
            f"{RECIPE_FILE}."
        ) from error
    if (found := base_hash(recipe.base, recipe.kind)) != expected:
        raise TrainingError(
            f"The adapter in {folder} was trained on the weights {expected}; its base {recipe.base} has "
            f"{found} now. Put the right base there."
        )
    return recipe


def export_merged(folder: Path, target: Path, models: Path) -> Path:
    """Write base and adapter as one model that transformers loads; it appears whole or not at all."""
    import torch
    import transformers
    from peft import PeftModel

    recipe = trained_recipe(folder)
    address = base_folder(recipe.base, models, recipe.kind)
    options = shape_options(recipe)
    base = getattr(transformers, AUTO[recipe.kind]).from_pretrained(
        address, dtype=torch.float32, **options, **load_kwargs(address)
    )
    if getattr(base, "quantization_method", None) is not None:
        raise TrainingError(
            f"The base {recipe.base} is quantised; an adapter is merged only into whole weights. Name the "
            "unquantised base in the recipe."
        )
    merged = PeftModel.from_pretrained(base, folder / ADAPTER).merge_and_unload()
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    shutil.rmtree(partial, ignore_errors=True)
    merged.save_pretrained(partial)
    transformers.AutoTokenizer.from_pretrained(folder / ADAPTER).save_pretrained(partial)
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)
    return target


def write_gguf_beside(folder: Path, models: Path) -> Path:
    """Write an agent's adapter as GGUF into its own folder, where the assistant finds it."""
    return _export_gguf_adapter(folder, folder / ADAPTER_FILE, models)


def _export_gguf_adapter(folder: Path, target: Path, models: Path) -> Path:
    from transformers import AutoConfig

    recipe = trained_recipe(folder)
    address = base_folder(recipe.base, models, recipe.kind)
    config = AutoConfig.from_pretrained(address, **load_kwargs(address))
    if config.model_type != "llama":
        raise TrainingError(
            f"A GGUF adapter is written for LLaMA models; {recipe.base} is a {config.model_type}."
        )
    write_adapter_gguf(
        folder / ADAPTER,
        target,
        heads=config.num_attention_heads,
        kv_heads=config.num_key_value_heads,
    )
    return target


def _export_gguf(folder: Path, target: Path, models: Path) -> Path:
    from shopclerk.finetune.model_gguf import write_model_gguf

    recipe = trained_recipe(folder)
    if recipe.kind != "causal":
        raise TrainingError(f"GGUF is for causal models; this one is of kind {recipe.kind}.")
    merged = target.with_name(f"{target.stem}.{os.getpid()}.merged")
    try:
        export_merged(folder, merged, models)
        return write_model_gguf(merged, target)
    finally:
        shutil.rmtree(merged, ignore_errors=True)


def _export_ctranslate2(folder: Path, target: Path, models: Path) -> Path:
    try:
        from ctranslate2.converters import TransformersConverter
    except ImportError as error:
        raise MissingModelError(
            "CTranslate2 is not installed: pip install 'shopclerk[train]'."
        ) from error
    recipe = trained_recipe(folder)
    if recipe.kind not in ("causal", "seq2seq"):
        raise TrainingError(f"CTranslate2 is for causal and seq2seq models, not {recipe.kind}.")
    merged = target.with_name(f"{target.name}.{os.getpid()}.merged")
    try:
        export_merged(folder, merged, models)
        TransformersConverter(str(merged)).convert(str(target), quantization="int8", force=True)
    finally:
        shutil.rmtree(merged, ignore_errors=True)
    return target


def push(folder: Path, repository: str, *, private: bool = True) -> str:
    """Upload a folder to a hub and return its address.

    Raises:
        TrainingError: The folder has no card, or the hub does not take it.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError

    if not (folder / "README.md").is_file():
        raise TrainingError(
            f"{folder} has no README.md, the card that says what the model is. Add it first."
        )
    api = HfApi()
    try:
        api.create_repo(repository, private=private, exist_ok=True)
        info = api.upload_folder(
            repo_id=repository,
            folder_path=folder,
            ignore_patterns=["checkpoints/*", "*.part", "*.hidden"],
        )
    except (HfHubHTTPError, LocalTokenNotFoundError, OSError, ValueError) as error:
        raise TrainingError(
            f"The hub did not take {repository}: {error}. Log in with 'hf auth login', and name the "
            "repository as owner/name."
        ) from error
    return str(info)
