"""Characters of a title: encodings, entities, tags, invisible ones, look-alikes, emoji."""

import html
import re
import unicodedata

from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.tables import (
    abbreviations,
    audience_words,
    colour_words,
    homoglyphs,
    small_words,
)
from shopclerk.models.titles.words import edges, fold

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--.{0,300}?-->")
_AMP = re.compile(r"(?<!\S)&(?:amp|#38|#x26);(?!\S)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});?", re.IGNORECASE)
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffc\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)
_JOINER = re.compile(r"(?<![^\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff])")
_STYLED = re.compile(r"[\uff01-\uff5e\u2460-\u24ff\U0001d400-\U0001d7ff\U0001f110-\U0001f149]+")
_TOKEN = re.compile(r"\S*[^\x00-\u02ff\u1e00-\u1eff]\S*|\S*[ı-ɏɐ-ʯ]\S*")
_LATIN = re.compile(r"[A-Za-z]")
_SMALL_CAPITALS = re.compile(r"[ᴀ-ᵿɐ-ʯꜰꜱ]")
_PICTURE = (
    r"[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\ufe00-\ufe0f\u20e3"
    r"\U0001f000-\U0001faff\U000e0020-\U000e007f‼⁉♪♫†‡※·•‣◦∙]"
)
_EMOJI = re.compile(rf"(?:{_PICTURE}+\u200d*)+")
_MARK = re.compile(r"[™®©℠℗]|(?<=\w)\((?:r|tm|c)\)", re.IGNORECASE)


def without_tags(text: str, own: OwnWords) -> str:
    """Drop HTML tags, and an escaped ampersand that joins nothing, and resolve all other entities.

    Pages that were cut out of HTML leave `&amp;` behind at random places; a real one stands between two words of a
    kind.
    """
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" not in text:
        return text
    if _AMP.search(text):
        text = _joining_ampersands(text, own)
    for _ in range(2):  # `&amp;#39;` has been escaped twice
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return _TAG.sub(" ", text) if "<" in text else text


def _joining_ampersands(text: str, own: OwnWords) -> str:
    tokens = text.split()
    kept = []
    for place, token in enumerate(tokens):
        if _AMP.fullmatch(token):
            around = tokens[max(place - 1, 0) : place], tokens[place + 1 : place + 2]
            left, right = ("".join(fold(edges(near)[1]) for near in side) for side in around)
            if not _joins(left, right, own):
                continue
        kept.append(token)
    return " ".join(kept)


def _joins(left: str, right: str, own: OwnWords) -> bool:
    """Tell whether an ampersand between two folded words can be meant."""
    if not left or not right or left == right:
        return False
    brand = [fold(word) for word in own.brand_words]
    if "&" in brand:
        return True
    if left in brand and (right in brand or left == brand[-1]):
        return False
    if left in small_words() or right in small_words():
        return False
    if _is_one_of(left, audience_words()) or _is_one_of(right, audience_words()):
        return False
    return _is_one_of(left, colour_words()) == _is_one_of(right, colour_words()) or not own.strong


def _is_one_of(word: str, words: frozenset[str]) -> bool:
    return word in words or any(
        fold(long.rstrip("!")) in words for long in abbreviations().get(word, ())
    )


def legible(text: str) -> str:
    """Mend wrongly decoded text and styled letters, drop what cannot be seen, and use composed characters."""
    if text.isascii():
        return _INVISIBLE.sub("", text) if not text.isprintable() else text
    import ftfy

    text = _INVISIBLE.sub("", text)
    text = ftfy.fix_text(
        text,
        unescape_html=False,
        uncurl_quotes=False,
        fix_character_width=False,
        max_decode_length=10_000,
    )
    text = _STYLED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = _JOINER.sub("", _INVISIBLE.sub("", text))
    return _TOKEN.sub(lambda match: _without_lookalikes(match[0]), text)


def _without_lookalikes(token: str) -> str:
    """Return a token in Latin letters where it mixes them with ones that look like them."""
    if not (_LATIN.search(token) or _SMALL_CAPITALS.search(token)):
        return token
    latin = token.translate(homoglyphs())
    foreign = any(ord(char) > 0x24F and char.isalpha() for char in latin)
    return token if foreign else latin


def without_emoji(text: str) -> str:
    """Drop emoji, ornaments and trade marks."""
    if text.isascii() and "(" not in text:
        return text
    return _MARK.sub("", _EMOJI.sub(" ", text))
