"""Differences of two versions of a taxonomy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.catalog.taxonomy import Category, Taxonomy
from shopclerk.catalog.taxonomy_diff import compare_taxonomies
from tests.taxonomies import PATHS, small


def by_path(paths: list[str]) -> Taxonomy:
    """Return a taxonomy whose ids are its paths."""
    return Taxonomy([Category(path, tuple(path.split(" > "))) for path in paths])


def replaced(old: str, new: str) -> list[str]:
    """Return the paths with one beginning changed."""
    return [new + path[len(old) :] if path.startswith(old) else path for path in PATHS]


@pytest.mark.parametrize("make", [small, by_path], ids=["ids", "paths"])
def test_a_renamed_branch(make) -> None:
    found = compare_taxonomies(make(PATHS), make(replaced("Home > Lighting", "Home > Lightings")))
    assert [(old.name, new.name) for old, new in found.renamed] == [("Lighting", "Lightings")]
    assert found.carried == 2
    assert not (found.added)
    assert not (found.removed)
    assert not (found.moved)
    assert found.carry("home > lighting > table lamps") == "Home > Lightings > Table Lamps"


@pytest.mark.parametrize("make", [small, by_path], ids=["ids", "paths"])
def test_a_moved_category(make) -> None:
    found = compare_taxonomies(
        make(PATHS), make(replaced("Home > Decor > Mirrors", "Home > Mirrors"))
    )
    assert [(old.full_name, new.full_name) for old, new in found.moved] == [
        ("Home > Decor > Mirrors", "Home > Mirrors")
    ]
    assert found.carry("Home > Decor > Mirrors") == "Home > Mirrors"


def test_what_is_gone_and_what_came() -> None:
    new = [path for path in PATHS if "Mice" not in path] + ["Garden"]
    found = compare_taxonomies(by_path(PATHS), by_path(new))
    assert [each.name for each in found.removed] == ["Mice"]
    assert [each.name for each in found.added] == ["Garden"]
    assert found.carry("Pets > Small Pets > Mice") is None


def test_ids_that_were_given_anew_are_not_trusted() -> None:
    old = small()
    new = Taxonomy([Category(f"m{each.id}", each.path) for each in old])
    assert compare_taxonomies(old, new).carried == 0
    assert len(compare_taxonomies(old, new).went) == len(old)


@given(st.sets(st.sampled_from(PATHS), min_size=1))
def test_every_category_is_counted_once(kept: set[str]) -> None:
    paths = [path for path in PATHS if all(" > ".join(path.split(" > ")[:d]) in kept
             for d in range(1, path.count(">") + 2))]  # fmt: skip
    if not paths:
        return
    found = compare_taxonomies(by_path(list(PATHS)), by_path(paths))
    assert len(found.went) + len(found.removed) == len(PATHS)
    assert len(found.went) + len(found.added) == len(paths)
