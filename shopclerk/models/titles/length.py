"""Shortens a title to a limit so that what decides stays: brand, numbers, colour, for whom."""

import re
from collections.abc import Sequence

from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.tables import audience_words, colour_words, small_words
from shopclerk.models.titles.words import edges, fold

HEAD_WORDS = 5
"""So many first words are dropped last."""

_BORDER = re.compile(r"(?:,\s+|\s+[-–—|/+]\s+|;\s+|\s+(?=\())")
_TAIL = re.compile(r"[\s,;:/+&([{–—-]+$")
_DIGIT = re.compile(r"\d")


def shorten(text: str, own: OwnWords, limit: int) -> str:
    """Return a title of at most so many characters: parts between marks go first, then single words.

    Args:
        text: A clean title.
        own: The words of the listing's other fields.
        limit: Characters at most.
    """
    if len(text) <= limit:
        return text
    parts = _parts(text)
    for kept in (_without_repeated_parts(parts), _with_commas(parts)):
        parts = kept if len(kept) > 1 else parts
        if len("".join(parts)) <= limit:
            return _ended("".join(parts))
    parts = _fewer_parts(parts, own, limit)
    text = _ended("".join(parts))
    return text if len(text) <= limit else _fewer_words(text, own, limit)


def _parts(text: str) -> list[str]:
    """Cut a title at its marks; each part but the first begins with its mark."""
    cuts = [0, *(match.start() for match in _BORDER.finditer(text)), len(text)]
    return [text[a:b] for a, b in zip(cuts, cuts[1:], strict=False) if a < b]


def _bare(part: str) -> str:
    return fold(part.strip(" ,;-–—|/+()"))


def _without_repeated_parts(parts: Sequence[str]) -> list[str]:
    return list({_bare(part): part for part in reversed(parts)}.values())[::-1]


def _with_commas(parts: Sequence[str]) -> list[str]:
    return [re.sub(r"^\s+[-–—|]\s+", ", ", part) for part in parts]


def _fewer_parts(parts: list[str], own: OwnWords, limit: int) -> list[str]:
    """Drop the parts that say least, of these the shortest that is long enough."""
    worth = [_worth(part, own) for part in parts]
    worth[0] = 9
    while (excess := len("".join(parts)) - limit) > 0 and len(parts) > 1:
        least = min(worth)
        if least >= 3 + HEAD_WORDS:
            break
        places = [place for place, value in enumerate(worth) if value == least]
        enough = [place for place in places if len(parts[place]) >= excess]
        goes = min(enough or places, key=lambda p: len(parts[p]) if enough else -len(parts[p]))
        del parts[goes], worth[goes]
    return parts


def _worth(part: str, own: OwnWords) -> int:
    """Return how much a part says: its own attributes, numbers, colours and for whom most, prose least."""
    words = [fold(edges(token)[1]) for token in part.split()]
    if any(word in own.strong for word in words) or _DIGIT.search(part):
        return 3
    if any(word in colour_words() or word in audience_words() for word in words):
        return 2
    return 1 if len(words) < 4 else 0


def _fewer_words(text: str, own: OwnWords, limit: int) -> str:
    """Drop words, those that say least first, the later ones before the earlier."""
    tokens = text.split()
    seen: set[str] = set()
    worth: list[tuple[int, int]] = []
    for place, token in enumerate(tokens):
        word = fold(edges(token)[1])
        again = word in seen
        seen.add(word)
        value = 1 + 2 * _worth(token, own) - (2 if again or word in small_words() else 0)
        worth.append((99 if place < HEAD_WORDS else value, -place))
    size = len(text)
    going: set[int] = set()
    for _, place in sorted((value, place) for value, place in worth):
        if size <= limit or worth[-place][0] == 99:
            break
        going.add(-place)
        size -= len(tokens[-place]) + 1
    kept = " ".join(token for place, token in enumerate(tokens) if place not in going)
    return _ended(kept if len(kept) <= limit else _cut(kept, limit))


def _cut(text: str, limit: int) -> str:
    """Cut at a word's end; a single word longer than the limit is cut itself."""
    if text[limit : limit + 1].isspace():
        return text[:limit]
    return text[:limit].rpartition(" ")[0] or text[:limit]


def _ended(text: str) -> str:
    text = _TAIL.sub("", text).strip(" ,;-–—|/+")
    # A bracket whose other half was cut off is no bracket.
    if text.count("(") > text.count(")"):
        head, _, tail = text.rpartition("(")
        text = f"{head}{tail}"
    return " ".join(text.split())
