"""Training examples in files: JSON Lines, one example a line, by kind.

causal: `messages` ([role, text] pairs) and `answer`. seq2seq: `source`, `target`. token: `tokens`, `labels`.
match: `left`, `right` (products), `label`. cross-encoder: `left`, `right`, `label` (0 to 1). dual-encoder: `query`, `positive`, `negatives` (a list, may be empty).
"""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.errors import TrainingError

Example = Mapping[str, Any]

KEYS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "causal": {"messages": list, "answer": str},
    "seq2seq": {"source": str, "target": str},
    "token": {"tokens": list, "labels": list},
    "cross-encoder": {"left": str, "right": str, "label": (int, float)},
    "match": {"left": dict, "right": dict, "label": (int, float)},
    "dual-encoder": {"query": str, "positive": str, "negatives": list},
}


def read_examples(path: Path, kind: str) -> list[Example]:
    """Read a file of examples.

    Raises:
        TrainingError: The file cannot be read, or a line is broken; nothing is trained on half a file.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"The training data {path} cannot be read: {error}") from error
    examples = [
        _example(line, f"{path}, line {number}", kind)
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if not examples:
        raise TrainingError(f"The training data {path} holds no example.")
    return examples


def json_object(line: str, where: str) -> dict[str, Any]:
    """Return the object that a line of training data holds; `where` names the line in errors.

    Raises:
        TrainingError: It holds none.
    """
    try:
        data = json.loads(line)
    except ValueError as error:
        raise TrainingError(f"{where} is not JSON: {error}. Mend or delete the line.") from error
    if not isinstance(data, dict):
        raise TrainingError(f"{where} is {type(data).__name__}, not an object.")
    return data


def _example(line: str, where: str, kind: str) -> Example:
    data = json_object(line, where)
    for key, types in KEYS.get(kind, {}).items():
        if key not in data:
            needed = ", ".join(KEYS[kind])
            raise TrainingError(
                f"{where}: the key '{key}' is missing. A {kind} example has {needed}."
            )
        if not isinstance(data[key], types):
            raise TrainingError(
                f"{where}: '{key}' is {type(data[key]).__name__}, which is no {key}."
            )
    return data


def data_hash(examples: Sequence[Example]) -> str:
    """Return sixteen hex digits that change when any example does."""
    digest = hashlib.blake2b(digest_size=8)
    for example in examples:
        digest.update(json.dumps(example, sort_keys=True, ensure_ascii=False, default=str).encode())
    return digest.hexdigest()


def held_out(
    examples: Sequence[Example], share: float, seed: int
) -> tuple[list[Example], list[Example]]:
    """Return (train, held out), shuffled; each has at least one example where there are two."""
    order = list(examples)
    random.Random(seed).shuffle(order)
    count = min(max(1, round(len(order) * share)), max(1, len(order) - 1))
    return order[count:] or order, order[:count]
