"""What is said to sell and not to name: promotion, prices, addresses, telephone numbers."""

import re
from collections.abc import Iterator

from shopclerk.models.titles.tables import (
    PHRASE_WORD,
    promotion_phrases,
    selling_patterns,
    unspaced_promotion,
)
from shopclerk.models.titles.words import fold

MAX_PASSES = 6
MAX_GAP = 3
"""Characters that may stand between two words of a phrase: `free - shipping`."""

_LEET = str.maketrans("013457@$", "oieastas")
_LEET_NEAR = re.compile(r"[^\W\d_][013457@$]|[013457@$][^\W\d_]")
_CONTACT_SIGN = re.compile(
    r"[@/]|\w\.\w|\d{3}|\d[ .-]\d|\bby\b|\b(?:us|now|me|for)\b", re.IGNORECASE
)
_PRICE_SIGN = re.compile(
    r"\d.*[$€£¥₹₺₽₩%]|[$€£¥₹₺₽₩].*\d|\d\s?(?:zł|kr)|\b(?:rs|usd|eur|gbp|inr|mrp)\b", re.IGNORECASE
)
_MONEY_IS_MEANT = re.compile(r"^\W*(?:e-?gift|gift|card|voucher|coin|bill|note)", re.IGNORECASE)
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\w)")
_HASHTAG = re.compile(r"(?<![\w&])#([^\W\d_]\w*)")
_EMPTY = re.compile(r"\(\W*\)|\[\W*\]|\{\W*\}|【\W*】|「\W*」|<\W*>|\*{1,3}\s*\*{1,3}|\"\s*\"")


def without_contacts(text: str) -> str:
    """Drop links, mail addresses, handles, sellers and telephone numbers."""
    if not _CONTACT_SIGN.search(text):
        return text
    for pattern in selling_patterns()["contacts"]:
        text = pattern.sub(" ", text)
    return text


def without_prices(text: str) -> str:
    """Drop prices and discounts; a gift card keeps its worth."""
    if not _PRICE_SIGN.search(text):
        return text
    for pattern in selling_patterns()["prices"]:
        text = pattern.sub(
            lambda m: m[0] if _MONEY_IS_MEANT.match(m.string[m.end() :]) else " ", text
        )
    return text


def without_hashtags(text: str) -> str:
    """Drop a hashtag whose word stands in the title too or sells; the others lose their mark."""
    if "#" not in text:
        return text
    seen = {fold(word) for word in re.findall(r"\w+", _HASHTAG.sub(" ", text))}

    def plain(match: re.Match[str]) -> str:
        word = fold(match[1])
        known = word in seen or any(p.words == (word,) for p in promotion_phrases().get(word, ()))
        seen.add(word)
        return " " if known else match[1]

    return _HASHTAG.sub(plain, text)


def without_spaced_letters(text: str) -> str:
    """Close up words written with blanks between the letters: `S A L E`."""
    return _SPACED.sub(lambda match: match[0].replace(" ", ""), text)


def without_promotion(text: str) -> str:
    """Drop promotion phrases of the table, also in leetspeak."""
    for phrase in unspaced_promotion() if not text.isascii() else ():
        text = text.replace(phrase, " ")
    for _ in range(MAX_PASSES):
        spans = list(_promotion_spans(text))
        if _LEET_NEAR.search(text):
            spans += _promotion_spans(text.translate(_LEET))
        if not spans:
            break
        text = _cut(text, spans)
    return text


def _promotion_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (from, to) of the promotion phrases of a text."""
    found = list(PHRASE_WORD.finditer(text))
    words = [fold(match[0]) for match in found]
    place = 0
    while place < len(words):
        length = _phrase_at(text, found, words, place)
        if length:
            yield found[place].start(), found[place + length - 1].end()
        place += length or 1


def _phrase_at(text: str, found: list[re.Match[str]], words: list[str], place: int) -> int:
    """Return how many words the promotion phrase has that begins at a word, 0 where none does."""
    for phrase in promotion_phrases().get(words[place], ()):
        last = place + len(phrase.words) - 1
        if tuple(words[place : last + 1]) != phrase.words:
            continue
        if any(found[i + 1].start() - found[i].end() > MAX_GAP for i in range(place, last)):
            continue
        before, after = text[: found[place].start()], text[found[last].end() :]
        if _allowed(phrase.kind, before, after):
            return len(phrase.words)
    return 0


_OPEN = re.compile(r"[\[({【<*~|]\s*$")
_CLOSE = re.compile(r"^\W?\s*[\])}】>*~|]")
_HAS_WORD = re.compile(r"\w")


def _allowed(kind: str, before: str, after: str) -> bool:
    """Tell whether a phrase counts as promotion between what stands before and after it."""
    if not kind:
        return True
    if after.startswith("!") or (_OPEN.search(before) and _CLOSE.match(after)):
        return True
    at_end = not _HAS_WORD.search(before) or not _HAS_WORD.search(after)
    return kind == "~" and at_end and bool(_HAS_WORD.search(before + after))


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    kept, end = [], 0
    for first, last in sorted(spans):
        if first >= end:
            kept.append(text[end:first])
            end = last
    return _EMPTY.sub(" ", " ".join([*kept, text[end:]]))
