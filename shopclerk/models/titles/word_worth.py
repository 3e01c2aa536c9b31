"""What is lost when words of a title are dropped: logistic regressions over words and gaps.

One tells, for each word, how likely it is part of a property of the product; one tells, for each gap, how likely both
its sides are parts of one property. Features are the look, the place and the word itself where it was seen often
enough. `finetune/title_worth.py` fits them to titles with marked values; the weights lie in weights/title-worth.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from shopclerk.errors import MissingModelError
from shopclerk.models.titles.tables import audience_words, colour_words, small_words, units
from shopclerk.models.titles.words import edges, english, fold, is_common

PROTECTED_COST = 5.0
WEIGHTS_FILE, NAMES_FILE = "worth.safetensors", "worth.json"

Features = dict[str, float]
Weights = Mapping[str, Mapping[str, float]]


def shipped_folder() -> Path:
    """Return where the weights that come along lie."""
    return Path(__file__).parent.parent / "weights" / "title-worth"


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """Return the weights that come along."""
    return load_weights(shipped_folder())


def load_weights(folder: Path) -> Weights:
    """Return weights: `word` and `gap`, each feature to weight.

    Raises:
        MissingModelError: There are none, or they are damaged.
    """
    from safetensors.numpy import load_file

    try:
        names = json.loads((folder / NAMES_FILE).read_text("utf-8"))
        tensors = load_file(folder / WEIGHTS_FILE)
        return {
            kind: dict(zip(names[kind], tensors[kind].astype(float).tolist(), strict=True))
            for kind in ("word", "gap")
        }
    except Exception as error:
        # safetensors raises an error of its own kind.
        raise MissingModelError(
            f"There are no usable weights for shortening titles in '{folder}' ({error}). "
            "Install shopclerk anew, or fit them with shopclerk.finetune.title_worth."
        ) from error


def save_weights(weights: Weights, folder: Path) -> None:
    """Write weights into a folder, as float16 with the names of the features beside them."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {kind: np.array(list(table.values()), np.float16) for kind, table in weights.items()},
        folder / WEIGHTS_FILE,
    )
    names = {kind: list(table) for kind, table in weights.items()}
    (folder / NAMES_FILE).write_text(json.dumps(names, ensure_ascii=False) + "\n", encoding="utf-8")


def word_features(tokens: Sequence[str]) -> list[Features]:
    """Return the features of each word of a title."""
    keys = [fold(edges(token)[1]) for token in tokens]
    parts = _part_numbers(tokens)
    sizes = [parts.count(part) for part in parts]
    found = []
    for place, (token, key) in enumerate(zip(tokens, keys, strict=True)):
        before = keys[place - 1] if place else ""
        found.append(
            {
                "bias": 1.0,
                "digit": float(any(map(str.isdigit, token))),
                "unit": float(key in units() or key in _COUNTED),
                "colour": float(key in colour_words()),
                "audience": float(key in audience_words()),
                "small": float(key in small_words()),
                "mark": float(not key),
                "capital": float(token.lstrip("([")[:1].isupper()),
                "first": float(place == 0),
                "second": float(place in (1, 2)),
                "unlisted": float(key.isalpha() and key not in english()),
                "common": float(is_common(key)),
                "again": float(key in keys[:place]),
                "bracket": float(_in_bracket(tokens, place)),
                "first part": float(parts[place] == 0),
                "last part": float(parts[place] == parts[-1] and parts[-1] > 0),
                "short part": float(sizes[place] <= 3),
                "long part": float(sizes[place] >= 8),
                "after with": float(before in ("with", "for")),
                "after digit": float(any(map(str.isdigit, before))),
                "claim": float(key in _CLAIMS),
                f"word {key}": float(key.isalpha()),
            }
        )
    return found


def gap_features(tokens: Sequence[str]) -> list[Features]:
    """Return the features of each gap between two words of a title."""
    keys = [fold(edges(token)[1]) for token in tokens]
    found = []
    for place in range(len(tokens) - 1):
        left, right = tokens[place], tokens[place + 1]
        a, b = keys[place], keys[place + 1]
        found.append(
            {
                "bias": 1.0,
                "comma": float(left[-1] in ",;:|"),
                "stop": float(not a or not b or left in "-–—|"),
                "bracket": float(right[0] in "([" or left[-1] in ")]"),
                "number": float(any(map(str.isdigit, left)) and b.isalpha()),
                "before number": float(any(map(str.isdigit, right)) and a.isalpha()),
                "small right": float(b in small_words()),
                "small left": float(a in small_words()),
                "of": float("of" in (a, b)),
                "and": float(a in ("and", "&") or b in ("and", "&")),
                "with": float(a in ("with", "for") or b in ("with", "for")),
                "colour": float(a in colour_words() or b in colour_words()),
                "audience": float(a in audience_words() or b in audience_words()),
                "start": float(place == 0),
                "second": float(place == 1),
                "unlisted": float(a not in english() and a.isalpha()),
                "unlisted right": float(b not in english() and b.isalpha()),
                f"left {a}": 1.0,
                f"right {b}": 1.0,
            }
        )
    return found


_COUNTED = frozenset(
    "count pack ounce ounces oz servings capsules tablets loads bags pods layer layers size".split()
)
_CLAIMS = frozenset(
    "best new premium genuine perfect great ideal designed made contains helps support your own fits quality easy "
    "professional ultimate advanced original authentic super amazing favorite gift gifts".split()
)


def _part_numbers(tokens: Sequence[str]) -> list[int]:
    """Return the number of the part between marks that each word stands in."""
    number = 0
    numbers: list[int] = []
    for token in tokens:
        if token[0] in "([-–—|" and numbers:
            number += 1
        numbers.append(number)
        if token[-1] in ",;:)]":
            number += 1
    return numbers


def _in_bracket(tokens: Sequence[str], place: int) -> bool:
    before = " ".join(tokens[: place + 1])
    return before.count("(") > before[: -len(tokens[place])].count(")")


def chance(features: Features, weights: Mapping[str, float]) -> float:
    """Return the probability that a logistic regression gives."""
    z = sum(weights.get(name, 0.0) * value for name, value in features.items() if value)
    return 1 / (1 + math.exp(-max(min(z, 30.0), -30.0)))


def cheapest_cut(
    tokens: Sequence[str],
    chars: int,
    weights: Weights | None = None,
    *,
    protected: Collection[str] = (),
) -> tuple[set[int], float]:
    """Return the places of the words to drop, enough characters at the least cost, and that cost.

    A dropped word costs the chance that a property begins with it; each end of a dropped run costs the chance that it
    cuts one in two. Exact, by dynamic programming over words and characters still to be freed.

    Args:
        tokens: The words of a title.
        chars: How many characters must go.
        weights: The regression's weights; None for those that come along.
        protected: Folded words that are dropped last.
    """
    chosen = weights or shipped_weights()
    joined = [chance(f, chosen["gap"]) for f in gap_features(tokens)]
    worth = [
        chance(features, chosen["word"]) * (1 - before)
        for features, before in zip(word_features(tokens), [0.0, *joined], strict=True)
    ]
    worth = [
        PROTECTED_COST if fold(edges(token)[1]) in protected else cost
        for token, cost in zip(tokens, worth, strict=True)
    ]
    # state: (still to free, was the last word dropped) -> (cost, dropped places)
    states: dict[tuple[int, bool], tuple[float, tuple[int, ...]]] = {(chars, False): (0.0, ())}
    for place, token in enumerate(tokens):
        after: dict[tuple[int, bool], tuple[float, tuple[int, ...]]] = {}
        border = joined[place - 1] if place else 0.0
        for (left, dropped), (cost, places) in states.items():
            keep = cost + (border if dropped and places else 0.0)
            _offer(after, (left, False), keep, places)
            if place:
                drop = cost + worth[place] + (0.0 if dropped else border)
                _offer(after, (max(left - len(token) - 1, 0), True), drop, (*places, place))
        states = after
    done = [state for (left, _), state in states.items() if left == 0]
    cost, places = min(done) if done else (math.inf, tuple(range(1, len(tokens))))
    return set(places), cost


def _offer(
    states: dict[tuple[int, bool], tuple[float, tuple[int, ...]]],
    key: tuple[int, bool],
    cost: float,
    places: tuple[int, ...],
) -> None:
    if key not in states or cost < states[key][0]:
        states[key] = (cost, places)
