"""The MCP server as its tools are listed and called, without a transport."""

import base64
import io
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mcp.types import CallToolResult, ImageContent, TextContent
from PIL import Image

from shopclerk.catalog.product import Product
from shopclerk.errors import ShopclerkError
from shopclerk.mcp_server import ToolServer, picture_uri
from shopclerk.shop import Shop
from tests.conftest import ShopMaker
from tests.fakes import FakeEye
from tests.pictured import picture_file, pictured_products
from tests.taxonomies import small_mapper


@pytest.fixture
def pictured(shop: ShopMaker, tmp_path: Path) -> Shop:
    """The small shop with pictures."""
    return shop(pictured_products(tmp_path), eye=FakeEye())


def encoded(path: Path) -> str:
    """A file as base64."""
    return base64.b64encode(path.read_bytes()).decode("ascii")


def said(result: CallToolResult) -> str:
    """The first words of a result."""
    first = result.content[0]
    assert isinstance(first, TextContent)
    return first.text


def test_every_tool_of_the_design_is_listed_and_read_only(pictured: Shop) -> None:
    tools = {tool.name: tool for tool in ToolServer(pictured).listed()}
    assert sorted(tools) == [
        "check_listing",
        "compare_products",
        "describe_image",
        "extract_attributes",
        "find_duplicates",
        "find_similar",
        "get_product",
        "link_product",
        "locate_in_image",
        "map_category",
        "normalize_text",
        "search_catalog",
        "suggest_tags",
        "write_title",
    ]
    for tool in tools.values():
        assert tool.annotations
        assert tool.annotations.readOnlyHint
        assert not tool.annotations.destructiveHint
        assert tool.inputSchema["additionalProperties"] is False
        jsonschema.Draft202012Validator.check_schema(tool.inputSchema)
        jsonschema.Draft202012Validator.check_schema(tool.outputSchema)


CALLS: dict[str, dict[str, Any]] = {
    "check_listing": {"title": "Red ball", "price": 5.0},
    "compare_products": {"ids": ["red-ball", "blue-ball"]},
    "extract_attributes": {"title": "Red ball of wood"},
    "find_duplicates": {"id": "red-ball"},
    "find_similar": {"id": "red-ball"},
    "get_product": {"id": "red-ball"},
    "link_product": {"title": "Red ball"},
    "map_category": {"title": "Red ball"},
    "normalize_text": {"text": "RED   BALL!!!"},
    "search_catalog": {"query": "ball"},
    "suggest_tags": {"title": "Red ball"},
    "write_title": {"title": "RED BALL!!!"},
}


@pytest.mark.parametrize("name", CALLS)
def test_what_a_tool_returns_is_what_its_schema_says(pictured: Shop, name: str) -> None:
    pictured.desk.__dict__["mapper"] = small_mapper()  # the embedded one takes a while to open
    server = ToolServer(pictured)
    schema = next(tool.outputSchema for tool in server.listed() if tool.name == name)
    result = server.call(name, dict(CALLS[name]))
    assert not result.isError, said(result)
    assert said(result)
    assert schema
    jsonschema.validate(result.structuredContent, schema)


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("search", {}, r"Unknown tool 'search'.*search_catalog"),
        ("get_product", {"id": "nope"}, "No product has the id 'nope'"),
        ("get_product", {}, "'id'"),
        ("search_catalog", {"query": "ball", "colour": "red"}, "'colour'"),
        ("search_catalog", {"price_min": -1}, "'price_min'"),
        ("find_similar", {"image": "%%%"}, "not base64"),
        ("find_similar", {"image": "aGVsbG8="}, "readable are"),
        ("find_similar", {"image": "picture-0123456789abcdef"}, "There is no picture"),
        ("find_similar", {"image": "http://127.0.0.1/x.png"}, "not fetched from the web"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_told(
    pictured: Shop, name: str, given: dict[str, Any], reason: str
) -> None:
    result = ToolServer(pictured).call(name, given)
    assert result.isError
    assert result.structuredContent is None
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(said(result))


def test_what_breaks_stays_here(pictured: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    server = ToolServer(pictured)

    def broken(*_: object) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(type(pictured.store), "get", broken)
    result = server.call("get_product", {"id": "red-ball"})
    assert result.isError
    assert said(result) == "The tool failed; the server's log says why."


# -- pictures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["{}", "data:image/png;base64,{}"], ids=["base64", "data-url"])
def test_a_picture_comes_in(pictured: Shop, tmp_path: Path, form: str) -> None:
    picture = form.format(encoded(picture_file(tmp_path / "sent", "blue")))
    result = ToolServer(pictured).call("find_similar", {"image": picture})
    assert result.structuredContent
    assert result.structuredContent["products"][0]["id"] == "blue-ball"


def test_a_path_is_for_clients_on_this_machine(pictured: Shop, tmp_path: Path) -> None:
    given = {"image": str(picture_file(tmp_path / "sent", "blue"))}
    here = ToolServer(pictured, paths=True).call("find_similar", dict(given))
    assert not here.isError
    away = ToolServer(pictured).call("find_similar", dict(given))
    assert away.isError
    assert "not base64" in said(away)
    missing = ToolServer(pictured, paths=True).call("find_similar", {"image": "no/such.png"})
    assert "no picture file 'no/such.png'" in said(missing)


def test_products_pictures_go_out_small(pictured: Shop) -> None:
    wanted = {"ids": ["red-ball", "pair", "words-only"], "with_pictures": True}
    result = ToolServer(pictured).call("compare_products", wanted)
    images = [block for block in result.content if isinstance(block, ImageContent)]
    assert len(images) == 2
    with Image.open(io.BytesIO(base64.b64decode(images[0].data))) as image:
        assert image.format == "JPEG"
        assert max(image.size) <= 512
    words = " ".join(block.text for block in result.content if isinstance(block, TextContent))
    assert "'words-only' has no picture" in words


def test_a_picture_has_an_address(pictured: Shop) -> None:
    server = ToolServer(pictured)
    assert server.picture(picture_uri("red-ball")).startswith(b"\xff\xd8")
    for wrong in (picture_uri("nope"), "file:///etc/passwd"):
        with pytest.raises(ShopclerkError):
            server.picture(wrong)


@pytest.mark.parametrize("address", ["../private.png", "{}/private.png"], ids=["up", "absolute"])
def test_pictures_from_elsewhere_on_the_disk_stay_there(
    shop: ShopMaker, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, address: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    picture_file(elsewhere, "red").rename(elsewhere / "private.png")
    (tmp_path.parent / "private.png").write_bytes((elsewhere / "private.png").read_bytes())
    listing = Product(id="a", title="Ball", images=(address.format(elsewhere),))
    opened = shop([listing, Product(id="b", title="Box")], eye=FakeEye())
    result = ToolServer(opened).call("get_product", {"id": "a", "with_pictures": True})
    assert not any(isinstance(block, ImageContent) for block in result.content)
    assert "outside the catalogue's folder" in str(result.content)
