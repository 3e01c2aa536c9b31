"""Text analysis shared by the index, search, spelling and the planner.

`fold` makes letters comparable (case, width, accents); `analyse` cuts a text into the terms the
full-text index holds. Model numbers are the hard part: `MB565LL/A`, `mb565lla` and `MB-565 LLA` must
meet, so a mixed run of letters and digits is kept whole, split at the letter-digit border, and joined
across hyphens and slashes. Scripts written without blanks are cut into characters and pairs of them.
"""

import re
import unicodedata
from collections.abc import Iterator

MAX_TERM_CHARS = 64

ANALYSIS_VERSION = 1
"""Grows when `analyse` changes; catalogues indexed under an older one are indexed anew."""

_RUN = re.compile(r"[^\W_]+(?:[-/.'’][^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+")
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")
_HAS_DIGIT = re.compile(r"\d")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힯฀-๿]")

STOP_WORDS = frozenset(
    "a an and are as at be but by can could did do does for from had has have how i if in into "
    "is it its me my of on or our please so some than that the their them then there these they "
    "this those to was we were what when where which who will with would you your".split()
)
"""English words without content; a query made of nothing else keeps them."""

REQUEST_WORDS = frozenset(
    "also any anything available browse buy buying carry find get give got hello help hey hi "
    "like list look looking need offer offering order please product products purchase search "
    "searching see sell shop show something store thanks thing things want wanted wish".split()
)
"""Words that frame a request to a shop and say nothing of the thing wanted."""


def fold(text: str) -> str:
    """Return the text in compatible form, case folded, without accents, blanks squeezed."""
    if text.isascii():
        return " ".join(text.lower().split())
    # Twice: what decomposition brings out may have a case, as in ℡, and the other way round.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def analyse(text: str) -> list[str]:
    """Return the index terms of a text in order, repeats kept.

    Terms are folded and unstemmed; the index stems them (Porter) itself.
    """
    return list(_terms(fold(text)))


def _terms(folded: str) -> Iterator[str]:
    for run in _RUN.findall(folded):
        pieces = _PIECE.findall(run)
        for piece in pieces:
            yield from _piece_terms(piece[:MAX_TERM_CHARS])
        if len(pieces) > 1 and _HAS_DIGIT.search(run):
            yield "".join(pieces)[:MAX_TERM_CHARS]


def _piece_terms(piece: str) -> Iterator[str]:
    if _UNSPACED.search(piece):
        yield from piece
        yield from (piece[i : i + 2] for i in range(len(piece) - 1))
        return
    yield piece
    if _HAS_DIGIT.search(piece) and _HAS_LETTER.search(piece):
        yield from _LETTERS_OR_DIGITS.findall(piece)


def content_terms(text: str) -> list[str]:
    """Return the distinct terms of a query that carry content, in order.

    Stop words and request words are left out, unless nothing else is there.
    """
    terms = list(dict.fromkeys(analyse(text)))
    content = [term for term in terms if term not in STOP_WORDS and term not in REQUEST_WORDS]
    return content or [term for term in terms if term not in STOP_WORDS]


_ITEM_BORDER = re.compile(
    r"(?<=[.!?;])\s+(?=\S)|\s*;\s*"
    r"|\b(?:first|second|third|fourth|fifth|sixth|lastly|finally)\b[,:]\s*"
    r"|\b(?:both|also|plus)\b\s*"
    r"|(?:,\s*|\s+)(?:and|as well as)\s+(?=(?:a|an|the|some|one|two|another)\s)"
    r"|,\s+(?=(?:a|an|some|one|two|another)\s)",
    re.IGNORECASE,
)


def request_items(query: str) -> list[str]:
    """Cut a request for several things into its items: 'a kettle and a mug' gives two.

    A part counts as an item when it has at least two content terms; fewer than two items give [].
    """
    parts = [part.strip(" ,.:;") for part in _ITEM_BORDER.split(query) if part]
    items = [part for part in parts if len(content_terms(part)) > 1]
    return items if len(items) > 1 else []
