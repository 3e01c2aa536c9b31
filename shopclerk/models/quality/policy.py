"""The shop's policy: what may not be sold, where links may lead, which names are protected."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from shopclerk.errors import SettingError

WINDOW_WORDS = 3
"""How near a word of `unless` must stand to make a prohibited term harmless."""
_WORD = re.compile(r"\w+")


class Prohibition(BaseModel):
    """One kind of goods that may not be sold.

    Attributes:
        name: What it is called in findings.
        terms: Words and phrases, case ignored.
        unless: Words that make a term harmless when they stand near it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    terms: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Policy(BaseModel):
    """A policy file; `policy.yaml` beside this module explains the keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prohibited: tuple[Prohibition, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    protected_brands: tuple[str, ...] = ()
    min_picture_px: int = 200


@dataclass(frozen=True, slots=True)
class Prohibited:
    """A prohibited term that stands in a text."""

    name: str
    span: tuple[int, int]


def load_policy(path: Path | None = None) -> Policy:
    """Read a policy file, the one that ships where None.

    Raises:
        SettingError: It cannot be read, or a key or value is not one of a policy.
    """
    if path is None:
        text = files("shopclerk").joinpath("models", "quality", "policy.yaml").read_text("utf-8")
    else:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"The policy file {path} cannot be read: {error}.") from error
    try:
        return Policy.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as error:
        raise SettingError(f"The policy file {path} is not YAML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingError(f"The policy file {path}, key '{where}': {first['msg']}.") from error


def find_prohibited(text: str, policy: Policy) -> list[Prohibited]:
    """Return the prohibited terms in a text that no near word makes harmless."""
    found = []
    for prohibition, pattern, unless in _compiled(policy.prohibited):
        for match in pattern.finditer(text):
            before = _WORD.findall(text[: match.start()].casefold())[-WINDOW_WORDS:]
            after = _WORD.findall(text[match.end() : match.end() + 80].casefold())[:WINDOW_WORDS]
            if not unless.intersection((*before, *after)):
                found.append(Prohibited(prohibition.name, match.span()))
    return found


@cache
def _compiled(
    prohibited: tuple[Prohibition, ...],
) -> list[tuple[Prohibition, re.Pattern[str], frozenset[str]]]:
    return [
        (
            each,
            words_pattern(each.terms),
            frozenset(form for word in each.unless for form in (word.casefold(), _plural(word))),
        )
        for each in prohibited
        if each.terms
    ]


def _plural(word: str) -> str:
    return word.casefold() + "s"


def words_pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that matches any of the terms as whole words, in any case and spacing."""
    ordered = sorted(terms, key=len, reverse=True)
    bodies = (r"[\s-]+".join(re.escape(part) for part in term.split()) for term in ordered)
    return re.compile(rf"(?<!\w)(?:{'|'.join(bodies)})(?!\w)", re.IGNORECASE)


@cache
def patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Return the regular expressions of `patterns.yaml` by what they find."""
    text = files("shopclerk").joinpath("models", "quality", "patterns.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return {
        name: tuple(re.compile(pattern, re.IGNORECASE) for pattern in each)
        for name, each in data.items()
    }
