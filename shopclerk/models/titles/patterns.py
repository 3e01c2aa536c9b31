"""Patterns of titles: the order of their parts by category, which a shop can set in a YAML file.

patterns:
  - categories: [Shoes, Apparel]      # a step of the category path, case folded; [] for all others
    order: [brand, audience, rest, colour, type, tail]
    add: [colour, size]               # roles added from the fields where the title lacks them
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from shopclerk.errors import SettingError
from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.words import fold

PARTS = ("brand", "audience", "rest", "colour", "type", "tail")
ROLES = ("audience", "colour", "material", "model", "size", "type")
DEFAULT_ORDER = PARTS
MAX_ADDED_CHARS = 40
"""A longer value is prose and not added."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """How titles of some categories are made.

    Attributes:
        categories: Folded steps of category paths; empty for all categories.
        order: The parts of the title in order.
        add: Roles whose values are added from the fields where the title lacks them.
    """

    categories: tuple[str, ...] = ()
    order: tuple[str, ...] = DEFAULT_ORDER
    add: tuple[str, ...] = ()

    def fits(self, steps: Sequence[str]) -> bool:
        """Tell whether it is for a category, given as folded steps."""
        return not self.categories or any(step in self.categories for step in steps)


def read_patterns(path: Path | None = None) -> tuple[Pattern, ...]:
    """Read the patterns of a shop's file, or those that come along.

    Raises:
        SettingError: The file cannot be read, or a key or value in it does not work.
    """
    source = path or files("shopclerk.models.titles").joinpath("patterns.yaml")
    try:
        data = yaml.safe_load(source.read_text("utf-8"))
        entries = data["patterns"]
        return tuple(_pattern(entry) for entry in entries)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise SettingError(
            f"The title patterns in '{path}' cannot be used: {error}. The file needs a list 'patterns' of entries "
            f"with 'categories', 'order' (all of {', '.join(PARTS)}) and 'add' (of {', '.join(ROLES)})."
        ) from error


def _pattern(entry: dict[str, Any]) -> Pattern:
    if unknown := set(entry) - {"categories", "order", "add"}:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
    order = tuple(entry.get("order") or DEFAULT_ORDER)
    add = tuple(entry.get("add") or ())
    if sorted(order) != sorted(PARTS):
        raise ValueError(f"order {list(order)} must hold each part once")
    if wrong := [role for role in add if role not in ROLES]:
        raise ValueError(f"nothing can be added for {wrong[0]!r}")
    return Pattern(tuple(fold(str(c)) for c in entry.get("categories") or ()), order, add)


@lru_cache(maxsize=1)
def shipped_patterns() -> tuple[Pattern, ...]:
    """Return the patterns that come along."""
    return read_patterns()


def find_pattern(patterns: Sequence[Pattern], category: str | None) -> Pattern:
    """Return the first pattern that fits a category path."""
    steps = [fold(step.strip()) for step in (category or "").split(">") if step.strip()]
    return next((pattern for pattern in patterns if pattern.fits(steps)), Pattern())


def compose(own: OwnWords, category: str | None) -> str:
    """Return a title made of the fields alone, for a listing whose title says nothing; empty where they do not either."""
    roles = ("audience", "model", "colour", "material")
    parts = [own.brand or "", *(_first(own, role) for role in roles)]
    kind = _first(own, "type") or (category or "").rpartition(">")[2].strip()
    size = _first(own, "size")
    text = " ".join(filter(None, [*parts, kind]))
    return f"{text}, {size}" if text and size else text or size


def _first(own: OwnWords, role: str) -> str:
    values = own.values.get(role, ())
    return values[0].strip() if values and len(values[0]) <= MAX_ADDED_CHARS else ""


def missing_values(text: str, own: OwnWords, add: Sequence[str]) -> list[str]:
    """Return the values of some roles that a title lacks; a role with several values is a choice, not a property."""
    words = set(fold(text).replace(",", " ").split())
    found = []
    for role in add:
        values = own.values.get(role, ())
        value = values[0].strip() if len(values) == 1 else ""
        if value and len(value) <= MAX_ADDED_CHARS and not set(fold(value).split()) <= words:
            found.append(value)
    return found
