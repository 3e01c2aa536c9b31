"""The planner with a trained model: decisions carried out over the sample shop."""

from functools import partial
from typing import Any

import pytest

from shopclerk.agents.candidates import find_candidates
from shopclerk.agents.context import Context
from shopclerk.agents.decision import Decision
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.plan import Plan
from shopclerk.agents.trained_planner import MAX_DECISION_TOKENS, DecisionExecutor, TrainedPlanner
from shopclerk.errors import EndpointError
from shopclerk.models.chat_server import WITH_ADAPTER
from shopclerk.shop import Shop
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.search_catalog import count_search, run_search
from tests.agents.conftest import Read
from tests.fakes import ScriptedChatModel

SNEAKERS = SearchArguments(category=["Sneakers"], filters={"colour": ["White"]}, price_max=100)


@pytest.fixture(scope="module")
def executor(sample: Shop, lexicon: Lexicon) -> DecisionExecutor:
    count = partial(count_search, sample.searcher)
    return DecisionExecutor(lexicon, count, lambda _: [], sample.searcher.speller.knows)


@pytest.fixture
def table(sample: Shop) -> Context:
    found = run_search(sample.searcher, SearchArguments(category=["Sneakers"]), 5)
    return Context(list(found.products), SNEAKERS, focus=[found.products[0].id])


def carry_out(
    executor: DecisionExecutor, read: Read, message: str, decision: Decision, context: Context
) -> Plan:
    reading = read(message)
    return executor.plan(decision, reading, find_candidates(reading, executor.lexicon), context)


def test_new_forgets_and_refine_keeps(
    executor: DecisionExecutor, read: Read, table: Context
) -> None:
    verdicts: Any = {"colour black": "want", "category sneakers": "want"}
    fresh = carry_out(executor, read, "black sneakers", Decision("new", verdicts), table)
    assert fresh.arguments == {"category": ["Sneakers"], "filters": {"colour": ["Black"]}}
    kept = carry_out(executor, read, "black", Decision("refine", {"colour black": "want"}), table)
    assert kept.arguments["price_max"] == 100
    assert kept.arguments["filters"] == {"colour": ["Black"]}


def test_what_is_dropped_is_gone(executor: DecisionExecutor, read: Read, table: Context) -> None:
    plan = carry_out(
        executor, read, "whatever it costs", Decision("refine", drop=("price", "colour")), table
    )
    assert plan.arguments == {"category": ["Sneakers"]}


def test_an_aside_is_passed_over(executor: DecisionExecutor, read: Read) -> None:
    verdicts: Any = {"colour blue": "skip", "colour white": "want", "category sneakers": "want"}
    plan = carry_out(
        executor,
        read,
        "my car is blue, i want white sneakers",
        Decision("new", verdicts),
        Context(),
    )
    assert plan.arguments["filters"] == {"colour": ["White"]}


def test_what_is_ruled_out_is_excluded(
    executor: DecisionExecutor, read: Read, table: Context
) -> None:
    plan = carry_out(executor, read, "no white", Decision("refine", {"colour white": "not"}), table)
    assert "White" in plan.arguments["exclude"]["colour"]
    assert "filters" not in plan.arguments


@pytest.mark.parametrize(
    ("decision", "tool"),
    [
        (Decision("product", numbers=(2,)), "get_product"),
        (Decision("similar", numbers=(2,)), "find_similar"),
        (Decision("compare", numbers=(1, 2)), "compare_products"),
        (Decision("more"), "search_catalog"),
        (Decision("cheaper"), "search_catalog"),
        (Decision("dearer"), "search_catalog"),
        (Decision("reply", reply="help"), None),
    ],
)
def test_each_action_has_its_tool(
    decision: Decision, tool: str | None, executor: DecisionExecutor, read: Read, table: Context
) -> None:
    plan = carry_out(executor, read, "that", decision, table)
    assert plan.tool == tool
    if decision.action in ("product", "similar"):
        assert plan.arguments["id"] == table.shown[1].id
    if decision.action == "compare":
        assert plan.arguments["ids"] == [product.id for product in table.shown[:2]]
    if decision.action == "more":
        assert plan.arguments["page"] == 2


def test_comparing_without_numbers_takes_all(
    executor: DecisionExecutor, read: Read, table: Context
) -> None:
    decision = Decision("compare", {"sort price_asc": "want"})
    plan = carry_out(executor, read, "which of these is cheapest", decision, table)
    assert len(plan.arguments["ids"]) == len(table.shown)
    assert plan.arguments["sort"] == "price_asc"


def test_cheaper_is_below_what_was_shown(
    executor: DecisionExecutor, read: Read, table: Context
) -> None:
    plan = carry_out(executor, read, "too dear", Decision("cheaper"), table)
    assert plan.arguments["price_max"] < max(p.price or 0 for p in table.shown)


def test_the_model_is_asked_with_adapter_and_grammar(
    executor: DecisionExecutor, read: Read
) -> None:
    model = ScriptedChatModel().enqueue('{"action":"new","category sneakers":"want"}')
    planner = TrainedPlanner(model, executor, timeout_s=1.0)
    plan = planner.plan("sneakers", read("sneakers"), Context())
    assert plan == Plan("search_catalog", {"category": ["Sneakers"]})
    given = model.given[0]
    assert given["extra_body"] == WITH_ADAPTER
    assert given["max_tokens"] == MAX_DECISION_TOKENS
    assert given["response_format"]["json_schema"]["strict"] is True


def test_an_endpoint_whose_model_is_trained_needs_no_asking(
    executor: DecisionExecutor, read: Read
) -> None:
    model = ScriptedChatModel().enqueue('{"action":"reply","kind":"greet"}')
    TrainedPlanner(model, executor, timeout_s=1.0, adapter=None).plan("hi", read("hi"), Context())
    assert "extra_body" not in model.given[0]


@pytest.mark.parametrize("reply", ["nonsense", TimeoutError("slow")], ids=["nonsense", "slow"])
def test_trouble_with_the_model_is_an_endpoint_error(
    reply: Any, executor: DecisionExecutor, read: Read
) -> None:
    planner = TrainedPlanner(ScriptedChatModel().enqueue(reply), executor, timeout_s=1.0)
    with pytest.raises(EndpointError):
        planner.plan("hi", read("hi"), Context())
