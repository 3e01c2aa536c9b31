"""Write settings.md and commands.md from the code.

python docs/make_reference.py
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from shopclerk.cli import app
from shopclerk.settings import Settings

HERE = Path(__file__).parent
MADE = "Made from the code by `python docs/make_reference.py`."


def settings_page() -> str:
    """Return the page of all settings."""
    lines = [
        "# Settings\n",
        f"By flag, by environment, or in `shopclerk.toml` in the working folder, in this order. {MADE}\n",
        "| setting | kind | default | |",
        "|---|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        kind = getattr(field.annotation, "__name__", "") or str(field.annotation)
        kind = str(field.annotation) if "Literal" in str(field.annotation) else kind
        kind = str(field.annotation) if "|" in str(field.annotation) else kind
        default = "" if field.default_factory else _shown(field.default)
        about = " ".join((field.description or "").split())
        cells = (f"`{name}`", _plain(kind), default, about)
        lines.append("| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |")
    lines.append("\nThe environment's names are these in capitals: `SHOPCLERK_LLM_URL`.")
    return "\n".join(lines) + "\n"


def _plain(kind: str) -> str:
    for prefix in ("typing.", "pathlib._local.", "pathlib.", "pydantic.types.", "<class '", "'>"):
        kind = kind.replace(prefix, "")
    return kind


def _shown(value: Any) -> str:
    return "" if value is None else f"`{value}`"


def commands_page() -> str:
    """Return the page of all commands."""
    lines = ["# Commands\n", f"Each answers `--help`. {MADE}"]
    for path, command in _commands(get_command(app), "shopclerk"):
        lines.append(f"\n## {path}\n\n{(command.help or '').strip()}\n")
        if command.params:
            lines += ["| | | default |", "|---|---|---|"]
        for parameter in command.params:
            argument = parameter.param_type_name == "argument"
            names = parameter.name.upper() if argument else ", ".join(parameter.opts)
            default = parameter.default
            told = (
                "" if default in (None, False, "", (), []) or callable(default) else f"`{default}`"
            )
            about = " ".join((getattr(parameter, "help", "") or "").split())
            lines.append(f"| `{names}` | {about} | {told} |".replace(" |  |", " | |"))
    return "\n".join(lines) + "\n"


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    parts = getattr(command, "commands", None)
    if not parts:
        yield path, command
        return
    if getattr(command, "invoke_without_command", False):
        yield path, command
    for name, each in parts.items():
        yield from _commands(each, f"{path} {name}")


def main() -> None:
    """Write both pages."""
    (HERE / "settings.md").write_text(settings_page(), encoding="utf-8")
    (HERE / "commands.md").write_text(commands_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
