"""The command `mcp`, up to where it serves."""

from pathlib import Path
from typing import Any

import pytest

from shopclerk import mcp_http, mcp_server, served
from shopclerk.cli import main
from shopclerk.shop import Shop
from tests.fakes import HashEncoder

Served = list[Any]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, catalog_file: Path) -> Served:
    """What would have been served: a shop over standard input and output, an address over HTTP."""
    seen: Served = []
    monkeypatch.setenv("SHOPCLERK_CATALOG", str(catalog_file))
    monkeypatch.setenv("SHOPCLERK_IMAGE_ENCODER", "none")
    monkeypatch.setattr(served, "open_text_encoder", lambda *_args, **_more: HashEncoder())
    monkeypatch.setattr(mcp_server, "serve_stdio", lambda shop: seen.append(len(shop.store)))
    monkeypatch.setattr(mcp_http, "serve_http", lambda _app, address: seen.append(address))
    return seen


def test_standard_output_is_left_to_the_protocol(
    started: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mcp"]) == 0
    assert started == [12]
    assert capsys.readouterr().out == ""


def test_over_http_it_says_where_and_never_the_token(
    started: Served, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mcp", "--http", "127.0.0.1:8765"]) == 0
    assert started == [mcp_http.Address("127.0.0.1", 8765)]
    said = capsys.readouterr()
    assert "http://127.0.0.1:8765/mcp" in said.err
    assert (home / "mcp-token").read_text("utf-8") not in said.out + said.err


def test_others_are_not_served_without_a_token(
    started: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mcp", "--http", "0.0.0.0:8765"]) == 1
    assert "there is no token" in capsys.readouterr().err
    assert started == []


def test_a_token_in_the_environment_serves_others(
    started: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHOPCLERK_MCP_TOKEN", "a-token-of-some-length")
    assert main(["mcp", "--http", "0.0.0.0:8765", "--allow-host", "shop.example"]) == 0
    assert started == [mcp_http.Address("0.0.0.0", 8765)]
    assert "a-token-of-some-length" not in capsys.readouterr().err


def test_without_the_sdk_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "shopclerk.mcp_http", None)
    monkeypatch.delattr("shopclerk.mcp_http")
    assert main(["mcp"]) == 1
    assert "shopclerk[mcp]" in capsys.readouterr().err


def test_the_shop_is_not_changed(started: Served, home: Path, catalog_file: Path) -> None:
    main(["mcp"])
    with Shop.open(catalog_file, encoder=HashEncoder(), image_encoder="none") as shop:
        assert shop.store.generation == 1
