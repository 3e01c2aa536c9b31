"""The list of licences names every package that the project asks for."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ASKED = sorted(
    {
        re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", each).group()).lower()  # type: ignore[union-attr]
        for each in chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    }
)
LISTED = dict(
    re.findall(
        r"^\| (\S+) \| \S+ \| (.+) \|$",
        (ROOT / "docs/licences.md").read_text("utf-8"),
        re.MULTILINE,
    )
)


@pytest.mark.parametrize("name", ASKED)
def test_a_package_that_is_asked_for_is_listed(name: str) -> None:
    assert LISTED.get(name), "run: python docs/make_licences.py"


def test_nothing_that_serves_is_under_a_strong_copyleft() -> None:
    strong = re.compile(r"(?<![LM])(?:A?GPL)|(?<!Lesser )General Public")
    assert [name for name, licence in LISTED.items() if strong.search(licence)] == []
