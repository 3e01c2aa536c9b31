"""The files of a trained extractor: head, counts, adapter and facts, read together and checked."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from shopclerk.errors import MissingModelError
from shopclerk.models.attribute_gazetteer import Gazetteer
from shopclerk.models.attribute_head import WEIGHTS_FILE, Array, SpanHead
from shopclerk.models.attribute_prompt import Prompt, PromptWriter
from shopclerk.models.attribute_schema import AttributeSpec, Schema
from shopclerk.models.text_encoder import embedded_folder
from shopclerk.models.token_encoder import OnnxTokenEncoder

FACTS_FILE, ADAPTER = "extractor.json", "adapter"
ADAPTER_WEIGHTS = "adapter_model.safetensors"


@dataclass(frozen=True)
class ExtractorModel:
    """Everything that a trained extractor consists of.

    Attributes:
        id: Names the weights.
        head: Scores spans.
        gazetteer: The counts it was trained with.
        schema: The attributes of the categories it was trained on.
        adapter: The encoder's adapter, None for a head that reads counts alone.
        cache: Where the exported encoder is kept.
        threads: Threads of a batch.
    """

    id: str
    head: SpanHead
    gazetteer: Gazetteer
    schema: Schema
    adapter: Path | None
    cache: Path
    threads: int

    @cached_property
    def writer(self) -> PromptWriter | None:
        """Writes what the encoder reads, None where there is no encoder."""
        return PromptWriter(embedded_folder()) if self.adapter else None

    @cached_property
    def _encoder(self) -> OnnxTokenEncoder:
        if self.adapter is None:
            raise MissingModelError(f"The extractor {self.id} has no encoder.")
        mark = file_hash(self.adapter / ADAPTER_WEIGHTS)
        return OnnxTokenEncoder(self.adapter, mark, self.cache, threads=self.threads)

    def prepare(self) -> None:
        """Export the encoder now, where there is one; otherwise the first listing waits for it."""
        if self.adapter is not None:
            _ = self._encoder

    def states(self, prompts: Sequence[Prompt]) -> list[Array]:
        """Return the encoder's states of some rows; nothing for a head that reads counts alone."""
        if self.adapter is None or not prompts:
            return []
        return self._encoder.states([prompt.ids for prompt in prompts])


def shipped_folder() -> Path:
    """Return the folder of the extractor that ships."""
    name = "attributes-minilm-lora"
    return Path(str(files("shopclerk").joinpath("models", "weights", name)))


def extractor_weights(folder: Path) -> Path:
    """Return the weights of a trained extractor.

    Raises:
        MissingModelError: The folder holds none.
    """
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        raise MissingModelError(
            f"There is no attribute extractor in '{folder}'. Train one with 'shopclerk finetune "
            "attributes-minilm-lora', or set extractor to 'embedded'."
        )
    return path


def file_hash(path: Path) -> str:
    """Return eight hex digits of a file's content."""
    return hashlib.blake2b(path.read_bytes(), digest_size=4).hexdigest()


def save_facts(folder: Path, name: str, schema: Schema) -> None:
    """Write what is neither weights nor counts."""
    listed = {
        category: [[spec.name, list(spec.examples)] for spec in specs]
        for category, specs in schema.categories.items()
    }
    facts = {"name": name, "schema": listed}
    (folder / FACTS_FILE).write_text(
        json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def load_model(folder: Path, cache: Path, *, threads: int | None = None) -> ExtractorModel:
    """Read a trained extractor.

    Args:
        folder: What `finetune` wrote.
        cache: Where the exported encoder is kept.
        threads: Threads of a batch; None for one.

    Raises:
        MissingModelError: There is none, or it is damaged.
    """
    from safetensors.numpy import load_file

    try:
        facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
        weights = load_file(folder / WEIGHTS_FILE)
        head = SpanHead({name: tensor.astype("float32") for name, tensor in weights.items()})
        adapter = folder / ADAPTER if head.reads_states else None
        mark = file_hash(folder / WEIGHTS_FILE)
        if adapter:
            file_hash(adapter / ADAPTER_WEIGHTS)
        schema = Schema(
            {
                category: tuple(AttributeSpec(name, tuple(examples)) for name, examples in specs)
                for category, specs in facts["schema"].items()
            }
        )
        gazetteer = Gazetteer.load(folder)
        name = f"{facts['name']}-{mark}" + ("" if adapter else " (counts alone)")
    except Exception as error:
        # safetensors raises an error of its own kind, which is no subclass of ValueError.
        raise MissingModelError(
            f"There is no usable attribute extractor in '{folder}' ({error}). Train one with 'shopclerk "
            "finetune attributes-minilm-lora', or set extractor to 'embedded'."
        ) from error
    return ExtractorModel(name, head, gazetteer, schema, adapter, cache, threads or 1)
