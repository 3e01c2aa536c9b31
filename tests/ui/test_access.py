import pytest

from shopclerk.errors import SettingError
from shopclerk.hosts import is_loopback
from shopclerk.settings import load_settings
from shopclerk.ui.access import Access


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_password(host):
    assert not Access.of(load_settings(ui_host=host)).wanted


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "shop.example"])
def test_beyond_this_machine_somebody_must_sign_in(host):
    with pytest.raises(SettingError, match="ui_password or ui_token_file"):
        Access.of(load_settings(ui_host=host))
    assert Access.of(load_settings(ui_host=host, ui_password="long enough")).wanted


def test_names_and_secrets_are_compared_as_a_whole():
    access = Access.of(load_settings(ui_password="long enough"))
    assert access.allows("shop", "long enough")
    for name, secret in (
        ("shop", ""),
        ("shop", "long"),
        ("", ""),
        ("other", "long enough"),
        ("shop", "lóng enough"),
    ):
        assert not access.allows(name, secret)


def test_a_token_file_names_who_may_come_in(tmp_path):
    file = tmp_path / "tokens"
    file.write_text("# staff\nanna: first-token\n\nben:second-token\n", encoding="utf-8")
    access = Access.of(load_settings(ui_token_file=file))
    assert access.allows("anna", "first-token")
    assert access.allows("ben", "second-token")
    assert not access.allows("anna", "second-token")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names nobody"),
        ("anna\n", "Line 1"),
        ("a:b:c\nanna:\n", "Line 2"),
        ("anna:short\n", "too short"),
    ],
)
def test_a_token_file_of_no_use_is_told(tmp_path, text, told):
    file = tmp_path / "tokens"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=told):
        Access.of(load_settings(ui_token_file=file))


def test_a_token_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingError, match="cannot be read"):
        Access.of(load_settings(ui_token_file=tmp_path / "none"))


def test_names_of_hosts_are_not_loopback():
    assert not is_loopback("localhost.example")
