"""Units as sellers write them: which dimension a word measures, and the unit's own symbol.

The table is `norms/units.yaml`; conversion is the library's (`quantities.py`).
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit.

    Attributes:
        symbol: How it is written here.
        dimension: What it measures.
        pint: Its name for the library pint, None where it cannot be converted.
        names: Its spellings, in small letters.
    """

    symbol: str
    dimension: str
    pint: str | None
    names: tuple[str, ...]


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Return the units by spelling; where two share one, the first in the table has it."""
    text = files("shopclerk").joinpath("models", "norms", "units.yaml").read_text("utf-8")
    found: dict[str, Unit] = {}
    for dimension, members in yaml.safe_load(text).items():
        for symbol, facts in members.items():
            names = (symbol.lower(), *(str(name).lower() for name in facts["as"]))
            unit = Unit(symbol, dimension, facts.get("pint"), names)
            for name in names:
                found.setdefault(name, unit)
    return found


def dimension_of(word: str) -> str | None:
    """Return what a word measures (`cm`: length), None for a word that is no unit."""
    unit = units().get(word.lower())
    return unit.dimension if unit else None
