"""The tool check_listing."""

import pytest

from shopclerk.catalog.product import Product
from shopclerk.errors import TryAgainError, UnknownProductError
from shopclerk.models.quality.checker import ListingChecker
from shopclerk.tools.check_listing import check_listing_tool

SHOUT = Product(id="a", title="CHEAP CHAIR OF SOLID OAK")


def find(product_id):
    if product_id != "a":
        raise UnknownProductError(f"There is no product '{product_id}'.")
    return SHOUT


TOOL = check_listing_tool(ListingChecker, find)


def call(**arguments):
    message = TOOL.invoke({"name": TOOL.name, "args": arguments, "id": "1", "type": "tool_call"})
    return message.content, message.artifact["verdict"]


def test_a_product_by_its_id():
    content, verdict = call(id="a")
    assert content.startswith(f"Score {verdict['score']} of 100.")
    assert "shouting" in {finding["kind"] for finding in verdict["findings"]}


def test_a_draft_by_its_fields():
    _, verdict = call(title="Oak chair", description="Call me on 0171 555 0123 for it.", price=10)
    assert "contact" in {finding["kind"] for finding in verdict["findings"]}


@pytest.mark.parametrize(
    ("arguments", "match"),
    [({"id": "b"}, "no product 'b'"), ({}, "at least the title"), ({"title": "\ud800"}, "valid string")],
    ids=["unknown", "nothing", "surrogate"],
)  # fmt: skip
def test_other_arguments_may_work(arguments, match):
    with pytest.raises((TryAgainError, ValueError), match=match):
        TOOL.invoke({"name": TOOL.name, "args": arguments, "id": "1", "type": "tool_call"})
