"""The embedded sentence encoder with one shop's adapter merged into it, under ONNX Runtime.

`shopclerk finetune search-minilm-lora` writes the folder: `merged/` with the weights, and `adapter.json`. The ONNX
file is exported once, beside them. Vectors of different adapters never meet: the encoder's id names the weights.
"""

import json
import os
import shutil
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from shopclerk.errors import MissingModelError
from shopclerk.models.text_encoder import OnnxTextEncoder

MERGED, FACTS_FILE = "merged", "adapter.json"
SERVED_FILES = ("minilm.onnx", FACTS_FILE, "README.md", f"{MERGED}/tokenizer.json")


class AdaptedTextEncoder(OnnxTextEncoder):
    """MiniLM as one shop's queries have shaped it.

    Args:
        folder: What `finetune` wrote.
        threads: Threads for batches; a single text always runs on one.

    Raises:
        MissingModelError: The folder holds no merged encoder.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        try:
            self.mark = str(trained_facts(folder)["adapter_hash"])
            if not (folder / MERGED / "tokenizer.json").is_file():
                raise FileNotFoundError(folder / MERGED)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MissingModelError(
                f"There is no trained text encoder in {folder} ({error!r}). Train one with 'shopclerk "
                "finetune search-minilm-lora --catalog FILE', or leave text_encoder_adapter empty."
            ) from error
        self.folder = folder
        super().__init__(folder / MERGED, folder, threads=threads)

    @cached_property
    def id(self) -> str:
        """The model's name and a digest of the adapter's weights."""
        return f"all-MiniLM-L6-v2+{self.mark}"


def trained_facts(folder: Path) -> dict[str, Any]:
    """Return what `finetune` wrote of a model beside it.

    Raises:
        OSError: There is no such file.
        ValueError: It is no JSON object.
    """
    facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
    if not isinstance(facts, dict):
        raise ValueError(f"{folder / FACTS_FILE} is no JSON object")
    return facts


def was_kept(folder: Path) -> bool:
    """Tell whether a trained model was better than none on its held-out part, as its facts say."""
    try:
        return bool(trained_facts(folder).get("kept", True))
    except (OSError, ValueError):
        return True


def copy_served(folder: Path, target: Path, names: Sequence[str] = SERVED_FILES) -> Path:
    """Copy what serving a trained model needs; the target appears whole or not at all."""
    if target.exists():
        return target
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        for name in names:
            if (folder / name).is_file():
                (partial / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, partial / name)
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target
