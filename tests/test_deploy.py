"""What deploy/ starts is there: commands, flags and settings by the names that they have."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from shopclerk.cli import app
from shopclerk.settings import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
OURS = {name: each for name, each in COMPOSE["services"].items() if "build" in each}
UNIT = (DEPLOY / "shopclerk.service").read_text("utf-8")
STARTED = {
    **{name: each["command"] for name, each in OURS.items()},
    "unit": next(line.split()[1:] for line in UNIT.splitlines() if line.startswith("ExecStart=")),
}


@pytest.mark.parametrize("command", STARTED.values(), ids=STARTED)
def test_a_command_and_its_flags_are_there(command: list[str]) -> None:
    known: Any = typer.main.get_command(app)
    found = known.commands[command[0]]
    flags = {flag for parameter in found.params for flag in parameter.opts}
    assert {word for word in command if word.startswith("--")} <= flags


def test_settings_are_there() -> None:
    texts = "".join(path.read_text("utf-8") for path in DEPLOY.iterdir())
    named = set(re.findall(r"SHOPCLERK_([A-Z_]+)", texts))
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_nothing_but_the_proxy_is_reached_from_outside() -> None:
    open_ports = {name for name, each in COMPOSE["services"].items() if each.get("ports")}
    assert open_ports == {"proxy"}


def test_no_secret_stands_in_a_file() -> None:
    for path in DEPLOY.iterdir():
        assert not re.search(
            r"(?i)(?:token|password|key)\s*[=:]\s*[\w-]{16,}", path.read_text("utf-8")
        )
