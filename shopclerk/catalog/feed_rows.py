"""Products as rows that other shops' importers take: Shopify's CSV and Google Merchant's feed.

Columns after Shopify's "Using CSV files to import and export products" and Google's "Product data specification".
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence

from shopclerk.catalog.product import Product
from shopclerk.cells import guarded

SHOPIFY_COLUMNS = (
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Product Category",
    "Type",
    "Tags",
    "Published",
    "Variant SKU",
    "Variant Price",
    "Variant Inventory Qty",
    "Image Src",
    "Image Position",
)
GOOGLE_COLUMNS = (
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "availability",
    "price",
    "brand",
    "product_type",
    "color",
    "size",
    "material",
    "gender",
    "condition",
)
GOOGLE_TITLE_CHARS, GOOGLE_TEXT_CHARS = 150, 5_000
_GOOGLE_NAMES = {
    "color": ("color", "colour"),
    "size": ("size",),
    "material": ("material",),
    "gender": ("gender",),
}
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def handle(product: Product) -> str:
    """Return the part of a URL that Shopify knows a product by."""
    folded = unicodedata.normalize("NFKD", product.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:200]
    return slug or re.sub(r"[^a-z0-9]+", "-", product.id.lower()).strip("-") or "product"


def shopify_rows(product: Product) -> list[dict[str, str]]:
    """Return one row for the product and one for each further picture."""
    name = handle(product)
    first = {
        "Handle": name,
        "Title": product.title,
        "Body (HTML)": _paragraphs(product.description or ""),
        "Vendor": product.brand or "",
        "Product Category": product.category or "",
        "Type": (product.category_levels() or ("",))[-1],
        "Tags": ", ".join(product.tags),
        "Published": "FALSE",
        "Variant SKU": product.id,
        "Variant Price": "" if product.price is None else f"{product.price:.2f}",
        "Variant Inventory Qty": "" if product.stock is None else str(product.stock),
        "Image Src": product.images[0] if product.images else "",
        "Image Position": "1" if product.images else "",
    }
    further = [
        {"Handle": name, "Image Src": image, "Image Position": str(place)}
        for place, image in enumerate(product.images[1:], 2)
    ]
    return [first, *further]


def google_row(product: Product) -> dict[str, str]:
    """Return the product as a row of a Google Merchant feed."""
    row = {
        "id": product.id[:50],
        "title": product.title[:GOOGLE_TITLE_CHARS],
        "description": (product.description or product.title)[:GOOGLE_TEXT_CHARS],
        "link": product.url or "",
        "image_link": product.images[0] if product.images else "",
        "additional_image_link": ",".join(product.images[1:11]),
        "availability": "out_of_stock" if product.stock == 0 else "in_stock",
        "price": "" if product.price is None else f"{product.price:.2f} {product.currency}",
        "brand": product.brand or "",
        "product_type": product.category or "",
        "condition": "new",
    }
    values = {name.casefold(): product.attribute_values(name) for name in product.attributes}
    for column, names in _GOOGLE_NAMES.items():
        row[column] = "/".join(next((values[name] for name in names if name in values), ()))
    return row


def shopify_csv(products: Sequence[Product]) -> str:
    """Return products as the text of a CSV that Shopify imports."""
    return _table([row for each in products for row in shopify_rows(each)], SHOPIFY_COLUMNS, ",")


def google_tsv(products: Sequence[Product]) -> str:
    """Return products as the text of a tab-separated Google Merchant feed."""
    rows = [
        {name: " ".join(value.split()) for name, value in google_row(each).items()}
        for each in products
    ]
    return _table(rows, GOOGLE_COLUMNS, "\t")


def _table(rows: Sequence[dict[str, str]], columns: Sequence[str], delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return out.getvalue()


def _harmless(value: str) -> str:
    """Guard a cell; a dash at its head is left, since an importer would show the guard and lists begin so."""
    return value if value.startswith("-") and not value.startswith("-=") else guarded(value)


def _paragraphs(text: str) -> str:
    lines = [line.strip().translate(_HTML) for line in text.splitlines() if line.strip()]
    bullets = [line[2:] for line in lines if line.startswith("- ")]
    plain = "".join(f"<p>{line}</p>" for line in lines if not line.startswith("- "))
    return plain + (
        f"<ul>{''.join(f'<li>{line}</li>' for line in bullets)}</ul>" if bullets else ""
    )
