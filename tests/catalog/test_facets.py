"""Facet counts against counting by hand."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.catalog.facets import FacetCount, all_facet_values, facet_counts
from shopclerk.catalog.product import Product
from tests.conftest import ShopMaker
from tests.listings import any_catalog, temporary_store


def counted(products: list[Product]) -> dict[str, dict[str, int]]:
    """Count by hand; a value counts once a product."""
    counts: dict[str, Counter[str]] = {}
    for product in products:
        for field, value in set(product.facets()):
            counts.setdefault(field, Counter())[value] += 1
    return {field: dict(values) for field, values in counts.items()}


@settings(max_examples=40)
@given(any_catalog)
def test_counts_equal_counting_by_hand(catalog: list[Product]) -> None:
    with temporary_store(catalog) as store:
        assert all_facet_values(store) == counted(list(store.products()))


@settings(max_examples=40)
@given(any_catalog, st.data())
def test_counts_over_some_rows(catalog: list[Product], data: st.DataObject) -> None:
    chosen = [product for product in catalog if data.draw(st.booleans())]
    with temporary_store(catalog) as store:
        counts = facet_counts(store, [store.row_of(product.id) for product in chosen], most=1_000)
        found = {field: {each.value: each.count for each in counts[field]} for field in counts}
        assert found == counted(chosen)


def test_the_most_frequent_stand_first_and_the_rest_is_cut(shop: ShopMaker) -> None:
    counts = facet_counts(shop().store, most=2)
    assert counts["tags"] == [FacetCount("hiking", 3), FacetCount("running", 3)]
    assert all(len(values) <= 2 for values in counts.values())


def test_a_search_counts_over_all_hits_not_the_page(
    shop: ShopMaker, products: list[Product]
) -> None:
    found = shop().search("", filters={"price": {"<": 100}}, limit=1, facets=True)
    under = [product for product in products if product.price is not None and product.price < 100]
    facets = {field: {v.value: v.count for v in values} for field, values in found.facets.items()}
    assert (len(found.hits), found.total) == (1, len(under))
    assert facets == counted(under)


def test_facets_are_empty_unless_asked_for(shop: ShopMaker) -> None:
    assert shop().search("boots").facets == {}


def test_a_deleted_product_counts_no_more(shop: ShopMaker) -> None:
    store = shop().store
    store.delete(list(store.ids()))
    assert all_facet_values(store) == {}
