"""Narrow a search by filters, sort it, and count what the filters could be.

Run it:

    python examples/04_filters_and_facets.py

It prints black or blue products for up to $80 from four stars on, cheapest first; how many products each
brand and colour has among them; and the message for a filter on a field that the catalogue does not have.
"""

from shopclerk import Shop
from shopclerk.catalog.search import SearchRequest
from shopclerk.errors import FilterError

REQUEST = SearchRequest(
    filters={
        "price": {"<=": 80},
        "rating": {">=": 4},
        "colour": {"in": ["Black", "Blue"]},
        "category": {"not under": "Kitchen"},
    },
    sort="price_asc",
    limit=5,
    facets=True,
)


def main() -> None:
    """Filter, count, and make a mistake."""
    with Shop.open("sample") as shop:
        result = shop.search(REQUEST)
        print(f"{result.total} products, the first {len(result.hits)}:")
        for hit in result.hits:
            print(f"  {hit.product.price:>6.2f}  {hit.product.rating}  {hit.product.title}")
        for name in ("brand", "colour"):
            values = ", ".join(f"{facet.value} {facet.count}" for facet in result.facets[name][:6])
            print(f"{name}: {values}")

        try:
            shop.search("boots", filters={"shoe_width": {"==": "wide"}})
        except FilterError as error:
            print(f"FilterError: {error}")


if __name__ == "__main__":
    main()
