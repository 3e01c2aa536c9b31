"""The words of category names: folded, stemmed, corrected towards a tree's own vocabulary.

A seller's word that the vocabulary does not hold may be a short form, a typing error, two words in one or one word in
two; each such reading counts with a weight. Names that mean the same (jumpers, sweaters) meet in a group.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

MAX_SOURCE_CHARS = 400
MAX_SEGMENTS = 8
MAX_PHRASE_WORDS = 3
GENERIC_FILE = "category_generic_words.txt"
STOP_WORDS = frozenset("a an and the of for in on with w n or to by und et de la le y".split())

_WORD = re.compile(r"[^\W\d_]+|\d+")
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힯฀-๿]")
_AND = re.compile(r"\s*(?:,|&|/|\band\b|\bor\b)\s*")
_APOSTROPHE = re.compile(r"['’`´]")
_ARROWS = re.compile(r"\s*(?:>+|»|›|→|::|\\|⟩|=>|->)\s*")
_BACK = re.compile(r"\s*(?:<+|«|‹|←)\s*")
_LOOSE = re.compile(r"\s*[|/:;,•·]+\s*|\s+[-–—&+]+\s+")

Weights = Mapping[int, float]


def fold(text: str) -> str:
    """Return a text without case, accents, and width of letters; apostrophes join what they part."""
    plain = _APOSTROPHE.sub("", text)
    if plain.isascii():
        return plain.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    return unicodedata.normalize(
        "NFC", "".join(char for char in folded if not unicodedata.combining(char))
    )


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return an English word without its plural (the S stemmer: Harman 1991, How effective is suffixing?)."""
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in order, without words that carry nothing.

    Scripts written without blanks are cut into characters and pairs of them.
    """
    found: list[str] = []
    for word in _WORD.findall(fold(text)):
        if _UNSPACED.search(word):
            found += [*word, *(word[i : i + 2] for i in range(len(word) - 1))]
        elif word not in STOP_WORDS:
            found.append(stem(word[:40]))
    return found or [word[:40] for word in _WORD.findall(fold(text))]


@dataclass(frozen=True, slots=True)
class Source:
    """A seller's category text, cut.

    Attributes:
        whole: All of it.
        segments: Its parts in order, the root first where it is a path.
        is_path: Whether the parts are surely levels of a tree, and not one thing said twice.
    """

    whole: str
    segments: tuple[str, ...]
    is_path: bool

    @property
    def last(self) -> str:
        """What names the thing itself: the lowest level of a path, else all of it."""
        return self.segments[-1] if self.is_path else self.whole


def read_source(text: str) -> Source:
    """Cut a seller's text at arrows, else at looser separators; what is too long is cut off."""
    clean = " ".join(text.split())
    parts = [part for part in _ARROWS.split(clean) if part.strip()]
    if len(parts) > 1:
        kept = parts if len(parts) <= MAX_SEGMENTS else [parts[0], *parts[1 - MAX_SEGMENTS :]]
        kept = [part[:120] for part in kept]
        return Source(" > ".join(kept), tuple(kept), True)
    parts = [part for part in _BACK.split(clean) if part.strip()]
    if len(parts) > 1:
        kept = [part[:120] for part in parts[:MAX_SEGMENTS]][::-1]
        return Source(" > ".join(kept), tuple(kept), True)
    clean = clean[:MAX_SOURCE_CHARS]
    loose = [part for part in _LOOSE.split(clean) if part.strip()][:MAX_SEGMENTS]
    # Three or more parts, set apart in one way, are hardly one thing said three times.
    marks = {mark.strip() for mark in _LOOSE.findall(clean)}
    is_path = len(loose) > 2 and len(marks) == 1 and not marks & {"&", "+", ","}
    return Source(clean, tuple(loose) or (clean,), is_path)


@lru_cache(maxsize=1)
def generic_words() -> frozenset[str]:
    """Return the stems of words that name no category by themselves: other, new, sale."""
    text = files("shopclerk.models").joinpath(GENERIC_FILE).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(stem(fold(word)) for line in lines for word in line.split())


def name_parts(name: str) -> list[str]:
    """Return the things that a name with `&` or commas names: `Yoga & Pilates Mats` gives Yoga Mats, Pilates Mats.

    A part of one word borrows the last part's further words, for the last word tells what all of them are; it also stands
    alone, for it may name a thing already.
    """
    parts = [part for part in _AND.split(name) if len(part) > 1]
    if not 1 < len(parts) <= MAX_SEGMENTS:
        return []
    tail = parts[-1].split()[1:]
    if tail and not parts[-1].startswith("("):
        borrowed = [f"{part} {' '.join(tail)}" for part in parts[:-1] if " " not in part]
        return [*borrowed, *parts]
    return parts


class Synonyms:
    """Groups of names that mean the same.

    Args:
        groups: Each the names of one thing.
    """

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._of: dict[tuple[str, ...], list[int]] = {}
        self.words: set[str] = set()
        for number, names in enumerate(groups):
            for phrase in dict.fromkeys(tuple(stems(name)) for name in names):
                if 0 < len(phrase) <= MAX_PHRASE_WORDS:
                    self._of.setdefault(phrase, []).append(number)
                    self.words.update(phrase)

    def __len__(self) -> int:
        """Return the number of phrases."""
        return len(self._of)

    def canonical(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the words with each phrase of a group, the longest first, as the names `@n` of its groups."""
        found: list[tuple[str, ...]] = []
        place = 0
        while place < len(words):
            for length in range(min(MAX_PHRASE_WORDS, len(words) - place), 0, -1):
                if groups := self._of.get(tuple(words[place : place + length])):
                    found.append(tuple(f"@{group}" for group in groups))
                    place += length
                    break
            else:
                found.append((words[place],))
                place += 1
        return found


class Vocabulary:
    """The stems of a tree's names, and which of them a seller's word may stand for.

    Args:
        texts: The stems of each name, in order.
        more: Words to correct towards that the names do not hold.
    """

    def __init__(self, texts: Iterable[Sequence[str]], more: Iterable[str] = ()) -> None:
        counts: dict[str, int] = {}
        self._joined: dict[str, tuple[str, str]] = {}
        for words in texts:
            for word in words:
                counts[word] = counts.get(word, 0) + 1
            for left, right in pairwise(words):
                self._joined.setdefault(left + right, (left, right))
        self.words = frozenset(counts) | frozenset(more)
        self._counts = counts
        self._long = sorted(
            word for word in self.words if len(word) > 2 and word.isascii() and word.isalpha()
        )
        self._by_start: dict[str, list[str]] = {}
        self._skeletons: dict[str, list[str]] = {}
        for word in self._long:
            self._by_start.setdefault(word[:2], []).append(word)
            self._skeletons.setdefault(skeleton(word), []).append(word)
        self._cache: dict[str, dict[str, float]] = {}

    def readings(self, words: Sequence[str]) -> list[dict[str, float]]:
        """Return for each word the words of the vocabulary it may stand for, with weights up to 1."""
        slots = [dict(self._read(word)) for word in words]
        for place, (left, right) in enumerate(pairwise(words)):
            if (both := stem(left + right)) in self.words:
                for slot in slots[place : place + 2]:
                    slot[both] = 0.95
        return slots

    def _read(self, word: str) -> dict[str, float]:
        if word not in self._cache:
            if len(self._cache) > 100_000:
                self._cache.clear()
            self._cache[word] = self._guess(word)
        return self._cache[word]

    def _guess(self, word: str) -> dict[str, float]:
        known = {word: 1.0} if word in self.words else {}
        if not word.isascii() or not word.isalpha() or len(word) < 3:
            return known
        if known and len(word) > 3:
            return known
        found = {near: 0.6 for near in self._longer(word, 6)}
        if known:
            return {near: weight * 0.6 for near, weight in found.items()} | known
        if pair := self._joined.get(word) or self._split(word):
            return found | {part: 0.95 for part in pair if part not in STOP_WORDS}
        found |= {near: 0.5 for near in self._skeletons.get(word, ())[:4]}
        # Vowels are what is misspelt most: the same consonants and nearly the same length are nearly the same word.
        alike = self._skeletons.get(skeleton(word), ())
        found |= {near: 0.9 for near in alike if abs(len(near) - len(word)) < 2}
        for near, weight in self._misspelt(word):
            if not near.startswith(word):
                found[near] = max(found.get(near, 0.0), weight)
        return found

    def _longer(self, word: str, most: int) -> list[str]:
        """Return words that this one may shorten, the most frequent first."""
        longer = [near for near in self._by_start.get(word[:2], ()) if near.startswith(word)]
        return sorted(longer, key=lambda near: -self._counts.get(near, 0))[:most]

    def _split(self, word: str) -> tuple[str, str] | None:
        for place in range(3, len(word) - 2):
            left, right = word[:place], word[place:]
            if left in self.words and right in self.words:
                return left, right
        return None

    def _misspelt(self, word: str) -> list[tuple[str, float]]:
        reach = 0 if len(word) < 4 else 1 if len(word) < 6 else 2
        near = process.extract(word, self._long, scorer=OSA.distance, score_cutoff=reach, limit=12)
        # Beginnings are seldom mistyped, and the frequent word is the likelier one.
        near.sort(key=lambda hit: (hit[1], hit[0][0] != word[0], -self._counts.get(hit[0], 0)))
        weights = (1.0, 0.85, 0.7)
        return [
            (other, weights[int(edits)])
            for other, edits, _ in near[:5]
            if edits < 2 or other[0] == word[0]
        ]


def skeleton(word: str) -> str:
    """Return a word's first letter and consonants: `black` gives blck."""
    return word[0] + re.sub("[aeiou]", "", word[1:])
