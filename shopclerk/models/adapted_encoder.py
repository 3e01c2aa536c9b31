"""The embedded sentence encoder with one shop's adapter merged into it, under ONNX Runtime.

`shopclerk finetune search-minilm-lora` writes the folder: `merged/` with the weights, and `adapter.json`. The ONNX
file is exported once, beside them. Vectors of different adapters never meet: the encoder's id names the weights.
"""

import json
from functools import cached_property
from pathlib import Path

from shopclerk.errors import MissingModelError
from shopclerk.models.text_encoder import OnnxTextEncoder

MERGED, FACTS_FILE = "merged", "adapter.json"


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
            facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
            self._mark = str(facts["adapter_hash"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MissingModelError(
                f"There is no trained text encoder in {folder} ({error!r}). Train one with 'shopclerk "
                "finetune search-minilm-lora --catalog FILE', or leave text_encoder_adapter empty."
            ) from error
        super().__init__(folder / MERGED, folder, threads=threads)

    @cached_property
    def id(self) -> str:
        """The model's name and a digest of the adapter's weights."""
        return f"all-MiniLM-L6-v2+{self._mark}"
