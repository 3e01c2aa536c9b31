"""The tables of the title rules: files beside this one, one noun each, read once."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from shopclerk.models.titles.words import fold

PHRASE_WORD = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*%?\+?|#(?=\d)")
"""A word of a promotion phrase: 100%, a+, p&p."""


def _lines(name: str) -> Iterator[str]:
    text = files("shopclerk.models.titles").joinpath(name).read_text("utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("# "):
            yield line.strip()


def _yaml(name: str) -> Any:
    return yaml.safe_load(files("shopclerk.models.titles").joinpath(name).read_text("utf-8"))


@lru_cache(maxsize=1)
def attribute_roles() -> dict[str, str]:
    """Return the folded name of an attribute to its role: brand, colour, audience, type, model, size, material."""
    roles = _yaml("attribute_roles.yaml")
    return {fold(str(name)): role for role, names in roles.items() for name in names}


@lru_cache(maxsize=1)
def no_brands() -> frozenset[str]:
    """Return the folded words that stand for having no brand."""
    return frozenset(fold(line) for line in _lines("no_brands.txt"))


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, tuple[str, ...]]:
    """Return a folded short form to what it may stand for."""
    pairs = (line.split(":", 1) for line in _lines("abbreviations.txt"))
    return {
        fold(short.strip()): tuple(word.strip() for word in long.split(","))
        for short, long in pairs
    }


@lru_cache(maxsize=1)
def plain_abbreviations() -> dict[str, str]:
    """Return the short forms that stand for one thing alone, whatever the product."""
    return {
        short: long[0].rstrip("!")
        for short, long in abbreviations().items()
        if long[0].endswith("!")
    }


class Phrase(NamedTuple):
    """A promotion phrase.

    Attributes:
        words: Its folded words.
        kind: ``: promotion anywhere; `~`: only at an end or apart from the rest; `!`: only with a mark or in brackets.
    """

    words: tuple[str, ...]
    kind: str


@lru_cache(maxsize=1)
def promotion_phrases() -> dict[str, list[Phrase]]:
    """Return the folded first word of a promotion phrase to the phrases, the longest first."""
    found: dict[str, list[Phrase]] = {}
    for line in _lines("promotion.txt"):
        kind = line[0] if line[:2] in ("~ ", "! ") else ""
        words = tuple(PHRASE_WORD.findall(fold(line.removeprefix(kind))))
        found.setdefault(words[0], []).append(Phrase(words, kind))
    for phrases in found.values():
        phrases.sort(key=lambda phrase: -len(phrase.words))
    return found


@lru_cache(maxsize=1)
def selling_patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Return the patterns of contact data and of prices: `contacts`, `prices`."""
    data = _yaml("selling_patterns.yaml")
    parts = dict(data.pop("parts"))
    return {
        kind: tuple(re.compile(_whole(pattern, parts), re.IGNORECASE) for pattern in patterns)
        for kind, patterns in data.items()
    }


def _whole(pattern: str, parts: Mapping[str, str]) -> str:
    """Put the named parts, which may name others, into a pattern."""
    while found := re.search(r"@\{([a-z]+)\}", pattern):
        pattern = pattern.replace(found[0], parts[found[1]])
    return pattern


@lru_cache(maxsize=1)
def unspaced_promotion() -> tuple[str, ...]:
    """Return the promotion phrases of scripts without blanks, the longest first."""
    return tuple(sorted(_lines("promotion_unspaced.txt"), key=len, reverse=True))


@lru_cache(maxsize=1)
def acronyms() -> dict[str, str]:
    """Return folded words that are written in capitals, or with some, to that form."""
    return {fold(word): word for line in _lines("acronyms.txt") for word in line.split()}


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """Return the words that a title writes small but at its start."""
    return frozenset(word for line in _lines("small_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def units() -> dict[str, str]:
    """Return folded units of measure to how they are written behind a number."""
    return {fold(word): word for line in _lines("units.txt") for word in line.split()}


@lru_cache(maxsize=1)
def homoglyphs() -> dict[int, str]:
    """Return letters of other scripts to the Latin ones they look like."""
    return {ord(pair[0]): pair[-1] for line in _lines("homoglyphs.txt") for pair in line.split()}


@lru_cache(maxsize=1)
def colour_words() -> frozenset[str]:
    """Return folded names of colours."""
    return frozenset(fold(word) for line in _lines("colours.txt") for word in line.split())


@lru_cache(maxsize=1)
def audience_words() -> frozenset[str]:
    """Return folded words for whom a product is."""
    return frozenset(fold(word) for line in _lines("audiences.txt") for word in line.split())
