"""Any LangChain embeddings as a text encoder."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np

from shopclerk.errors import ModelError
from shopclerk.models.text_encoder import TextEncoder, Vectors, encodable

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

PROBE = "shopclerk"


class LangChainEncoder:
    """Encodes by an object of LangChain's `Embeddings`.

    Texts are embedded as documents, questions among them: search compares words with words of the same kind.

    Args:
        embeddings: The object.
        name: Names its weights, where its class, its model and a probe do not tell it from others.
    """

    def __init__(self, embeddings: "Embeddings", name: str | None = None) -> None:
        self._embeddings, self._name = embeddings, name

    @cached_property
    def _probe(self) -> Vectors:
        vector: Vectors = self.encode([PROBE])[0]
        return vector

    @cached_property
    def id(self) -> str:
        """The class, its model where it says one, and a digest of what it makes of one word."""
        if self._name:
            return self._name
        kind = type(self._embeddings)
        model = getattr(self._embeddings, "model", None) or getattr(
            self._embeddings, "model_name", ""
        )
        made = np.round(self._probe, 2).tobytes()
        digest = hashlib.blake2b(made, digest_size=4).hexdigest()
        return f"{kind.__name__}-{str(model)[:60]}-{digest}"

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return len(self._probe)

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> Vectors:
        """Return `(len(texts), dimension) float32`, rows of length one.

        Raises:
            ModelError: The embeddings fail, or a vector is missing, of no length, or not finite.
        """
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        rows: list[list[float]] = []
        for start in range(0, len(texts), batch_size):
            part = [encodable(text) for text in texts[start : start + batch_size]]
            try:
                rows += self._embeddings.embed_documents(part)
            except Exception as error:
                # Whatever a client library raises, it is the model that cannot be used.
                raise ModelError(f"The embeddings failed: {error}") from error
        return _unit(rows, len(texts))


def _unit(rows: list[list[float]], expected: int) -> Vectors:
    try:
        vectors: Vectors = np.asarray(rows, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    except ValueError as error:
        raise ModelError(f"The embeddings are not vectors of one length: {error}") from error
    if len(vectors) != expected or not np.isfinite(vectors).all() or not (lengths > 0).all():
        raise ModelError(
            f"The embeddings gave {len(vectors)} vectors for {expected} texts, or one without direction. "
            "Check them with embed_documents(['a', 'b'])."
        )
    unit: Vectors = vectors / lengths
    return unit


def as_encoder(given: "TextEncoder | Embeddings | None") -> TextEncoder | None:
    """Return a text encoder as it is, and LangChain embeddings as one; None stays None."""
    if given is None or hasattr(given, "encode"):
        return cast("TextEncoder | None", given)
    return LangChainEncoder(given)
