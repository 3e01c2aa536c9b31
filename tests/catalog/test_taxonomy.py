"""Taxonomies and their files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.catalog.taxonomy import Category, Taxonomy, split_path
from shopclerk.catalog.taxonomy_readers import open_taxonomy, read_text
from shopclerk.errors import TaxonomyError
from tests.taxonomies import GOOGLE, PATHS, SHOPIFY, small

CSV = "path,aliases\n" + "".join(f"{path},\n" for path in PATHS)
TREE = "id,name,parent\n1,Home,\n2,Lighting,1\n3,Table Lamps,2\n"


@pytest.mark.parametrize(
    ("text", "table"), [(SHOPIFY, ""), (GOOGLE, ""), (CSV, ","), ("\n".join(PATHS), "")],
    ids=["shopify", "google", "csv", "plain"],
)  # fmt: skip
def test_every_format_gives_the_same_paths(text: str, table: str) -> None:
    assert {each.full_name for each in read_text(text, "x", table=table)} == set(PATHS)


def test_ids_and_version_are_those_of_the_file() -> None:
    tree = read_text(SHOPIFY, "x")
    assert tree.version == "Small tree: 2025-01"
    assert tree.find("Home > Lighting").id == "gid://shopify/TaxonomyCategory/x-5"
    assert read_text(GOOGLE, "x").find("5").full_name == "Home > Lighting"


def test_a_tree_by_parents() -> None:
    tree = read_text(TREE, "x", table=",")
    lamp = tree.find("3")
    assert lamp.full_name == "Home > Lighting > Table Lamps"
    assert [each.name for each in tree.ancestors(lamp)] == ["Home", "Lighting"]
    assert tree.is_leaf(lamp)
    assert not tree.is_leaf(tree.find("1"))


def test_parents_that_a_list_leaves_out_are_added_and_told() -> None:
    tree = read_text("path\nA > B > C\n", "x", table=",")
    assert len(tree) == 3
    assert tree.notes == ("2 parents had no line of their own and were added.",)


def test_a_path_given_twice_counts_once_and_is_told() -> None:
    tree = read_text("1 - A\n2 - a\n", "x")
    assert len(tree) == 1
    assert "'a' stands twice (1, 2)" in tree.notes[0]


@pytest.mark.parametrize(
    ("text", "table", "said"),
    [
        ("# nothing\n", "", "holds no category"),
        ("1 - A\n2 - B > C\n", "", "no line for 'B'"),
        ("1 - A\nsomething\n", "", "line 2: 'something' is no category"),
        ("1 - A\n1 - B\n", "", "id '1' stands twice"),
        ("id,name,parent\n1,A,2\n2,B,1\n", ",", "a cycle.*1 → 2 → 1"),
        ("id,name,parent\n1,A,9\n", ",", "line 2: the parent '9' has no row"),
        ("id,name,parent\n,A,\n", ",", "the id is empty"),
        ("name,colour\nA,red\n", ",", "columns name, colour. Needed: one of path"),
        (f"1 - {'x' * 5000}\n", "", "has 5,000 characters; at most 500"),
        (f"1 - {' > '.join(['A'] * 30)}\n", "", "1 to 20 names, this one has 30"),
    ],
    ids="empty orphan strange twice cycle parent no-id columns long deep".split(),
)
def test_bad_files_say_what_is_wrong(text: str, table: str, said: str) -> None:
    with pytest.raises(TaxonomyError, match=said):
        read_text(text, "file.txt", table=table)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes("1 - Möbel\n".encode("latin-1"))
    with pytest.raises(TaxonomyError, match=r"not UTF-8 \(byte 5 is 0xf6\)"):
        open_taxonomy(path)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(TaxonomyError, match=r"Cannot read the taxonomy 'nowhere\.txt'"):
        open_taxonomy("nowhere.txt")


def test_the_taxonomy_that_comes_along_is_whole() -> None:
    tree = open_taxonomy("embedded")
    assert len(tree) > 300
    assert tree.notes == ()
    assert all(each.aliases for each in tree)


def test_one_name_under_two_parents() -> None:
    tree = small()
    with pytest.raises(TaxonomyError, match="several categories are called 'sweaters'"):
        tree.find("sweaters")
    assert tree.find("clothing > baby clothing > SWEATERS").id == "n13"


@pytest.mark.parametrize(
    ("words", "first"),
    [("lamp", "Table Lamps"), ("table lmaps", "Table Lamps"), ("MIRROR", "Mirrors"), ("zzzzqq", None)],
    ids=["singular", "typo", "case", "none"],
)  # fmt: skip
def test_search(words: str, first: str | None) -> None:
    found = small().search(words)
    assert (found[0].name if found else None) == first


@given(st.permutations(PATHS))
def test_the_hash_does_not_depend_on_the_order(paths: list[str]) -> None:
    nodes = [Category(path, split_path(path)) for path in paths]
    assert Taxonomy(nodes).digest == Taxonomy(sorted(nodes, key=lambda n: n.id)).digest


def test_the_hash_tells_versions_apart() -> None:
    assert small().digest != small([*PATHS, "Garden"]).digest
