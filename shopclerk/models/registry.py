"""Which models are in use, where they lie, and what to do about a missing one."""

import importlib.util
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED, hub_allowed
from shopclerk.models.attribute_model import extractor_weights
from shopclerk.models.attribute_model import shipped_folder as shipped_extractor
from shopclerk.models.chat_server import embedded_gguf
from shopclerk.models.embedded_captioner import shipped_folder
from shopclerk.models.image_encoder import embedded_weights
from shopclerk.models.text_encoder import embedded_folder
from shopclerk.settings import Settings

EMBEDDED_LICENCES = {
    "text_encoder": "MIT (package), Apache-2.0 (weights)",
    "image_encoder": "Apache-2.0",
    "picture_head": "Apache-2.0",
    "captioner": "Apache-2.0",
    "locator": "Apache-2.0",
    "extractor": "Apache-2.0",
    "chat": "Apache-2.0",
}


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
        _captioner(settings),
        _locator(settings),
        _extractor(settings),
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
        return _on_disk("captioner", EMBEDDED, lambda: shipped_folder() / "model.safetensors")
    return _by_library("captioner", settings.captioner, library="transformers")


def _locator(settings: Settings) -> ModelInfo:
    if settings.locator == EMBEDDED:
        return ModelInfo(
            "locator", EMBEDDED, "ready", "by the image encoder and its head", "Apache-2.0"
        )
    return _by_library("locator", settings.locator, library="transformers")


def _extractor(settings: Settings) -> ModelInfo:
    address = settings.extractor
    folder = shipped_extractor() if address == EMBEDDED else Path(address)
    return _on_disk("extractor", address, lambda: extractor_weights(folder))


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
        size = sum(file.stat().st_size for file in Path(address).rglob("*") if file.is_file())
        return ModelInfo(role, address, "ready", address, size_bytes=size)
    state = "remote" if hub_allowed(address) else "missing: name a folder or a hub id (owner/name)"
    return ModelInfo(role, address, state)
