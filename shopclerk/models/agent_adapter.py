"""The adapter that makes the embedded chat model plan: where it lies, and whether it fits its base.

An adapter is a folder with `adapter.gguf`, which llama.cpp loads, and `adapter.json`, which says what base it
was trained on. It is used with that very base or not at all.
"""

import hashlib
import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED
from shopclerk.models.chat_server import embedded_gguf
from shopclerk.settings import Settings

SHIPPED = "agent-smollm2-lora"
ADAPTER_FILE, FACTS_FILE = "adapter.gguf", "adapter.json"
SERVED, NONE = "served", "none"
READ_BYTES = 1 << 20


def plans_by_decisions(settings: Settings) -> bool:
    """Tell whether the configured chat model was trained for decisions."""
    if settings.agent_adapter == SERVED:
        return settings.llm_url is not None
    return agent_adapter(settings) is not None


def agent_adapter(settings: Settings) -> Path | None:
    """Return the adapter's GGUF file, None where none is to be used.

    The adapter that comes along is only for the embedded model; with any other it stays away.

    Raises:
        MissingModelError: A folder was named that holds no adapter, or one for another base.
    """
    name = settings.agent_adapter
    if settings.llm_url is not None or name in (NONE, SERVED):
        return None
    if name == EMBEDDED:
        folder = Path(str(files("shopclerk.models").joinpath("weights", SHIPPED)))
        fits = settings.llm_model == EMBEDDED and (folder / ADAPTER_FILE).is_file()
        return check_adapter(folder, embedded_gguf()) if fits else None
    return check_adapter(Path(name), embedded_gguf(settings.llm_model))


def check_adapter(folder: Path, base: Path) -> Path:
    """Return the adapter file of a folder.

    Raises:
        MissingModelError: There is none, or it was trained on another base.
    """
    path = folder / ADAPTER_FILE
    try:
        facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
        expected = str(facts["base_hash"])
        if not path.is_file():
            raise FileNotFoundError(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MissingModelError(
            f"There is no adapter in {folder} ({error}). It needs {ADAPTER_FILE} and {FACTS_FILE}, as "
            "'shopclerk finetune agent-smollm2-lora' writes them. Set agent_adapter to such a folder, to "
            "'embedded', or to 'none'."
        ) from error
    if (found := weights_hash(base)) != expected:
        raise MissingModelError(
            f"The adapter in {folder} was trained on another base: it wants weights {expected}, and "
            f"{base.name} has {found}. Set llm_model to its base, or agent_adapter to 'none'."
        )
    return path


@lru_cache(maxsize=8)
def weights_hash(path: Path) -> str:
    """Return sixteen hex digits of a file's content."""
    digest = hashlib.blake2b(digest_size=8)
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
    return digest.hexdigest()
