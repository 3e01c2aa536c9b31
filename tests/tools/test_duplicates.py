"""Duplicates of a catalogue, and links between two."""

import csv
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.catalog.product import Product
from shopclerk.models.product_matcher import open_matcher
from shopclerk.tools.clustering import cluster_rows
from shopclerk.tools.duplicate_memory import PairMemory, content_hashes, load_memory
from shopclerk.tools.duplicate_sheet import picture_address, write_page, write_sheet
from shopclerk.tools.duplicates import best_row, find_all
from shopclerk.tools.linking import link_all
from shopclerk.tools.matching_listings import Catalogued, from_file, listing_of
from shopclerk.tools.pair_scoring import Scored
from tests.listings import make_products, write_catalog


def product(id, title, **more):
    return Product(id=id, title=title, **more)


def catalogued(*products, folder=None):
    return Catalogued(products, [listing_of(each) for each in products], folder)


COPIES = (
    product(
        "a", "Fellwind camera AK-123 black", price=50, description="Long words", brand="Fellwind"
    ),
    product("b", "fellwind ak123 camera", price=48),
    product("c", "fellwind ak124 camera", price=49),
    product("d", "Torvane desk lamp XN-400 white", price=20),
)


def clusters(found):
    products = found.catalogued.products
    return [
        (products[each.canonical].id, [products[member.row].id for member in each.members])
        for each in found.clusters
    ]


def test_copies_are_found_and_the_fullest_is_kept():
    assert clusters(find_all(catalogued(*COPIES), open_matcher())) == [("a", ["b"])]


def test_order_does_not_matter():
    found = find_all(catalogued(*reversed(COPIES)), open_matcher())
    assert clusters(found) == [("a", ["b"])]


@pytest.mark.parametrize("count", [0, 1], ids=["none", "one"])
def test_few_listings(count):
    assert find_all(catalogued(*COPIES[:count]), open_matcher()).clusters == ()


def test_a_hundred_identical_listings_are_one_cluster():
    same = [product(str(number), "Fellwind camera AK-123") for number in range(100)]
    found = find_all(catalogued(*same), open_matcher())
    assert len(found.clusters) == 1
    assert len(found.clusters[0].members) == 99
    assert found.candidates == 99


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("Fеllwind cаmera AK-123 blаck", {}),
        ("FELLWIND CAMERA AK 123 BLACK", {}),
        ("Fellwind camera AK-123 black", {"currency": "EUR", "price": 45}),
    ],
    ids=["homoglyphs", "capitals", "currency"],
)
def test_what_hides_a_copy(title, more):
    found = find_all(
        catalogued(COPIES[0], product("z", title, **more), *COPIES[2:]), open_matcher()
    )
    assert clusters(found) == [("a", ["z"])]


def test_a_cluster_of_thousands_is_bounded():
    same = [
        product(str(number), f"Fellwind camera AK-123 black offer {number % 7}")
        for number in range(3_000)
    ]
    started = time.process_time()
    found = find_all(catalogued(*same), open_matcher())
    assert len(found.clusters[0].members) >= 400
    assert found.candidates < 3_100
    assert time.process_time() - started < 20


def test_a_weak_bridge_is_cut_and_a_sure_one_is_not():
    pairs = np.array([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)])
    sure = np.full(7, 0.95, np.float32)
    assert [group.rows for group in cluster_rows(Scored(pairs, sure, 7), 0.5)] == [tuple(range(6))]
    weak = sure.copy()
    weak[-1] = 0.6
    groups = sorted(group.rows for group in cluster_rows(Scored(pairs, weak, 7), 0.5))
    assert groups == [(0, 1, 2), (3, 4, 5)]


def test_what_fits_two_products_does_not_make_them_one():
    pairs = np.array([(0, 1), (1, 2), (0, 2)])
    probabilities = np.array([0.8, 0.7, 0.01], np.float32)
    assert [group.rows for group in cluster_rows(Scored(pairs, probabilities, 3), 0.5)] == [(0, 1)]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.floats(0, 1)), max_size=12))
def test_groups_hold_each_row_once_and_nothing_that_is_different(given):
    chances = {(min(a, b), max(a, b)): p for a, b, p in given if a != b}
    pairs = np.array(list(chances), np.int64).reshape(len(chances), 2)
    scored = Scored(pairs, np.array(list(chances.values()), np.float32), len(pairs))
    groups = cluster_rows(scored, 0.5)
    rows = [row for group in groups for row in group.rows]
    assert len(rows) == len(set(rows))
    for (a, b), p in chances.items():
        if p < 0.09:
            assert not any({a, b} <= set(group.rows) for group in groups)


def test_the_first_of_equals_is_kept():
    assert best_row((2, 0, 1), [product(str(n), "same") for n in range(3)]) == 0


def test_a_hundred_listings_that_say_the_same_are_surely_one():
    (cluster,) = find_all(
        catalogued(*(product(str(n), "Blue mug") for n in range(100))), open_matcher()
    ).clusters
    assert len(cluster.members) == 99
    assert min(member.match.probability for member in cluster.members) >= 0.99


# -- memory -----------------------------------------------------------------------------------------


def test_only_changed_listings_are_compared_again(tmp_path):
    memory = tmp_path / "deep" / "pairs.npz"
    first = find_all(catalogued(*COPIES), open_matcher(), memory=memory)
    again = find_all(catalogued(*COPIES), open_matcher(), memory=memory)
    assert (first.compared, again.compared) == (first.candidates, 0)
    assert clusters(again) == clusters(first)
    changed = [*COPIES[:3], product("d", "Torvane desk lamp XN-401 white", price=20)]
    third = find_all(catalogued(*changed), open_matcher(), memory=memory)
    assert 0 < third.compared < third.candidates


@pytest.mark.parametrize("content", [b"", b"nonsense"], ids=["empty", "damaged"])
def test_a_damaged_memory_is_forgotten(tmp_path, content):
    (tmp_path / "pairs.npz").write_bytes(content)
    assert load_memory(tmp_path / "pairs.npz", "m", 6) is None


def test_another_matcher_remembers_nothing(tmp_path):
    path = tmp_path / "pairs.npz"
    PairMemory(
        "one", np.zeros((1, 2), np.uint64), np.zeros((1, 6), np.float32), np.zeros(1, np.float32)
    ).save(path)
    assert load_memory(path, "one", 6) is not None
    assert load_memory(path, "two", 6) is None
    assert load_memory(path, "one", 5) is None


def test_remembered_pairs_are_found_at_their_place():
    ends = np.array([[3, 9], [1, 2], [5, 7], [2, 1]], np.uint64)
    memory = PairMemory("m", ends, np.zeros((4, 6), np.float32), np.zeros(4, np.float32))
    asked = np.array([[2, 1], [9, 3], [3, 9], [5, 7]], np.uint64)
    assert memory.find(asked).tolist() == [3, -1, 0, 2]
    assert (
        PairMemory("m", ends[:0], memory.scores[:0], memory.probabilities[:0]).find(asked).tolist()
        == [-1] * 4
    )


def test_a_listing_hash_tells_every_change():
    listings = [listing_of(each) for each in (*COPIES, COPIES[0].model_copy(update={"price": 51}))]
    assert len(set(content_hashes(listings).tolist())) == 5


# -- sheet and page ---------------------------------------------------------------------------------


def test_the_sheet_names_every_listing_of_a_cluster(tmp_path):
    evil = [each.model_copy(update={"title": f"={each.title}"}) for each in COPIES]
    write_sheet(find_all(catalogued(*evil), open_matcher()), tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["cluster"], row["role"], row["id"]) for row in rows] == [
        ("1", "canonical", "a"),
        ("1", "duplicate", "b"),
    ]
    assert rows[0]["title"].startswith("'=")
    assert "same model number AK123" in rows[1]["why"]


def test_the_page_is_escaped(tmp_path):
    evil = [
        each.model_copy(
            update={"title": f"{each.title} <script>alert(1)</script>", "images": ('x"onerror="y',)}
        )
        for each in COPIES
    ]
    write_page(find_all(catalogued(*evil, folder=tmp_path), open_matcher()), tmp_path / "out.html")
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "onerror" not in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("https://shop.example/a.jpg", "https://shop.example/a.jpg"),
        ("here.jpg", "file"),
        ("missing.jpg", None),
        ("javascript:alert(1)", None),
        ("ftp://shop.example/a.jpg", None),
        ("a\0b", None),
    ],
    ids=["web", "file", "missing", "script", "ftp", "zero"],
)
def test_pictures_of_the_page(tmp_path, name, shown):
    (tmp_path / "here.jpg").write_bytes(b"x")
    found = picture_address(product("a", "x", images=(name,)), tmp_path)
    assert found == shown or (shown == "file" and found.startswith("file://"))


def test_products_of_a_file(tmp_path):
    path = write_catalog(tmp_path / "goods.jsonl", make_products())
    with path.open("a", encoding="utf-8") as stream:
        stream.write("{}\n")
    found = from_file(path, pictures=True)
    assert (len(found.products), found.rejected) == (12, 1)
    assert found.listings[0].title == found.products[0].title


# -- links ------------------------------------------------------------------------------------------


def links(offers, items, **options):
    listings = [[listing_of(each) for each in side] for side in (offers, items)]
    found = link_all(*listings, open_matcher(), **options)
    return {link.listing: link.match.right if link.match else None for link in found.links}


OFFERS = (
    product("b", "Fellwind AK123 camera, black", price=48),
    product("e", "fellwind camera ak-123 black", price=47),
    product("f", "okariva toner"),
)


def test_each_item_is_given_once():
    found = links(OFFERS, (COPIES[0], *COPIES[2:]))
    assert sorted(map(str, found.values())) == ["None", "None", "a"]
    assert found["f"] is None


def test_several_listings_may_be_one_item():
    found = links(OFFERS, (COPIES[0], *COPIES[2:]), one_to_one=False)
    assert found == {"b": "a", "e": "a", "f": None}


@pytest.mark.parametrize(
    ("offers", "items"), [((), COPIES), (COPIES, ())], ids=["no listings", "no items"]
)
def test_nothing_to_link(offers, items):
    assert not any(links(offers, items).values())
