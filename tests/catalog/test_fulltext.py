"""Full text: BM25 under filters, and which words a product holds."""

from collections.abc import Iterator

import pytest

from shopclerk.catalog import fulltext
from shopclerk.catalog.fulltext import FullText, as_json
from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store
from tests.listings import make_products, temporary_store

MANY = [
    Product(id=f"p-{n}", title=f"Mug {n}", description="white mug" if n % 2 else "plate")
    for n in range(60)
]


@pytest.fixture
def store() -> Iterator[Store]:
    with temporary_store(make_products()) as opened:
        yield opened


def ids(store: Store, rows: dict[int, float]) -> list[str]:
    products = store.by_rows(list(rows))
    return [products[row].id for row in rows]


def test_the_best_come_first_with_scores_above_zero(store: Store) -> None:
    ranked = FullText(store, 5).ranked("hiking boots", None)
    assert set(ids(store, ranked)[:2]) == {"boot-1", "boot-2"}
    assert list(ranked.values()) == sorted(ranked.values(), reverse=True)
    assert min(ranked.values()) > 0


def test_a_word_in_the_title_weighs_more_than_one_in_the_description() -> None:
    products = [
        Product(id="told", title="Thing", description="kettle"),
        Product(id="named", title="Kettle", description="thing"),
    ]
    with temporary_store(products) as store:
        assert ids(store, FullText(store, 5).ranked("kettle", None)) == ["named", "told"]


def test_depth_is_the_most_that_is_ranked(store: Store) -> None:
    assert len(FullText(store, 1).ranked("hiking boots shoes", None)) == 1


@pytest.mark.parametrize("text", ["", "the of", "!!! ---"], ids=["empty", "stop words", "marks"])
def test_no_words_no_rows(store: Store, text: str) -> None:
    assert FullText(store, 5).ranked(text, None) == {}


def test_quotes_and_operators_are_words(store: Store) -> None:
    full = FullText(store, 5)
    assert ids(store, full.ranked('"hiking" AND boots) OR NEAR(', None))[0].startswith("boot")


def test_nothing_allowed_nothing_found(store: Store) -> None:
    assert FullText(store, 5).ranked("boots", []) == {}


def test_the_wide_net_finds_what_the_restricted_query_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with temporary_store(MANY) as store:
        full, allowed = FullText(store, 8), list(range(1, 41))
        wide = full.ranked("white mug", allowed)
        monkeypatch.setattr(fulltext, "WIDE_SHARE", 2.0)
        narrow = full.ranked("white mug", allowed)
    assert len(wide) == 8
    assert wide == pytest.approx(narrow)


def test_a_net_that_comes_back_too_empty_is_not_believed() -> None:
    # The mugs with a description of their own fill the net; what is allowed ranks below them.
    with temporary_store(MANY) as store:
        allowed = [row for row in range(1, 61) if row % 2]
        assert len(FullText(store, 20).ranked("white mug", allowed)) == 20


def test_coverage_is_the_share_of_words_in_any_field(store: Store) -> None:
    row = store.row_of("boot-1")
    full = FullText(store, 5)
    assert full.coverage(["torvane", "hike", "zebra", "leather"], [row]) == {row: 0.75}
    assert full.coverage(["zebra"], [row]) == {}


def test_matched_names_the_fields(store: Store) -> None:
    row, other = store.row_of("pack-1"), store.row_of("mug-1")
    found = FullText(store, 5).matched(["backpack"], [row, other])
    assert found == {row: ["title", "category", "description"]}
    assert FullText(store, 5).matched([], [row]) == {}


def test_rows_are_told_as_json() -> None:
    assert (as_json([]), as_json([3, 1])) == ("[]", "[3,1]")
