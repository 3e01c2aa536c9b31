"""How sellers write a category's name: short forms, typing errors, other words, other trees, other marks.

Everything is made from a taxonomy's own names and lists of general words, so that any taxonomy can be learned without
a single label.
"""

import random
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

from shopclerk.catalog.spelling import english_words
from shopclerk.models.category_words import MAX_PHRASE_WORDS, fold, stem, stems

WORDS_FILE = "seller_words.yaml"

_PARTS = re.compile(r"\s*(?:,|&|/|\band\b)\s*")
_SOUNDS = (
    ("ph", "f"), ("ou", "u"), ("ea", "ee"), ("ie", "ei"), ("ai", "ay"), ("y", "i"), ("ck", "k"), ("c", "k"),
    ("cks", "x"), ("ss", "s"), ("tt", "t"), ("ll", "l"), ("al", "le"), ("er", "or"), ("our", "or"), ("oo", "u"),
    ("ise", "ize"), ("ent", "ant"), ("able", "ible"), ("tion", "shun"), ("m", "mm"), ("t", "tt"), ("l", "ll"), ("a", "e"),
)  # fmt: skip


@lru_cache(maxsize=1)
def seller_words() -> Mapping[str, Sequence[str]]:
    """Return the lists of words that sellers put around a name."""
    text = files("shopclerk.finetune").joinpath("data", WORDS_FILE).read_text("utf-8")
    return {key: tuple(map(str, words)) for key, words in yaml.safe_load(text).items()}


class SellerTexts:
    """Writes names as sellers do.

    Args:
        rng: Decides everything.
        groups: Names that mean the same; one may stand for another.
        words: Words of the taxonomy, at which compounds may fall apart.
    """

    def __init__(
        self,
        rng: random.Random,
        groups: Sequence[Sequence[str]] = (),
        words: frozenset[str] = frozenset(),
    ) -> None:
        self.rng = rng
        self._words = words
        self._strange = (
            sorted(word for word in english_words() if stem(word) not in words) if words else []
        )
        self._others: dict[tuple[str, ...], list[str]] = {}
        for names in groups:
            for name in names:
                self._others.setdefault(tuple(stems(name)), []).extend(
                    other for other in names if other != name
                )

    def pick(self, kind: str) -> str:
        """Return one of the words of a list in seller_words.yaml."""
        return self.rng.choice(seller_words()[kind])

    def chance(self, share: float) -> bool:
        """Return True in a share of all calls."""
        return self.rng.random() < share

    def name(self, name: str, *, noise: float = 1.0) -> str:
        """Return a name as a seller may write it; `noise` scales how often something changes."""
        text = name
        if self.chance(0.25 * noise):
            text = self.part_of(text)
        if self.chance(0.25 * noise):
            text = self.synonym(text)
        if self.chance(0.1 * noise):
            text = self.without_word(text)
        words = text.split()
        words = [
            self._word(word, noise, last=place == len(words) - 1)
            for place, word in enumerate(words)
        ]
        if len(words) > 1 and self.chance(0.12 * noise):
            words = [words[-1], *words[:-1]]
        if len(words) > 1 and self.chance(0.06 * noise):
            words[:2] = ["".join(words[:2])]
        return self._marks(" ".join(words))

    def part_of(self, name: str) -> str:
        """Return one of the things that a name with `&` or commas names."""
        parts = [part for part in _PARTS.split(name) if len(part) > 2]
        return self.rng.choice(parts) if len(parts) > 1 else name

    def synonym(self, name: str) -> str:
        """Return a name with a phrase put in other words, where any are known."""
        words = name.split()
        for length in range(min(MAX_PHRASE_WORDS, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                phrase = tuple(stems(" ".join(words[start : start + length])))
                if others := self._others.get(phrase):
                    other = self.rng.choice(others)
                    return " ".join([*words[:start], other, *words[start + length :]])
        return name

    def without_word(self, name: str) -> str:
        """Drop a word that is not the last, where there are three or more."""
        words = name.split()
        if len(words) < 3:
            return name
        del words[self.rng.randrange(len(words) - 1)]
        return " ".join(word for place, word in enumerate(words) if place or word != "&")

    def _word(self, word: str, noise: float, *, last: bool) -> str:
        roll = self.rng.random() / max(noise, 1e-6)
        if not word.isalpha() or len(word) < 4:
            return word
        if roll < 0.09:
            return self.mistyped(word)
        if roll < 0.12:
            return self.shortened(word)
        if roll < 0.15:
            return self._apart(word)
        if roll < (0.35 if last else 0.19):
            return stem(fold(word)) if fold(word).endswith("s") else word + "s"
        return word

    def mistyped(self, word: str) -> str:
        """Return a word with one error: a letter lost, doubled, swapped, or written as it sounds."""
        place = self.rng.randrange(1, len(word) - 1)
        kind = self.rng.randrange(6)
        if kind == 0:
            return word[:place] + word[place + 1 :]
        if kind == 1:
            return word[: place + 1] + word[place:]
        if kind == 2:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        sounds = [(old, new) for old, new in _SOUNDS if old in word.lower()[1:]]
        if not sounds:
            return word[:place] + word[place + 1 :]
        old, new = self.rng.choice(sounds)
        return word[0] + word[1:].lower().replace(old, new, 1)

    def shortened(self, word: str) -> str:
        """Return a short form: the beginning, or the consonants."""
        if self.chance(0.7):
            cut = self.rng.randint(3, max(3, len(word) - 3))
            return word[:cut] + self.rng.choice(["", ".", "s", "'s"])
        return word[0] + "".join(char for char in word[1:] if char.lower() not in "aeiou")

    def _apart(self, word: str) -> str:
        low = word.lower()
        cuts = [
            place
            for place in range(3, len(low) - 2)
            if stem(low[:place]) in self._words and stem(low[place:]) in self._words
        ]
        return f"{word[: cuts[0]]} {word[cuts[0] :]}" if cuts else word

    def _marks(self, text: str) -> str:
        if " & " in text and self.chance(0.5):
            text = text.replace(" & ", self.pick("pair_marks"))
        roll = self.rng.random()
        return text.lower() if roll < 0.45 else text.upper() if roll < 0.55 else text

    def title(self, name: str) -> str:
        """Return a product title for a category: brand, adjective, the thing, a number."""
        parts = [self.pick("brands")] if self.chance(0.6) else []
        parts += [self.pick("fillers").title()] if self.chance(0.7) else []
        words = self.part_of(name).split()
        parts.append(" ".join([*words[:-1], stem(fold(words[-1])).title()]))
        parts += [str(self.rng.randint(2, 900))] if self.chance(0.3) else []
        return " ".join(parts)

    def nowhere(self) -> str:
        """Return a text that names no category."""
        roll = self.rng.random()
        if roll < 0.3 and self._strange:
            # Words of the language that the taxonomy does not know at all.
            return " ".join(self.rng.choices(self._strange, k=self.rng.randint(1, 2)))
        if roll < 0.6:
            text = self.pick("nowhere")
            return text.upper() if self.chance(0.15) else text
        if roll < 0.75:
            return "".join(self.rng.choices("abcdefghijklmnopqrstuvwxyz", k=self.rng.randint(1, 9)))
        if roll < 0.85:
            return f"{self.pick('nowhere')} {self.rng.randint(1, 2030)}"
        if roll < 0.93:
            return f"{self.pick('levels_around')}{self.pick('separators')}{self.pick('nowhere')}"
        return str(self.rng.randint(0, 99_999))
