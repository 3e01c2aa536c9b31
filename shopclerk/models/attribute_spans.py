"""Texts cut into pieces, and spans of pieces: the places where a value may stand.

A piece is a run of letters, a number, or one other character, so that `40mm/3.5g` gives `40`, `mm`, `/`, `3.5`, `g`.
Every candidate for a value is a run of at most `MAX_WIDTH` pieces, read out of the text letter by letter.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

MAX_WIDTH = 12
MAX_PIECES = 96
OVERLAP = 16

Places = NDArray[np.int64]

_PIECE = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]|_")
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힯฀-๿]")
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True)
class Pieces:
    """A text, or a window of it, cut into pieces.

    Attributes:
        text: The whole text.
        bounds: Where each piece begins and ends in the text.
    """

    text: str
    bounds: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        """Return how many pieces there are."""
        return len(self.bounds)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The pieces, letters lowered."""
        return tuple(lowered(self.text[start:end]) for start, end in self.bounds)

    @cached_property
    def shapes(self) -> tuple[str, ...]:
        """What each piece looks like, see `shape`."""
        return tuple(shape(self.text[start:end]) for start, end in self.bounds)

    @cached_property
    def spans(self) -> Places:
        """All candidate spans, `(n, 2)`: first and last piece of each."""
        count = len(self.bounds)
        pairs = [(i, j) for i in range(count) for j in range(i, min(count, i + MAX_WIDTH))]
        return np.array(pairs, np.int64).reshape(-1, 2)

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Return where a span begins and ends in the text."""
        return self.bounds[first][0], self.bounds[last][1]

    def key(self, first: int, last: int) -> str:
        """Return a span's text as tables keep it: pieces joined by blanks, letters lowered."""
        return " ".join(self.words[first : last + 1])


def lowered(text: str) -> str:
    """Return a text in small letters, letter by letter, so that its length stays."""
    if text.isascii():
        return text.lower()
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def shape(piece: str) -> str:
    """Return what a piece looks like: `9`, `9.9`, `99`, `Aa`, `AA`, `aa`, `A`, or the character itself."""
    if piece[0].isdigit():
        return "9.9" if not piece.isdigit() else ("9" if len(piece) == 1 else "99")
    if not piece[0].isalpha():
        return piece
    if len(piece) == 1:
        return "A" if piece.isupper() else "a"
    if piece.isupper():
        return "AA"
    return "Aa" if piece[0].isupper() else "aa"


def cut(text: str) -> tuple[tuple[int, int], ...]:
    """Return the bounds of a text's pieces; scripts without blanks are cut into characters."""
    bounds: list[tuple[int, int]] = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        if _UNSPACED.search(match[0]):
            bounds += [(place, place + 1) for place in range(start, end)]
        else:
            bounds.append((start, end))
    return tuple(bounds)


def windows(text: str, limit: int) -> list[Pieces]:
    """Cut a text into windows of at most `MAX_PIECES` pieces that overlap a little.

    Args:
        text: Any text.
        limit: Windows at most; what lies behind them is not read.
    """
    bounds = cut(text[: limit * MAX_PIECES * 12])
    step = MAX_PIECES - OVERLAP
    starts = range(0, max(1, len(bounds) - OVERLAP), step)
    return [Pieces(text, bounds[start : start + MAX_PIECES]) for start in starts][:limit]


def find_value(pieces: Pieces, value: str) -> tuple[list[tuple[int, int]], bool]:
    """Return the spans at which a value stands, and whether they hold it and nothing more.

    A value inside a longer word (`Short` in `Shorts`) is found at the span that covers it, and counts as not exact.
    """
    wanted, text = lowered(" ".join(value.split())), lowered(pieces.text)
    if not wanted:
        return [], False
    exact: list[tuple[int, int]] = []
    covering: list[tuple[int, int]] = []
    pattern = r"\s+".join(map(re.escape, wanted.split()))
    for match in re.finditer(pattern, text):
        span = _covering(pieces.bounds, *match.span())
        if span is None:
            continue
        (exact if pieces.place(*span) == match.span() else covering).append(span)
    return (exact, True) if exact else (covering, False)


def _covering(bounds: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    inside = [place for place, (a, b) in enumerate(bounds) if a < end and start < b]
    if not inside or inside[-1] - inside[0] >= MAX_WIDTH:
        return None
    return inside[0], inside[-1]


def unbalanced(words: Sequence[str]) -> bool:
    """Tell whether a span opens a bracket without closing it, or the other way round."""
    opened = sum(word in _OPENING for word in words)
    closed = sum(word in _CLOSING for word in words)
    return opened != closed
