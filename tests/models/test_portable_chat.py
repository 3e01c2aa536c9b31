"""Chat models of other providers, asked as OpenAI's are."""

import json
import sys
import time
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatResult
from langchain_openai import ChatOpenAI

from shopclerk.errors import MissingModelError
from shopclerk.models.chat_model import open_chat_model
from shopclerk.models.portable_chat import PortableChat, portable
from shopclerk.settings import load_settings
from tests.conftest import ShopMaker
from tests.fakes import ScriptedChatModel


class ChatAcme(ScriptedChatModel):
    """A partner's client: it takes tools, and nothing of what OpenAI's takes beside them."""

    delay_s: float = 0.0

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> ChatResult:
        if unknown := kwargs.keys() - {"tools", "tool_choice", "ls_structured_output_format"}:
            raise TypeError(f"unexpected {unknown}")
        time.sleep(self.delay_s)
        return super()._generate(messages, stop, run_manager, **kwargs)


ChatAcme.__module__ = "langchain_acme.chat_models"
SCHEMA = {"type": "object", "properties": {"action": {"type": "string"}}, "required": ["action"]}
WANTED = {"type": "json_schema", "json_schema": {"name": "plan", "schema": SCHEMA, "strict": True}}


def calls(name: str, **arguments: Any) -> AIMessage:
    """A tool call, as a client returns it."""
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": "1"}])


def test_only_partners_clients_are_wrapped() -> None:
    own, openai = ScriptedChatModel(), ChatOpenAI(api_key="x", model="m")  # type: ignore[arg-type]
    assert portable(own) is own
    assert portable(openai) is openai
    wrapped = portable(ChatAcme())
    assert isinstance(wrapped, PortableChat)
    assert portable(wrapped) is wrapped


def test_json_under_a_schema_is_had_by_structured_output() -> None:
    model = portable(ChatAcme().enqueue(calls("plan", answer={"action": "search"})))
    said = model.invoke("hi", response_format=WANTED, max_tokens=9, timeout=5.0)
    assert json.loads(said.text) == {"action": "search"}


def test_words_are_words() -> None:
    assert portable(ChatAcme().enqueue("Hello.")).invoke("hi", max_tokens=9).text == "Hello."


def test_a_slow_client_is_not_waited_for() -> None:
    model = portable(ChatAcme(delay_s=0.5).enqueue("late"))
    started = time.perf_counter()
    with pytest.raises(TimeoutError):
        model.invoke("hi", timeout=0.05)
    assert time.perf_counter() - started < 0.4


def test_it_plans_and_words_for_a_shop(shop: ShopMaker) -> None:
    plan = {"action": "search", "category": "Hiking Boots", "price_max": 130}
    model = ChatAcme().enqueue(calls("plan", answer=plan), "The Torvane Ridge boots fit.")
    turn = shop(planner="both").assistant(model=model).ask("hiking boots up to 130", thread="t")
    assert turn.reason is None
    assert (turn.planned_by, turn.written_by) == ("model", "model")
    assert [product.id for product in turn.products] == ["boot-1"]


def test_its_own_tool_calls_plan(shop: ShopMaker) -> None:
    search = calls("search_catalog", category=["Hiking Boots"], price_max=130)
    opened = shop(planner="both", tool_calling="native", answers="template")
    turn = opened.assistant(model=ChatAcme().enqueue(search)).ask("boots under 130", thread="t")
    assert turn.tool_calls[0].name == "search_catalog"


# -- by name -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "url", "provider"),
    [
        ("openai:gpt-5-mini", None, True),
        ("ollama:qwen3:8b", None, True),
        ("google_genai:gemini-2.5-flash", None, True),
        ("qwen3:8b", "http://127.0.0.1:1/v1", False),
        ("embedded", None, False),
        ("/models/m.gguf", None, False),
        ("C:\\models\\m.gguf", None, False),
        ("http://host", None, False),
    ],
    ids=lambda value: str(value),
)
def test_what_names_a_provider(name: str, url: str | None, provider: bool) -> None:
    settings = load_settings(llm_model=name, llm_url=url)
    assert settings.provider_llm is provider
    assert settings.embedded_llm is (url is None and not provider)


def test_a_provider_is_opened_with_the_key() -> None:
    model: BaseChatModel = open_chat_model(
        load_settings(llm_model="openai:gpt-5-mini", llm_key="sec")
    )
    assert isinstance(model, ChatOpenAI)
    assert model.model_name == "gpt-5-mini"
    assert "sec" not in repr(model)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("anthropic:claude", "langchain.anthropic"), ("nobody:model", "nobody")],
    ids=["not installed", "not known"],
)
def test_a_provider_that_is_not_there(
    name: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)
    with pytest.raises(MissingModelError, match=reason):
        open_chat_model(load_settings(llm_model=name))
