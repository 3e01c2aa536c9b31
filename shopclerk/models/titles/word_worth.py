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
from numpy.typing import NDArray

from shopclerk.errors import MissingModelError
from shopclerk.models.titles.tables import audience_words, colour_words, small_words, units
from shopclerk.models.titles.words import edges, english, fold, is_common

PROTECTED_COST = 5.0
WEIGHTS_FILE, NAMES_FILE = "worth.safetensors", "worth.json"

Bools = NDArray[np.bool_]
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
    parts, brackets = _part_numbers(tokens), _in_brackets(tokens)
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
                "small in long part": float(token[:1].islower() and sizes[place] >= 8),
                "first": float(place == 0),
                "second": float(place in (1, 2)),
                "unlisted": float(key.isalpha() and key not in english()),
                "common": float(is_common(key)),
                "again": float(key in keys[:place]),
                "bracket": float(brackets[place]),
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
    parts = _part_numbers(tokens)
    sizes = [parts.count(part) for part in parts]
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
                "both small": float(left[:1].islower() and right[:1].islower()),
                "both capital": float(left[:1].isupper() and right[:1].isupper()),
                "one part": float(parts[place] == parts[place + 1]),
                "long part": float(sizes[place] >= 8 and parts[place] == parts[place + 1]),
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


def _in_brackets(tokens: Sequence[str]) -> list[bool]:
    """Tell for each word whether a bracket is open where it stands."""
    depth, found = 0, []
    for token in tokens:
        found.append(depth + token.count("(") > 0)
        depth = max(depth + token.count("(") - token.count(")"), 0)
    return found


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
    cuts one in two. Exact, by dynamic programming over words and characters still to be freed. The first word stays.

    Args:
        tokens: The words of a title.
        chars: How many characters must go.
        weights: The regression's weights; None for those that come along.
        protected: Folded words that are dropped last.
    """
    joined, worth = _costs(tokens, weights or shipped_weights(), protected)
    still = np.arange(chars + 1)
    # Cost by characters still to be freed, where the last word was kept, and where it was dropped.
    kept = np.full(chars + 1, np.inf)
    dropped = np.full(chars + 1, np.inf)
    kept[chars] = 0.0
    came: list[tuple[Bools, NDArray[np.int64], Bools]] = []
    for place, token in enumerate(tokens):
        border = joined[place - 1] if place else 0.0
        new_kept, from_dropped = np.minimum(kept, dropped + border), dropped + border < kept
        new_dropped = np.full(chars + 1, np.inf)
        source = np.zeros(chars + 1, np.int64)
        after_dropped = np.zeros(chars + 1, bool)
        if place:
            best = np.minimum(kept + border, dropped) + worth[place]
            source, new_dropped = _freed(best, len(token) + 1, still)
            after_dropped = (dropped < kept + border)[source]
        came.append((from_dropped, source, after_dropped))
        kept, dropped = new_kept, new_dropped
    return _traced(came, kept, dropped, len(tokens))


def _costs(
    tokens: Sequence[str], weights: Weights, protected: Collection[str]
) -> tuple[list[float], list[float]]:
    """Return what it costs to cut each gap, and to drop each word."""
    joined = [chance(f, weights["gap"]) for f in gap_features(tokens)]
    worth = []
    for place, features in enumerate(word_features(tokens)):
        cost = chance(features, weights["word"]) * (1 - (joined[place - 1] if place else 0.0))
        held = fold(edges(tokens[place])[1]) in protected
        worth.append(PROTECTED_COST if held else cost)
    return joined, worth


def _freed(
    costs: NDArray[np.float64], size: int, still: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return, by characters still to be freed, where a dropped word of some size came from and its cost."""
    source = np.minimum(still + size, len(still) - 1)
    moved = np.where(still + size < len(still), costs[source], np.inf)
    # Whatever frees more than is wanted has nothing left to free.
    done = int(np.argmin(costs[: size + 1]))
    source[0], moved[0] = done, costs[done]
    return source, moved


def _traced(
    came: Sequence[tuple[Bools, NDArray[np.int64], Bools]],
    kept: NDArray[np.float64],
    dropped: NDArray[np.float64],
    count: int,
) -> tuple[set[int], float]:
    """Walk back from the cheapest end; without one all words but the first go."""
    cost = float(min(kept[0], dropped[0]))
    if not math.isfinite(cost):
        return set(range(1, count)), math.inf
    gone: set[int] = set()
    left, is_dropped = 0, bool(dropped[0] < kept[0])
    for place in range(count - 1, -1, -1):
        from_dropped, source, after_dropped = came[place]
        if is_dropped:
            gone.add(place)
            is_dropped, left = bool(after_dropped[left]), int(source[left])
        else:
            is_dropped = bool(from_dropped[left])
    return gone, cost
