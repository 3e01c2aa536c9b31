"""The checker: title rules, invented words, and what must survive."""

import pytest

from shopclerk.models.titles.checker import broken_rules, invented_words, lost_facts
from shopclerk.models.titles.listing import OwnWords, TitleInput


def listing(title="Steel Pan", **fields):
    return TitleInput("1", title, **fields)


BROKEN = {
    "empty": ("", "empty"),
    "too long": ("Pan " + "a" * 150, "length"),
    "capitals": ("STEEL Pan", "capitals"),
    "promotion": ("Steel Pan Free Shipping", "promotion"),
    "emoji": ("Steel Pan 🔥", "emoji"),
    "exclamation": ("Steel Pan!", "marks"),
    "repeated mark": ("Steel Pan,, 28 cm", "marks"),
    "repeated word": ("Steel steel Pan", "repeated word"),
    "small start": ("steel Pan", "start"),
    "mark at start": ("- Steel Pan", "start"),
}
FINE = {
    "plain": "Steel Pan 28 cm",
    "three capitals": "USB Pan",
    "digit first": "3 Steel Pans",
    "brackets in brackets": "Pan (Steel (28 cm))",
    "chinese": "红色连衣裙",
    "model number": "Watch ABCD-123",
    "a pair of colours": "Clog, Black/Black",
}


@pytest.mark.parametrize(("title", "rule"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_named(title, rule):
    assert rule in broken_rules(title, listing())


@pytest.mark.parametrize("title", FINE.values(), ids=FINE)
def test_a_clean_title_breaks_none(title):
    assert broken_rules(title, listing()) == []


def test_a_brand_in_capitals_may_shout():
    assert broken_rules("ADIDAS Shoe", listing(brand="ADIDAS")) == []
    assert broken_rules("TURBO Shoe", listing(attributes={"Model": "TURBO"})) == []


INVENTED = {
    "nothing new": ("Steel Pan", {}, []),
    "a new word": ("Iron Pan", {}, ["iron"]),
    "a new number": ("Steel Pan 28", {}, ["28"]),
    "from the description": ("Iron Pan", {"description": "Cast iron."}, []),
    "from a list": ("Red Pan", {"attributes": {"c": ["Blue", "Red"]}}, []),
    "case and entities": ("STEEL pan", {"title": "St&#101;el Pan"}, []),
    "zero width": ("Steel Pan", {"title": "Ste\u200bel Pan"}, []),
    "glued in the title": ("Steel Pan", {"title": "SteelPan"}, []),
    "the table of short forms": ("Black Pan", {"title": "Blk Pan"}, []),
    "no other reading": ("Green Pan", {"title": "Blk Pan"}, ["green"]),
}


@pytest.mark.parametrize(("title", "fields", "words"), INVENTED.values(), ids=INVENTED)
def test_invented_words_by_hand(title, fields, words):
    given = {"title": "Steel Pan", **fields}
    assert invented_words(title, TitleInput("1", **given)) == words


def test_numbers_units_brand_and_values_must_survive():
    own = OwnWords(listing(brand="Zenith", attributes={"Color": "Navy Blue"}))
    by_rule = "Zenith Navy Blue Pan 28 cm AS232-C3"
    assert lost_facts(by_rule, by_rule, own) == []
    lost = lost_facts("Pan Blue 28 mm", by_rule, own)
    assert lost == ["AS232-C3", "28 cm", "Zenith", "Navy Blue"]
