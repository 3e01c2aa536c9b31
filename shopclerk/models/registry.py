"""Which models are in use, where they lie, and what to do about a missing one."""

import importlib.util
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED, hub_allowed
from shopclerk.models.chat_server import embedded_gguf
from shopclerk.models.image_encoder import embedded_weights
from shopclerk.models.text_encoder import embedded_folder
from shopclerk.settings import Settings

EMBEDDED_LICENCES = {
    "text_encoder": "MIT (package), Apache-2.0 (weights)",
    "image_encoder": "Apache-2.0",
    "picture_head": "Apache-2.0",
    "captioner": "Apache-2.0",
    "locator": "Apache-2.0",
    "category_mapper": "Apache-2.0",
    "extractor": "Apache-2.0",
    "title_writer": "Apache-2.0",
    "matcher": "Apache-2.0",
    "chat": "Apache-2.0",
}
SHIPPED = {
    "picture_head": "picture-head/head.safetensors",
    "captioner": "captioner/model.safetensors",
    "category_mapper": "category-mapper/scorer.safetensors",
    "extractor": "attributes-minilm-lora/head.safetensors",
    "title_writer": "title-worth/worth.safetensors",
    "matcher": "matcher/matcher.safetensors",
}
"""The weights that come along."""
MADE_BY = {
    "picture_head": "finetune align",
    "category_mapper": "finetune taxonomy-scorer",
    "extractor": "finetune attributes-minilm-lora",
    "classifier": "train classifier",
    "tagger": "train tagger",
    "title_writer": "finetune titles-tagger",
    "matcher": "finetune match",
}
"""Commands that write the folder of another one."""
OFF = "none"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model in use.

    Attributes:
        role: What it does.
        address: `embedded`, a folder, a hub id or an endpoint.
        state: `ready`, `remote`, `off`, or `missing: ` and what to do.
        where: The file or folder, where it is on this machine.
        licence: The licence, where it is known.
        size_bytes: Size of the weights on disk.
    """

    role: str
    address: str
    state: str
    where: str = ""
    licence: str = "see its own card"
    size_bytes: int | None = None

    def record(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def list_models(settings: Settings) -> list[ModelInfo]:
    """Return every model that the settings name."""
    return [
        _text_encoder(settings),
        _image_encoder(settings),
        _trained("picture_head", settings.picture_head, embedded=("auto", "shipped")),
        _captioner(settings),
        _locator(settings),
        _trained("category_mapper", settings.category_mapper),
        _trained("extractor", settings.extractor),
        _trained("classifier", settings.classifier),
        _trained("tagger", settings.tagger),
        _title_writer(settings),
        _trained("matcher", settings.matcher),
        _reranker(settings),
        _chat(settings),
    ]


def _image_encoder(settings: Settings) -> ModelInfo:
    if settings.image_encoder == "none":
        return ModelInfo("image_encoder", "none", "off", licence="")
    if settings.image_encoder == EMBEDDED:
        return _on_disk("image_encoder", EMBEDDED, embedded_weights)
    return _by_library("image_encoder", settings.image_encoder, library="transformers")


def _captioner(settings: Settings) -> ModelInfo:
    if settings.captioner == EMBEDDED:
        return _trained("captioner", EMBEDDED)
    return _by_library("captioner", settings.captioner, library="transformers")


def _locator(settings: Settings) -> ModelInfo:
    if settings.locator == EMBEDDED:
        return ModelInfo(
            "locator", EMBEDDED, "ready", "by the image encoder and its head", "Apache-2.0"
        )
    return _by_library("locator", settings.locator, library="transformers")


def _title_writer(settings: Settings) -> ModelInfo:
    if settings.title_writer != "chat":
        return _trained("title_writer", settings.title_writer, embedded=(EMBEDDED, "rules"))
    chat = _chat(settings)
    state = "missing: a chat model; set planner to 'both'" if chat.state == "off" else chat.state
    return replace(chat, role="title_writer", address="chat", state=state)


def _trained(role: str, address: str, embedded: tuple[str, ...] = (EMBEDDED,)) -> ModelInfo:
    """Return a model that comes along, or that a command wrote into a folder."""
    if address == OFF:
        return ModelInfo(role, OFF, "off", licence="")
    if address in embedded:
        weights = Path(str(files("shopclerk").joinpath("models", "weights"))) / SHIPPED[role]
        if not weights.is_file():
            return ModelInfo(role, address, "missing: install shopclerk again")
        where, licence = weights.parent, EMBEDDED_LICENCES[role]
    else:
        where, licence = Path(address), "see its own card"
        if not any(where.glob("*.json")):
            told = (
                f"missing: no such model in '{address}'; one is made by 'shopclerk {MADE_BY[role]}'"
            )
            return ModelInfo(role, address, told)
    return ModelInfo(role, address, "ready", str(where), licence, _folder_bytes(where))


def _folder_bytes(folder: Path) -> int:
    """Return the size of a folder, cards and notes among it."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _text_encoder(settings: Settings) -> ModelInfo:
    if settings.text_encoder == EMBEDDED:
        return _on_disk("text_encoder", EMBEDDED, lambda: embedded_folder() / "model.safetensors")
    return _by_library("text_encoder", settings.text_encoder)


def _reranker(settings: Settings) -> ModelInfo:
    if settings.reranker is None:
        return ModelInfo("reranker", "none", "off", licence="")
    return _by_library("reranker", settings.reranker)


def _chat(settings: Settings) -> ModelInfo:
    if settings.planner == "rules" and settings.answers != "model":
        return ModelInfo("chat", "none", "off", licence="")
    if settings.llm_url is not None:
        return ModelInfo("chat", settings.llm_model, "remote", where=settings.llm_url)
    return _on_disk("chat", settings.llm_model, lambda: embedded_gguf(settings.llm_model))


def _on_disk(role: str, address: str, find: Callable[[], Path]) -> ModelInfo:
    licence = EMBEDDED_LICENCES[role] if address == EMBEDDED else "see its own card"
    try:
        path = find()
    except MissingModelError as error:
        return ModelInfo(role, address, f"missing: {error}", licence=licence)
    return ModelInfo(role, address, "ready", str(path), licence, path.stat().st_size)


def _by_library(role: str, address: str, library: str = "sentence_transformers") -> ModelInfo:
    if importlib.util.find_spec(library) is None:
        return ModelInfo(role, address, "missing: pip install 'shopclerk[train]'")
    if Path(address).exists():
        size = _folder_bytes(Path(address))
        return ModelInfo(role, address, "ready", address, size_bytes=size)
    state = "remote" if hub_allowed(address) else "missing: name a folder or a hub id (owner/name)"
    return ModelInfo(role, address, state)
