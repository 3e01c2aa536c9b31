"""Fits what tells the words of a title that name a property: logistic regression on titles with marked values.

A line of data is `{"title", "attributes": {name: [values] or null}}`; a value that stands in the title marks its words.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.finetune.examples import read_examples
from shopclerk.models.titles.word_worth import Features, gap_features, save_weights, word_features
from shopclerk.models.titles.words import fold

OWN_WEIGHT = ("word ", "left ", "right ")
"""Features that are words themselves."""


def marked_words(title: str, values: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return, for each word, whether a value holds it, and for each gap, whether a value spans it; 0 or 1."""
    tokens = title.split()
    starts, at = [], 0
    for token in tokens:
        at = title.index(token, at)
        starts.append(at)
        at += len(token)
    words, gaps = [0] * len(tokens), [0] * max(len(tokens) - 1, 0)
    for value in values:
        first = fold(title).find(fold(value.strip()))
        if first < 0 or not value.strip() or len(fold(title)) != len(title):
            continue
        last = first + len(value.strip())
        held = [p for p, s in enumerate(starts) if s < last and s + len(tokens[p]) > first]
        for place in held:
            words[place] = 1
        for place in held[:-1]:
            gaps[place] = 1
    return words, gaps


def fit_worth(
    rows: Sequence[Mapping[str, Any]], *, strength: float = 1.0, min_count: int = 3
) -> dict[str, dict[str, float]]:
    """Return the weights: `word` and `gap`, feature to weight.

    Args:
        rows: Titles with their attribute values.
        strength: Inverse of the ridge penalty.
        min_count: A word of its own weight stands so many times in the data.
    """
    examples: dict[str, tuple[list[Features], list[int]]] = {"word": ([], []), "gap": ([], [])}
    kinds = {fold(word) for row in rows for word in str(row.get("category") or "").split()}
    for row in rows:
        title = " ".join(str(row["title"]).split())
        labels = dict(zip(("word", "gap"), marked_words(title, _values(row)), strict=True))
        tokens = title.split()
        for kind, features in (("word", word_features(tokens)), ("gap", gap_features(tokens))):
            examples[kind][0].extend(_without_kinds(found, kinds) for found in features)
            examples[kind][1].extend(labels[kind])
    return {kind: _fit(*given, strength, min_count) for kind, given in examples.items()}


def _without_kinds(features: Features, kinds: Collection[str]) -> Features:
    """Drop the features of words that name a category: nobody marks what all titles of a category have."""
    return {
        name: value
        for name, value in features.items()
        if not (name.startswith(OWN_WEIGHT) and name.partition(" ")[2] in kinds)
    }


def _values(row: Mapping[str, Any]) -> list[str]:
    given = (row.get("attributes") or {}).values()
    return [
        str(v) for values in given for v in ([values] if isinstance(values, str) else values or ())
    ]


def _fit(
    features: list[Features], labels: list[int], strength: float, min_count: int
) -> dict[str, float]:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts = Counter(name for row in features for name, value in row.items() if value)
    names = [
        name
        for name, count in counts.items()
        if not name.startswith(OWN_WEIGHT) or count >= min_count
    ]
    column = {name: place for place, name in enumerate(names)}
    cells = [
        (number, column[name], value)
        for number, row in enumerate(features)
        for name, value in row.items()
        if value and name in column
    ]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(features), len(names)))
    model = LogisticRegression(C=strength, fit_intercept=False, max_iter=500).fit(matrix, labels)
    return {name: float(weight) for name, weight in zip(names, model.coef_[0], strict=True)}


def write_worth(data: Sequence[Path], target: Path) -> int:
    """Fit on some files, write the weights, return the number of titles."""
    rows = [row for path in data for row in read_examples(path, "titles")]
    save_weights(fit_worth(rows), target)
    return len(rows)
