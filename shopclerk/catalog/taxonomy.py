"""A taxonomy: categories in a tree, each with an id, a path from the root, and names it is also known by.

Two categories may have one name under different parents; a path names one category.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from shopclerk.catalog.text import analyse, fold
from shopclerk.errors import TaxonomyError

SEPARATOR = " > "
MAX_NAME_CHARS = 500
MAX_DEPTH = 20
LIKE_FROM = 60

_ARROW = re.compile(r"\s*>\s*")


@dataclass(frozen=True, slots=True)
class Category:
    """A node of a taxonomy.

    Attributes:
        id: As its file gives it, else the path.
        path: Names from the root to the node.
        aliases: Other names for it.
    """

    id: str
    path: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its own name, the last of the path."""
        return self.path[-1]

    @property
    def full_name(self) -> str:
        """The path as one line, `A > B > C`."""
        return SEPARATOR.join(self.path)


def split_path(text: str) -> tuple[str, ...]:
    """Cut `A > B > C` into its names."""
    return tuple(part for part in _ARROW.split(text.strip()) if part)


class Taxonomy:
    """Categories in a tree.

    Args:
        categories: The nodes, in any order.
        name: What it is called, for reports.
        version: As its file states it.
        notes: What the reader had to decide.

    Raises:
        TaxonomyError: There is none, an id or a path stands twice, or a parent is missing.
    """

    def __init__(
        self,
        categories: Iterable[Category],
        *,
        name: str = "",
        version: str = "",
        notes: Sequence[str] = (),
    ) -> None:
        self.categories = tuple(categories)
        self.name = name
        self.version = version
        self.notes = tuple(notes)
        if not self.categories:
            raise TaxonomyError(
                f"The taxonomy {name or 'given'} holds no category. A line looks like "
                "'12 : Shoes > Boots', '12 - Shoes > Boots', or is a path in a CSV column."
            )
        self._by_id = {each.id: each for each in self.categories}
        self._by_path = {_key(each.path): each for each in self.categories}
        self._check()

    def _check(self) -> None:
        if len(self._by_id) < len(self.categories):
            twice = _first_twice(each.id for each in self.categories)
            raise TaxonomyError(f"The id '{twice}' stands twice. Each category needs its own.")
        if len(self._by_path) < len(self.categories):
            twice = _first_twice(fold(each.full_name) for each in self.categories)
            raise TaxonomyError(f"The path '{twice}' stands twice. Remove one of the two lines.")
        for each in self.categories:
            if len(each.path) > 1 and _key(each.path[:-1]) not in self._by_path:
                parent = SEPARATOR.join(each.path[:-1])
                raise TaxonomyError(
                    f"'{each.full_name}' ({each.id}) has no parent: there is no line for '{parent}'. Add it."
                )

    def __len__(self) -> int:
        """Return the number of categories."""
        return len(self.categories)

    def __iter__(self) -> Iterator[Category]:
        """Go through the categories in the file's order."""
        return iter(self.categories)

    @cached_property
    def digest(self) -> str:
        """A hash of ids, paths and aliases, whatever their order."""
        lines = sorted(
            "\t".join((each.id, each.full_name, *each.aliases)) for each in self.categories
        )
        return hashlib.blake2b(
            "\n".join(lines).encode("utf-8", "replace"), digest_size=8
        ).hexdigest()

    @cached_property
    def _children(self) -> dict[tuple[str, ...], tuple[Category, ...]]:
        under: dict[tuple[str, ...], list[Category]] = {}
        for each in self.categories:
            under.setdefault(_key(each.path[:-1]), []).append(each)
        return {path: tuple(nodes) for path, nodes in under.items()}

    @property
    def roots(self) -> tuple[Category, ...]:
        """The categories without a parent."""
        return self._children.get((), ())

    def get(self, id_or_path: str) -> Category | None:
        """Return a category by its id or its path, None where there is none; case does not matter in a path."""
        return self._by_id.get(id_or_path.strip()) or self._by_path.get(
            _key(split_path(id_or_path))
        )

    def find(self, id_or_path: str) -> Category:
        """Return a category by id, path, or a name that only one category has.

        Raises:
            TaxonomyError: There is none, or several have the name.
        """
        if found := self.get(id_or_path):
            return found
        named = [each for each in self.categories if fold(each.name) == fold(id_or_path)]
        if len(named) == 1:
            return named[0]
        near = named or self.search(id_or_path, limit=3)
        said = "several categories are called" if named else "no category is called"
        shown = "; ".join(f"{each.full_name} ({each.id})" for each in near[:5])
        raise TaxonomyError(
            f"In the taxonomy {self.name}, {said} '{id_or_path[:80]}'. "
            + (f"Give the path or the id. Closest: {shown}." if near else "Give a path or an id.")
        )

    def parent(self, category: Category) -> Category | None:
        """Return the category above, None for a root."""
        return self._by_path.get(_key(category.path[:-1]))

    def ancestors(self, category: Category) -> tuple[Category, ...]:
        """Return the categories above, the root first."""
        return tuple(
            self._by_path[_key(category.path[:depth])] for depth in range(1, len(category.path))
        )

    def children(self, category: Category) -> tuple[Category, ...]:
        """Return the categories right below, in the file's order."""
        return self._children.get(_key(category.path), ())

    def is_leaf(self, category: Category) -> bool:
        """Tell whether nothing lies below."""
        return _key(category.path) not in self._children

    def search(self, words: str, *, limit: int = 10) -> list[Category]:
        """Return the categories whose name, alias or path is most like some words, the best first."""
        wanted = fold(words)[:MAX_NAME_CHARS]
        if not wanted:
            return []
        terms = _singular(words)
        shared = [len(terms & own) for own in self._terms]
        most = max(shared)
        places = [place for place, count in enumerate(shared) if count == most > 0]
        if not places:
            near = process.extract(wanted, self._search_texts, scorer=fuzz.ratio, limit=limit, score_cutoff=LIKE_FROM)  # fmt: skip
            places = [place for _, _, place in near]
        places.sort(
            key=lambda place: (
                -len(terms & _singular(self._search_texts[place])),
                -fuzz.ratio(wanted, self._search_texts[place]),
                len(self._named[place].path),
            )
        )
        return list(dict.fromkeys(self._named[place] for place in places))[:limit]

    @cached_property
    def _named(self) -> list[Category]:
        return [each for each in self.categories for _ in (each.name, *each.aliases)]

    @cached_property
    def _search_texts(self) -> list[str]:
        return [fold(name) for each in self.categories for name in (each.name, *each.aliases)]

    @cached_property
    def _terms(self) -> list[set[str]]:
        return [
            _singular(f"{each.full_name} {name}")
            for each in self.categories
            for name in (each.name, *each.aliases)
        ]


def _key(path: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(name) for name in path)


def _singular(text: str) -> set[str]:
    """Return a text's terms without a plural s."""
    return {term[:-1] if len(term) > 3 and term.endswith("s") else term for term in analyse(text)}


def _first_twice(values: Iterable[str]) -> str:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return ""
