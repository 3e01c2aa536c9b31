"""Words of a listing in a form that can be compared: case, width, accents and look-alike letters do not count."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

RUN = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*")
PIECE = re.compile(r"[^\W_]+")
UNSPACED = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힯฀-๿]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LATIN = re.compile(r"[a-z]")


@cache
def _lookalikes() -> dict[int, str]:
    """Return letter to the Latin letter or digit that it looks like (after Unicode's confusables, UTS 39)."""
    text = files("shopclerk.models.matching").joinpath("lookalikes.txt").read_text("utf-8")
    pairs = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {ord(other): latin for other, latin in pairs}


def folded(text: str) -> str:
    """Return a text in small letters of the plainest form, blanks squeezed.

    A letter of another script counts as the Latin one it looks like where its word holds Latin letters too.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).casefold()
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    bare = unicodedata.normalize("NFC", bare)
    return " ".join(_unmasked(word) for word in bare.split())


def _unmasked(word: str) -> str:
    return word.translate(_lookalikes()) if not word.isascii() and _LATIN.search(word) else word


def words(folded_text: str) -> list[str]:
    """Return the words of a folded text in order; scripts without blanks give pairs of characters."""
    found: list[str] = []
    for piece in PIECE.findall(folded_text):
        if UNSPACED.search(piece):
            found += [piece[place : place + 2] for place in range(max(1, len(piece) - 1))]
        else:
            found.append(piece)
    return found
