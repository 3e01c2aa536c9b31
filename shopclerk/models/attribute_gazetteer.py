"""What a shop's own listings say about where values stand: counts, and features of spans made of them.

For every attribute the tables count its values, the pieces they begin with, end with and consist of, the pieces before
and behind them, and their patterns (`99 mass`), each within the category and in all categories. A record that the
tables were counted from is judged without its own share (leave one out), so that a scorer trained on the features
meets what it will meet later.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from shopclerk.models.attribute_spans import Pieces, find_value
from shopclerk.models.unit_names import dimension_of

Counts = dict[str, dict[str, int]]

FILE = "gazetteer.json"
BEGIN, END = "\x02", "\x03"
SEEN, ANY = "*", "?"
TABLES = ("value", "pattern", "start", "end", "inside", "before", "after", "seen", "width")
LONGEST_PATTERN = 6


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with the values of its attributes.

    Attributes:
        pieces: The text.
        category: Its category, may be empty.
        values: Name to values, None where the text states none.
    """

    pieces: Pieces
    category: str
    values: Mapping[str, tuple[str, ...] | None]


def slot(name: str, category: str | None = None) -> str:
    """Return the key of an attribute, within a category or in all."""
    low = " ".join(name.lower().split())
    return low if category is None else f"{category.lower()}\t{low}"


@dataclass
class Gazetteer:
    """Counts of values and their surroundings.

    Attributes:
        tables: Table to key to slot to count.
        names: Slot to [texts, texts that state no value, texts that state several].
        sharing: Two names, or ANY, to [pairs of their values in one text, pairs that share a piece].
        rewrites: Slot to what stands in the text to the value it was labelled with.
    """

    tables: dict[str, Counts] = field(default_factory=lambda: {name: {} for name in TABLES})
    names: dict[str, list[int]] = field(default_factory=dict)
    sharing: dict[str, list[int]] = field(default_factory=dict)
    rewrites: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Labelled]) -> "Gazetteer":
        """Count rows."""
        made, kept = cls(), list(rows)
        for row in kept:
            made.add_values(row)
        known = made.tables["value"].keys(), made.tables["pattern"].keys()
        for row in kept:
            made.add_seen(row, known[0], known[1])
        return made

    def add_values(self, row: Labelled) -> None:
        """Count the values of a row."""
        for name, values in row.values.items():
            slots = (slot(name), slot(name, row.category))
            for each in slots:
                entry = self.names.setdefault(each, [0, 0, 0])
                entry[0] += 1
                entry[1] += values is None
                entry[2] += len(values or ()) > 1
            for value in values or ():
                self._add_value(row, slots, value)
        self._add_sharing(row)

    def _add_sharing(self, row: Labelled) -> None:
        placed = [
            (slot(name), found[0])
            for name, values in row.values.items()
            for value in values or ()
            if (found := find_value(row.pieces, value)[0])
        ]
        for place, (name, span) in enumerate(placed):
            for other, at in placed[:place]:
                if name == other:
                    continue
                for pair in (ANY, pair_key(name, other)):
                    entry = self.sharing.setdefault(pair, [0, 0])
                    entry[0] += 1
                    entry[1] += span[0] <= at[1] and at[0] <= span[1]

    def _add_value(self, row: Labelled, slots: Sequence[str], value: str) -> None:
        spans, exact = find_value(row.pieces, value)
        if not spans:
            return
        first, last = spans[0]
        key = row.pieces.key(first, last)
        every = (*slots, ANY, slot(ANY, row.category))
        if not exact:
            wanted = " ".join(value.lower().split())
            for each in slots:
                found = self.rewrites.setdefault(each, {}).setdefault(key, {})
                found[wanted] = found.get(wanted, 0) + 1
        for table, keys in _value_events(row.pieces, first, last):
            for one in keys:
                self._count(table, one, every)

    def add_seen(self, row: Labelled, values: Iterable[str], patterns: Iterable[str]) -> None:
        """Count what stands in a row's text, value or not."""
        slots = (SEEN, slot(SEEN, row.category))
        pieces = row.pieces
        for one in {BEGIN, END, *pieces.words, *map(shape_key, pieces.shapes)}:
            self._count("seen", one, slots)
        for first, last in pieces.spans.tolist():
            if (key := pieces.key(first, last)) in values:
                self._count("value", key, slots)
            pattern = pattern_of(pieces, first, last)
            if pattern is not None and pattern in patterns:
                self._count("pattern", pattern, slots)

    def _count(self, table: str, key: str, slots: Sequence[str]) -> None:
        counts = self.tables[table].setdefault(key, {})
        for each in slots:
            counts[each] = counts.get(each, 0) + 1

    def has_several(self, name: str, category: str) -> bool:
        """Tell whether a text has stated several values of an attribute at once."""
        known = self.names.get(slot(name, category)) or self.names.get(slot(name)) or (0, 0, 0)
        return known[2] > 0

    def rewrite(self, name: str, category: str, key: str) -> str | None:
        """Return the value that a span's text was most often labelled with, None where that is the text itself."""
        for each in (slot(name, category), slot(name)):
            found = self.rewrites.get(each, {}).get(key)
            if found:
                best = max(found, key=lambda value: found[value])
                kept = self.tables["value"].get(key, {}).get(each, 0) - sum(found.values())
                return best if found[best] > kept else None
        return None

    def save(self, folder: Path) -> None:
        """Write the tables into a folder."""
        data = {
            "tables": self.tables,
            "names": self.names,
            "sharing": self.sharing,
            "rewrites": self.rewrites,
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        (folder / FILE).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Gazetteer":
        """Read the tables from a folder."""
        data = json.loads((folder / FILE).read_text("utf-8"))
        tables = {name: data["tables"].get(name, {}) for name in TABLES}
        return cls(tables, data["names"], data["sharing"], data["rewrites"])


def pair_key(name: str, other: str) -> str:
    """Return the key of two slots, whatever their order."""
    return "\t".join(sorted((name, other)))


def _value_events(pieces: Pieces, first: int, last: int) -> Iterable[tuple[str, tuple[str, ...]]]:
    words, shapes = pieces.words, pieces.shapes
    inside = words[first : last + 1]
    yield "value", (pieces.key(first, last),)
    pattern = pattern_of(pieces, first, last)
    if pattern is not None:
        yield "pattern", (pattern,)
    yield "start", (words[first], shape_key(shapes[first]))
    yield "end", (words[last], shape_key(shapes[last]))
    shaped = (shape_key(each) for each in shapes[first : last + 1])
    yield "inside", tuple({*inside, *shaped})
    yield "before", (words[first - 1] if first else BEGIN,)
    yield "after", (words[last + 1] if last + 1 < len(words) else END,)
    yield "width", (width_key(last - first + 1),)


def width_key(width: int) -> str:
    """Return the key that spans of so many pieces are counted under."""
    return str(min(width, 8))


def shape_key(shaped: str) -> str:
    """Return the key that pieces of a shape are counted under, apart from all words."""
    return f"\x01{shaped}"


@lru_cache(maxsize=65_536)
def _piece_class(word: str, shaped: str) -> str:
    if shaped[0] == "9":
        return "9"
    return dimension_of(word) or shaped


def pattern_of(pieces: Pieces, first: int, last: int) -> str | None:
    """Return a span's pattern: numbers as 9, units as their dimension, words as their shape; None for long spans."""
    if last - first >= LONGEST_PATTERN:
        return None
    classes = zip(pieces.words[first : last + 1], pieces.shapes[first : last + 1], strict=True)
    return " ".join(_piece_class(word, shaped) for word, shaped in classes)
