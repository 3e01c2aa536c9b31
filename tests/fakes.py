"""Stand-ins for models: quick, deterministic, without weights."""

import zlib
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from numpy.typing import NDArray
from PIL import Image
from pydantic import ConfigDict, Field

from shopclerk.catalog.text import analyse
from shopclerk.models.picture_space import Look

PAINTS = {
    "red": (205, 30, 35),
    "green": (25, 140, 60),
    "blue": (35, 60, 190),
    "white": (250, 250, 250),
    "black": (12, 12, 14),
}


class HashEncoder:
    """A hashing bag of words: texts that share words are near, an empty text points anywhere."""

    id = "hash-64"
    dimension = 64

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> NDArray[np.float32]:
        """Return `(len(texts), 64) float32`, rows of length one."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for term in analyse(text) or [""]:
                place = zlib.crc32(term.encode("utf-8", "surrogatepass"))
                vector[place % self.dimension] += 1.0
        self.encoded += len(texts)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class FakeEye:
    """Sees the mean colours of a picture's four quarters; a picture means the name of its colour.

    Args:
        id: Names its weights; the encoder of another id has read nothing yet.
        shares_space: Words lie among the pictures, as those of CLIP do.
    """

    dimension = 12

    def __init__(self, id: str = "quarters-1", *, shares_space: bool = False) -> None:
        self.id = id
        self.shares_space = shares_space
        self.looked = 0
        self._texts = HashEncoder()

    @property
    def encoder(self) -> "FakeEye":
        """The image encoder: itself."""
        return self

    def encode(self, images: Sequence[Image.Image], *, batch_size: int = 32) -> NDArray[np.float32]:
        """Return `(len(images), 12) float32`, rows of length one."""
        self.looked += len(images)
        small = [image.convert("RGB").resize((2, 2), Image.Resampling.BOX) for image in images]
        rows = [np.asarray(each, np.float32).ravel() / 255 - 0.501 for each in small]
        vectors = np.array(rows, np.float32).reshape(len(images), self.dimension)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_query(self, image: Image.Image) -> NDArray[np.float32]:
        """Return `(12,) float32` of length one."""
        return self.encode([image])[0]

    def look(
        self, images: Sequence[Image.Image]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return vectors and meanings of products' pictures."""
        vectors = self.encode(images)
        return vectors, np.stack([self._meaning(vector) for vector in vectors])

    def look_at(self, image: Image.Image) -> Look:
        """Return a shopper's own photo as numbers."""
        vectors, meanings = self.look([image])
        return Look(vectors[0], meanings[0])

    def meaning_of(self, text: str) -> NDArray[np.float32]:
        """Return what words mean in the space of the pictures' meanings."""
        if not self.shares_space:
            return self._texts.encode([text])[0]
        named = [name for name in PAINTS if name in text.casefold()]
        return self._painted(named[0] if named else "white")

    def _meaning(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.shares_space:
            return vector
        nearest = max(PAINTS, key=lambda name: float(self._painted(name) @ vector))
        return self._texts.encode([nearest])[0]

    def _painted(self, name: str) -> NDArray[np.float32]:
        vector = np.tile(np.array(PAINTS[name], np.float32) / 255 - 0.501, 4)
        return vector / np.linalg.norm(vector)


class ReverseReranker:
    """Prefers the texts that come last: what was ranked best comes out worst."""

    id = "reverse"
    weight: float | None = None

    def __init__(self) -> None:
        self.seen: list[str] = []

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return 0, 1, 2, … in the order given."""
        self.seen += texts
        return [float(number) for number, _ in enumerate(texts)]


class ScriptedChatModel(BaseChatModel):
    """Says what it is told to, in order, and keeps what it was asked.

    A reply is a text, an AIMessage (with tool calls, say), or an exception to raise.
    """

    replies: list[str | AIMessage | Exception] = Field(default_factory=list)
    seen: list[list[BaseMessage]] = Field(default_factory=list)
    given: list[dict[str, Any]] = Field(default_factory=list)

    model_config = ConfigDict(arbitrary_types_allowed=True)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def enqueue(self, *replies: str | AIMessage | Exception) -> Self:
        """Add replies to the end of the script."""
        self.replies += replies
        return self

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Return the model with the tools among what it is given."""
        return self.bind(tools=tools, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.seen.append(messages)
        self.given.append(kwargs)
        if not self.replies:
            raise AssertionError(f"The script has no reply number {len(self.seen)}.")
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        message = AIMessage(reply) if isinstance(reply, str) else reply
        return ChatResult(generations=[ChatGeneration(message=message)])
