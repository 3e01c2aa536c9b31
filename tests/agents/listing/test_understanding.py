"""What the skills make of an extractor's answers."""

import pytest

from shopclerk.agents.listing.draft import Draft, Given
from shopclerk.agents.listing.understanding import attributes_skill
from shopclerk.models.attribute_extractor import Extracted, Value
from shopclerk.models.attribute_schema import Schema
from shopclerk.models.value_normaliser import ValueNormaliser

WORDS = "NIKE shoe RED mens 1.7l"
SCHEMA = Schema.of([("Shoes", {"colour": ("Red",), "brand": ("Nike",)})] * 6)


class FixedExtractor:
    """Finds the same words whatever it is given."""

    id = "fixed"

    def __init__(self, **found):
        self.found = found

    def extract(self, listings):
        return [{name: self._answer(name, *given) for name, given in self.found.items()}]

    def _answer(self, name, texts, confidence, canonical=None):
        values = tuple(
            Value(
                text,
                "title",
                WORDS.index(text),
                WORDS.index(text) + len(text),
                confidence,
                canonical,
            )
            for text in texts
        )
        return Extracted(name, values, confidence, self.id)


def made(**found):
    skill = attributes_skill(FixedExtractor(**found), SCHEMA, ValueNormaliser.of((), ["Nike"]))
    return skill(Draft(given=Given(text=WORDS)), "Shoes")


@pytest.mark.parametrize(
    ("name", "texts", "value"),
    [
        ("colour", ("RED",), "Red"),
        ("brand", ("NIKE",), "Nike"),
        ("gender", ("mens",), "Men"),
        ("capacity", ("1.7l",), "1.7 l"),
        ("model", ("shoe",), "shoe"),
    ],
)
def test_values_stand_in_one_spelling(name, texts, value):
    assert made(**{name: (texts, 0.9)}).value == {name: value}


def test_an_allowed_value_goes_first_and_the_words_stay_known():
    found = made(colour=(("RED",), 0.9, "Crimson"))
    assert found.value == {"colour": "Crimson"}
    assert "'RED'" in found.why


def test_what_is_unsure_or_not_stated_is_left_out():
    found = made(colour=(("RED",), 0.3), brand=((), 0.9))
    assert found.value == {}
    assert found.why == "The words state none."
