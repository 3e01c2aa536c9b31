"""Clean titles made noisy, as sellers and broken exports make them: the examples title models learn from.

Every kind of noise takes tokens and a random generator. Letters of a word change only where the clean word stands in
another field of the listing, so that whoever mends it invents nothing. The wordings lie in title_noise.yaml and in the
tables of the title rules.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from shopclerk.models.titles.listing import OwnWords, TitleInput
from shopclerk.models.titles.tables import abbreviations, homoglyphs, promotion_phrases
from shopclerk.models.titles.words import fold, inflected, skeletons

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LEET = {"o": "0", "i": "1", "e": "3", "a": "4", "s": "5"}
MAX_KINDS = 5


@dataclass(slots=True)
class Noisy:
    """A title while it is made noisy.

    Attributes:
        tokens: Its words.
        own: The words of the listing's other fields.
        rng: Decides.
    """

    tokens: list[str]
    own: OwnWords
    rng: random.Random

    def known(self, *, chars: int = 4) -> list[int]:
        """Return the places of words that other fields hold, letters alone, of so many characters or more."""
        return [
            place
            for place, token in enumerate(self.tokens)
            if token.isalpha() and len(token) >= chars and fold(token) in self.own.words
        ]


Kind = Callable[[Noisy], None]


@lru_cache(maxsize=1)
def wordings() -> dict[str, Any]:
    """Return what `title_noise.yaml` holds."""
    text = files(__package__).joinpath("title_noise.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def make_noisy(listing: TitleInput, rng: random.Random) -> tuple[TitleInput, tuple[str, ...]]:
    """Return a listing with a noisy title, and the kinds of noise used."""
    noisy = Noisy(listing.title.split(), OwnWords(listing), rng)
    chosen = [name for name, (share, _) in KINDS.items() if rng.random() < share]
    rng.shuffle(chosen)
    used = sorted(chosen[:MAX_KINDS], key=list(KINDS).index)
    for name in used:
        KINDS[name][1](noisy)
    return replace(listing, title=" ".join(noisy.tokens)), tuple(used)


# -- words ---------------------------------------------------------------------------------------------


def _move(noisy: Noisy) -> None:
    if len(noisy.tokens) > 2:
        for _ in range(noisy.rng.choice((1, 1, 2))):
            token = noisy.tokens.pop(noisy.rng.randrange(len(noisy.tokens)))
            noisy.tokens.insert(noisy.rng.randrange(len(noisy.tokens) + 1), token)


def _shorten(noisy: Noisy) -> None:
    short_of: dict[str, list[str]] = {}
    for short, longs in abbreviations().items():
        for long in longs:
            short_of.setdefault(fold(long.rstrip("!")), []).append(short)
    for place in noisy.known():
        word = fold(noisy.tokens[place])
        forms = short_of.get(word) or [f for f in sorted(skeletons(word)) if 2 < len(f) < len(word)]
        if forms and noisy.rng.random() < 0.7:
            noisy.tokens[place] = noisy.rng.choice(forms)


def _typo(noisy: Noisy) -> None:
    places = noisy.known()
    for place in noisy.rng.sample(places, min(len(places), noisy.rng.choice((1, 1, 2)))):
        wrong = misspell(noisy.tokens[place], noisy.rng)
        # A typing error that gives another form of the word cannot be told from a choice.
        if not inflected(fold(wrong), fold(noisy.tokens[place])):
            noisy.tokens[place] = wrong


def misspell(word: str, rng: random.Random) -> str:
    """Return a word with one typing error: dropped, doubled, swapped or neighbouring letter."""
    place = rng.randrange(1, len(word))
    how = rng.randrange(4)
    if how == 0:
        return word[:place] + word[place + 1 :]
    if how == 1:
        return word[:place] + word[place - 1 : place].lower() + word[place:]
    if how == 2:
        return word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]
    row = next((row for row in KEYBOARD if word[place].lower() in row), word[place])
    at = row.find(word[place].lower())
    near = [row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)] or [word[place]]
    return word[:place] + rng.choice(near) + word[place + 1 :]


def _glue(noisy: Noisy) -> None:
    known = set(noisy.known(chars=3))
    pairs = [place for place in known if place + 1 in known]
    if pairs:
        place = noisy.rng.choice(pairs)
        noisy.tokens[place : place + 2] = ["".join(noisy.tokens[place : place + 2])]


def _cut_in_two(noisy: Noisy) -> None:
    places = noisy.known(chars=7)
    if places:
        place = noisy.rng.choice(places)
        word, at = noisy.tokens[place], noisy.rng.randrange(3, 5)
        noisy.tokens[place : place + 1] = [word[:at], word[at:]]


def _leet(noisy: Noisy) -> None:
    for place in noisy.known()[:1]:
        word = noisy.tokens[place]
        noisy.tokens[place] = word[0] + "".join(LEET.get(char, char) for char in word[1:])


def _repeat(noisy: Noisy) -> None:
    place = noisy.rng.randrange(len(noisy.tokens))
    times = noisy.rng.choice((1, 1, 2))
    noisy.tokens[place:place] = [noisy.tokens[place]] * times


# -- characters ----------------------------------------------------------------------------------------


def _capitals(noisy: Noisy) -> None:
    how = noisy.rng.randrange(4)
    if how == 0:
        noisy.tokens = [token.lower() for token in noisy.tokens]
    else:
        share = 1.0 if how < 3 else 0.4
        noisy.tokens = [t.upper() if noisy.rng.random() < share else t for t in noisy.tokens]


def _lookalikes(noisy: Noisy) -> None:
    back = {latin: chr(code) for code, latin in homoglyphs().items() if code > 0x24F}
    places = noisy.known()
    for place in noisy.rng.sample(places, min(2, len(places))):
        word = noisy.tokens[place]
        noisy.tokens[place] = word[0] + "".join(
            back.get(char, char) if noisy.rng.random() < 0.5 else char for char in word[1:]
        )


def _mojibake(noisy: Noisy) -> None:
    noisy.tokens = [_wrongly_decoded(token) for token in noisy.tokens]


def _wrongly_decoded(token: str) -> str:
    try:
        return token.encode("utf-8").decode("cp1252") if not token.isascii() else token
    except UnicodeDecodeError:
        return token


def _invisible(noisy: Noisy) -> None:
    for place in range(len(noisy.tokens)):
        if noisy.rng.random() < 0.3:
            word = noisy.tokens[place]
            at = noisy.rng.randrange(len(word) + 1)
            noisy.tokens[place] = (
                word[:at] + noisy.rng.choice("\u200b\u00ad\u2060\ufeff") + word[at:]
            )


def _wide(noisy: Noisy) -> None:
    place = noisy.rng.randrange(len(noisy.tokens))
    noisy.tokens[place] = "".join(
        chr(ord(char) + 0xFEE0) if "!" < char < "~" else char for char in noisy.tokens[place]
    )


# -- what is put in ------------------------------------------------------------------------------------


def _promote(noisy: Noisy) -> None:
    for _ in range(noisy.rng.choice((1, 1, 2))):
        _at_an_end(noisy, _phrase(noisy.rng))


def _phrase(rng: random.Random) -> str:
    phrases = [p for found in promotion_phrases().values() for p in found if p.kind != "!"]
    text = " ".join(rng.choice(phrases).words)
    text = rng.choice((text, text.title(), text.upper()))
    mark = rng.choice(("", "", "!", "!!", "!!!"))
    left, right = rng.choice(
        (("", ""), ("", ""), ("", ""), ("[", "]"), ("(", ")"), ("**", "**"), ("【", "】"))
    )
    return f"{left}{text}{mark}{right}"


def _at_an_end(noisy: Noisy, text: str) -> None:
    noisy.tokens.insert(noisy.rng.choice((0, len(noisy.tokens))), text)


def _insert(key: str, *, anywhere: bool) -> Kind:
    """Return the noise that puts one of the file's wordings into a title."""

    def insert(noisy: Noisy) -> None:
        text = str(noisy.rng.choice(wordings()[key]))
        for digit in range(10):
            text = text.replace(
                f"<{digit}>", str(noisy.rng.randrange(10**digit, 10 ** (digit + 1)))
            )
        if anywhere:
            noisy.tokens.insert(noisy.rng.randrange(len(noisy.tokens) + 1), text)
        else:
            _at_an_end(noisy, text)

    return insert


def _hashtags(noisy: Noisy) -> None:
    words = [token for token in noisy.tokens if token.isalpha()]
    noisy.tokens += [f"#{word.lower()}" for word in noisy.rng.sample(words, min(2, len(words)))]


def _separators(noisy: Noisy) -> None:
    mark = str(noisy.rng.choice(wordings()["separators"]))
    for _ in range(noisy.rng.choice((1, 2, 3))):
        noisy.tokens.insert(noisy.rng.randrange(1, len(noisy.tokens) + 1), mark)


def _marks(noisy: Noisy) -> None:
    place = noisy.rng.randrange(len(noisy.tokens))
    noisy.tokens[place] += str(noisy.rng.choice(wordings()["marks"]))


KINDS: dict[str, tuple[float, Kind]] = {
    "move": (0.2, _move),
    "short forms": (0.25, _shorten),
    "typo": (0.35, _typo),
    "glued": (0.15, _glue),
    "cut": (0.05, _cut_in_two),
    "leetspeak": (0.04, _leet),
    "repeat": (0.25, _repeat),
    "capitals": (0.5, _capitals),
    "lookalikes": (0.04, _lookalikes),
    "tags": (0.15, _insert("tags", anywhere=True)),
    "mojibake": (0.05, _mojibake),
    "invisible": (0.04, _invisible),
    "wide": (0.03, _wide),
    "separators": (0.3, _separators),
    "marks": (0.15, _marks),
    "promotion": (0.5, _promote),
    "contact": (0.06, _insert("contacts", anywhere=False)),
    "price": (0.06, _insert("prices", anywhere=False)),
    "seller": (0.04, _insert("sellers", anywhere=False)),
    "emoji": (0.25, _insert("emoji", anywhere=True)),
    "hashtags": (0.05, _hashtags),
}
"""Kind of noise to how often it is drawn, in the order in which kinds are applied."""
