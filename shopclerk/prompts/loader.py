"""Prompt files: front matter and a Jinja body, rendered in a sandbox.

A prompt is a Markdown file in this folder, or in a folder of the caller's that is looked at first:

    ---
    id: plan
    version: 1
    variables: [shown, request]
    changelog: ["1: first"]
    ---
    body with {{ request }}

Values are data: a template mark inside a value is printed, not run.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import yaml
from jinja2 import StrictUndefined, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shopclerk.errors import PromptError, unknown

_KEYS = {"id", "version", "variables", "changelog"}
_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=False)


@dataclass(frozen=True)
class Prompt:
    """One prompt.

    Attributes:
        id: Its name, the file's own.
        version: Grows with every change of the body.
        variables: The names the body uses, all of them needed.
        changelog: What changed, a line a version.
        body: The template.
    """

    id: str
    version: int
    variables: tuple[str, ...]
    changelog: tuple[str, ...]
    body: str

    @cached_property
    def hash(self) -> str:
        """Eight hex digits of the body, to log with a run."""
        return hashlib.blake2b(self.body.encode(), digest_size=4).hexdigest()

    def render(self, variables: Mapping[str, object] | None = None, /, **more: object) -> str:
        """Fill the template.

        Raises:
            PromptError: A variable is missing or the template fails.
        """
        try:
            return _environment.from_string(self.body).render({**(variables or {}), **more}).strip()
        except Exception as error:
            # An expression in a template fails in its own way: TypeError, ZeroDivisionError, ...
            raise PromptError(f"Prompt '{self.id}' cannot be rendered: {error}") from error

    def used_variables(self) -> set[str]:
        """Return the names that the body uses.

        Raises:
            PromptError: The body is no template.
        """
        try:
            return meta.find_undeclared_variables(_environment.parse(self.body))
        except TemplateSyntaxError as error:
            raise PromptError(f"Prompt '{self.id}' is no template: {error}") from error


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """Load a prompt by its id, from a folder of the caller's first, then from the package.

    Raises:
        PromptError: No such prompt, or its front matter is not whole.
    """
    own = folder / f"{name}.md" if folder else None
    source = own if own and own.exists() else files(__package__).joinpath(f"{name}.md")
    try:
        return parse_prompt(source.read_text("utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"Cannot read prompt '{name}': {error}") from error


def check_prompts(folder: Path) -> None:
    """Check a folder of prompts that go before the package's.

    Raises:
        PromptError: It is no folder, or holds a prompt that nothing asks for, that is not whole, or that uses what it
            is not given.
    """
    if not folder.is_dir():
        raise PromptError(
            f"There is no folder of prompts at {folder}. Make it, or unset prompts_folder."
        )
    known = sorted(
        path.name.removesuffix(".md")
        for path in files(__package__).iterdir()
        if path.name.endswith(".md")
    )
    for path in sorted(folder.glob("*.md")):
        if path.stem not in known:
            raise PromptError(unknown("prompt", path.stem, known))
        own, given = load_prompt(path.stem, folder), load_prompt(path.stem).variables
        used = own.used_variables()
        if used != set(own.variables) or not used <= set(given):
            raise PromptError(
                f"Prompt '{own.id}' in {folder} declares {sorted(own.variables)} and uses {sorted(used)}. It must "
                f"declare what it uses, and may use {sorted(given)}."
            )


def parse_prompt(text: str, name: str) -> Prompt:
    """Read a prompt file's text.

    Raises:
        PromptError: The front matter is missing, not YAML, lacks a key, or has a value of another kind.
    """
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise PromptError(f"Prompt '{name}' must begin with front matter between two lines '---'.")
    try:
        head = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        raise PromptError(f"The front matter of prompt '{name}' is not YAML: {error}") from error
    if not isinstance(head, dict) or head.keys() != _KEYS or head["id"] != name:
        raise PromptError(
            f"The front matter of prompt '{name}' must have exactly the keys {sorted(_KEYS)}, "
            "and its id must be the file's name."
        )
    version, *lists = (head[key] for key in ("version", "variables", "changelog"))
    if not isinstance(version, int) or not all(isinstance(given, list) for given in lists):
        raise PromptError(
            f"The front matter of prompt '{name}' must have a whole number as version, "
            "and lists as variables and changelog."
        )
    variables, changelog = (tuple(map(str, given)) for given in lists)
    return Prompt(name, version, variables, changelog, body=parts[2])
