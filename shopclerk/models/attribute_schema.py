"""Which attributes a listing of a category has: names with examples, allowed values and dimensions.

A schema comes from a shop's own products, from labelled rows, or from a caller. A category that it does not know takes
the closest one above or of the same name, else the names that most categories have; the answer says which.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

MOST_NAMES = 24
MOST_EXAMPLES = 60

Found = Literal["category", "near category", "all categories", "given"]


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """One attribute that can be asked for.

    Attributes:
        name: Its name.
        examples: Values it has had.
        allowed: The only values it may have; empty for any.
        dimension: What its values measure (`length`, see `norms/units.yaml`); empty for anything.
    """

    name: str
    examples: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """Attributes by category.

    Attributes:
        categories: Category to its attributes, the most frequent first.
    """

    categories: Mapping[str, tuple[AttributeSpec, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Mapping[str, Sequence[str]]]]) -> "Schema":
        """Count a schema from (category, name to values) of listings."""
        names: dict[str, Counter[str]] = {}
        values: dict[tuple[str, str], Counter[str]] = {}
        for category, given in rows:
            for name, found in given.items():
                names.setdefault(category, Counter())[name] += 1
                values.setdefault((category, name), Counter()).update(found)
        return cls(
            {
                category: tuple(
                    AttributeSpec(name, _frequent(values[category, name]))
                    for name, _ in counted.most_common(MOST_NAMES)
                )
                for category, counted in names.items()
            }
        )

    def attributes(self, category: str) -> tuple[tuple[AttributeSpec, ...], Found]:
        """Return the attributes of a category, and where they come from."""
        known = {_plain(name): specs for name, specs in self.categories.items()}
        wanted = _plain(category)
        if wanted in known:
            return known[wanted], "category"
        levels = wanted.split(">")
        above = [">".join(levels[:size]) for size in range(len(levels) - 1, 0, -1)]
        for name in above:
            if name in known:
                return known[name], "near category"
        same = [
            specs
            for name, specs in known.items()
            if levels[-1] and name.split(">")[-1] == levels[-1]
        ]
        if same:
            return same[0], "near category"
        return self._common(), "all categories"

    def _common(self) -> tuple[AttributeSpec, ...]:
        counted: Counter[str] = Counter()
        examples: dict[str, list[str]] = {}
        for specs in self.categories.values():
            for spec in specs:
                counted[spec.name] += 1
                examples.setdefault(spec.name, []).extend(spec.examples[:10])
        return tuple(
            AttributeSpec(name, tuple(dict.fromkeys(examples[name]))[:MOST_EXAMPLES])
            for name, _ in counted.most_common(MOST_NAMES)
        )


def _frequent(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(value for value, _ in counted.most_common(MOST_EXAMPLES))


def _plain(category: str) -> str:
    return ">".join(part.strip().casefold() for part in category.split(">"))
