"""What is said to sell and not to name: promotion, prices, addresses, telephone numbers."""

import re
from collections.abc import Iterator

from shopclerk.models.titles.tables import PHRASE_WORD, promotion_phrases, unspaced_promotion
from shopclerk.models.titles.words import fold

MAX_PASSES = 6
MAX_GAP = 3
"""Characters that may stand between two words of a phrase: `free - shipping`."""

_LEET = str.maketrans("013457@$", "oieastas")
_LEET_NEAR = re.compile(r"[^\W\d_][013457@$]|[013457@$][^\W\d_]")
_DIGIT = re.compile(r"\d")
_MONEY = r"(?:[$€£¥₹₺₽₩]|(?<!\w)(?:rs|usd|eur|gbp|inr|mrp)\b\.?)\s?:?\s?\d[\d.,]*(?:/-)?"
_CUE = r"(?:(?<!\w)(?:only|just|now|was|price|from|at|for|starting|nur|seulement|solo|apenas|bare|à)\s*:?\s*)"
_TRADERS = "traders|trading|store|shop|mart|market|bazaar|inc|ltd|llc|gmbh|co|company|outlet|deals"
_CONTACTS = (
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<![\w@])@[A-Za-z][\w.]{2,}"),
    re.compile(
        r"(?<![\w.])[a-z0-9][a-z0-9-]{2,}\.(?:com|net|org|shop|store|co\.uk|de|fr|info|biz|cn|nl|pl|ru)(?:/\S*)?(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:(?<!\w)(?:call|contact|whats\s?app|wa|tel|phone|ph|mobile|viber|telegram|wechat|sms|dm|inbox|line)"
        r"(?:\s+(?:us|now|at|on|me|order|to))*\b[\s:.#-]*)+\+?\(?\d[\d\s().-]{5,}\d",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w.])\+\d{1,3}[\s.-]?\(?\d[\d\s().-]{6,}\d(?!\w)|(?<!\w)\(\d{3}\)\s?\d{3}-\d{4}(?!\w)|(?<![\w-])\d{3}[-.]\d{3}[-.]\d{4}(?![\w-])"
    ),
    re.compile(
        rf"(?<!\w)(?:sold|shipped|dispatched|fulfilled)\s+by\s+(?:\w+\s+){{0,2}}(?:{_TRADERS})(?!\w)"
        r"|(?<!\w)(?:sold|shipped|dispatched|fulfilled)\s+by\s+\w+(?:\s+\w+){0,2}\s*(?=[|,;()\[\]!*~]|$)"
        r"|(?<!\w)(?:sold|shipped|dispatched|fulfilled)\s+by\s+\w+",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\w)(?:call|whats\s?app|dm|inbox)\s+(?:us|now|me|for price)\b", re.IGNORECASE),
)
_PRICES = (
    re.compile(
        r"(?:(?<!\w)(?:up\s?to|flat|save|extra|get|now|jetzt|bis zu|jusqu'à|hasta|fino a|até)\s+)*-?\d{1,2}\s?%\s?(?:off|discount|rabatt|sale|de réduction|remise|de descuento|dto|di sconto|sconto|de desconto|korting|rabais|cashback)\b",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w.])-\s?\d{1,2}\s?%(?!\w)"),
    re.compile(r"(?<!\w)save\s+(?:\d{1,2}\s?%|" + _MONEY + ")", re.IGNORECASE),
    re.compile(_CUE + "?" + _MONEY + r"(?:\s*(?:only|off|each|nur|/-)(?!\w))?", re.IGNORECASE),
    re.compile(
        r"(?:(?<!\w)(?:nur|only|just|now|jetzt)\s+)?(?<![\w.])\d[\d.,]*\s?(?:€|£|₹|zł|kr)(?!\w)",
        re.IGNORECASE,
    ),
)
_MONEY_IS_MEANT = re.compile(r"^\W*(?:e-?gift|gift|card|voucher|coin|bill|note)", re.IGNORECASE)
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\w)")
_HASHTAG = re.compile(r"(?<![\w&])#([^\W\d_]\w+)")
_EMPTY = re.compile(r"\(\W*\)|\[\W*\]|\{\W*\}|【\W*】|「\W*」|<\W*>|\*{1,3}\s*\*{1,3}|\"\s*\"")


def without_contacts(text: str) -> str:
    """Drop links, mail addresses, handles and telephone numbers."""
    if not ("." in text or "@" in text or _DIGIT.search(text) or " by " in text or " us" in text):
        return text
    for pattern in _CONTACTS:
        text = pattern.sub(" ", text)
    return text


def without_prices(text: str) -> str:
    """Drop prices and discounts; a gift card keeps its worth."""
    if not _DIGIT.search(text):
        return text
    for pattern in _PRICES:
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
