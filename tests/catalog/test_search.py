"""Hybrid search: what is found, in which order, how it is paged, corrected and explained."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopclerk.catalog import search as module
from shopclerk.catalog.filters import matches, parse_filters
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import SORTS, Searcher, SearchRequest, SearchResult
from shopclerk.errors import FilterError, UnknownProductError
from shopclerk.shop import Shop
from tests.conftest import ShopMaker
from tests.fakes import HashEncoder, ReverseReranker
from tests.listings import make_products, temporary_store

WORDS = ("red", "boots", "shoes", "running", "kettle", "blue", "backpack", "zzz", "the", "women")
FILTERS: tuple[dict[str, dict[str, Any]], ...] = (
    {},
    {"price": {"<=": 100}},
    {"price": {">": 50}, "rating": {">=": 4.2}},
    {"category": {"under": "Footwear"}},
    {"colour": {"in": ["Blue", "Red"]}},
    {"brand": {"not in": ["Torvane"]}, "stock": {">": 0}},
    {"tags": {"==": "hiking"}, "price": {"<": 60}},
    {"price": {"<": 0}},
)
queries = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
on_one_shop = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)


def ids(result: SearchResult) -> list[str]:
    return [hit.product.id for hit in result.hits]


@pytest.fixture(params=["hybrid", "words alone"])
def searcher(request: pytest.FixtureRequest, shop: ShopMaker) -> Searcher:
    """A searcher over the twelve listings."""
    opened = shop()
    return opened.searcher if request.param == "hybrid" else Searcher(opened.store)


# -- what is found -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("hiking boots women", {"boot-2"}),
        ("waterproof boots", {"boot-1"}),
        ("I am looking for a kettle, please", {"kettle-1"}),
        ("BACKPACKS", {"pack-1", "pack-2"}),
        ("cafe creme", {"tea-1"}),
        ("gruner tee", {"tea-1"}),
        ("mb565lla", {"phone-1"}),
        ("MB565LL/A", {"phone-1"}),
        ("MB-565-LLA", {"phone-1"}),
        ("64gb tablet", {"phone-1"}),
        ("membrane lining", {"boot-1"}),
        ("hikng bots", {"boot-1", "boot-2"}),
    ],
)
def test_the_best_hit(searcher: Searcher, query: str, first: set[str]) -> None:
    assert ids(searcher.search(SearchRequest(query)))[0] in first


def test_a_request_for_two_things_finds_both(shop: ShopMaker) -> None:
    found = ids(shop().search("a steel electric kettle and a white stoneware mug"))
    assert set(found[:2]) == {"kettle-1", "mug-1"}


@on_one_shop
@given(queries, st.sampled_from(FILTERS), st.sampled_from(SORTS), st.booleans())
def test_every_hit_meets_the_filters(
    shop: ShopMaker, query: str, filters: dict[str, dict[str, Any]], sort: Any, strict: bool
) -> None:
    opened = reused(shop)
    found = opened.search(query, filters=filters, sort=sort, only_relevant=strict, limit=100)
    assert all(matches(hit.product, parse_filters(filters)) for hit in found.hits)
    assert found.total == len(found.hits) == len(set(ids(found)))


@settings(max_examples=25, deadline=None)
@given(st.permutations(make_products()), queries)
def test_the_order_of_a_batch_does_not_matter(listings: list[Product], query: str) -> None:
    request = SearchRequest(query, limit=100)
    with temporary_store(make_products()) as ours, temporary_store(listings) as theirs:
        found = [Searcher(store).search(request) for store in (ours, theirs)]
    scores, others = ({hit.product.id: hit.score for hit in each.hits} for each in found)
    assert others == pytest.approx(scores)


# -- order and pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("price_asc", "tea-1", "mystery"),
        ("price_desc", "phone-1", "mystery"),
        ("rating_desc", "boot-1", "mystery"),
        ("newest", "mystery", "run-1"),
    ],
)
def test_sorted_without_words(searcher: Searcher, sort: Any, first: str, last: str) -> None:
    found = ids(searcher.search(SearchRequest(sort=sort, limit=100)))
    assert (len(found), found[0], found[-1]) == (12, first, last)


def test_what_is_sold_out_is_listed_last(searcher: Searcher) -> None:
    filters = {"category": {"under": "Running Shoes"}}
    assert ids(searcher.search(SearchRequest(filters=filters))) == ["run-2", "run-1", "run-3"]


def test_a_sort_keeps_only_what_fits_the_words(searcher: Searcher) -> None:
    found = searcher.search(SearchRequest("running shoes", sort="price_asc"))
    assert ids(found) == ["run-3", "run-1", "run-2"]


@pytest.mark.parametrize("size", [1, 5, 11])
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("query", ["", "red boots for women"])
def test_pages_do_not_overlap_and_leave_nothing_out(
    shop: ShopMaker, query: str, sort: Any, size: int
) -> None:
    opened = shop()
    whole = opened.search(query, sort=sort, limit=100)
    pages = [opened.search(query, sort=sort, offset=at, limit=size) for at in range(0, 15, size)]
    assert [product_id for page in pages for product_id in ids(page)] == ids(whole)
    assert {page.total for page in pages} == {len(whole.hits)}


def test_a_page_past_the_end_is_empty(searcher: Searcher) -> None:
    found = searcher.search(SearchRequest("boots", offset=1_000))
    assert found.hits == ()
    assert found.total > 0


def test_a_reranker_has_the_last_word(shop: ShopMaker) -> None:
    opened = shop()
    plain = ids(opened.search("hiking boots", limit=100))
    reranker = ReverseReranker()
    parts = (opened.store, opened.vectors, opened.encoder)
    turned = Searcher(*parts, reranker=reranker, rerank_depth=4).search(
        SearchRequest("hiking boots", limit=100)
    )
    assert ids(turned) == [*reversed(plain[:4]), *plain[4:]]
    assert reranker.seen[0] == opened.store.get(plain[0]).embedding_text()


# -- relevance, corrections, explanations ------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("hiking boots", {"boot-1", "boot-2"}),
        ("blue backpack", {"pack-2"}),
        ("helicopter", set()),
        ("diamond wedding ring", set()),
    ],
)
def test_only_relevant_drops_the_rest(searcher: Searcher, query: str, found: set[str]) -> None:
    result = searcher.search(SearchRequest(query, only_relevant=True))
    assert set(ids(result)) == found
    assert result.total == len(found)


def test_misspelt_words_are_corrected_and_told(shop: ShopMaker) -> None:
    found = shop().search("hikng bootss")
    assert found.corrections["hikng"] == "hiking"
    assert ids(found)[0] in {"boot-1", "boot-2"}
    assert shop().search("hiking boots").corrections == {}


def test_a_hit_explains_itself(shop: ShopMaker) -> None:
    first, *_, last = shop().search("waterproof hiking boots", limit=100).hits
    assert set(first.matched) == {"title", "category", "attributes"}
    assert first.score == pytest.approx(1.0)
    assert first.lexical
    assert first.lexical > 0
    assert first.semantic
    assert 0 < first.semantic <= 1
    assert (last.lexical, last.matched) == (None, ())


def test_listing_by_filters_has_no_scores(searcher: Searcher) -> None:
    hit = searcher.search(SearchRequest(filters={"id": {"==": "mug-1"}})).hits[0]
    assert (hit.score, hit.lexical, hit.semantic, hit.matched) == (0.0, None, None, ())


# -- similar -----------------------------------------------------------------------------------------


def test_similar_products_without_the_one_itself(searcher: Searcher) -> None:
    found = searcher.similar("run-1", SearchRequest(limit=2))
    assert set(ids(found)) == {"run-2", "run-3"}
    assert "run-1" not in ids(searcher.similar("run-1", SearchRequest(limit=100)))


def test_similar_products_under_a_filter(searcher: Searcher) -> None:
    request = SearchRequest(filters={"price": {"<": 70}})
    assert ids(searcher.similar("run-1", request))[0] == "run-3"


def test_similar_to_an_unknown_product(searcher: Searcher) -> None:
    with pytest.raises(UnknownProductError, match="'nothing'"):
        searcher.similar("nothing", SearchRequest())


def test_the_only_product_is_like_no_other(shop: ShopMaker, products: list[Product]) -> None:
    found = shop(products[:1]).searcher.similar("run-1", SearchRequest())
    assert (found.hits, found.total) == ((), 0)


# -- whatever is typed -------------------------------------------------------------------------------

ODD = {
    "empty": "",
    "blanks": " \n\t",
    "stop words": "the of and",
    "request words": "show me something please",
    "ten thousand words": "running shoes " * 5_000,
    "emoji": "👟🔥 👩‍👩‍👧",
    "right to left": "حذاء أحمر \u202eshoes",
    "chinese": "红色的鞋子",
    "combining": "e\u0301\u0301\u0301" * 50,
    "binary": "".join(map(chr, range(256))),
    "lone surrogates": "boots \udcff\ud800",
    "nul": "boots\0shoes",
    "quotes": '"boots" \'shoes\' "',
    "fts operators": 'boots AND (shoes OR NOT title : red*) NEAR("a" "b", 5) ^ - +',
    "sql": "'; DROP TABLE product; --",
    "template": "{{ 7 * 7 }} {% raw %} %s",
    "long word": "x" * 100_000,
    "numbers": "1 2 3 4 5 " * 100,
}


@pytest.mark.parametrize("query", ODD.values(), ids=ODD.keys())
def test_odd_queries_never_raise(searcher: Searcher, query: str) -> None:
    for only_relevant in (False, True):
        found = searcher.search(SearchRequest(query, only_relevant=only_relevant, facets=True))
        assert found.total >= len(found.hits)
    assert len(searcher.store) == 12


@on_one_shop
@given(st.text(), st.sampled_from(SORTS))
def test_any_query_at_all(shop: ShopMaker, query: str, sort: Any) -> None:
    assert reused(shop).search(query, sort=sort).total <= 12


def test_an_encoder_is_never_given_a_lone_surrogate(
    shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    encode = HashEncoder.encode
    monkeypatch.setattr(
        HashEncoder, "encode", lambda self, texts, **more: seen.extend(texts) or encode(self, texts)
    )
    shop().search("boots \udcff")
    assert seen[-1].encode() == b"boots ?"


def test_an_unknown_sort_names_the_known(searcher: Searcher) -> None:
    with pytest.raises(FilterError, match=r"Unknown sort 'best'.*relevance, price_asc"):
        searcher.search(SearchRequest("boots", sort="best"))  # type: ignore[arg-type]


# -- while things change -----------------------------------------------------------------------------


def test_a_deleted_product_is_gone_before_its_vector_is(shop: ShopMaker) -> None:
    opened = shop()
    opened.store.delete(["boot-1"])
    found = opened.search("hiking boots", limit=100)
    assert "boot-1" not in ids(found)
    assert found.total == len(found.hits) == 11


def test_a_new_product_is_found_by_words_before_its_vector_is_made(shop: ShopMaker) -> None:
    opened = shop()
    opened.search("boots")
    opened.store.upsert([Product(id="new", title="Zephyrine umbrella")])
    assert "new" in ids(opened.search("zephyrine"))[:2]


@pytest.mark.parametrize("query", ["", "boots"])
def test_an_empty_catalogue_has_no_hits(shop: ShopMaker, query: str) -> None:
    found = shop([]).search(query, facets=True)
    assert (found.hits, found.total, found.facets) == ((), 0, {})


def test_candidates_are_bounded(shop: ShopMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CANDIDATES", 3)
    assert shop().search("brookhaven corrie torvane").total <= 6


# -- one shop for many examples ----------------------------------------------------------------------


def reused(shop: ShopMaker) -> Shop:
    """Return the shop that an earlier example of the same test opened, or open it."""
    if not hasattr(shop, "reused"):
        shop.reused = shop()  # type: ignore[attr-defined]
    opened: Shop = shop.reused  # type: ignore[attr-defined]
    return opened
