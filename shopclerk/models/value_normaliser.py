"""Values in one spelling: quantities with units, colours, sizes, genders, brands; the raw value is always kept.

What a value is follows from its attribute's name and its own form. Tables in `norms/` and the library pint do the work;
where a shop gives pairs of raw and wanted values, `value_programs.py` learns its own way from them, and that goes first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from shopclerk.models.quantities import parse_quantity
from shopclerk.models.value_programs import Example, Learned, learn

By = Literal["learned", "quantity", "colour", "size", "gender", "brand", "material", "as it is"]

MAX_CHARS = 500
KINDS: tuple[tuple[By, tuple[str, ...]], ...] = (
    ("colour", ("colour", "color", "shade", "farbe", "couleur")),
    ("gender", ("gender", "sex", "department", "audience", "applicable people", "for whom")),
    ("brand", ("brand", "manufacturer", "maker")),
    ("material", ("material", "fabric")),
    ("size", ("size",)),
)
"""What a name tells of its values, the first that fits."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A value in one spelling.

    Attributes:
        raw: As it was given.
        values: In one spelling; several where the shop's own pairs say so.
        by: What made it.
    """

    raw: str
    values: tuple[str, ...]
    by: By


@dataclass(frozen=True)
class ValueNormaliser:
    """Brings values into one spelling.

    Attributes:
        learned: What a shop's own pairs taught.
        brands: Folded spelling to the shop's own.
    """

    learned: Learned = field(default_factory=Learned)
    brands: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, examples: Sequence[Example], brands: Iterable[str] = ()) -> "ValueNormaliser":
        """Learn from pairs, and from the brands as the shop spells them."""
        return cls(learn(examples), {_folded(brand): brand for brand in brands})

    def normalise(self, value: str, name: str = "", category: str = "") -> Normalised:
        """Return a value in one spelling.

        Args:
            value: As it stands in a text.
            name: Its attribute's name.
            category: The listing's category.
        """
        raw = value
        value = " ".join(value[:MAX_CHARS].split())
        found = self.learned.apply(value, name, category)
        if found is not None:
            return Normalised(raw, found, "learned")
        kind = kind_of(name)
        if kind == "brand" and _folded(value) in self.brands:
            return Normalised(raw, (self.brands[_folded(value)],), "brand")
        known = _table_value(kind, value) if kind else None
        if known is not None and kind is not None:
            return Normalised(raw, (known,), kind)
        quantity = parse_quantity(value)
        if quantity is not None and quantity.unit is not None and kind in (None, "size"):
            return Normalised(raw, (quantity.text(),), "quantity")
        return Normalised(raw, (value,) if value else (), "as it is")


def kind_of(name: str) -> By | None:
    """Return what an attribute's name tells of its values, None where it tells nothing."""
    low = name.casefold().replace("_", " ")
    return next((kind for kind, words in KINDS if any(word in low for word in words)), None)


def _folded(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _table_value(kind: By, value: str) -> str | None:
    return _tables().get(kind, {}).get(value.casefold().strip(" .,"))


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    tables = {kind: dict(found) for kind, found in _read("short_names").items()}
    for kind, file in (("colour", "colours"), ("size", "sizes")):
        tables[kind] = {
            spelling: name for name, spellings in _read(file).items() for spelling in spellings
        }
    return tables


def _read(name: str) -> dict[str, Any]:
    text = files("shopclerk").joinpath("models", "norms", f"{name}.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found
