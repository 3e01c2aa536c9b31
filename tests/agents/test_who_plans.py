"""Who plans: the rules what they understand, a trained model the rest, if its plan is well founded."""

import pytest

from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.plan import Plan
from shopclerk.agents.reading import Reading
from shopclerk.agents.rules import RulePlanner
from shopclerk.agents.turn_maker import chosen_plan
from shopclerk.tools.arguments import SearchArguments

MUGS = Plan("search_catalog", {"category": ["Mugs"]})
ODD = Plan("search_catalog", {"query": "splendid"})
NOTHING = Plan("search_catalog", {"category": ["Mugs"], "price_max": 1.0})
WORDS = Reading("splendid", rest=["splendid"])


@pytest.fixture(scope="module")
def rules() -> RulePlanner:
    """Rules over a shop in which only a search for mugs without a price finds anything."""

    def count(search: SearchArguments) -> int:
        return int(search.category == ["Mugs"] and search.price_max is None)

    return RulePlanner(Lexicon({"category": {"Mugs": 3}}), count, lambda _: [])


@pytest.mark.parametrize(
    ("plan", "reading", "unsure"),
    [
        (MUGS, Reading("mugs"), False),
        (ODD, WORDS, True),
        (NOTHING, Reading("mugs under 1"), False),
        (Plan(reply="clarify"), Reading("hm"), False),
        (Plan(reply="clarify"), WORDS, True),
        (Plan(reply="greet"), WORDS, False),
    ],
    ids=["found", "words that find nothing", "limits that fit nothing", "empty", "words left over", "a greeting"],
)  # fmt: skip
def test_rules_are_unsure_where_words_are_left_over(
    rules: RulePlanner, plan: Plan, reading: Reading, unsure: bool
) -> None:
    assert rules.unsure(plan, reading) is unsure


@pytest.mark.parametrize(
    ("plan", "taken"),
    [(MUGS, True), (ODD, True), (NOTHING, False), (Plan(reply="thanks"), True), (None, False)],
    ids=["well founded", "the same", "finds nothing", "a reply", "none"],
)
def test_a_trained_models_plan_is_taken_where_it_is_well_founded(
    rules: RulePlanner, plan: Plan | None, taken: bool
) -> None:
    chosen, reason = chosen_plan(rules, plan, ODD, WORDS)
    assert (chosen == plan) is taken
    assert (reason is None) is taken


def test_a_model_does_not_only_talk_where_conditions_are_named(rules: RulePlanner) -> None:
    reading = Reading("red mugs", wanted={"category": ["Mugs"]})
    chosen, reason = chosen_plan(rules, Plan(reply="clarify"), MUGS, reading)
    assert chosen == MUGS
    assert reason
