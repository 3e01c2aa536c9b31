"""Whose plan is believed where the model and the rules differ."""

import pytest

from shopclerk.agents.judgement import objection
from shopclerk.agents.numbers import Numbers
from shopclerk.agents.plan import Plan
from shopclerk.agents.reading import Reading

RULED = Plan("search_catalog", {"category": ["Mugs"], "filters": {"colour": ["Red"]}})
OTHER = Plan("search_catalog", {"category": ["Mugs"]})
RED = Reading("red mugs", wanted={"colour": ["Red"], "category": ["Mugs"]})


def test_untrained_it_is_believed_only_where_the_rules_agree() -> None:
    assert objection(RULED, RULED, RED, strict=True) is None
    assert objection(OTHER, RULED, RED, strict=True) == "differs from the rules"


def test_at_an_endpoint_it_may_not_leave_out_what_is_stated() -> None:
    assert objection(OTHER, RULED, RED, strict=False) == "leaves out a value"


def test_trained_it_may_take_a_value_for_an_aside() -> None:
    assert objection(OTHER, RULED, RED, strict=True, trained=True) is None


@pytest.mark.parametrize(
    ("reading", "objects"),
    [
        (RED, True),
        (Reading("under 20", numbers=Numbers(price_max=20)), True),
        (Reading("hello"), False),
    ],
    ids=["values", "a limit", "nothing"],
)
def test_trained_it_may_not_only_talk_where_there_is_something_to_search_by(
    reading: Reading, objects: bool
) -> None:
    said = objection(Plan(reply="clarify"), RULED, reading, strict=False, trained=True)
    assert (said is not None) is objects
