"""What the title tagger sees of a title's words, and how its verdicts make a new title.

The tagger reads the title that the rules wrote. For each word it says what to do (keep, drop, replace by the nearest
word of the product's other fields), in which case to write it, and whether it moves and behind which word. The same
code makes the features when it learns and when it serves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.tables import audience_words, colour_words, small_words, units
from shopclerk.models.titles.words import edges, fold, inflected, is_common, is_english, skeletons

Array = NDArray[np.float32]

OPS = ("keep", "drop", "replace")
CASES = ("as is", "lower", "title", "upper")
FEATURES = 24
MAX_WORDS = 40
MAX_FIELD_WORDS = 30


@dataclass(frozen=True, slots=True)
class TaggerInput:
    """A title ready to be tagged.

    Attributes:
        words: Its words, at most 40.
        rest: What of it lies behind them, untouched.
        fields: Words of the other fields.
        candidates: For each word the own word it may have been, empty where there is none.
        features: `(words, 24)`.
    """

    words: tuple[str, ...]
    rest: str
    fields: tuple[str, ...]
    candidates: tuple[str, ...]
    features: Array


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the tagger says of one title, probabilities.

    Attributes:
        ops: `(words, 3)`: keep, drop, replace.
        cases: `(words, 4)`: as is, lower, title, upper.
        moves: `(words,)`: whether it stands in the wrong place.
        behind: `(words, words + 1)`: the word it belongs behind, the last column for the title's start.
    """

    ops: Array
    cases: Array
    moves: Array
    behind: Array


def tagger_input(title: str, own: OwnWords) -> TaggerInput:
    """Return what the tagger sees of a title."""
    tokens = title.split()
    words, rest = tuple(tokens[:MAX_WORDS]), " ".join(tokens[MAX_WORDS:])
    keys = [fold(edges(word)[1]) for word in words]
    candidates = tuple(_candidate(key, own, keys) for key in keys)
    fields = (*own.brand_words, *own.strong, *own.words)
    features = np.array(
        [_features(place, words, keys, candidates, own) for place in range(len(words))], np.float32
    ).reshape(len(words), FEATURES)
    return TaggerInput(
        words, rest, tuple(dict.fromkeys(fields))[:MAX_FIELD_WORDS], candidates, features
    )


def _candidate(key: str, own: OwnWords, keys: Sequence[str]) -> str:
    """Return the own word nearest to a folded word, whether or not it is a word of the language."""
    if len(key) < 3 or key in own.words or not key.isalpha():
        return ""
    best, best_distance = "", 3
    for other, form in own.words.items():
        if other in keys or not other.isalpha() or len(other) < 3:
            continue
        reach = 1 if len(key) < 7 else 2
        distance = 1 if key in skeletons(other) else OSA.distance(key, other, score_cutoff=reach)
        if distance <= reach and distance < best_distance:
            best, best_distance = form, distance
    return best


def _features(
    place: int, words: Sequence[str], keys: Sequence[str], candidates: Sequence[str], own: OwnWords
) -> list[float]:
    word, key = words[place], keys[place]
    letters = [char for char in word if char.isalpha()]
    before = keys[place - 1] if place else ""
    candidate = fold(candidates[place])
    values = (
        bool(letters) and all(char.isupper() for char in letters),
        bool(letters) and all(char.islower() for char in letters),
        word[:1].isupper() and word[1:].islower(),
        any(map(str.isdigit, word)),
        not key,
        key in own.words,
        key in own.strong,
        key in {fold(part) for part in own.brand_words},
        own.role_of.get(key) == "type",
        own.role_of.get(key) == "colour",
        key in colour_words(),
        key in audience_words(),
        key in small_words(),
        key in units(),
        is_english(key),
        is_common(key),
        bool(candidate),
        bool(candidate) and candidate in own.strong,
        bool(candidate) and inflected(key, candidate),
        before in own.strong,
        bool(before) and before[-1:].isdigit(),
        place == 0,
        place == len(words) - 1,
        bool(word) and word[-1] in ",;:)",
    )
    return [float(value) for value in values]


def apply_verdicts(given: TaggerInput, verdicts: Verdicts, *, sure: float) -> tuple[str, float]:
    """Return the title that the verdicts make, and how sure they are.

    Args:
        given: The title.
        verdicts: What the tagger says.
        sure: A word is changed only where its verdict is at least so probable.
    """
    words = [
        _cased(_replaced(given, verdicts, i, sure), verdicts.cases[i], sure)
        for i in range(len(given.words))
    ]
    order = _ordered(len(words), verdicts, sure)
    kept = [i for i in order if verdicts.ops[i, OPS.index("drop")] < sure]
    chances = [float(verdicts.ops[i].max()) for i in range(len(words))]
    text = " ".join([*(words[i] for i in kept), *given.rest.split()])
    return text, float(np.mean(chances)) if chances else 0.0


def _replaced(given: TaggerInput, verdicts: Verdicts, place: int, sure: float) -> str:
    word = given.words[place]
    if verdicts.ops[place, OPS.index("replace")] < sure or not given.candidates[place]:
        return word
    before, core, after = edges(word)
    form = given.candidates[place]
    return before + (form if form != form.lower() or core.islower() else form.capitalize()) + after


def _cased(word: str, cases: Array, sure: float) -> str:
    best = int(cases.argmax())
    if best == 0 or cases[best] < sure:
        return word
    return (word, word.lower(), word[:1].upper() + word[1:].lower(), word.upper())[best]


def _ordered(count: int, verdicts: Verdicts, sure: float) -> list[int]:
    """Return the order of the words: those that move are put behind the word they belong to."""
    moving = [i for i in range(count) if verdicts.moves[i] >= sure]
    order = [i for i in range(count) if i not in moving]
    for i in moving:
        chances = verdicts.behind[i].copy()
        chances[i] = 0
        target = int(chances.argmax())
        if chances[target] < sure / 2:
            order.insert(min(i, len(order)), i)
        elif target == count:
            order.insert(0, i)
        else:
            order.insert(order.index(target) + 1 if target in order else len(order), i)
    return order
