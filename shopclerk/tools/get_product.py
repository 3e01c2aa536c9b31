"""The tool `get_product`."""

from langchain_core.tools import BaseTool, StructuredTool

from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store
from shopclerk.tools.arguments import ProductArguments
from shopclerk.tools.result import ToolResult, model_errors, one_line, product_line

NAME = "get_product"

DESCRIPTION = """Look up all details of one product: price, stock, rating, attributes, description.
Use it for a question on a product that was shown. Do not use it to find products by words.
The id looks like shoe-001 and stands in square brackets in the results."""

MAX_DESCRIPTION_CHARS = 600


def get_product_tool(store: Store) -> BaseTool:
    """Return the tool over a catalogue."""

    @model_errors
    def get_product(id: str) -> tuple[str, ToolResult]:  # the protocols' name for it
        product = store.get(id)
        return details(product), ToolResult(products=(product,), total=1)

    return StructuredTool.from_function(
        get_product,
        name=NAME,
        description=DESCRIPTION,
        args_schema=ProductArguments,
        response_format="content_and_artifact",
    )


def details(product: Product) -> str:
    """Return everything known of a product, a line a field."""
    lines = [product_line(product)]
    lines += [
        f"{name}: {one_line(value)}"
        for name, value in (("brand", product.brand), ("category", product.category))
        if value
    ]
    lines += [
        one_line(f"{name}: {', '.join(product.attribute_values(name))}")
        for name in product.attributes
    ]
    if product.description:
        lines.append(f"description: {one_line(product.description)[:MAX_DESCRIPTION_CHARS]}")
    return "\n".join(lines)
