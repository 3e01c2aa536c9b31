"""Words as the planner compares them: tokens with places, stems, and synonyms."""

import operator
import re
from dataclasses import dataclass
from functools import lru_cache, reduce
from importlib.resources import files
from typing import Any

import yaml

from shopclerk.catalog.text import STOP_WORDS, fold

_TOKEN = re.compile(r"[^\W_]+(?:['’](?:s|t|d|m|ll|re|ve)\b)?")


def _read_words(name: str) -> frozenset[str]:
    """Read a word list of this folder: words apart by blanks, lines with # left out."""
    lines = files(__package__).joinpath(name).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


FILLER = STOP_WORDS | _read_words("filler_words.txt")
"""Words of a message that never name what is wanted."""

CONTROL_WORDS = _read_words("control_words.txt")
"""Words of the assistant's own trade; a misspelt one is mended like a misspelt product word."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a message: its folded text, stem, and place in the message."""

    text: str
    stem: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a folded word without its plural ending.

    Lighter than Porter on purpose: 'fit' is not 'fitness' when a word decides what is shown.
    """
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ie"):
        return word[:-1]
    if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "i"
    return word


def tokens(folded: str) -> list[Token]:
    """Cut folded text into tokens; a possessive ending belongs to its word."""
    found = []
    for match in _TOKEN.finditer(folded):
        text = re.sub(r"['’]", "", re.sub(r"['’]s$", "", match.group()))
        found.append(Token(text, stem(text), match.start(), match.end()))
    return found


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's words."""
    return tuple(token.stem for token in tokens(fold(text)))


@lru_cache(maxsize=2)
def _data(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files(__package__).joinpath(name).read_text("utf-8"))
    return data


def _synonym_file() -> dict[str, Any]:
    return _data("synonyms.yaml")


@lru_cache(maxsize=1)
def synonyms() -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """Return phrase to the phrases it may stand for, as stems, the closest first."""
    data = _synonym_file()
    table: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    abroad = [group for groups in _data("languages.yaml").values() for group in groups]
    for group in (*data["same"], *abroad):
        phrases = [stems(str(phrase)) for phrase in group]
        for phrase in phrases:
            table.setdefault(phrase, []).extend(other for other in phrases if other != phrase)
    for word, targets in (data["kinds"] | data["recipients"]).items():
        table.setdefault(stems(word), []).extend(stems(str(target)) for target in targets)
    return table


@lru_cache(maxsize=1)
def synonym_words() -> frozenset[str]:
    """Return the unstemmed words of the synonym table, for spelling help."""
    data = _synonym_file()
    phrases = [
        *reduce(operator.iadd, data["same"], []),
        *data["kinds"],
        *reduce(operator.iadd, data["kinds"].values(), []),
    ]
    return frozenset(token.text for phrase in phrases for token in tokens(fold(str(phrase))))


@lru_cache(maxsize=1)
def recipients() -> frozenset[str]:
    """Return the stems of words for people, who say something of the product only after 'for'."""
    return frozenset(stem(word) for word in _synonym_file()["recipients"])
