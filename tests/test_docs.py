"""Documents say what the code does: pages made from it are up to date, commands and imports in them are there."""

import ast
import re
import runpy
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from shopclerk.cli import app

ROOT = Path(__file__).parents[1]
SITE = sorted((ROOT / "docs").rglob("*.md"))
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def fences(kind: str) -> Iterator[tuple[str, str]]:
    """Yield page and text of every block of one kind."""
    for page in PAGES:
        for found, text in FENCE.findall(page.read_text("utf-8")):
            if found == kind:
                yield page.name, text


def commands() -> list[tuple[str, list[str]]]:
    """Every line that starts shopclerk, as page and words."""
    lines = (
        (page, line)
        for page, text in fences("sh")
        for line in text.replace("\\\n", " ").splitlines()
        if re.search(r"(?:^|[|/]\s*|\s)shopclerk\s+[a-z]", line.partition("#")[0])
    )
    return [(page, words_of(line)) for page, line in lines]


def words_of(line: str) -> list[str]:
    """The words after `shopclerk`, without comments, pipes and redirections."""
    words = shlex.split(line, comments=True)
    start = next(i for i, word in enumerate(words) if word.rpartition("/")[2] == "shopclerk")
    rest = words[start + 1 :]
    ends = [i for i, word in enumerate(rest) if word in ("|", ">", "&&", "<", ";")]
    return rest[: ends[0]] if ends else rest


@pytest.mark.parametrize("name", ["settings", "commands"])
def test_a_page_made_from_the_code_is_up_to_date(name: str) -> None:
    made = runpy.run_path(str(ROOT / "docs/make_reference.py"))[f"{name}_page"]()
    written = (ROOT / f"docs/{name}.md").read_text("utf-8")
    assert written == made, "run: python docs/make_reference.py"


@pytest.mark.parametrize(
    ("page", "words"),
    commands(),
    ids=lambda each: each if isinstance(each, str) else " ".join(each)[:60],
)
def test_a_command_in_the_documents_is_there(page: str, words: list[str]) -> None:
    command: Any = get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    assert not getattr(command, "commands", None) or not words or words[0].startswith("-"), page
    known = {flag for each in command.params for flag in (*each.opts, *each.secondary_opts)}
    given = {word.partition("=")[0] for word in words if re.fullmatch(r"--?[a-zA-Z][\w=-]*", word)}
    assert given - {"--help"} <= known, page


def test_there_are_commands() -> None:
    assert len(commands()) > 40


@pytest.mark.parametrize(("page", "text"), list(fences("python")), ids=lambda each: each[:30])
def test_what_a_snippet_imports_is_there(page: str, text: str) -> None:
    code = compile(text, page, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    for node in ast.walk(code):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shopclerk"):
            module = import_module(str(node.module))
            assert [each.name for each in node.names if not hasattr(module, each.name)] == []


def test_every_page_is_on_the_site() -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert yaml.safe_load(text)["strict"] is True
    listed = set(re.findall(r"[\w-]+\.md", text))
    assert listed == {page.name for page in SITE}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
