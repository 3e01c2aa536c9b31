"""Chat models of providers whose clients do not take what OpenAI's takes.

The planner asks for JSON under a schema, with a limit of time. Clients of other providers want each in a way of their own;
LangChain's `with_structured_output` is the one way that all know.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

T = TypeVar("T")

PARTNERS = "langchain_"
OPENAI = "langchain_openai"
ANSWER = "answer"


def portable(model: BaseChatModel) -> BaseChatModel:
    """Return a model that can be asked as OpenAI's clients are: itself, or the client of another provider in a wrap."""
    packages = {kind.__module__.partition(".")[0] for kind in type(model).__mro__}
    partners = {name for name in packages if name.startswith(PARTNERS)} - {"langchain_core"}
    return PortableChat(inner=model) if partners and OPENAI not in partners else model


class PortableChat(BaseChatModel):
    """Asks another provider's client for what OpenAI's would be asked for.

    Attributes:
        inner: That client.
    """

    inner: BaseChatModel

    @property
    def _llm_type(self) -> str:
        return f"portable-{self.inner._llm_type}"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        """Return the client with tools to call."""
        given = {**kwargs, **({"tool_choice": tool_choice} if tool_choice else {})}
        return self.inner.bind_tools(tools, **given)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> ChatResult:
        asked: Runnable[Any, Any] = self.inner
        if wanted := kwargs.get("response_format"):
            asked = self.inner.with_structured_output(_as_object(wanted["json_schema"]))
        said = _within(kwargs.get("timeout"), lambda: asked.invoke(messages, stop=stop))
        message = said if isinstance(said, AIMessage) else AIMessage(json.dumps(said[ANSWER]))
        return ChatResult(generations=[ChatGeneration(message=message)])


def _as_object(named: dict[str, Any]) -> dict[str, Any]:
    """Return a schema within an object: some providers take nothing else, and ours may be a choice of several."""
    return {
        "title": named["name"],
        "description": "What is asked for.",
        "type": "object",
        "properties": {ANSWER: named["schema"]},
        "required": [ANSWER],
    }


def _within(seconds: float | None, work: Callable[[], T]) -> T:
    """Return what work returns; raises TimeoutError after so many seconds, when it is left to itself."""
    if seconds is None:
        return work()
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(work).result(seconds)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
