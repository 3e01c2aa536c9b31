"""Where the MCP server listens, and the token that it wants."""

import stat
from pathlib import Path

import pytest

from shopclerk.errors import SettingError
from shopclerk.mcp_http import Address, find_token

HERE, EVERYWHERE = Address("127.0.0.1", 8765), Address("0.0.0.0", 8765)
TOKEN = "sixteen letters and more"


@pytest.mark.parametrize(
    ("text", "host", "port", "loopback"),
    [
        ("127.0.0.1:8765", "127.0.0.1", 8765, True),
        ("localhost:80", "localhost", 80, True),
        ("[::1]:8765", "::1", 8765, True),
        ("0.0.0.0:8765", "0.0.0.0", 8765, False),
        ("shop.example:443", "shop.example", 443, False),
    ],
    ids=lambda value: str(value),
)
def test_an_address(text: str, host: str, port: int, loopback: bool) -> None:
    address = Address.of(text)
    assert (address.host, address.port, address.is_loopback) == (host, port, loopback)


@pytest.mark.parametrize("text", ["8765", ":8765", "here:", "here:0", "here:70000", "here:x", ""])
def test_no_address(text: str) -> None:
    with pytest.raises(SettingError, match="HOST:PORT"):
        Address.of(text)


def test_a_token_is_made_once_for_this_machine_and_for_its_owner(tmp_path: Path) -> None:
    kept = tmp_path / "sub" / "mcp-token"
    token = find_token(None, None, kept, HERE)
    assert len(token) >= 40
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert find_token(None, None, kept, HERE) == token


def test_others_need_a_token(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"no token.*--token-file"):
        find_token(None, None, tmp_path / "mcp-token", EVERYWHERE)
    assert not (tmp_path / "mcp-token").exists()


def test_a_file_goes_before_the_setting(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    kept = tmp_path / "kept"
    assert find_token("another, from the setting", file, kept, EVERYWHERE) == TOKEN
    assert find_token("another, from the setting", None, kept, EVERYWHERE).startswith("another")


def test_a_short_token_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="has 5 characters") as error:
        find_token("hello", None, tmp_path / "kept", HERE)
    assert "hello" not in str(error.value)


def test_a_token_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read"):
        find_token(None, tmp_path / "nope", tmp_path / "kept", HERE)
