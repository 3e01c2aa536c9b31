"""Options of classifiers and taggers, made from a recipe's names and values and checked."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from shopclerk.errors import TrainingError, unknown
from shopclerk.finetune.fusion_fit import falling

Options = TypeVar("Options")
Ranges = Mapping[str, tuple[float, float]]
"""Name to the least and the greatest value."""


def options_of(kind: type[Options], given: Mapping[str, Any], ranges: Ranges) -> Options:
    """Make options of some kind.

    Args:
        kind: A dataclass whose fields all have defaults.
        given: Names and values.
        ranges: What numbers may be.

    Raises:
        TrainingError: A name is not known, or a value does not work.
    """
    defaults = {each.name: each.default for each in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    for name, value in given.items():
        if name not in defaults:
            raise TrainingError(unknown("option", name, defaults))
        _check(name, value, defaults[name], ranges)
    tuples = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
    return kind(**tuples)


def _check(name: str, value: Any, default: Any, ranges: Ranges) -> None:
    if isinstance(default, tuple):
        wanted = "falling numbers from zero on, [0.1, 0.01] for instance"
        good = falling(value)
    elif isinstance(default, bool):
        wanted, good = "true or false", isinstance(value, bool)
    elif isinstance(default, int | float):
        low, high = ranges[name]
        kinds = (int,) if isinstance(default, int) else (int, float)
        wanted = f"a {'whole ' if isinstance(default, int) else ''}number from {low:g} to {high:g}"
        good = isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high
    else:
        wanted, good = "a text", isinstance(value, str)
    if not good:
        raise TrainingError(f"The option '{name}' is {value!r}; it takes {wanted}.")
