"""Conversations by JSON Lines and in the terminal."""

import io
import json
from types import SimpleNamespace

import pytest
from rich.console import Console

from shopclerk.agents.listing.draft import Draft, Made
from shopclerk.settings import load_settings
from shopclerk.terminal import (
    DEMO,
    DEMO_TITLES,
    answer_lines,
    converse,
    play_demo,
    show_listing,
    show_rewriting,
)

KEYS = {"answer", "shown", "tool_calls", "timings_ms"}

BAD_LINES = {
    "not json": b"red shoes",
    "half json": b'{"user": "red',
    "missing key": b'{"image": null}',
    "null text": b'{"user": null}',
    "number": b'{"user": 7}',
    "list": b'["user"]',
    "image is a number": b'{"user": "mugs", "image": 7}',
    "text": b'"user"',
    "binary": b"\x00\xff\xfe\x80\x81",
    "too deep": b"[" * 200_000,
    "long number": b'{"user": ' + b"9" * 10_000 + b"}",
}
GOOD_LINES = {
    "search": b'{"user": "hiking boots"}',
    "image": b'{"user": "hiking boots", "image": null}',
    "no image": b'{"user": "hiking boots", "image": ""}',
    "extra key": b'{"user": "hiking boots", "more": 1}',
    "binary inside": b'{"user": "hiking boots \xff\xfe"}',
    "half a surrogate pair": rb'{"user": "hiking boots \ud800"}',
    "blanks around": b'  {"user": "hiking boots"}  \r',
}


@pytest.fixture
def assistant(shop):
    return shop(planner="rules").assistant()


def answers(assistant, *lines):
    """Return the records that some lines are answered with."""
    out = io.StringIO()
    answer_lines(assistant, io.BytesIO(b"\n".join(lines)), out, "t")
    out.getvalue().encode()
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("line", GOOD_LINES.values(), ids=GOOD_LINES)
def test_good_line_is_answered(assistant, line):
    (record,) = answers(assistant, line)
    assert record.keys() >= KEYS
    assert "error" not in record
    assert set(record["shown"]) == {"boot-1", "boot-2"}
    assert record["tool_calls"][0].keys() == {"name", "args", "status"}
    assert record["timings_ms"].keys() == {"first_token", "total"}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_bad_line_is_answered_with_its_error(assistant, line):
    bad, good = answers(assistant, line, b'{"user": "hiking boots"}')
    assert bad.keys() >= KEYS
    assert '"user"' in bad["error"]
    assert (bad["shown"], bad["tool_calls"]) == ([], [])
    assert good["shown"]


def test_one_line_out_for_every_line_in_that_is_not_empty(assistant):
    lines = [b"", b'{"user": "mugs"}', b"   ", b"nonsense", b"", b'{"user": ""}', b""]
    records = answers(assistant, *lines)
    assert len(records) == 3
    assert all(record.keys() >= KEYS for record in records)


def test_lines_are_one_conversation(assistant):
    first, second = answers(
        assistant, b'{"user": "hiking boots"}', b'{"user": "which of these is the cheapest?"}'
    )
    assert set(first["shown"]) == {"boot-1", "boot-2"}
    assert "Torvane Ridge" in second["answer"]


def test_without_an_encoder_a_picture_is_owned_up_to(assistant):
    (record,) = answers(assistant, b'{"user": "hiking boots", "image": "boot.jpg"}')
    assert record["answer"].startswith("I cannot look at pictures here")
    assert set(record["shown"]) == {"boot-1", "boot-2"}


def test_line_ends_in_a_text_stay_in_the_line(assistant):
    out = io.StringIO()
    answer_lines(assistant, io.BytesIO(b'{"user": "hiking\\nboots"}\n'), out, "t")
    assert out.getvalue().count("\n") == 1


# -- by hand -----------------------------------------------------------------------------------------


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=100)


def typed(console, monkeypatch, *lines):
    """Have the shopper type some lines, then leave by the end of input."""
    given = iter(lines)

    def read(prompt=""):
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(console, "input", read)


@pytest.mark.parametrize("left_by", [["", "mugs"], ["  "], []], ids=["empty", "blank", "end"])
def test_conversation_ends(assistant, console, monkeypatch, left_by):
    typed(console, monkeypatch, "hiking boots", *left_by)
    converse(assistant, console, "t")
    said = console.file.getvalue()
    assert "Torvane Ridge Waterproof Hiking Boots" in said
    assert "planned by rules, search_catalog" in said
    assert "Mug" not in said


def test_conversation_names_a_missing_model(assistant, console, monkeypatch):
    assistant.model_problem = "The model is not here."
    typed(console, monkeypatch)
    converse(assistant, console, "t")
    assert "The model is not here." in console.file.getvalue()


def test_marks_in_titles_are_printed(shop, console, monkeypatch):
    from shopclerk.catalog.product import Product

    title = "[bold]Loud[/bold] mug [/]"
    assistant = shop([Product(id="m", title=title)], planner="rules").assistant()
    typed(console, monkeypatch, "mug")
    converse(assistant, console, "t")
    assert title in console.file.getvalue()


def test_demo_plays_every_message(shop, console):
    play_demo(shop(planner="rules"), console)
    said = console.file.getvalue()
    assert all(f"You: {message}" in said for message, _ in DEMO)
    assert [photo for _, photo in DEMO if photo and f"[photo: {photo}]" in said]
    assert said.count("planned by rules") == len(DEMO)
    assert "chat" in said.splitlines()[-1]


def test_demo_shows_messy_titles_and_what_becomes_of_them(console):
    show_rewriting(load_settings(title_writer="rules"), console)
    said = console.file.getvalue()
    assert "!!HOT SALE!! FELLWIND cadence 2" in said
    assert "  Fellwind Cadence 2 Running Shoes" in said
    assert said.count("\n  ") == DEMO_TITLES
    assert "rewrite FILE -o OUT.csv" in said


class ScriptedHelper:
    """Makes the one listing that it is told to."""

    def make(self, given):
        made = {
            "title": Made(value="Fellwind Shoes [bold]", by="rules", confidence=0.9),
            "attributes": Made(value={"colour": "blue", "size": ["9", "10"]}),
            "description": Made(value="A long description."),
            "checks": Made(value={"score": 96, "findings": []}),
        }
        return Draft(given=given, made=made)


def test_demo_makes_a_listing_of_a_photo_and_words(console):
    shop = SimpleNamespace(listing_helper=ScriptedHelper)
    show_listing(shop, console)
    said = console.file.getvalue()
    assert "[photo: blue_running_shoe.jpg] mens runing shoes" in said
    assert "Fellwind Shoes [bold]" in said
    assert "colour: blue; size: 9, 10" in said
    assert "59.90 USD" in said
    assert "Quality 96 of 100" in said
    assert "A long description." not in said
