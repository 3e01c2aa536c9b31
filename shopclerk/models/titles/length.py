"""Shortens a title to a limit so that what decides stays.

First repeated parts and long marks go, then the words whose loss harms the fewest properties
(`word_worth.cheapest_cut`).
"""

import re
from itertools import pairwise

from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.word_worth import cheapest_cut
from shopclerk.models.titles.words import edges, fold

MAX_EXACT_WORDS = 60
"""A longer title is cut at the end down to so many words before anything is weighed."""
MARKS_COST = 0.5
"""Properties that must be saved for a title to lose its commas."""

_BORDER = re.compile(r"(?:,\s+|\s+[-–—|/+]\s+|;\s+|\s+(?=\())")
_TAIL = re.compile(r"[\s,;:/+&([{–—-]+$")
_DANGLING = re.compile(r"\s(?:with|for|and|or|of|the|by|to|in|from|&|\+)$", re.IGNORECASE)


def shorten(text: str, own: OwnWords, limit: int) -> str:
    """Return a title of at most so many characters.

    Args:
        text: A clean title.
        own: The words of the listing's other fields; its brand's words are not dropped.
        limit: Characters at most.
    """
    if len(text) <= limit:
        return text
    for lighter in (without_repeated_parts, without_bars, _without_marks):
        lighter_text = lighter(text)
        if len(lighter_text) <= limit:
            return _ended(lighter_text)
    marked, cost = _without_words(without_bars(text), own, limit)
    # A title that has lost its marks keeps more words; it reads worse, so only where that saves something.
    bare, bare_cost = _without_words(_without_marks(text), own, limit)
    return bare if bare_cost + MARKS_COST < cost else marked


def _without_words(text: str, own: OwnWords, limit: int) -> tuple[str, float]:
    """Return a title without the words that say least, and what that costs."""
    tokens = text.split()[:MAX_EXACT_WORDS]
    text, cost = " ".join(tokens), 0.0
    if len(text) > limit:
        keep = {fold(word) for word in own.brand_words}
        keep |= {word for word, role in own.role_of.items() if role == "type"}
        gone, cost = cheapest_cut(tokens, len(text) - limit, protected=keep)
        text = _ended(" ".join(token for place, token in enumerate(tokens) if place not in gone))
    return (text if len(text) <= limit else _ended(_cut(text, limit))), cost


def short_form(text: str, own: OwnWords, limit: int) -> str:
    """Return a title's first part and, of the others, those that fit: with numbers and own values first.

    Args:
        text: A clean title.
        own: The words of the listing's other fields.
        limit: Characters at most.
    """
    if len(text) <= limit:
        return text
    parts = parts_of(without_bars(text))
    kept, size = {0}, len(parts[0])
    if size > limit:
        return _without_words(parts[0], own, limit)[0]
    for place in sorted(range(1, len(parts)), key=lambda p: (not _decides(parts[p], own), p)):
        if size + len(parts[place]) <= limit:
            kept.add(place)
            size += len(parts[place])
    return _ended("".join(parts[place] for place in sorted(kept)))


def _decides(part: str, own: OwnWords) -> bool:
    """Tell whether a part holds a number or one of the product's own values."""
    return any(map(str.isdigit, part)) or any(
        fold(edges(token)[1]) in own.strong for token in part.split()
    )


def parts_of(text: str) -> list[str]:
    """Cut a title at its marks; each part but the first begins with its mark."""
    cuts = [0, *(match.start() for match in _BORDER.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(cuts) if a < b]


def without_repeated_parts(text: str) -> str:
    """Return a title in which each part between marks stands once."""
    seen: set[str] = set()
    kept = []
    for part in parts_of(text):
        key = fold(part.strip(" ,;-–—|/+()"))
        if key not in seen:
            kept.append(part)
        seen.add(key)
    return "".join(kept)


def without_bars(text: str) -> str:
    """Return a title with the shortest mark between its parts."""
    text = without_repeated_parts(text)
    return re.sub(r",?\s+[-–—|]\s+", ", ", re.sub(r"\s*-\s+(?=\w)|\s+-\s*(?=\w)", ", ", text))


def _without_marks(text: str) -> str:
    """Drop the marks between words, for a title that is but a little too long."""
    text = re.sub(r"\s+/\s+", "/", without_bars(text))
    return " ".join(re.sub(r"[,;]\s+|\s*[()]\s*|,(?=\D)", " ", text).split())


def _cut(text: str, limit: int) -> str:
    """Cut at a word's end; a single word longer than the limit is cut itself."""
    if text[limit : limit + 1].isspace():
        return text[:limit]
    return text[:limit].rpartition(" ")[0] or text[:limit]


def _ended(text: str) -> str:
    """Close a title that has lost words: no dangling mark or small word, no half of a bracket."""
    text = " ".join(text.split())
    while (shorter := _DANGLING.sub("", _TAIL.sub("", text))) != text:
        text = shorter
    if text.count("(") != text.count(")"):
        text = " ".join(text.replace("(", " ").replace(")", " ").split())
    tokens = text.split()
    return " ".join(
        token
        for place, token in enumerate(tokens)
        if not place or not _same(tokens[place - 1], token)
    )


def _same(left: str, right: str) -> bool:
    """Two words that a dropped one had parted may be the same."""
    key = fold(edges(left)[1])
    return bool(key) and key == fold(edges(right)[1])
