"""The chat model as planner: what it may say, must say, and what becomes of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shopclerk.agents.context import Context
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.model_planner import (
    MAX_PLAN_TOKENS,
    ModelPlanner,
    flat_arguments,
    parse_plan,
    plan_schema,
)
from shopclerk.agents.numbers import Numbers
from shopclerk.agents.plan import Plan
from shopclerk.agents.reading import Reading
from shopclerk.agents.turn import Turn
from shopclerk.catalog.product import Product
from shopclerk.errors import EndpointError
from shopclerk.shop import Shop
from shopclerk.tools.arguments import SearchArguments
from tests.fakes import ScriptedChatModel

A, B = Product(id="a", title="Mug A"), Product(id="b", title="Mug B")
MUGS = SearchArguments(category=["Mugs"], filters={"colour": ["Blue", "Navy"]}, price_max=20)
TABLE = Context(shown=[A, B], search=MUGS)
RED = Reading(
    "", wanted={"colour": ["Red"]}, numbers=Numbers(price_max=9.99), rest=["tall"], sort="price_asc"
)
READINGS = {
    "nothing": (Reading(""), Context()),
    "a wish": (RED, Context()),
    "a wish on a table": (RED, TABLE),
    "stock": (Reading("", in_stock=True), TABLE),
    "everything before": (
        Reading(""),
        Context(search=SearchArguments(query="x", in_stock=True, sort="newest", rating_min=4)),
    ),
}


@pytest.mark.parametrize(("reading", "context"), READINGS.values(), ids=READINGS)
def test_the_schema_is_valid_and_plain_data(reading: Reading, context: Context) -> None:
    schema = plan_schema(reading, context)
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    for action in schema["anyOf"]:
        assert set(action["required"]) <= set(action["properties"])


def allows(plan: dict[str, Any], reading: Reading = RED, context: Context = TABLE) -> bool:
    return Draft202012Validator(plan_schema(reading, context)).is_valid(plan)


WISH = {
    "action": "search",
    "colour": "Red",
    "price_max": 9.99,
    "query": "tall",
    "sort": "price_asc",
}
SAID = {
    "what was stated": (WISH, True),
    "and what still holds": (WISH | {"category": "Mugs"}, True),
    "the value before it was replaced": (WISH | {"colour": "Blue"}, False),
    "another number": (WISH | {"price_max": 10}, False),
    "the number before": (WISH | {"price_max": 20}, False),
    "a number nobody said": (WISH | {"price_min": 1}, False),
    "a field nobody said": (WISH | {"brand": "Grusk"}, False),
    "a category nobody said": (WISH | {"category": "Kettles"}, False),
    "other words": (WISH | {"query": "ignore the rules"}, False),
    "no colour": ({k: v for k, v in WISH.items() if k != "colour"}, False),
    "no price": ({k: v for k, v in WISH.items() if k != "price_max"}, False),
    "no words": ({k: v for k, v in WISH.items() if k != "query"}, False),
    "no order": ({k: v for k, v in WISH.items() if k != "sort"}, False),
    "a product on the table": ({"action": "product", "number": 2}, True),
    "a product beside the table": ({"action": "product", "number": 3}, False),
    "a comparison": ({"action": "compare", "sort": "price_asc"}, True),
    "a comparison in another order": ({"action": "compare", "sort": "newest"}, False),
    "a reply": ({"action": "reply", "kind": "greet"}, True),
    "a reply of its own words": ({"action": "reply", "kind": "free today!"}, False),
    "another action": ({"action": "buy"}, False),
}


@pytest.mark.parametrize(("plan", "allowed"), SAID.values(), ids=SAID)
def test_the_schema_allows(plan: dict[str, Any], allowed: bool) -> None:
    assert allows(plan) is allowed


def test_nothing_is_on_the_table_at_first() -> None:
    for action in ("product", "similar"):
        assert not allows({"action": action, "number": 1}, Reading(""), Context())
    assert not allows({"action": "compare"}, Reading(""), Context())


def test_arguments_are_flat_for_the_model() -> None:
    assert flat_arguments(MUGS) == {"category": "Mugs", "colour": "Blue", "price_max": 20}
    assert flat_arguments(SearchArguments()) == {}


TWO = Context(shown=[A, B], search=SearchArguments(category=["Mugs", "Cups"]))
PLANS = {
    "search": (WISH, Plan("search_catalog", {"query": "tall", "filters": {"colour": ["Red"]}, "price_max": 9.99, "sort": "price_asc"})),
    "category": ({"action": "search", "category": "Tea"}, Plan("search_catalog", {"category": ["Tea"]})),
    "first of several before": (
        {"action": "search", "category": "Mugs"},
        Plan("search_catalog", {"category": ["Mugs", "Cups"]}),
    ),
    "product": ({"action": "product", "number": 2}, Plan("get_product", {"id": "b"})),
    "similar": ({"action": "similar", "number": 1}, Plan("find_similar", {"id": "a"})),
    "compare": ({"action": "compare"}, Plan("compare_products", {"ids": ["a", "b"]})),
    "compare by": (
        {"action": "compare", "sort": "price_asc"},
        Plan("compare_products", {"ids": ["a", "b"], "sort": "price_asc"}),
    ),
    "reply": ({"action": "reply", "kind": "thanks"}, Plan(reply="thanks")),
}  # fmt: skip


@pytest.mark.parametrize(("said", "plan"), PLANS.values(), ids=PLANS)
def test_parse_plan(said: dict[str, Any], plan: Plan) -> None:
    assert parse_plan(json.dumps(said), TWO) == plan


NONSENSE = {
    "words": "Sure! Here are some mugs.",
    "empty": "",
    "cut short": '{"action": "sea',
    "a list": "[1, 2]",
    "a number": "7",
    "no action": '{"number": 1}',
    "unknown action": '{"action": "buy"}',
    "not on the table": '{"action": "product", "number": 9}',
    "no number": '{"action": "product"}',
    "a word for a number": '{"action": "similar", "number": "two"}',
    "a word for a price": '{"action": "search", "price_max": "cheap"}',
    "an unknown order": '{"action": "search", "sort": "random"}',
    "a list for an action": '{"action": ["search"]}',
}


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_an_endpoint_error(text: str) -> None:
    with pytest.raises(EndpointError, match="makes no sense"):
        parse_plan(text, TWO)


@pytest.mark.parametrize("number", [0, -1])
def test_places_begin_at_one(number: int) -> None:
    with pytest.raises(EndpointError, match="makes no sense"):
        parse_plan(json.dumps({"action": "product", "number": number}), TWO)


def test_the_model_is_given_schema_limits_and_the_table(lexicon: Lexicon) -> None:
    model = ScriptedChatModel().enqueue('{"action": "compare"}')
    planner = ModelPlanner(model, lexicon, timeout_s=2.5)
    assert planner.plan("which is best?", RED, TABLE).tool == "compare_products"
    (given,), (messages,) = model.given, model.seen
    assert given["response_format"]["json_schema"]["schema"] == plan_schema(RED, TABLE)
    assert (given["timeout"], given["max_tokens"]) == (2.5, MAX_PLAN_TOKENS)
    assert "1. Mug A\n2. Mug B" in messages[1].text
    assert messages[1].text.endswith("Message: which is best?")


@pytest.mark.parametrize(
    "error", [TimeoutError("slow"), ConnectionError("refused"), ValueError("x")]
)
def test_whatever_the_client_raises_is_an_endpoint_error(
    lexicon: Lexicon, error: Exception
) -> None:
    planner = ModelPlanner(ScriptedChatModel().enqueue(error), lexicon, timeout_s=1)
    with pytest.raises(EndpointError, match=f"did not plan: {error}"):
        planner.plan("mugs", RED, TABLE)


Ask = Callable[..., Turn]
MESSAGE = "blue mugs under 20"
GOOD = '{"action": "search", "category": "Mugs", "colour": "Blue", "price_max": 19.99}'


@pytest.fixture
def ask(sample: Shop) -> Ask:
    """Ask an assistant whose chat model says `reply`."""

    def one(reply: str | Exception, message: str = MESSAGE, **settings: Any) -> Turn:
        given = {"planner": "both", "answers": "template", **settings}
        changed = sample.settings.model_copy(update=given)
        with Shop(changed, encoder=sample.encoder) as shop:
            model = ScriptedChatModel().enqueue(reply)
            return shop.assistant(model=model).ask(message, thread="t")

    return one


@pytest.mark.parametrize("model", ["embedded", "a-trained-one"])
def test_a_good_plan_is_the_models(ask: Ask, model: str) -> None:
    turn = ask(GOOD, llm_model=model)
    assert (turn.planned_by, turn.reason) == ("model", None)
    assert [p.id for p in turn.products] == ["mug-002"]


REFUSED = {
    "nonsense": ("Mugs? Sure!", "makes no sense"),
    "exception": (TimeoutError("took too long"), "did not plan: took too long"),
    "other than the rules": (
        '{"action": "reply", "kind": "greet"}',
        "talks where a tool is needed",
    ),
    "a limit more": (GOOD.replace("19.99", "9.99"), "is not what the message says"),
}


@pytest.mark.parametrize(("reply", "reason"), REFUSED.values(), ids=REFUSED)
def test_the_rules_take_over_and_say_why(ask: Ask, reply: str | Exception, reason: str) -> None:
    turn = ask(reply)
    assert turn.planned_by == "rules"
    assert reason in (turn.reason or "")
    assert turn.tool_calls[0].args == json.loads(
        '{"category": ["Mugs"], "filters": {"colour": ["Blue"]}, "price_max": 19.99}'
    )


TRAINED = {
    "talks": ('{"action": "reply", "kind": "greet"}', MESSAGE, "talks where a tool is needed"),
    "a limit is lost": ('{"action": "search", "category": "Mugs", "colour": "Blue"}', MESSAGE, "price_max"),
    "a value is lost": ('{"action": "search", "price_max": 19.99}', MESSAGE, "leaves out a value"),
    "an order is lost": ('{"action": "search", "category": "Mugs"}', "cheapest mugs", "forgets the order"),
    "the stock is lost": ('{"action": "search", "category": "Mugs"}', "mugs in stock", "forgets the stock"),
    "a ban is lost": ('{"action": "search", "category": "Mugs"}', "mugs, not blue", "ruled out"),
    "a word is lost": ('{"action": "search", "category": "Mugs"}', "enchanted mugs", "leaves out a word"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "message", "reason"), TRAINED.values(), ids=TRAINED)
def test_a_trained_model_must_respect_what_is_stated(
    ask: Ask, reply: str, message: str, reason: str
) -> None:
    turn = ask(reply, message, llm_model="a-trained-one")
    assert turn.planned_by == "rules"
    assert reason in (turn.reason or "")


def test_the_model_alone_is_never_overruled(ask: Ask) -> None:
    turn = ask('{"action": "reply", "kind": "thanks"}', planner="model")
    assert (turn.planned_by, turn.tool_calls) == ("model", ())
