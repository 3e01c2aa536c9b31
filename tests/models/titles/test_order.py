"""The order of words, patterns and lengths."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.errors import MissingModelError, SettingError
from shopclerk.models.titles.length import parts_of, shorten
from shopclerk.models.titles.listing import OwnWords, TitleInput
from shopclerk.models.titles.order import reorder
from shopclerk.models.titles.patterns import compose, find_pattern, missing_values, read_patterns
from shopclerk.models.titles.word_worth import cheapest_cut, load_weights, shipped_weights

FILA = {"Color": "Black", "Gender": "Men", "Product type": "Slippers"}

# title, brand, attributes, wanted
MOVED = {
    "brand first": ("Black Fila Men Slippers", "Fila", FILA, "Fila Men Black Slippers"),
    "brand in pieces": ("Red Men Tape Shirt", "Red Tape", FILA, "Red Tape Men Shirt"),
    "colour before for whom": (
        "Fila Black Men Cage Slippers",
        "Fila",
        FILA,
        "Fila Men Cage Black Slippers",
    ),
    "product before for whom": ("Fila Slippers Men Cage", "Fila", FILA, "Fila Men Cage Slippers"),
    "no brand known": ("Fila Slippers Men Black", None, FILA, "Fila Men Black Slippers"),
    "a value in pieces": (
        "Oak XF8938 Cast Pan Iron",
        None,
        {"Material": "Cast Iron", "Product type": "Pan"},
        "Oak XF8938 Pan Cast Iron",
    ),
    "a value turned round": (
        "Flops Flip Red",
        None,
        {"Product type": "Flip Flops"},
        "Flip Flops Red",
    ),
}
STAYS = {
    "in order": ("Fila Men Cage Black Slippers", "Fila", FILA),
    "for": ("Fila Black Slippers for Men", "Fila", FILA),
    "commas": ("Fila Slippers, Men, Black", "Fila", FILA),
    "by a brand": ("Wooden Slippers by Fila", "Fila", FILA),
    "no fields": ("Yellow Box Women's Gabbie", None, {}),
    "one word": ("Slippers", "Fila", FILA),
    "a brand that is not there": ("Cage Black Slippers", "Fila", FILA),
}


def own(brand=None, attributes=None, title=""):
    return OwnWords(TitleInput("1", title, brand=brand, attributes=attributes or {}))


@pytest.mark.parametrize(("title", "brand", "attributes", "wanted"), MOVED.values(), ids=MOVED)
def test_what_was_moved_comes_back(title, brand, attributes, wanted):
    assert reorder(title, own(brand, attributes)) == wanted


@pytest.mark.parametrize(("title", "brand", "attributes"), STAYS.values(), ids=STAYS)
def test_what_is_in_place_stays(title, brand, attributes):
    assert reorder(title, own(brand, attributes)) == title


words = st.sampled_from(
    "Fila Black Men Women Slippers Cage 12 cm Red & with Set, Navy Blue".split()
)


@settings(max_examples=200)
@given(title=st.lists(words, min_size=1, max_size=9).map(" ".join))
def test_no_word_is_lost_or_doubled(title):
    ordered = reorder(title, own("Fila", {**FILA, "Color": "Navy Blue"}))
    bare = [sorted(word.strip(",") for word in text.split()) for text in (title, ordered)]
    assert bare[0] == bare[1]


# -- patterns ------------------------------------------------------------------------------------------

SHOP = """
patterns:
  - categories: [Pans]
    order: [brand, rest, type, colour, audience, tail]
    add: [size]
  - categories: []
"""


def test_a_shops_pattern_is_found_by_category(tmp_path):
    path = tmp_path / "patterns.yaml"
    path.write_text(SHOP, encoding="utf-8")
    patterns = read_patterns(path)
    assert find_pattern(patterns, "Kitchen > Pans").add == ("size",)
    assert find_pattern(patterns, "Kitchen > Pots").add == ()
    assert find_pattern(patterns, None).order[0] == "brand"


def test_the_pattern_decides_the_order(tmp_path):
    order = ("brand", "rest", "type", "colour", "audience", "tail")
    assert (
        reorder("Black Fila Cage Slippers", own("Fila", FILA), order) == "Fila Cage Slippers Black"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("patterns: 3", "cannot be used"),
        ("other: []", "cannot be used"),
        ("patterns: [{order: [brand]}]", "must hold each part once"),
        ("patterns: [{add: [price]}]", "nothing can be added for 'price'"),
        ("patterns: [{orders: []}]", "unknown key 'orders'"),
        ("a: [", "cannot be used"),
    ],
    ids=["no list", "other key", "parts missing", "unknown role", "unknown key", "no yaml"],
)
def test_a_broken_pattern_file_says_how_to_mend_it(tmp_path, text, told):
    path = tmp_path / "patterns.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=told):
        read_patterns(path)


def test_a_missing_pattern_file_is_told(tmp_path):
    with pytest.raises(SettingError, match=r"no\.yaml"):
        read_patterns(tmp_path / "no.yaml")


def test_a_title_is_made_of_fields_where_there_is_none():
    fields = own("Fila", {**FILA, "Size": "42"})
    assert compose(fields, None) == "Fila Men Black Slippers, 42"
    assert compose(own(), "Home > Lamps") == "Lamps"
    assert compose(own(), None) == ""


def test_only_a_single_value_is_missing():
    fields = own(None, {"Size": ["41", "42"], "Color": "Black"})
    assert missing_values("Slippers", fields, ("size", "colour")) == ["Black"]
    assert missing_values("Black Slippers", fields, ("colour",)) == []


# -- length --------------------------------------------------------------------------------------------


def test_a_short_title_stays():
    assert shorten("Steel Pan", own(), 150) == "Steel Pan"


def test_repeated_parts_and_long_marks_go_first():
    title = "Steel Pan - Black - 28 cm - Black"
    assert shorten(title, own(), 28) == "Steel Pan - Black - 28 cm"
    assert shorten(title, own(), 24) == "Steel Pan, Black, 28 cm"


def test_numbers_outlive_prose():
    title = "Biokleen Laundry Detergent, 150 Loads, made with care and love for your whole family at home, 64 oz"
    short = shorten(title, own(), 60)
    assert "150 Loads" in short
    assert "64 oz" in short
    assert "love" not in short


def test_the_brand_outlives_all():
    title = "aaaa bbbb Zenith " + "cccc " * 30
    assert "Zenith" in shorten(title, own("Zenith"), 20)


@settings(max_examples=150)
@given(
    tokens=st.lists(
        st.sampled_from(["Red", "28", "cm,", "(Pack", "of", "2)", "-", "Pan"]), max_size=30
    ),
    limit=st.integers(5, 60),
)
def test_the_limit_is_kept_and_nothing_is_added(tokens, limit):
    title = " ".join(tokens)
    short = shorten(title, own(), limit)
    assert len(short) <= max(limit, 0)
    assert set(short.replace(",", " ").split()) <= set(
        title.replace(",", " ").replace("(", " ").replace(")", " ").split()
    ) | {"(Pack", "2)"}


def test_one_endless_word_is_cut():
    assert len(shorten("x" * 500, own(), 150)) == 150


def test_parts_make_the_title():
    title = "Steel Pan, 28 cm - Black (Pack of 2) | New"
    assert "".join(parts_of(title)) == title


def test_the_cheapest_words_are_dropped():
    tokens = "Zenith Dog Food with great care 300 g".split()
    gone, cost = cheapest_cut(tokens, 10)
    assert cost > 0
    assert 0 not in gone
    assert sum(len(tokens[place]) + 1 for place in gone) >= 10


def test_weights_know_numbers_from_small_words():
    weights = shipped_weights()["word"]
    assert weights["digit"] > weights["small"]


def test_missing_weights_say_what_to_do(tmp_path):
    with pytest.raises(MissingModelError, match="Install shopclerk anew"):
        load_weights(tmp_path)
