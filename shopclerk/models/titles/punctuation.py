"""Punctuation and repeated words of a title."""

import re
from collections.abc import Sequence

from shopclerk.models.titles.words import edges, fold

MAX_PHRASE = 4
"""Words of a repeated phrase at most."""

_RUN = re.compile(r"([-–—!?.,:;~*=+_#|/\\<>^])\1+")
_SHOUT = re.compile(r"[!¡]+")
_NOISE_ONLY = re.compile(r"^[-–—|/\\~,.:;_+*=<>»«^#]+$")
_LOOSE = re.compile(r"(?<!\S)[*~^_=|\\<>»«]+|[*~^_=|\\<>»«]+(?!\S)|[{}]")
_DASH_MARK = re.compile(r"\s+[-–—/+]\s*,|,\s*[-–—/]\s+(?=[-–—,])")
_PAIRS = {"(": ")", "[": "]"}
_CJK_BRACKET = str.maketrans({"【": " [", "】": "] ", "「": " ", "」": " ", "『": " ", "』": " "})
_START = re.compile(r"^[^\w\"'“‘#$€£¥₹&+.(\[]+|^[-+.&#]+(?!\d)|^[)\]'’”]+")
_LEAD_BRACKET = re.compile(r"^[(\[]([^()\[\]]*)[)\]]\s*")
_END = re.compile(r"[\s\-–—,:;&+/|~*_#=<>(\[{\\]+$")
_SPACE = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+([,;:)\]])(?=\s|$)")
_GLUED_COMMA = re.compile(r"(?<=[^\W\d_]),(?=\w)|(?<=\w),(?=[^\W\d_])")
_MARK_END = re.compile(r"[,;:.]+(?=[,;:])|,(?=\.)")


def tidy(text: str, *, noisy: bool) -> str:
    """Drop separators that separate nothing, repeated marks and empty brackets.

    Args:
        text: A title.
        noisy: Drop every separator that stands alone; else a dash stays and a bar becomes a comma.
    """
    text = _GLUED_COMMA.sub(", ", _SHOUT.sub(" ", text.translate(_CJK_BRACKET)))
    noisy = noisy or _doubled(text)
    text = _RUN.sub(lambda m: m[1] if m[1] in "+_/" else " ", _ellipses(text))
    tokens = [_separator(token, noisy) for token in text.split()]
    text = " ".join(filter(None, tokens))
    text = _DASH_MARK.sub(",", text)
    text = _without_idle_brackets(_LOOSE.sub(" ", text))
    text = _MARK_END.sub("", _BEFORE_MARK.sub(r"\1", _SPACE.sub(" ", text)))
    return _ends(text)


def _without_idle_brackets(text: str) -> str:
    """Drop brackets that have no other half, and those that hold no word with all that they hold."""
    opened: list[tuple[str, int]] = []
    cuts: list[tuple[int, int]] = []
    last_word = -1
    for place, char in enumerate(text):
        if char in _PAIRS:
            opened.append((_PAIRS[char], place))
        elif char in ")]":
            if not opened or opened[-1][0] != char:
                cuts.append((place, place + 1))
                continue
            _, start = opened.pop()
            if last_word < start:
                while cuts and cuts[-1][0] > start:
                    cuts.pop()
                cuts.append((start, place + 1))
        elif char.isalnum() or char == "_":
            last_word = place
    cuts += [(place, place + 1) for _, place in opened]
    return _cut(text, sorted(cuts)) if cuts else text


def _cut(text: str, cuts: Sequence[tuple[int, int]]) -> str:
    """Drop some places of a text; more than one character leaves a space."""
    kept, after = [], 0
    for start, end in cuts:
        kept += [text[after:start], " " if end > start + 1 else ""]
        after = end
    return "".join([*kept, text[after:]])


def _ellipses(text: str) -> str:
    return re.sub(r"…|\.{2,}|[-–—]{2,}|,{2,}", " ", text)


def _doubled(text: str) -> bool:
    """Tell whether a separator that stands alone is written twice or in rows."""
    return bool(re.search(r"(?<!\S)([-|/\\~,•:])\s?\1+(?!\S)|(?<!\S)(?:\|\||//|~~)(?!\S)", text))


def _separator(token: str, noisy: bool) -> str:
    """Return what becomes of a token: itself where it is no separator."""
    if not _NOISE_ONLY.match(token):
        return token
    if token == "+":
        return token
    if noisy:
        return ""
    if token in ("-", "–", "—", "+", "/"):
        return token
    return "," if token in ("|", ",", "~", ":", ";", "»") else ""


def _ends(text: str) -> str:
    """Drop what cannot begin or end a title; a bracket that begins it is opened."""
    text = text.strip()
    while True:
        cut = _LEAD_BRACKET.sub(r"\1 ", _START.sub("", text), count=1).strip()
        cut = _END.sub("", cut)
        if cut.endswith(".") and not re.search(r"(?:\b\w\.\w|\b[A-Za-z]{1,5})\.$", cut):
            cut = cut.rstrip(".")
        if cut == text:
            return text
        text = cut


def without_repeats(text: str) -> str:
    """Drop words and phrases that stand twice in a row, case and marks aside, and brackets that lose their half by it."""
    while True:
        tokens = text.split()
        keys = [_key(token) for token in tokens]
        for length in range(1, MAX_PHRASE + 1):
            tokens, keys = _without_phrase_repeats(tokens, keys, length)
        once = " ".join(tokens)
        if len(tokens) == len(text.split()):
            return once
        text = _ends(_SPACE.sub(" ", _without_idle_brackets(once)))


def _key(token: str) -> str:
    core = edges(token)[1]
    return fold(core) if core else token


def _without_phrase_repeats(
    tokens: list[str], keys: list[str], length: int
) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    kept_keys: list[str] = []
    for token, key in zip(tokens, keys, strict=True):
        kept.append(token)
        kept_keys.append(key)
        tail = kept_keys[-length:]
        if kept_keys[-2 * length : -length] == tail:
            # The first keeps its place, the last its mark: `Red, Red` gives `Red`.
            del kept[-length:], kept_keys[-length:]
    return kept, kept_keys
