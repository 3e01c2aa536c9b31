"""Words of titles: comparing them, their short forms, and how common they are in English."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

COMMON_COUNT = 3_000_000
"""A word counts as common from so many occurrences in Google's n-grams on (about 20,000 words)."""

_NO_WORD_EDGE = re.compile(r"^[^\w&+#%$€£¥₹\"']+|[^\w%+\"'”’″]+$")
_VOWELS = re.compile(r"[aeiou]")
_DOUBLE = re.compile(r"(.)\1+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'"})


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word in compatible form, case folded, with plain quotes."""
    if word.isascii():
        return word.lower().replace("`", "'")
    return unicodedata.normalize("NFKC", word).casefold().translate(_QUOTES)


@lru_cache(maxsize=65_536)
def squash(word: str) -> str:
    """Return the folded letters and digits of a text alone."""
    return "".join(char for char in fold(word) if char.isalnum())


@lru_cache(maxsize=16_384)
def skeletons(word: str) -> frozenset[str]:
    """Return the short forms that leave vowels out: `women` gives wmn; `yellow` gives yllw and ylw."""
    bare = word[:1] + _VOWELS.sub("", word[1:])
    without_y = bare[:1] + bare[1:].replace("y", "")
    forms = {bare, _DOUBLE.sub(r"\1", bare), without_y, _DOUBLE.sub(r"\1", without_y)}
    return frozenset(form for form in forms if len(form) > 1)


@lru_cache(maxsize=1)
def english() -> dict[str, int]:
    """Return English words with their counts, the list that comes with symspellpy."""
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    pairs = (line.split() for line in text.splitlines())
    return {word: int(count) for word, count in pairs}


@lru_cache(maxsize=1)
def product_words() -> frozenset[str]:
    """Return words of product titles that the English list lacks."""
    text = files("shopclerk.models.titles").joinpath("product_words.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("# "))
    return frozenset(word for line in lines for word in line.split())


def is_english(word: str) -> bool:
    """Tell whether a folded word is in the English list or among the words of product titles."""
    return word in english() or word in product_words()


def is_common(word: str) -> bool:
    """Tell whether a folded word is a common English one."""
    return english().get(word, 0) >= COMMON_COUNT


@lru_cache(maxsize=65_536)
def inflected(left: str, right: str) -> bool:
    """Tell whether two folded words differ by an ending alone: plural, possessive, -ed, -ing."""
    short, long = sorted((left.replace("-", ""), right.replace("-", "")), key=len)
    if short == long or short == long.replace("'", ""):
        return True
    if long in (short + "s", short + "'s", short + "es") and not short.endswith("s"):
        return True
    if not (is_common(left) and is_common(right)):
        return False
    stem = short.removesuffix("e") if long.endswith(("ing", "ed", "er")) else short
    endings = ("s", "es", "'s", "s'", "ed", "d", "ing", "er", "r")
    if any(long in (short + end, stem + end) for end in endings):
        return True
    return long.endswith("ies") and short == long[:-3] + "y"


@lru_cache(maxsize=65_536)
def edges(token: str) -> tuple[str, str, str]:
    """Return what stands before, in and after a token's word: `(red),` gives `(`, `red`, `),`."""
    core = _NO_WORD_EDGE.sub("", token)
    if not core:
        return token, "", ""
    at = token.index(core)
    return token[:at], core, token[at + len(core) :]
