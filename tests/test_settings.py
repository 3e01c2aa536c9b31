"""Settings: which source wins, and what a wrong one is told."""

from pathlib import Path

import pytest

from shopclerk.errors import SettingError
from shopclerk.settings import SETTINGS_FILE, Settings, default_home, load_settings


def write(text: str) -> None:
    Path(SETTINGS_FILE).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("flag", "environment", "file", "expected"),
    [
        (9, "8", "7", 9),
        (None, "8", "7", 8),
        (None, None, "7", 7),
        (None, None, None, 5),
        (9, None, None, 9),
        (9, "8", None, 9),
    ],
    ids=["all", "environment and file", "file", "default", "flag", "flag and environment"],
)
def test_the_nearer_source_wins(
    monkeypatch: pytest.MonkeyPatch,
    flag: int | None,
    environment: str | None,
    file: str | None,
    expected: int,
) -> None:
    if environment is not None:
        monkeypatch.setenv("SHOPCLERK_PAGE_SIZE", environment)
    if file is not None:
        write(f"page_size = {file}\n")
    assert load_settings(page_size=flag).page_size == expected


def test_an_unknown_key_in_the_file_is_an_error() -> None:
    write("page_size = 5\npgae_size = 6\n")
    with pytest.raises(SettingError, match=r"'pgae_size'.*shopclerk\.toml"):
        load_settings()


def test_an_unknown_flag_is_an_error() -> None:
    with pytest.raises(SettingError, match="'no_such_thing'"):
        load_settings(no_such_thing=1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page_size", "0"),
        ("page_size", "51"),
        ("page_size", "many"),
        ("threads", "0"),
        ("planner", "human"),
        ("tool_calling", "none"),
        ("answers", "never"),
        ("plan_timeout_s", "0"),
        ("max_message_chars", "99"),
    ],
)
def test_a_bad_value_is_named_with_its_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SHOPCLERK_{name.upper()}", value)
    told = rf"Setting '{name}' is '{value}'.*SHOPCLERK_{name.upper()}.*shopclerk\.toml"
    with pytest.raises(SettingError, match=told):
        load_settings()


def test_a_broken_file_is_named() -> None:
    write("page_size = = 5\n")
    with pytest.raises(SettingError, match=r"shopclerk\.toml"):
        load_settings()


def test_a_key_is_not_shown() -> None:
    settings = load_settings(llm_key="secret-word")
    assert "secret-word" not in repr(settings)
    assert settings.llm_key
    assert settings.llm_key.get_secret_value() == "secret-word"


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"XDG_DATA_HOME": "/data"}, Path("/data/shopclerk")),
        ({"LOCALAPPDATA": "/local"}, Path("/local/shopclerk")),
        ({"HOME": "/home/me"}, Path("/home/me/.local/share/shopclerk")),
    ],
    ids=["xdg", "windows", "home"],
)
def test_the_home_folder(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: Path
) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert default_home() == expected


def test_what_follows_from_settings(home: Path) -> None:
    assert load_settings().models_folder == home / "models"
    assert load_settings().embedded_llm
    assert not load_settings(llm_url="http://127.0.0.1:1/v1").embedded_llm
