"""The tool `map_category`."""

import pytest

from shopclerk.errors import MissingModelError, ToolFailedError, TryAgainError
from shopclerk.tools.map_category import NAME, map_category_tool
from shopclerk.tools.result import artifact_of
from tests.taxonomies import small_mapper


def call(tool, **arguments):
    return tool.invoke({"name": NAME, "args": arguments, "id": "1", "type": "tool_call"})


@pytest.fixture(scope="module")
def tool():
    return map_category_tool(small_mapper)


def test_a_category_is_told_with_path_id_and_reason(tool):
    message = call(tool, category="table lamps", limit=2)
    first = message.content.split("\n")[1]
    assert message.content.startswith("Category, the likeliest first:")
    assert "Home > Lighting > Table Lamps [n6]" in first
    assert "'table lamps' is 'Table Lamps'" in first
    mapping = artifact_of(message).mapping
    assert mapping["mapped"]
    assert len(mapping["suggestions"]) == 2


@pytest.mark.parametrize("text", ["misc", "zzz"])
def test_what_fits_nowhere_is_told(tool, text):
    message = call(tool, category=text)
    assert message.content.startswith("Unmapped: nothing fits well enough.")
    assert not artifact_of(message).mapping["mapped"]


def test_text_without_letters(tool):
    assert "the text says nothing" in call(tool, category="123").content


def test_nothing_given(tool):
    with pytest.raises(TryAgainError, match="a category text, a title or a description"):
        call(tool)


def test_a_missing_model_is_told():
    def fail():
        raise MissingModelError("It is not there.")

    with pytest.raises(ToolFailedError, match="It is not there"):
        call(map_category_tool(fail), category="lamps")
