"""The tool `suggest_tags` and what it draws on."""

import pytest

from shopclerk.errors import MissingModelError, ToolFailedError, TryAgainError
from shopclerk.models.tagger import SuggestedTag
from shopclerk.settings import load_settings
from shopclerk.tools.suggest_tags import suggest_tags_tool
from shopclerk.tools.tag_suggester import (
    FROM_MODEL,
    FROM_NEIGHBOURS,
    FROM_WORDS,
    TagSuggester,
    Wanted,
    is_tag,
    open_tag_suggester,
)
from tests.pictured import painted
from tests.pictures.drawn import saved


class ScriptedTagger:
    """Says what it is told to."""

    tags = ("red", "box")

    def suggest(self, listings, *, least, most):
        return [[SuggestedTag("red", 0.9, "picture"), SuggestedTag("box", 0.8, "words")]]


def invoke(tool, **arguments):
    return tool.invoke(
        {"name": "suggest_tags", "args": arguments, "id": "call-1", "type": "tool_call"}
    )


def sources(tags):
    return {tag.tag: tag.source for tag in tags}


def test_words_of_the_catalogue_are_found_in_the_title(opened):
    found = sources(TagSuggester(opened.searcher).suggest(Wanted("Blue running shoes for men")))
    assert found["running"] == FROM_WORDS
    assert found["Blue"] == FROM_WORDS


def test_like_products_lend_their_tags(opened):
    found = sources(TagSuggester(opened.searcher).suggest(Wanted("Fellwind Cadence shoes")))
    assert found["running"] == FROM_NEIGHBOURS


def test_one_value_of_a_field_at_most(opened):
    found = TagSuggester(opened.searcher).suggest(Wanted("Running shoes, blue"))
    colours = {"Blue", "Pink", "Black"} & {tag.tag for tag in found}
    assert colours == {"Blue"}


def test_a_trained_tagger_goes_first(opened):
    suggester = TagSuggester(opened.searcher, ScriptedTagger())
    found = suggester.suggest(Wanted("Running shoes, blue"))
    assert [tag.tag for tag in found[:2]] == ["red", "box"]
    assert suggester.suggest(Wanted("x"), least=1)[0].source == "picture"


def test_the_chat_model_is_asked_where_wished(opened):
    asked = []

    def ask(prompt):
        asked.append(prompt)
        return "- Road running\n" + "x" * 80 + "\n\nlight"

    found = sources(TagSuggester(opened.searcher, ask=ask).suggest(Wanted("{{ 1 }} zebra")))
    assert found["Road running"] == found["light"] == FROM_MODEL
    assert "x" * 80 not in found
    assert "{{ 1 }} zebra" in asked[0]


@pytest.mark.parametrize(
    ("value", "fits"),
    [("Blue", True), ("42", False), ("9 cm", False), ("x", False), ("a" * 31, False)],
)
def test_what_may_be_a_tag(value, fits):
    assert is_tag(value) is fits


def test_a_broken_tagger_folder_is_told(opened, tmp_path):
    settings = load_settings(tagger=str(tmp_path / "nowhere"))
    with pytest.raises(MissingModelError, match="no usable tagger"):
        open_tag_suggester(opened.searcher, settings)
    assert open_tag_suggester(opened.searcher, load_settings()).suggest(Wanted("")) == []


def test_the_tool_says_where_tags_came_from(opened):
    message = invoke(suggest_tags_tool(TagSuggester(opened.searcher)), title="Blue running shoes")
    assert "running (catalogue words" in message.content
    assert {"tag", "score", "source"} == set(message.artifact["tags"][0])


def test_the_tool_keeps_to_its_limit(opened):
    tool = suggest_tags_tool(TagSuggester(opened.searcher))
    assert len(invoke(tool, title="Blue running shoes", limit=1).artifact["tags"]) == 1


def test_a_picture_finds_like_products(pictured, shelf):
    tool = suggest_tags_tool(TagSuggester(pictured.searcher), shelf)
    message = invoke(tool, image=shelf.add(saved(painted("blue"), "PNG")))
    assert message.artifact["tags"][0]["tag"] == "Blue"
    assert message.artifact["tags"][0]["source"] == FROM_NEIGHBOURS


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({}, TryAgainError, "Give a title, a picture's name, or both"),
        ({"image": "picture-0"}, ToolFailedError, "Pictures are not looked at"),
    ],
    ids=["nothing", "no pictures here"],
)
def test_what_cannot_work_is_told(opened, arguments, kind, message):
    with pytest.raises(kind, match=message):
        invoke(suggest_tags_tool(TagSuggester(opened.searcher)), **arguments)
