"""The tool `compare_products`."""

import math
from collections.abc import Callable

from langchain_core.tools import BaseTool, StructuredTool

from shopclerk.catalog.money import format_price
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Sort
from shopclerk.catalog.store import Store
from shopclerk.tools.arguments import CompareArguments
from shopclerk.tools.result import ToolResult, model_errors

_ORDERS: dict[Sort, Callable[[Product], float]] = {
    "price_asc": lambda product: math.inf if product.price is None else product.price,
    "price_desc": lambda product: math.inf if product.price is None else -product.price,
    "rating_desc": lambda product: math.inf if product.rating is None else -product.rating,
}

NAME = "compare_products"

DESCRIPTION = """Set two or more products side by side and list what differs.
Use it to say which of the shown products is cheapest, best rated, lightest and so on.
Ids look like shoe-001 and stand in square brackets in the results."""


def compare_products_tool(store: Store) -> BaseTool:
    """Return the tool over a catalogue."""

    @model_errors
    def compare_products(ids: list[str], sort: Sort = "relevance") -> tuple[str, ToolResult]:
        given = [store.get(product_id) for product_id in dict.fromkeys(ids)]
        products = tuple(_ordered(given, sort, store))
        rows = difference_table(products)
        text = "\n".join(f"{name}: {' | '.join(values)}" for name, values in rows.items())
        return text, ToolResult(products=products, total=len(products))

    return StructuredTool.from_function(
        compare_products,
        name=NAME,
        description=DESCRIPTION,
        args_schema=CompareArguments,
        response_format="content_and_artifact",
    )


def _ordered(products: list[Product], sort: Sort, store: Store) -> list[Product]:
    if sort == "newest":
        return sorted(products, key=lambda product: -store.row_of(product.id))
    return sorted(products, key=_ORDERS.get(sort, lambda _: 0.0))


def difference_table(products: tuple[Product, ...]) -> dict[str, list[str]]:
    """Return field to one text a product, for the fields in which they differ; '-' where not given."""
    names = list(dict.fromkeys(name for product in products for name in product.attributes))
    rows = {
        "id": [product.id for product in products],
        "title": [product.title for product in products],
        "price": [_price(product) for product in products],
        "rating": [_number(product.rating) for product in products],
        "stock": [_number(product.stock) for product in products],
        "brand": [product.brand or "-" for product in products],
    }
    for name in names:
        rows[name] = [", ".join(product.attribute_values(name)) or "-" for product in products]
    return {name: values for name, values in rows.items() if len(set(values)) > 1 or name == "id"}


def _price(product: Product) -> str:
    return "-" if product.price is None else format_price(product.price, product.currency)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
