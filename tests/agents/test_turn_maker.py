"""The loop's middle: native tool calls, answers by the model, tools that fail."""

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from shopclerk.agents.assistant import Assistant
from shopclerk.agents.turn import Turn
from shopclerk.shop import Shop
from tests.conftest import ShopMaker
from tests.fakes import ScriptedChatModel

MESSAGE = "mugs"
GROUNDED = "We have one: the Brookhaven Stoneware Coffee Mug, White, for $12.50."


Ask = Callable[..., tuple[Turn, ScriptedChatModel]]


def calls(name: str, **args: Any) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": args, "id": "call-1"}])


@pytest.fixture
def native(shop: ShopMaker) -> Ask:
    """Ask an assistant whose model calls tools by itself and is believed."""

    def ask(reply: Any, planner: str = "model") -> tuple[Turn, ScriptedChatModel]:
        model = ScriptedChatModel().enqueue(reply)
        settings = {"planner": planner, "tool_calling": "native", "answers": "template"}
        return shop(**settings).assistant(model=model).ask(MESSAGE, thread="t"), model

    return ask


def test_a_native_tool_call_is_made(native: Ask) -> None:
    turn, model = native(calls("search_catalog", category=["Mugs"], price_max=20))
    assert turn.planned_by == "model"
    assert turn.tool_calls[0].args == {"category": ["Mugs"], "price_max": 20}
    assert [product.id for product in turn.products] == ["mug-1"]
    assert len(model.given[0]["tools"]) == 4


def test_a_native_call_the_rules_agree_with_is_the_models(native: Ask) -> None:
    turn, _ = native(calls("search_catalog", category=["Mugs"]), planner="both")
    assert (turn.planned_by, turn.reason) == ("model", None)


REFUSED = {
    "words": ("I'd love a mug too.", "called no tool"),
    "exception": (ConnectionError("refused"), "did not plan: refused"),
    "another call": (calls("search_catalog", category=["Kettles"]), "leaves out a value"),
}


@pytest.mark.parametrize(("reply", "reason"), REFUSED.values(), ids=REFUSED)
def test_otherwise_the_rules_plan(native: Ask, reply: Any, reason: str) -> None:
    turn, _ = native(reply, planner="both")
    assert turn.planned_by == "rules"
    assert reason in (turn.reason or "")
    assert [product.id for product in turn.products] == ["mug-1"]


FAILING = {
    "unknown product": calls("get_product", id="nope"),
    "unknown field": calls("search_catalog", filters={"smell": ["Rose"]}),
    "unknown argument": calls("search_catalog", smell="rose"),
    "wrong kind of value": calls("search_catalog", price_max="cheap"),
    "unknown tool": calls("drop_tables"),
}


@pytest.mark.parametrize("reply", FAILING.values(), ids=FAILING)
def test_a_failing_tool_becomes_a_status_and_a_plain_answer(native: Ask, reply: AIMessage) -> None:
    turn, _ = native(reply)
    assert [call.status for call in turn.tool_calls] == ["error"]
    assert turn.answer.startswith("I could not look that up just now")
    assert turn.products == ()
    assert "Traceback" not in turn.answer


@pytest.mark.parametrize("reply", FAILING.values(), ids=FAILING)
def test_a_failure_is_told_without_the_tools_own_words(native: Ask, reply: AIMessage) -> None:
    turn, _ = native(reply)
    for inner in ("arguments", "kwargs", "valid tool", "search_catalog"):
        assert inner not in turn.answer


def worded(shop: ShopMaker, *replies: str | Exception, message: str = MESSAGE) -> Turn:
    model = ScriptedChatModel().enqueue(*replies)
    opened = shop(planner="rules", answers="model")
    return opened.assistant(model=model).ask(message, thread="t")


def test_grounded_words_are_kept(shop: ShopMaker) -> None:
    turn = worded(shop, GROUNDED)
    assert (turn.answer, turn.written_by, turn.planned_by) == (GROUNDED, "model", "rules")


REPLACED = {
    "invented price": "The Brookhaven Stoneware Coffee Mug is only $5.",
    "invented brand": "Take the one by Torvane.",
    "invented colour": "It comes in coral and Red.",
    "empty": "   ",
    "exception": TimeoutError("too slow"),
}


@pytest.mark.parametrize("reply", REPLACED.values(), ids=REPLACED)
def test_ungrounded_words_are_replaced(shop: ShopMaker, reply: str | Exception) -> None:
    turn = worded(shop, reply)
    assert turn.written_by == "template"
    assert turn.answer.startswith("One product fits:\n1. Brookhaven Stoneware Coffee Mug")


@pytest.mark.parametrize("message", ["hello", "mugs under 1", "do you sell zeppelins"])
def test_the_model_does_not_word_what_holds_no_product(shop: ShopMaker, message: str) -> None:
    assert worded(shop, message=message).written_by == "template"


def test_the_model_reads_the_results_and_the_request(shop: ShopMaker) -> None:
    model = ScriptedChatModel().enqueue(GROUNDED)
    clerk = shop(planner="rules", answers="model", answer_timeout_s=3).assistant(model=model)
    clerk.ask("mugs {{ 7 * 7 }}", thread="t")
    prompt = model.seen[0][0].text
    assert "[mug-1] Brookhaven Stoneware Coffee Mug, White | $12.50" in prompt
    assert "{{ 7 * 7 }}" in prompt
    assert model.given[0]["timeout"] == 3


def test_steps_come_in_order(clerk: Assistant) -> None:
    steps = list(clerk.stream("blue mugs", thread="steps"))
    assert [step.kind for step in steps] == ["tool", "result", "text", "text", "turn"]
    assert "".join(s.text for s in steps if s.kind == "text") == steps[-1].turn.answer
    assert 0 < steps[-1].turn.timings_ms.first_token <= steps[-1].turn.timings_ms.total


def test_a_turn_is_reported_as_plain_data(sample: Shop, clerk: Assistant) -> None:
    record = clerk.ask("blue mugs", thread="record").record()
    assert record["shown"] == ["mug-002"]
    assert record["tool_calls"][0]["status"] == "ok"
    assert (record["planned_by"], record["written_by"]) == ("rules", "template")
