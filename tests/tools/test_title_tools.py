"""The tools `normalize_text` and `write_title`."""

import pytest
from jsonschema import Draft202012Validator
from langchain_core.utils.function_calling import convert_to_openai_tool

from shopclerk.errors import MissingModelError, ToolFailedError
from shopclerk.models.text_normaliser import TextNormaliser
from shopclerk.models.title_writer import RuleTitleWriter
from shopclerk.tools.normalize_text import normalize_text_tool
from shopclerk.tools.result import artifact_of
from shopclerk.tools.toolbox import catalog_tools
from shopclerk.tools.write_title import write_title_tool

LISTING = {
    "title": "SALE!! BLK shoe Fila",
    "brand": "Fila",
    "attributes": {"Color": "Black", "sizes": ["41", "42"]},
    "category": "Shoes",
    "description": "A shoe.",
}


def call(tool, **arguments):
    return tool.invoke({"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"})


@pytest.fixture
def write():
    return write_title_tool(RuleTitleWriter())


@pytest.fixture
def normalize():
    return normalize_text_tool(TextNormaliser())


def test_a_title_is_written_with_all_that_was_done(write):
    message = call(write, **LISTING)
    assert message.content == "Title: Fila Black Shoe\nShort: Fila Black Shoe"
    record = artifact_of(message).text
    assert (record["writer"], record["repaired"]) == ("title-rules-1", False)
    assert {"promotion", "short form"} <= {change["rule"] for change in record["changes"]}


def test_a_title_of_nothing_says_so(write):
    assert call(write, title="🔥").content.startswith("Neither the title")


def test_a_text_is_cleaned_with_the_words_given(normalize):
    message = call(normalize, text="<b>wmn</b> shoe!!", attributes={"Gender": "Women"})
    assert message.content.splitlines() == [
        "Clean: Women Shoe",
        "Changed: tags, punctuation, short form, capitals",
    ]
    assert artifact_of(message).text["made_by"] == "rules-1"


def test_nothing_left_and_nothing_changed_are_told(normalize):
    assert "(nothing is left)" in call(normalize, text="SALE!").content
    assert call(normalize, text="Steel Pan").content.endswith("Changed: nothing")


BROKEN = {
    "no title": {},
    "unknown argument": {"title": "a", "price": 3},
    "attributes of another kind": {"title": "a", "attributes": ["red"]},
    "endless": {"title": "a" * 50_001},
}


@pytest.mark.parametrize("arguments", BROKEN.values(), ids=BROKEN)
def test_arguments_are_checked_against_the_schema(write, arguments):
    with pytest.raises(ValueError, match="validation error"):
        call(write, **arguments)


def test_schemas_are_valid_and_descriptions_short(write, normalize):
    for tool in (write, normalize):
        function = convert_to_openai_tool(tool)["function"]
        Draft202012Validator.check_schema(function["parameters"])
        assert len(function["description"]) < 500


def test_a_model_that_is_not_there_is_said():
    class Missing:
        id = "missing"

        def write(self, products):
            raise MissingModelError("There is no title tagger in 'x'.")

    with pytest.raises(ToolFailedError, match="no title tagger in 'x'"):
        call(write_title_tool(Missing()), title="a")


def test_the_toolbox_holds_them_where_a_writer_is_given(opened):
    names = [tool.name for tool in catalog_tools(opened.searcher, title_writer=RuleTitleWriter())]
    assert names[-2:] == ["normalize_text", "write_title"]
    assert "write_title" not in [tool.name for tool in catalog_tools(opened.searcher)]
