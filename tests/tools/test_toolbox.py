"""What holds for all tools."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from langchain_core.utils.function_calling import convert_to_openai_tool

from shopclerk.errors import ToolFailedError, TryAgainError
from shopclerk.tools.toolbox import catalog_tools
from tests.pictured import painted
from tests.pictures.drawn import saved

CALLS = {
    "search_catalog": {"query": "hiking boots", "price_max": 130},
    "get_product": {"id": "tea-1"},
    "compare_products": {"ids": ["boot-1", "boot-2"], "sort": "price_asc"},
    "find_similar": {"id": "run-1"},
}

every_tool = pytest.mark.parametrize("name", CALLS)


@pytest.fixture
def tools(opened):
    return {tool.name: tool for tool in catalog_tools(opened.searcher)}


def files_of(shop):
    """Return the bytes of the catalogue's files, without what SQLite shares between readers."""
    return {
        path: path.read_bytes()
        for path in shop.place.folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def test_every_tool_is_in_the_box(tools):
    assert list(tools) == list(CALLS)


def test_with_sight_there_are_two_more(pictured, sight):
    names = [tool.name for tool in catalog_tools(pictured.searcher, sight=sight)]
    assert names == [*CALLS, "describe_image", "locate_in_image"]


@pytest.mark.parametrize("name", ["describe_image", "locate_in_image"])
def test_tools_of_sight_work_on_pictures_of_the_shelf(look, shelf, name):
    message = look(name, image=shelf.add(saved(painted("red"), "PNG")))
    assert message.status == "success"
    assert json.loads(json.dumps(message.artifact)) == message.artifact
    with pytest.raises(TryAgainError, match="no picture 'picture-0000'"):
        look(name, image="picture-0000")


@every_tool
def test_schema_is_valid_and_described(tools, name):
    given = convert_to_openai_tool(tools[name])["function"]
    schema = given["parameters"]
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(CALLS[name])
    assert given["name"] == name
    for argument in schema["properties"].values():
        assert argument["description"].endswith(".")
    assert re.search(r"\b[Ii]ds?\b.*\bshoe-001\b", given["description"])


@every_tool
def test_unknown_arguments_are_refused(tools, name):
    schema = tools[name].args_schema.model_json_schema()
    assert not Draft202012Validator(schema).is_valid({**CALLS[name], "colour": "red"})


@every_tool
def test_artifact_is_plain_json(call, name):
    message = call(name, **CALLS[name])
    assert message.status == "success"
    assert json.loads(json.dumps(message.artifact)) == message.artifact
    assert message.artifact["products"]


@every_tool
def test_tools_only_read(call, opened, name):
    call(name, **CALLS[name])
    before, generation = files_of(opened), opened.store.generation
    for _ in range(2):
        call(name, **CALLS[name])
    assert opened.store.generation == generation
    assert files_of(opened) == before


@every_tool
def test_a_broken_store_is_told_to_the_shopper(call, opened, name):
    opened.store.db.close()
    with pytest.raises(ToolFailedError, match="The catalogue cannot answer now"):
        call(name, **CALLS[name])
