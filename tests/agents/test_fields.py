"""Field names in a message: beside values, set free, meant again, pointing back."""

import pytest

from shopclerk.agents.fields import bare_values
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.reading import Reading, read_message

FACETS = {
    "category": {"Spades": 4, "Watches > Straps": 3, "Watches > Diving Watches": 5},
    "handle": {"Ash": 3, "Steel": 2},
    "material": {"Ash": 9, "Steel": 9, "Leather": 2},
    "strap": {"Steel": 3, "Leather": 3},
    "length": {"Long": 2, "Short": 2},
    "size": {"L": 2, "M": 3, "42": 1},
    "seats": {"2": 1, "3": 2},
    "strength": {"2.0": 2, "1.5": 1},
    "brand": {"Torquay": 4, "Ravello": 2},
    "light": {"Colour": 3},
    "colour": {"Neon Yellow": 2, "Matt Grey": 1, "Red": 3, "Black": 1},
    "organic": {"Yes": 2, "No": 2},
    "shape": {"Round": 2, "Square": 2},
}


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return Lexicon(FACETS)


def read(words: Lexicon, text: str) -> Reading:
    return read_message(text, words)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ash handle", {"handle": ["Ash"]}),
        ("a long steel handle", {"length": ["Long"], "handle": ["Steel"]}),
        ("a diving watch with a steel strap", {"category": ["Diving Watches"], "strap": ["Steel"]}),
        ("size L", {"size": ["L"]}),
        ("it seats three", {"seats": ["3"]}),
        ("+2.0", {"strength": ["2.0"]}),
        ("only the yellow ones", {"colour": ["Neon Yellow"]}),
        ("the same but round", {"shape": ["Round"]}),
        ("show me around", {}),
    ],
)
def test_values_go_to_the_field_named_beside_them(
    words: Lexicon, text: str, wanted: dict[str, list[str]]
) -> None:
    assert read(words, text).wanted == wanted


@pytest.mark.parametrize(
    ("text", "freed"),
    [
        ("any length is fine", {"length"}),
        ("the strap doesn't matter", {"strap"}),
        ("forget about the handle", {"handle"}),
        ("length can be anything", {"length"}),
        ("no preference on strap", {"strap"}),
        ("a steel strap", set()),
        ("what strap does it have?", set()),
        ("money is no object, so forget the thirty", {"price"}),
    ],
)
def test_fields_are_set_free(words: Lexicon, text: str, freed: set[str]) -> None:
    reading = read(words, text)
    assert reading.relaxed == freed
    if freed:
        assert not reading.rest


@pytest.mark.parametrize("text", ["spades in the same material", "spades in that material please"])
def test_fields_are_meant_again(words: Lexicon, text: str) -> None:
    assert read(words, text).repeated == ["material"]


def test_that_brand_is_the_one_named_before(words: Lexicon) -> None:
    reading = read(words, "he takes Torquay for everything but I'd rather avoid that brand")
    assert reading.unwanted == {"brand": ["Torquay"]}
    assert not reading.wanted


def test_a_question_about_fields_names_no_value(words: Lexicon) -> None:
    reading = read(words, "colour and material?")
    assert {"colour", "material"} <= set(reading.asked)


@pytest.mark.parametrize("text", ["no wait red", "no, red", "not only red"])
def test_a_correction_rules_nothing_out(words: Lexicon, text: str) -> None:
    assert "colour" not in read(words, text).unwanted


def test_comparatives_are_mended_before_than(words: Lexicon) -> None:
    assert read(words, "lss than 60").numbers.price_max == 59.99
    assert read(words, "mroe than 60").numbers.price_min == 60.01


@pytest.mark.parametrize("text", ["about 3 metres of space", "around 20 mm", "from 5 litres"])
def test_measures_are_no_prices(words: Lexicon, text: str) -> None:
    numbers = read(words, text).numbers
    assert (numbers.price_min, numbers.price_max) == (None, None)


def test_bare_values_stand_beside_their_field(words: Lexicon) -> None:
    assert [(f, v) for f, v, _ in bare_values("size l please", words)] == [("size", "L")]
    assert not list(bare_values("l is a letter", words))
