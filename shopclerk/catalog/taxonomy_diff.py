"""What changed between two versions of a taxonomy, and where each old category went.

A category is followed by its id where both versions use the same ids, else by its path, then by a name that both have
once, then by a like name under the same parent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from shopclerk.catalog.taxonomy import Category, Taxonomy
from shopclerk.catalog.text import fold

SHARED_IDS = 0.5
LIKE_NAME = 80


@dataclass(frozen=True)
class TaxonomyDiff:
    """What changed.

    Attributes:
        went: Old path to new path, for every category that is still there.
        added: New categories.
        removed: Categories that are gone.
        renamed: (old, new) of categories with another name under the same parent.
        moved: (old, new) of categories under another parent.
        carried: How many have another path only because one above was renamed or moved.
    """

    went: Mapping[str, str]
    added: tuple[Category, ...]
    removed: tuple[Category, ...]
    renamed: tuple[tuple[Category, Category], ...]
    moved: tuple[tuple[Category, Category], ...]
    carried: int

    def carry(self, path: str) -> str | None:
        """Return where a path of the old version is now, None where it is gone or never was."""
        return self.went.get(fold(path))


def compare_taxonomies(old: Taxonomy, new: Taxonomy) -> TaxonomyDiff:
    """Compare two versions."""
    pairs = _same_ids(old, new) if _share_ids(old, new) else _same_paths(old, new)
    left = [each for each in old if each.id not in pairs]
    taken = {each.full_name for each in pairs.values()}
    came = [each for each in new if each.full_name not in taken]
    for each, other in _same_names(left, came):
        pairs[each.id] = other
    _like_names(old, new, pairs)
    taken = {each.full_name for each in pairs.values()}
    return _sorted_out(old, new, pairs, [each for each in new if each.full_name not in taken])


def _share_ids(old: Taxonomy, new: Taxonomy) -> bool:
    """Tell whether ids are the versions' own, not made of paths, and mostly the same."""
    ids = {each.id for each in old if each.id != each.full_name}
    shared = ids & {each.id for each in new}
    return bool(ids) and len(shared) >= SHARED_IDS * min(len(old), len(new))


def _same_ids(old: Taxonomy, new: Taxonomy) -> dict[str, Category]:
    by_id = {each.id: each for each in new}
    return {each.id: by_id[each.id] for each in old if each.id in by_id}


def _same_paths(old: Taxonomy, new: Taxonomy) -> dict[str, Category]:
    found = ((each, new.get(each.full_name)) for each in old)
    return {each.id: other for each, other in found if other is not None}


def _same_names(
    left: Iterable[Category], came: Iterable[Category]
) -> Iterable[tuple[Category, Category]]:
    """Pair what is gone with what came by a name that both sides have once."""
    ours, theirs = _by_name(left), _by_name(came)
    for name, nodes in ours.items():
        if len(nodes) == 1 and len(theirs.get(name, ())) == 1:
            yield nodes[0], theirs[name][0]


def _by_name(categories: Iterable[Category]) -> dict[str, list[Category]]:
    named: dict[str, list[Category]] = {}
    for each in categories:
        named.setdefault(fold(each.name), []).append(each)
    return named


def _like_names(old: Taxonomy, new: Taxonomy, pairs: dict[str, Category]) -> None:
    """Pair what is gone with what came under the same parent by a like name, from the root down."""
    taken = {each.full_name for each in pairs.values()}
    for each in sorted(old, key=lambda node: len(node.path)):
        if each.id in pairs:
            continue
        parent = old.parent(each)
        above = pairs.get(parent.id) if parent else None
        around = new.children(above) if above else new.roots if parent is None else ()
        free = [other for other in around if other.full_name not in taken]
        best = max(free, key=lambda other: _likeness(each, other), default=None)
        if best and _likeness(each, best) >= LIKE_NAME:
            pairs[each.id] = best
            taken.add(best.full_name)


def _likeness(left: Category, right: Category) -> float:
    return fuzz.token_set_ratio(fold(left.name), fold(right.name)) * 0.5 + 0.5 * fuzz.ratio(
        fold(left.name), fold(right.name)
    )


def _sorted_out(
    old: Taxonomy, new: Taxonomy, pairs: Mapping[str, Category], added: Sequence[Category]
) -> TaxonomyDiff:
    renamed, moved, removed = [], [], []
    carried = 0
    for each in old:
        other = pairs.get(each.id)
        if other is None:
            removed.append(each)
            continue
        parent = old.parent(each)
        above = pairs.get(parent.id) if parent else None
        stays = (above.path if above else ()) == other.path[:-1] and bool(parent) == bool(above)
        if not stays:
            moved.append((each, other))
        elif fold(each.name) != fold(other.name):
            renamed.append((each, other))
        elif fold(each.full_name) != fold(other.full_name):
            carried += 1
    went = {fold(each.full_name): pairs[each.id].full_name for each in old if each.id in pairs}
    return TaxonomyDiff(went, tuple(added), tuple(removed), tuple(renamed), tuple(moved), carried)
