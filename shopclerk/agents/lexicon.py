"""The lexicon: which words of a message name a value of this catalogue.

It is made from the shop's own facet values, so it speaks any shop's and any language's words. A value is
found by its whole name, by a part of a joined name ('Perfume and Body Mist'), by its head noun ('boots' for
'Hiking Boots'), or through a synonym, in this order; the longest phrase wins.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from shopclerk.agents.wording import FILLER, Token, stems, synonyms
from shopclerk.catalog.facets import all_facet_values
from shopclerk.catalog.store import Store
from shopclerk.catalog.text import STOP_WORDS

MAX_VALUES_A_FIELD = 3_000
MAX_PHRASE_WORDS = 6
MAX_ENDED_WORDS = 3
"""Values of up to so many words are known by their last word alone, 'yellow' for Neon Yellow, if nothing else is."""
NEVER_VALUES = frozenset(
    "us more new one other any all old good great see like yes no none free".split()
)
BEFORE_VALUE = frozenset("but in only just and or".split())
"""After these the last word of a message may be a value even where it is a word of plain speech: 'but round'."""
YES, NO = frozenset({"yes", "true"}), frozenset({"no", "none", "false", "free"})

_JOINT = re.compile(r"\s*(?:,|/|&|\+|\band\b|\bor\b)\s*", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"[\d\s.,x+%-]+")


class Strength(Enum):
    """How a phrase names a value: by its name or part of it, a synonym, or its head noun alone."""

    NAME = 3
    SYNONYM = 2
    HEAD = 1


@dataclass(frozen=True, slots=True)
class Link:
    """Words of the message, by token index, that name values of one field."""

    start: int
    end: int
    field: str
    values: tuple[str, ...]
    strength: Strength = Strength.NAME


Phrase = tuple[str, ...]


class Lexicon:
    """Phrases of the catalogue and the facet values they name.

    Attributes:
        values: Field to value to number of products; the category field holds level names.
    """

    def __init__(self, facets: Mapping[str, Mapping[str, int]]) -> None:
        self.values = {field: dict(values) for field, values in facets.items()}
        self._paths = [_levels(path) for path in facets.get("category", {})]
        self.values["category"] = _level_counts(facets.get("category", {}))
        self._names: dict[Phrase, dict[str, list[str]]] = {}
        self._parts: dict[Phrase, dict[str, list[str]]] = {}
        self._heads: dict[Phrase, dict[str, list[str]]] = {}
        self._ends: dict[Phrase, dict[str, list[str]]] = {}
        self._flags: dict[Phrase, str] = {}
        self._field_names = {stems(field.replace("_", " ")): field for field in self.values}
        for field, values in self.values.items():
            if len(values) <= MAX_VALUES_A_FIELD:
                self._add_field(field, values)

    @classmethod
    def of(cls, store: Store) -> "Lexicon":
        """Build the lexicon of a catalogue."""
        return cls(all_facet_values(store))

    def _add_field(self, field: str, values: Mapping[str, int]) -> None:
        if {value.casefold() for value in values} & YES:
            self._flags[stems(field.replace("_", " "))] = field
        # Colours and materials are named by their last word; features, mostly phrases, are not.
        ended = field not in ("category", "brand", "tags") and 2 * sum(
            len(value.split()) == 1 and value.isalpha() for value in values
        ) >= len(values)
        for value in values:
            if field != "category" and (_BARE_NUMBER.fullmatch(value) or len(value) < 2):
                continue
            for phrase in _phrases(value):
                self._put(self._names, phrase, field, value)
            for phrase in _part_phrases(value):
                self._put(self._parts, phrase, field, value)
            words = stems(value)
            if field == "category" and len(words) > 1:
                self._put(self._heads, words[-1:], field, value)
            elif ended and 1 < len(words) <= MAX_ENDED_WORDS and words[-1] not in FILLER | NO:
                self._put(self._ends, words[-1:], field, value)

    @staticmethod
    def _put(
        table: dict[Phrase, dict[str, list[str]]], phrase: Phrase, field: str, value: str
    ) -> None:
        if phrase:
            table.setdefault(phrase, {}).setdefault(field, []).append(value)

    def words(self) -> set[str]:
        """Return the stems that occur in any phrase."""
        tables = (*self._names, *self._parts, *self._heads, *self._ends)
        return {word for phrase in tables for word in phrase}

    def link(self, message: list[Token], free: list[bool], asking: list[bool]) -> list[Link]:
        """Link the free tokens of a message to values, longest phrases first from the left.

        Args:
            message: The tokens.
            free: Which tokens may be used; the used ones are marked False in place.
            asking: Which tokens ask about a field; alone they name no value.
        """
        links: list[Link] = []
        start = 0
        while start < len(message):
            link = self._longest(message, free, asking, start)
            if link is None:
                start += 1
                continue
            links.append(link)
            free[link.start : link.end] = [False] * (link.end - link.start)
            start = link.end
        return links

    def _longest(
        self, message: list[Token], free: list[bool], asking: list[bool], start: int
    ) -> Link | None:
        for width in range(min(MAX_PHRASE_WORDS, len(message) - start), 0, -1):
            if not all(free[start : start + width]):
                continue
            part = message[start : start + width]
            if all(asking[start : start + width]) or self._is_filler(message, start, width):
                continue
            found = self._find(tuple(token.stem for token in part))
            if found:
                field, values, strength = found
                return Link(start, start + width, field, tuple(values), strength)
        return None

    def _is_filler(self, message: list[Token], start: int, width: int) -> bool:
        """Whether a lone word is plain speech here; a value of such a name counts beside a kind of goods."""
        word = message[start]
        if width > 1 or word.text not in FILLER:
            return False
        named = self._names.get((word.stem,), {})
        if "category" in named:
            return False
        facet = any(field not in ("brand", "tags") for field in named)
        if not facet or word.text in STOP_WORDS or word.text in NEVER_VALUES:
            return True
        if start and message[start - 1].text in BEFORE_VALUE and start + 1 == len(message):
            return False
        after = [
            tuple(token.stem for token in message[start + 1 : start + 1 + wide])
            for wide in (1, 2, 3)
        ]
        return not any(phrase in self._names or phrase in self._heads for phrase in after if phrase)

    def _find(self, phrase: Phrase) -> tuple[str, list[str], Strength] | None:
        joined = ("".join(phrase),)
        for form in dict.fromkeys((phrase, joined) if len(joined[0]) > 3 else (phrase,)):
            named, part = self._names.get(form, {}), self._parts.get(form, {})
            if "category" in part and "category" not in named:
                named = {"category": part["category"]}
            if named or part:
                return *self._best(named or part), Strength.NAME
            if flag := self._flags.get(form):
                return flag, [self._yes(flag)], Strength.NAME
        synonym = self._by_synonym(phrase)
        if not (head := self._heads.get(phrase)):
            if synonym is None and (end := self._ends.get(phrase)):
                return *self._best(end), Strength.HEAD
            return synonym
        field, values = self._best(head)
        if synonym and synonym[0] == field:
            return field, list(dict.fromkeys([*synonym[1], *values])), Strength.SYNONYM
        return field, values, Strength.HEAD

    def _by_synonym(self, phrase: Phrase) -> tuple[str, list[str], Strength] | None:
        found: dict[str, list[str]] = {}
        for other in synonyms().get(phrase, ()):
            named = self._names.get(other) or self._names.get(("".join(other),))
            named = named or self._parts.get(other)
            named = named or (self._heads.get(other) if not found else None)
            if named:
                field, values = self._best(named)
                found.setdefault(field, []).extend(values)
        if not found:
            return None
        field, values = self._best(found)
        return field, list(dict.fromkeys(values)), Strength.SYNONYM

    def _best(self, named: Mapping[str, list[str]]) -> tuple[str, list[str]]:
        """Choose the field that a phrase means: category first, then the one with most products."""

        def weight(field: str) -> tuple[bool, bool, bool, int]:
            count = sum(self.values[field].get(value, 0) for value in named[field])
            return field == "category", field == "brand", field != "tags", count

        field = max(named, key=weight)
        return field, named[field]

    def _yes(self, field: str) -> str:
        return next(value for value in self.values[field] if value.casefold() in YES)

    def containing(self, field: str, value: str) -> list[str]:
        """Return the values of a field that hold all words of one: Navy Blue for Blue."""
        words = set(stems(value))
        return [other for other in self.values.get(field, ()) if words <= set(stems(other))]

    def below(self, phrase: Phrase, above: Iterable[str]) -> list[str]:
        """Return the category names that hold a phrase and lie under some others."""
        parents = set(above)
        found = (
            level
            for path in self._paths
            for index, level in enumerate(path)
            if parents & set(path[:index]) and set(phrase) <= set(stems(level))
        )
        return list(dict.fromkeys(found))

    def most_specific(self, names: list[str]) -> list[str]:
        """Drop category names that only stand above another of them."""
        return [
            name
            for name in names
            if not any(other != name and self.lies_under([other], [name]) for other in names)
        ]

    def lies_under(self, names: Iterable[str], above: Iterable[str]) -> bool:
        """Tell whether every category path with one of the names passes through one above it."""
        wanted, parents = set(names), set(above)
        inside = [path for path in self._paths if wanted & set(path)]
        return bool(inside) and all(
            parents & set(path[: max(path.index(name) for name in wanted & set(path)) + 1])
            for path in inside
        )

    def parents(self, names: Iterable[str]) -> list[str]:
        """Return the levels right above some category names; top levels are left out."""
        wanted = set(names)
        above = (
            path[path.index(name) - 1] for path in self._paths for name in wanted & set(path[1:])
        )
        return [
            level for level in dict.fromkeys(above) if level not in wanted | set(self.top_levels())
        ]

    def top_levels(self) -> list[str]:
        """Return the first levels of the category paths."""
        return list(dict.fromkeys(path[0] for path in self._paths if path[0]))

    def umbrellas(self) -> set[str]:
        """Return the first levels of the category paths that have others below them."""
        return {path[0] for path in self._paths if len(path) > 1}

    def is_kind_among_others(self, name: str) -> bool:
        """Tell whether other categories are named as kinds of one, 'Alarm Clocks' beside or below 'Clocks'."""
        head = stems(name)[-1:]
        kinds = {value for values in self._heads.get(head, {}).values() for value in values}
        return bool(kinds - {name})

    def absent_value(self, field: str) -> str | None:
        """Return the value of a field that says 'without it' (None, No), if it has one."""
        return next((value for value in self.values[field] if value.casefold() in NO), None)

    def is_name(self, word: str) -> bool:
        """Tell whether a stem is the whole name of a value."""
        return (word,) in self._names

    def values_named(self, phrase: Phrase, field: str) -> tuple[str, ...]:
        """Return the values of one field that a phrase names, by name, part or synonym; empty where it names none."""
        for form in (phrase, *synonyms().get(phrase, ())):
            for table in (self._names, self._parts, self._ends):
                if found := table.get(form, {}).get(field):
                    return tuple(found)
        return ()

    def field_named(self, words: Iterable[str]) -> str | None:
        """Return the field that some stems name, if any."""
        return self._field_names.get(tuple(words))

    def fields_in(self, message: list[Token]) -> Iterator[tuple[int, str]]:
        """Yield (token index, field) for the field names that stand in a message."""
        for index in range(len(message)):
            for width in (3, 2, 1):
                part = tuple(token.stem for token in message[index : index + width])
                if field := self._field_names.get(part):
                    yield index, field
                    break


def _levels(path: str) -> list[str]:
    return [part.strip() for part in path.split(">")]


def _level_counts(paths: Mapping[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for path, count in paths.items():
        for level in dict.fromkeys(_levels(path)):
            counts[level] = counts.get(level, 0) + count
    return counts


def _phrases(value: str) -> set[Phrase]:
    whole = stems(value)
    phrases = {whole, ("".join(whole),)} if len(whole) <= 3 else {whole}
    return {phrase for phrase in phrases if 0 < len(phrase) <= MAX_PHRASE_WORDS}


def _part_phrases(value: str) -> set[Phrase]:
    parts = [part for part in _JOINT.split(value) if part.strip()]
    if len(parts) < 2:
        return set()
    return {phrase for phrase in map(stems, parts) if 0 < len(phrase) <= MAX_PHRASE_WORDS}
