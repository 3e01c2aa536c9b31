"""Words of a message to values of the catalogue."""

import pytest

from shopclerk.agents.lexicon import Lexicon, Link, Strength
from shopclerk.agents.wording import tokens
from shopclerk.catalog.text import fold
from tests.conftest import ShopMaker

FACETS = {
    "category": {
        "Footwear > Boots > Hiking Boots": 5,
        "Footwear > Boots > Rain Boots": 2,
        "Footwear > Athletic > Running Shoes": 6,
        "Beauty > Perfume and Body Mist": 2,
        "Clothing > Jackets": 4,
        "Clothing > Knitwear > Sweaters": 4,
        "Living > Sofas": 1,
    },
    "colour": {"Blue": 9, "Navy Blue": 2, "Red": 3, "Off White": 1},
    "brand": {"Fellwind": 5, "Red": 1},
    "waterproof": {"Yes": 3, "No": 2},
    "caffeine": {"None": 2, "High": 1},
    "size": {"42": 3, "M": 2},
    "tags": {"hiking": 4, "jackets": 90, "summer": 2},
    "season": {"Summer": 1},
}
NAME, SYNONYM, HEAD = Strength.NAME, Strength.SYNONYM, Strength.HEAD


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return Lexicon(FACETS)


def link(words: Lexicon, text: str) -> list[Link]:
    message = tokens(fold(text))
    return words.link(message, [True] * len(message), [False] * len(message))


LINKS = {
    "name": ("fellwind", "brand", ["Fellwind"], NAME),
    "name of a level": ("footwear", "category", ["Footwear"], NAME),
    "plural for singular": ("jacket", "category", ["Jackets"], NAME),
    "accents and case": ("BLÜE", "colour", ["Blue"], NAME),
    "written in one word": ("offwhite", "colour", ["Off White"], NAME),
    "part of a joined name": ("body mist", "category", ["Perfume and Body Mist"], NAME),
    "first part of a joined name": ("perfume", "category", ["Perfume and Body Mist"], NAME),
    "name before head": ("boots", "category", ["Boots"], NAME),
    "head noun": ("shoes", "category", ["Running Shoes"], HEAD),
    "synonym": ("couch", "category", ["Sofas"], SYNONYM),
    "synonym of a synonym's plural": ("jumpers", "category", ["Sweaters"], SYNONYM),
    "category before a tag of many": ("jackets", "category", ["Jackets"], NAME),
    "attribute before tag": ("summer", "season", ["Summer"], NAME),
    "brand before attribute": ("red", "brand", ["Red"], NAME),
    "yes or no": ("waterproof", "waterproof", ["Yes"], NAME),
}


@pytest.mark.parametrize(("text", "field", "values", "strength"), LINKS.values(), ids=LINKS)
def test_link(words: Lexicon, text: str, field: str, values: list[str], strength: Strength) -> None:
    (found,) = link(words, text)
    assert (found.field, list(found.values), found.strength) == (field, values, strength)


@pytest.mark.parametrize("text", ["", "42", "m", "for the with", "telescope", "none"])
def test_what_names_no_value(words: Lexicon, text: str) -> None:
    assert [found for found in link(words, text) if found.field != "caffeine"] == []


def test_the_longest_phrase_wins(words: Lexicon) -> None:
    (found,) = link(words, "navy blue")
    assert found.values == ("Navy Blue",)
    assert [each.values for each in link(words, "navy, red hiking boots")][1:] == [
        ("Red",),
        ("Hiking Boots",),
    ]


def test_used_words_are_marked_and_asking_words_name_nothing(words: Lexicon) -> None:
    message, free = tokens("blue thing boots"), [True, True, True]
    links = words.link(message, free, [False, False, True])
    assert free == [False, True, True]
    assert [(found.start, found.end) for found in links] == [(0, 1)]


UNDER = {
    "a child": (["Hiking Boots"], ["Boots"], True),
    "a grandchild": (["Hiking Boots"], ["Footwear"], True),
    "itself": (["Boots"], ["Boots"], True),
    "the parent": (["Boots"], ["Hiking Boots"], False),
    "elsewhere": (["Jackets"], ["Footwear"], False),
    "one of two": (["Jackets", "Boots"], ["Footwear"], False),
    "both": (["Running Shoes", "Boots"], ["Footwear"], True),
    "unknown": (["Tents"], ["Footwear"], False),
}


@pytest.mark.parametrize(("names", "above", "expected"), UNDER.values(), ids=UNDER)
def test_lies_under(words: Lexicon, names: list[str], above: list[str], expected: bool) -> None:
    assert words.lies_under(names, above) is expected


def test_most_specific_drops_what_only_stands_above(words: Lexicon) -> None:
    assert words.most_specific(["Footwear", "Boots", "Jackets"]) == ["Boots", "Jackets"]
    assert words.most_specific(["Jackets"]) == ["Jackets"]


def test_below_finds_names_that_hold_a_phrase(words: Lexicon) -> None:
    assert words.below(("boot",), ["Footwear"]) == ["Boots", "Hiking Boots", "Rain Boots"]
    assert words.below(("boot",), ["Boots"]) == ["Hiking Boots", "Rain Boots"]
    assert words.below(("boot",), ["Clothing"]) == []


def test_parents_leave_out_top_levels(words: Lexicon) -> None:
    assert words.parents(["Hiking Boots", "Running Shoes"]) == ["Boots", "Athletic"]
    assert words.parents(["Jackets", "Clothing"]) == []


def test_containing_finds_finer_values(words: Lexicon) -> None:
    assert words.containing("colour", "Blue") == ["Blue", "Navy Blue"]
    assert words.containing("no such field", "Blue") == []


def test_fields_by_their_names(words: Lexicon) -> None:
    assert words.absent_value("caffeine") == "None"
    assert words.absent_value("colour") is None
    assert words.field_named(["colour"]) == "colour"
    assert list(words.fields_in(tokens("what size and colours"))) == [(1, "size"), (3, "colour")]


def test_levels_count_all_products_below(words: Lexicon) -> None:
    assert words.values["category"]["Footwear"] == 13
    assert words.values["category"]["Boots"] == 7
    assert words.top_levels() == ["Footwear", "Beauty", "Clothing", "Living"]


def test_an_empty_catalogue_has_no_words() -> None:
    empty = Lexicon({})
    assert link(empty, "red boots") == []
    assert (empty.top_levels(), empty.words()) == ([], set())


def test_a_lexicon_is_made_of_the_shop(shop: ShopMaker) -> None:
    words = Lexicon.of(shop().store)
    (found,) = link(words, "café crème")
    assert found.field == "brand"
