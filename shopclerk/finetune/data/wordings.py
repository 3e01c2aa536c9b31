"""Wordings: templates of messages, and how they become words with a meaning each.

A message is a list of pieces; a piece is plain text, or names something that is wanted, ruled out or only said in
passing. Whoever labels a turn looks at the piece a word came from.
"""

import random
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml

Role = Literal["want", "not", "skip"]
Split = Literal["train", "heldout"]

HELD_OUT_OF = 7
MAX_DEPTH = 8

_SLOT = re.compile(r"\{(?:(w|n|s|sort|stock):)?([^{}]+)\}|<(\w+)>")
_ROLES: dict[str, Role] = {"w": "want", "n": "not", "s": "skip", "sort": "want", "stock": "want"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a message and what the shopper means by it."""

    text: str
    role: Role


Fill = Callable[[str, Role], str | None]
"""Gives the text of a slot by its name, None where this shop or moment has none."""


@lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, list[str]]]:
    text = files(__package__).joinpath("wordings.yaml").read_text("utf-8")
    data: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return data


def intentions() -> list[str]:
    """Return the names of everything a shopper may be up to."""
    return list(_file()["turns"])


def is_held_out(template: str) -> bool:
    """Tell whether a phrase is kept for the held-out split."""
    return zlib.crc32(template.encode()) % HELD_OUT_OF == 0


def templates(intention: str, split: Split) -> list[str]:
    """Return the templates of an intention in a split."""
    return _of_split(_file()["turns"][intention], split)


def _of_split(phrases: list[str], split: Split) -> list[str]:
    held = [phrase for phrase in phrases if is_held_out(phrase)]
    kept = [phrase for phrase in phrases if not is_held_out(phrase)]
    return (held or kept) if split == "heldout" else (kept or held)


def word_turn(intention: str, split: Split, fill: Fill, rng: random.Random) -> list[Piece] | None:
    """Return a message of an intention as pieces, None where a slot could not be filled."""
    template = rng.choice(templates(intention, split))
    pieces: list[Piece] = []
    return pieces if _expand(template, split, fill, rng, pieces, 0) else None


def _expand(
    template: str, split: Split, fill: Fill, rng: random.Random, into: list[Piece], depth: int
) -> bool:
    place = 0
    for match in _SLOT.finditer(template):
        _add(into, template[place : match.start()], "skip")
        place = match.end()
        letter, slot, part = match.groups()
        if part:
            phrases = _of_split(_file()["parts"][part], split) if depth < MAX_DEPTH else []
            if not phrases or not _expand(rng.choice(phrases), split, fill, rng, into, depth + 1):
                return False
        elif letter in ("sort", "stock"):
            _add(into, slot, "want")
        else:
            role = _ROLES.get(letter or "w", "want")
            text = fill(slot, role)
            if text is None:
                return False
            _add(into, text, "skip" if slot in _NEVER_WANTED else role)
    _add(into, template[place:], "skip")
    return True


def _add(into: list[Piece], text: str, role: Role) -> None:
    if text:
        into.append(Piece(text, role))


_NEVER_WANTED = frozenset(
    {"person", "count", "aside", "field", "ask", "nth", "pos", "two", "two_vs", "two_with"}
)
"""Slots that never name a condition."""


def message_text(pieces: list[Piece]) -> str:
    """Return the message as it is written."""
    return "".join(piece.text for piece in pieces)
