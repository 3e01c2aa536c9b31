"""What a picture shows, in words: a small network over an image encoder's vectors.

It says how likely each word of a vocabulary is to stand in the listing of what the picture shows, and where in
the text encoder's space that listing would lie. A shop's own head is learned from its own pictures and titles
(`finetune/align.py`); a default one ships. Inference is numpy alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import MissingModelError
from shopclerk.models.image_encoder import unit_rows

Vectors = NDArray[np.float32]

WEIGHTS_FILE = "head.safetensors"
FACTS_FILE = "head.json"
TENSORS = (
    "trunk.weight",
    "trunk.bias",
    "words.weight",
    "words.bias",
    "meaning.weight",
    "meaning.bias",
)


@dataclass(frozen=True)
class PictureHead:
    """A trained head.

    Attributes:
        id: Names the weights.
        encoder: The id of the image encoder whose vectors it takes.
        text_encoder: The id of the text encoder into whose space it points.
        vocabulary: The words, as `catalog.text.analyse` gives them.
        tensors: `trunk (hidden, in)`, `words (V, hidden)`, `meaning (384, hidden)` with their biases.
    """

    id: str
    encoder: str
    text_encoder: str
    vocabulary: tuple[str, ...]
    tensors: Mapping[str, Vectors]

    @cached_property
    def places(self) -> dict[str, int]:
        """Word to its place in the vocabulary."""
        return {word: place for place, word in enumerate(self.vocabulary)}

    def words(self, vectors: Vectors) -> Vectors:
        """Return the probability of each word, `(n, V)`, from unit vectors `(n, in)`."""
        logits = self._linear("words", self._trunk(vectors))
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), np.float32)

    def meanings(self, vectors: Vectors) -> Vectors:
        """Return unit vectors in the text encoder's space, `(n, 384)`, from unit vectors `(n, in)`."""
        return unit_rows(self._linear("meaning", self._trunk(vectors)))

    def _trunk(self, vectors: Vectors) -> Vectors:
        x = self._linear("trunk", vectors * np.sqrt(vectors.shape[1], dtype=np.float32))
        # GELU by tanh: Hendrycks and Gimpel 2016, section 2.
        return np.asarray(0.5 * x * (1 + np.tanh(0.79788456 * (x + 0.044715 * x**3))))

    def _linear(self, name: str, x: Vectors) -> Vectors:
        return np.asarray(x @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"])

    def save(self, folder: Path) -> None:
        """Write the head into a folder, the weights as float16."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        halves = {name: tensor.astype(np.float16) for name, tensor in self.tensors.items()}
        save_file(halves, folder / WEIGHTS_FILE)
        facts = {
            "id": self.id,
            "encoder": self.encoder,
            "text_encoder": self.text_encoder,
            "vocabulary": list(self.vocabulary),
        }
        (folder / FACTS_FILE).write_text(
            json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path) -> "PictureHead":
        """Read a head from a folder.

        Raises:
            MissingModelError: There is none, or it is damaged.
        """
        from safetensors.numpy import load_file

        try:
            facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
            tensors = load_file(folder / WEIGHTS_FILE)
            head = cls(
                facts["id"],
                facts["encoder"],
                facts["text_encoder"],
                tuple(facts["vocabulary"]),
                {name: tensors[name].astype(np.float32) for name in TENSORS},
            )
            head._check()
        except Exception as error:
            # safetensors raises an error of its own kind, which is no subclass of ValueError.
            raise MissingModelError(
                f"There is no usable picture head in '{folder}' ({error}). Make one with "
                "'shopclerk index --adapt' or 'shopclerk finetune align', or set picture_head to 'auto'."
            ) from error
        return head

    def _check(self) -> None:
        """Refuse parts that do not fit together, here and not at the first picture."""
        if not all(np.isfinite(tensor).all() for tensor in self.tensors.values()):
            raise ValueError("its weights hold what is no number")
        probe = np.zeros((1, self.tensors["trunk.weight"].shape[1]), np.float32)
        self.meanings(probe)
        if (width := self.words(probe).shape[1]) != len(self.vocabulary):
            raise ValueError(f"it has {len(self.vocabulary)} words and weights for {width}")
