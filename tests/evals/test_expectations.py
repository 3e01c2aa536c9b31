"""What a turn is expected to do: each expectation met and missed."""

import pytest

from shopclerk.agents.turn import ToolCall, Turn
from shopclerk.catalog.product import Product
from shopclerk.errors import DataFormatError, FilterError
from shopclerk.evals.expectations import Outcome, holds, unmet

BOOT = Product(
    id="boot-1",
    title="Ridge Hiking Boots",
    category="Footwear > Boots",
    price=119.0,
    attributes={"colour": "Brown"},
)
MUG = Product(id="mug-1", title="Stoneware Mug", category="Kitchen > Mugs", price=12.5)
BOX = Product(id="box-1", title="Mystery box")


def outcome(answer="", *shown, before=(), status="ok"):
    """Return the outcome of a turn that called one tool."""
    call = ToolCall("search_catalog", {}, status)
    return Outcome(Turn(answer, products=shown, tool_calls=(call,)), before)


NONE, ONE, TWO = outcome(), outcome("", BOOT), outcome("", MUG, BOOT)
BEFORE = (BOOT, MUG, BOX)

# expectation, its value, an outcome that meets it, one that does not
CASES = {
    "price": ("shown", {"price": {"<=": 20}}, outcome("", MUG), TWO),
    "price without price": ("shown", {"price": {"<=": 20}}, outcome("", MUG), outcome("", BOX)),
    "category": ("shown", {"category": {"contains": "BOOTS"}}, ONE, TWO),
    "attribute": ("shown", {"colour": {"==": "brown"}}, ONE, TWO),
    "any": ("shown", {"any": {"contains_any": ["hiking", "stone"]}}, TWO, outcome("", BOX)),
    "in": ("shown", {"id": {"in": ["boot-1", "box-1"]}}, ONE, TWO),
    "may show nothing": ("shown", {"id": {"in": []}}, NONE, ONE),
    "two fields": ("shown", {"price": {">": 100}, "title": {"contains": "ridge"}}, ONE, TWO),
    "shown_min": ("shown_min", 2, TWO, ONE),
    "shown_ids": ("shown_ids", ["boot-1", "mug-1"], TWO, ONE),
    "first_id": ("first_id", "mug-1", TWO, ONE),
    "first_id of none": ("first_id", "mug-1", TWO, NONE),
    "answer_contains": (
        "answer_contains",
        ["BROWN", "$119"],
        outcome("Brown, $119.00"),
        outcome("Brown"),
    ),
    "cheapest by title": (
        "answer_has_cheapest_of_previous",
        True,
        outcome("The Stoneware mug.", before=BEFORE),
        outcome("The Ridge Hiking Boots.", before=BEFORE),
    ),
    "cheapest by id": (
        "answer_has_cheapest_of_previous",
        True,
        outcome("That is MUG-1", before=BEFORE),
        outcome("That is box-1", before=BEFORE),
    ),
    "cheapest of none": (
        "answer_has_cheapest_of_previous",
        False,
        outcome("Stoneware Mug"),
        outcome("Stoneware Mug", before=BEFORE),
    ),
    "not_carried": ("not_carried", True, outcome("Sorry, we don't carry helicopters."), NONE),
    "not_carried, curly": (
        "not_carried",
        True,
        outcome("We don’t sell these."),
        outcome("Nothing fits."),
    ),
    "not_carried but shown": (
        "not_carried",
        False,
        outcome("We do not sell these", MUG),
        outcome("We do not sell these"),
    ),
    "clarify": ("clarify", True, outcome("What size?"), outcome("Here you are.")),
    "clarify, tool failed": ("clarify", True, outcome("Size?"), outcome("Size?", status="error")),
}


@pytest.mark.parametrize(("name", "value", "met", "missed"), CASES.values(), ids=CASES)
def test_expectation_is_met_and_missed(name, value, met, missed):
    assert unmet({name: value}, met) == []
    assert unmet({name: value}, missed) == [name]


def test_all_that_is_missed_is_named():
    wanted = {"shown_min": 1, "clarify": False, "first_id": "mug-1", "shown_ids": ["boot-1"]}
    assert unmet(wanted, ONE) == ["first_id"]
    assert unmet(wanted, NONE) == ["shown_min", "first_id", "shown_ids"]
    assert unmet({}, NONE) == []


def test_an_unknown_expectation_is_told_the_known_ones():
    with pytest.raises(DataFormatError, match=r"Unknown expectation 'shows'.*shown_min"):
        unmet({"shows": {}}, NONE)


def test_an_unknown_operator_is_an_error():
    with pytest.raises(FilterError, match="'~'"):
        unmet({"shown": {"price": {"~": 1}}}, ONE)


HOLDS = {
    "letters folded": ("Crème Brûlée cups", "creme brulee", True),
    "other words": ("a red mug", "blue", False),
    "number": ("It costs $1,299.00.", "1299", True),
    "number with cents": ("It costs 12.5.", "12.50", True),
    "money": ("It costs 1299 USD.", "$1,299.00", True),
    "other number": ("It costs $1,299.00.", "299", False),
    "number and unit": ("Holds 22 L", "22 l", True),
    "number and other unit": ("Holds 22 ml", "22 L", False),
}


@pytest.mark.parametrize(("answer", "wanted", "held"), HOLDS.values(), ids=HOLDS)
def test_answer_holds(answer, wanted, held):
    assert holds(answer, wanted) is held
