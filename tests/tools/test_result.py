"""What tools return, and how their errors are told."""

import sqlite3

import pytest
from langchain_core.messages import AIMessage, ToolMessage

from shopclerk.catalog.product import Product
from shopclerk.errors import (
    CatalogError,
    FilterError,
    StorageError,
    ToolFailedError,
    TryAgainError,
    UnknownProductError,
)
from shopclerk.tools.result import ToolResult, artifact_of, model_errors, product_line

ERRORS = {
    "filter": (FilterError("Unknown field."), TryAgainError),
    "id": (UnknownProductError("No such id."), TryAgainError),
    "storage": (StorageError("The disk is full."), ToolFailedError),
    "catalogue": (CatalogError("Something else."), ToolFailedError),
    "database": (sqlite3.OperationalError("database is locked"), ToolFailedError),
    "damage": (sqlite3.DatabaseError("file is not a database"), ToolFailedError),
}

LINES = {
    "all": (
        {"price": 1299, "currency": "USD", "rating": 4.0, "stock": 3},
        "[a] Mug | $1,299.00 | rated 4 | 3 in stock",
    ),
    "none": ({}, "[a] Mug"),
    "noughts": ({"price": 0, "rating": 0, "stock": 0}, "[a] Mug | $0.00 | rated 0 | 0 in stock"),
}


@pytest.mark.parametrize(("error", "told"), ERRORS.values(), ids=ERRORS)
def test_errors_become_what_a_model_understands(error, told):
    @model_errors
    def tool():
        raise error

    with pytest.raises(told, match=str(error)) as raised:
        tool()
    assert raised.value.__cause__ is error


def test_other_errors_are_bugs_and_pass():
    with pytest.raises(ZeroDivisionError):
        model_errors(lambda: 1 / 0)()


@pytest.mark.parametrize(("fields", "line"), LINES.values(), ids=LINES)
def test_product_line(fields, line):
    assert product_line(Product(id="a", title="Mug", **fields)) == line


@pytest.mark.parametrize("loose", [True, False])
def test_artifact_comes_back_whole(loose):
    result = ToolResult(
        products=(Product(id="a", title="Mug", attributes={"size": ("1", "2")}, tags=("x",)),),
        total=1,
        loose=loose,
        alternatives={"the price limit": 2},
    )
    artifact = model_errors(lambda: ("text", result))()[1]
    message = ToolMessage("text", artifact=artifact, tool_call_id="1")
    assert artifact_of(message) == result


@pytest.mark.parametrize(
    "message",
    [AIMessage("hi"), ToolMessage("no", tool_call_id="1"), None],
    ids=["ai", "tool", "none"],
)
def test_other_messages_carry_no_result(message):
    assert artifact_of(message) is None
