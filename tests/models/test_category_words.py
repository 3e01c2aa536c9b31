"""The words of category names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.category_words import (
    Synonyms,
    Vocabulary,
    fold,
    generic_words,
    name_parts,
    read_source,
    stem,
    stems,
)

WORDS = Vocabulary(
    [
        stems(name)
        for name in (
            "Backpacks",
            "Table Lamps",
            "Flip Flops",
            "Cameras",
            "Sandals",
            "Door Mats",
            "Humidifiers",
        )
    ]
)


@pytest.mark.parametrize(
    ("text", "segments", "is_path"),
    [
        ("Home > Lamps", ("Home", "Lamps"), True),
        ("Home>>Lamps", ("Home", "Lamps"), True),
        ("Home » Lamps", ("Home", "Lamps"), True),
        ("Lamps < Home", ("Home", "Lamps"), True),
        ("Home / Light / Lamps", ("Home", "Light", "Lamps"), True),
        ("Home|Light|Lamps", ("Home", "Light", "Lamps"), True),
        ("sweaters/jumpers", ("sweaters", "jumpers"), False),
        ("Luggage: cabin size", ("Luggage", "cabin size"), False),
        ("back packs - laptop", ("back packs", "laptop"), False),
        ("T-Shirts", ("T-Shirts",), False),
        ("> >", ("> >",), False),
    ],
)
def test_sources_are_cut(text: str, segments: tuple[str, ...], is_path: bool) -> None:
    source = read_source(text)
    assert (source.segments, source.is_path) == (segments, is_path)


@pytest.mark.parametrize(
    ("word", "known"),
    [("backpack", "backpack"), ("cam", "camera"), ("sandle", "sandal"), ("humidifyer", "humidifier"),
     ("lmap", "lamp"), ("bckpck", "backpack"), ("flipflop", "flop"), ("matt", "mat")],
    ids="same short sound typo swap consonants joined doubled".split(),
)  # fmt: skip
def test_readings_of_a_word(word: str, known: str) -> None:
    assert known in WORDS.readings([word])[0]


def test_two_words_that_are_one() -> None:
    assert all("backpack" in slot for slot in WORDS.readings(["back", "pack"]))


def test_a_strange_word_has_no_reading() -> None:
    assert WORDS.readings(["qqqqqqq"]) == [{}]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Yoga & Pilates Mats", {"Yoga Mats", "Yoga", "Pilates Mats"}),
        ("Lotions & Moisturizers", {"Lotions", "Moisturizers"}),
        ("Mirrors", set()),
    ],
)
def test_parts_of_a_name(name: str, parts: set[str]) -> None:
    assert set(name_parts(name)) == parts


def test_synonyms_meet_in_their_group() -> None:
    synonyms = Synonyms([("Sweaters", "jumpers"), ("Smart Watches", "wearables")])
    assert synonyms.canonical(["jumper"]) == synonyms.canonical(["sweater"])
    assert synonyms.canonical(stems("red smart watch")) == [("red",), ("@1",)]


@pytest.mark.parametrize(
    ("word", "bare"),
    [("boxes", "box"), ("batteries", "battery"), ("glass", "glass"), ("lamps", "lamp"), ("gas", "gas"),
     ("dishes", "dish"), ("canvas", "canva"), ("iris", "iris")],
)  # fmt: skip
def test_stems(word: str, bare: str) -> None:
    assert stem(word) == bare


@pytest.mark.parametrize(
    ("text", "folded"), [("Möbel", "mobel"), ("MEN’S", "mens"), ("Ｌａｍｐ", "lamp"), ("İ", "i")]
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_scripts_without_blanks_are_cut() -> None:
    assert "台灯" in stems("台灯")
    assert "灯" in stems("台灯")


def test_generic_words_are_stems() -> None:
    assert {"misc", "gift", "sale", "arrival"} <= generic_words()


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    source = read_source(text)
    assert source.segments
    assert len(stems(source.whole)) == len(WORDS.readings(stems(source.whole)))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzÄéß", max_size=20))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
