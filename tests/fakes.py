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
from pydantic import ConfigDict, Field

from shopclerk.catalog.text import analyse


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


class ReverseReranker:
    """Prefers the texts that come last: what was ranked best comes out worst."""

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
