"""Searches are made to fit the catalogue by counting."""

import pytest

from shopclerk.agents.fitting import Fitting, describes
from shopclerk.agents.lexicon import Lexicon
from shopclerk.tools.arguments import SearchArguments

FACETS = {
    "category": {"Clocks > Alarm Clocks": 2, "Clocks > Wall Clocks": 2, "Sofas": 2, "Watches": 1},
    "material": {"Leather": 2},
    "strap": {"Leather": 2},
    "colour": {"Grey": 3, "Matt Grey": 2},
    "features": {"Electric": 1},
}


def fitting(*fits: SearchArguments) -> Fitting:
    return Fitting(
        Lexicon(FACETS), lambda search: int(search in fits), lambda word: word == "alarm"
    )


def test_a_value_moves_to_the_field_where_it_finds_something() -> None:
    there = SearchArguments(category=["Watches"], filters={"strap": ["Leather"]})
    given = there.model_copy(update={"filters": {"material": ["Leather"]}})
    assert fitting(there).fitted(given) == there
    assert fitting(given).fitted(given) == given


def test_a_value_stands_for_those_that_hold_it_where_it_alone_finds_nothing() -> None:
    both = SearchArguments(category=["Watches"], filters={"colour": ["Grey", "Matt Grey"]})
    given = both.model_copy(update={"filters": {"colour": ["Grey"]}})
    assert fitting(both).fitted(given) == both


def test_a_value_is_said_in_words_where_the_field_is_unknown_to_the_goods() -> None:
    given = SearchArguments(category=["Sofas"], filters={"features": ["Electric"]})
    fitted = fitting().fitted(given)
    assert fitted.query == "electric"
    assert not fitted.filters


def test_a_ban_that_does_nothing_moves_where_it_does() -> None:
    given = SearchArguments(category=["Watches"], exclude={"material": ["Leather"]})
    counts = {"strap": 1, "material": 3}

    def count(search: SearchArguments) -> int:
        return min([counts[name] for name in search.exclude], default=3)

    fitted = Fitting(Lexicon(FACETS), count, lambda _: True).fitted(given)
    assert fitted.exclude == {"strap": ["Leather"]}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("any cuckoo clocks?", "cuckoo clocks"),
        ("any silent clocks?", None),
        ("stylish clocks", None),
        ("alarm clocks", None),
    ],
)
def test_an_unknown_kind_of_goods_is_told(text: str, kind: str | None) -> None:
    rest = [word for word in text.strip("?").split() if word not in ("any", "clocks")]
    found = fitting().other_kind(text, rest, [("clock",)], ["Clocks"])
    assert found == kind


def test_adjectives_are_told_by_ending_or_list() -> None:
    assert describes("comfortable")
    assert describes("blue")
    assert not describes("cuckoo")
    assert not describes("washing")
