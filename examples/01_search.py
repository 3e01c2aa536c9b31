"""Search the sample shop by words.

Run it:

    python examples/01_search.py

It prints the five best products for a request, with price, score and the fields that hold its words; then
what a misspelt query was read as.
"""

from shopclerk import Shop
from shopclerk.catalog.money import format_price


def main() -> None:
    """Search twice and print what was found."""
    with Shop.open("sample") as shop:
        for hit in shop.search("something warm for a winter hike", limit=5).hits:
            product = hit.product
            price = format_price(product.price, product.currency) if product.price else "-"
            where = ", ".join(hit.matched) or "by meaning alone"
            print(f"{hit.score:.2f}  {price:>8}  {product.title}  ({where})")

        result = shop.search("watrproof jaket", limit=1)
        for word, meant in result.corrections.items():
            print(f"'{word}' was read as '{meant}'")


if __name__ == "__main__":
    main()
