"""The ways a file may lay out its products: own columns, Shopify's export, Google Merchant's feed.

Each layout turns the cells of a row, by column name, into the fields that `rejects.build_product`
takes. A row's cells are texts (CSV, TSV), JSON values (JSON Lines, Parquet) or lists of texts (an
XML element that repeats, the rows of one Shopify handle).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from itertools import chain
from typing import IO, Any, Literal, NamedTuple, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from shopclerk.catalog.money import parse_price
from shopclerk.catalog.product import MAX_TEXT_CHARS
from shopclerk.catalog.rejects import ATTRIBUTE_PREFIX, split_cell
from shopclerk.errors import RowError, UnreadableFileError

Layout = Literal["own", "shopify", "google"]
Cells = Mapping[str, Any]
ToFields = Callable[[Cells], dict[str, Any]]

SYNONYMS = {
    "id": ("id", "productid", "itemid", "sku", "asin"),
    "title": ("title", "name", "productname", "producttitle", "itemname"),
    "description": ("description", "productdescription", "desc"),
    "brand": ("brand", "brandname", "manufacturer", "vendor"),
    "url": ("url", "link", "producturl"),
    "category": ("category", "categories", "categorypath", "producttype"),
    "price": ("price", "unitprice", "sellingprice", "productprice"),
    "currency": ("currency", "currencycode"),
    "rating": ("rating", "stars", "averagerating", "avgrating"),
    "stock": ("stock", "quantity", "qty", "inventory", "stockquantity"),
    "images": ("images", "image", "imageurl", "imageurls", "imagelink", "img"),
    "attributes": ("attributes",),
    "tags": ("tags", "labels", "keywords"),
}
GOOGLE_ATTRIBUTES = ("color", "size", "gender", "age_group", "material", "pattern", "gtin", "mpn")
GOOGLE_MARKS = {
    "image_link",
    "additional_image_link",
    "availability",
    "sale_price",
    *("gtin", "mpn"),
}
MAX_HANDLE_ROWS = 5_000

_XML_ROOTS = {"rss", "feed", "RDF", "channel"}
_XML_ITEMS = {"item", "entry"}
_BLOCK_TAGS = "address article br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table td tr ul"
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_UNSEEN = {"script", "style", "template"}
_MARKUP = re.compile(r"<[A-Za-z/!]|&#?\w+;")


class Record(NamedTuple):
    """One row as a file holds it: its cells, or why they cannot be read.

    Attributes:
        line: 1-based line, or record number where the format has no lines.
        raw: The row's text; empty where the cells say it all.
        cells: Column name to value; empty with an error.
        error: Why the row cannot be read, or empty.
    """

    line: int
    raw: str
    cells: Cells
    error: str = ""


def layout_of(header: Iterable[str]) -> Layout:
    """Recognise whose layout a header is."""
    names = {google_name(column) for column in header}
    if {"handle", "title"} <= names and names & {"variant_price", "body_(html)", "variant_sku"}:
        return "shopify"
    if {"id", "title"} <= names and len(names & GOOGLE_MARKS) > 1:
        return "google"
    return "own"


class OwnColumns:
    """Fields from columns named as our fields, by a common synonym, or as the user mapped them.

    Rows of JSON Lines may differ in their keys: columns are settled once for each set of keys.
    """

    def __init__(self, chosen: Mapping[str, str]) -> None:
        """Take the product fields that the user mapped, and the columns they are in."""
        self._chosen = chosen
        self._plans: dict[tuple[str, ...], dict[str, str]] = {}

    def __call__(self, cells: Cells) -> dict[str, Any]:
        """Return the product fields of one row."""
        header = tuple(cells)
        if header not in self._plans:
            if len(self._plans) > 1_000:
                self._plans.clear()
            self._plans[header] = self.columns(header)
        return {field: cells[column] for field, column in self._plans[header].items()}

    def columns(self, header: Iterable[str]) -> dict[str, str]:
        """Return which column of a header feeds which field, or which attribute as `attr:NAME`."""
        header = tuple(header)
        known = {_plain(column): column for column in reversed(header)}
        found = {
            field: known[name]
            for field, names in SYNONYMS.items()
            for name in reversed(names)
            if name in known
        }
        for column in header:
            prefix, _, name = column.partition(":")
            if prefix.strip().lower() in ("attr", "attribute") and name.strip():
                found[ATTRIBUTE_PREFIX + name.strip()] = column
        return found | {field: name for field, name in self._chosen.items() if name in header}


def fields_of(layout: Layout, chosen: Mapping[str, str]) -> ToFields:
    """Return what turns the cells of a row into product fields.

    Args:
        layout: The file's layout.
        chosen: Product field to the column the user mapped to it; goes before the layout's own.
            A Google feed may have our own columns, `rating` or `attr:fit`, besides.
    """
    own_columns = OwnColumns(chosen)
    if layout == "own":
        return own_columns
    to_fields = google_fields if layout == "google" else shopify_fields

    def with_own(cells: Cells) -> dict[str, Any]:
        fields = to_fields(cells)
        for field, value in own_columns(cells).items():
            if field in chosen or (layout == "google" and fields.get(field) is None):
                is_list = layout == "google" and field in ("images", "tags")
                fields[field] = value if is_list else first(value)
        return fields

    return with_own


def google_fields(cells: Cells) -> dict[str, Any]:
    """Return the product fields of one Google Merchant row; a sale price is the price.

    The seller's own `product_type` goes before Google's category, which may be a bare number. Out
    of stock means a stock of 0; in stock says nothing of how many.
    """
    row = {google_name(column): value for column, value in cells.items()}
    more = [split_cell("images", text) for text in _texts(row.get("additional_image_link"))]
    availability = str(first(row.get("availability")) or "").replace("_", " ").strip().lower()
    return {
        "id": first(row.get("id")),
        "title": first(row.get("title")),
        "description": html_to_text(next(iter(_texts(row.get("description"))), None)),
        "brand": first(row.get("brand")),
        "url": first(row.get("link")),
        "category": first(row.get("product_type")) or first(row.get("google_product_category")),
        "price": first(row.get("sale_price")) or first(row.get("price")),
        "stock": 0 if availability == "out of stock" else None,
        "images": _distinct([first(row.get("image_link")), *chain.from_iterable(more)]),
        "attributes": {
            name.replace("_", " "): _one_or_all(_distinct(row.get(name)))
            for name in GOOGLE_ATTRIBUTES
        },
    }


def shopify_fields(cells: Cells) -> dict[str, Any]:
    """Return the product fields of the rows of one Shopify handle, as `by_handle` joins them.

    The id is the handle. The price is the lowest of the variants, the stock their sum; a variant
    sold beyond its stock counts as none. Option values and SKUs become attributes.
    """
    row = {google_name(column): value for column, value in cells.items()}
    prices = [parse_price(price) for price in _given(row.get("variant_price"))]
    return {
        "id": first(row.get("handle")),
        "title": first(row.get("title")),
        "description": html_to_text(next(iter(_texts(row.get("body_(html)"))), None)),
        "brand": first(row.get("vendor")),
        "category": first(row.get("product_category")) or first(row.get("type")),
        "tags": first(row.get("tags")),
        "price": min(price for price, _ in prices) if prices else None,
        "currency": prices[0][1] if prices else None,
        "stock": _total_stock(_texts(row.get("variant_inventory_qty"))),
        "images": _distinct([*_texts(row.get("image_src")), *_texts(row.get("variant_image"))]),
        "attributes": _shopify_options(row),
    }


def by_handle(records: Iterable[Record]) -> Iterator[Record]:
    """Join the rows of each Shopify handle into one record, its cells lists over the rows."""
    group: list[Record] = []
    for record in records:
        if record.error:
            yield record
            continue
        if group and not (_same_handle(group[0], record) and len(group) < MAX_HANDLE_ROWS):
            yield _joined(group)
            group = []
        group.append(record)
    if group:
        yield _joined(group)


def xml_records(stream: IO[bytes]) -> Iterator[Record]:
    """Read the items of an RSS or Atom feed, one at a time.

    Args:
        stream: A seekable binary stream at its beginning.

    Raises:
        UnreadableFileError: Not well-formed XML, not a feed, or a feed with a DTD: declared
            entities can fill the memory or read files.
    """
    count = 0
    try:
        _refuse_dtd(stream)
        stream.seek(0)
        for item in _xml_items(stream):
            count += 1
            yield Record(count, "", _item_cells(item))
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError) as error:
        raise UnreadableFileError(
            f"The XML breaks off after {count:,} items: {error}. Export the feed again."
        ) from None


def html_to_text(text: str | None) -> str | None:
    """Return the words of an HTML text, a line for each block; other text comes back unchanged."""
    if not text or len(text) > MAX_TEXT_CHARS or not _MARKUP.search(text):
        return text
    reader = _TextOfHtml()
    reader.feed(_tamed(text))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def first(value: Any) -> Any:
    """Return the first cell that is not blank of one or several, or None."""
    if isinstance(value, list | tuple):
        return next((item for item in value if first(item) is not None), None)
    return None if isinstance(value, str) and not value.strip() else value


@lru_cache(maxsize=4096)
def google_name(column: str) -> str:
    """Return a feed's column name in one form: `g:Image Link` and `image_link` are the same."""
    return column.strip().lower().removeprefix("g:").replace(" ", "_")


@lru_cache(maxsize=4096)
def _plain(column: str) -> str:
    return re.sub(r"[\W_]", "", column.casefold())


def _given(value: Any) -> list[str | int | float]:
    """Return one or several cells as a list without the blank ones, numbers left as they are."""
    cells = value if isinstance(value, list | tuple) else [value]
    given = (cell if isinstance(cell, int | float) else str(cell or "").strip() for cell in cells)
    return [cell for cell in given if cell != ""]


def _texts(value: Any) -> list[str]:
    return [str(cell) for cell in _given(value)]


def _distinct(value: Any) -> list[str]:
    return list(dict.fromkeys(_texts(value)))


def _one_or_all(texts: list[str]) -> str | list[str] | None:
    return texts if len(texts) > 1 else next(iter(texts), None)


def _same_handle(one: Record, other: Record) -> bool:
    name = next(column for column in one.cells if google_name(column) == "handle")
    return bool(one.cells[name]) and one.cells[name] == other.cells.get(name)


def _joined(group: list[Record]) -> Record:
    columns = {name: [record.cells.get(name) for record in group] for name in group[0].cells}
    return Record(group[0].line, group[0].raw, columns)


def _total_stock(texts: list[str]) -> int | None:
    try:
        return sum(max(0, int(float(text))) for text in texts) if texts else None
    except (ValueError, OverflowError):
        raise RowError(
            f"Variant Inventory Qty '{', '.join(texts)[:60]}' is not allowed. "
            "Allowed: whole numbers, or empty where stock is not tracked."
        ) from None


def _shopify_options(row: Cells) -> dict[str, str | list[str] | None]:
    options: dict[str, str | list[str] | None] = {
        "sku": _one_or_all(_distinct(row.get("variant_sku")))
    }
    for number in (1, 2, 3):
        name = first(row.get(f"option{number}_name"))
        values = _distinct(row.get(f"option{number}_value"))
        if name and values != ["Default Title"]:
            options[str(name)] = _one_or_all(values)
    return options


def _refuse_dtd(stream: IO[bytes]) -> None:
    """Read up to the root element, where a DTD would have to stand, in whatever encoding."""
    root: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _dtd_found
    parser.StartElementHandler = lambda name, _: root.append(name)
    while not root and (data := stream.read(1 << 14)):
        parser.Parse(data)


def _dtd_found(*_: object) -> NoReturn:
    raise UnreadableFileError(
        "The XML declares a document type (DTD), which may hide entity bombs. "
        "Allowed: a feed without <!DOCTYPE>. Remove that declaration."
    )


def _xml_items(stream: IO[bytes]) -> Iterator[ElementTree.Element]:
    """Yield each outermost item; what is done with is dropped, so that memory stays flat."""
    path: list[ElementTree.Element] = []
    depth = 0
    for event, element in ElementTree.iterparse(stream, ("start", "end")):
        is_item = _local(element) in _XML_ITEMS
        if event == "start":
            path.append(element)
            depth += is_item
            _check_root(path[0])
            continue
        path.pop()
        depth -= is_item
        if is_item and not depth:
            yield element
        if path and not depth:
            path[-1].clear()


def _check_root(root: ElementTree.Element) -> None:
    if _local(root) not in _XML_ROOTS:
        raise UnreadableFileError(
            f"The XML begins with <{_local(root)[:60]}>. Allowed: an RSS or Atom feed as Google "
            "Merchant takes it. Export the catalogue as such a feed, CSV or JSON Lines."
        )


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _item_cells(item: ElementTree.Element) -> dict[str, list[str]]:
    cells: dict[str, list[str]] = {}
    for child in item:
        text = "".join(child.itertext()).strip() or child.get("href", "")
        cells.setdefault(_local(child), []).append(text)
    return cells


def _tamed(html: str) -> str:
    """Reduce markup to bare tags: no comments, no attributes, no `<` that begins no tag.

    The standard parser takes minutes over 200,000 characters of tags that never close.
    """
    head, *rest = html.split("<!--")
    html = head + "".join(part.partition("-->")[2] for part in rest)
    html = re.sub(r"<[!?][^<>]*>", "", html)
    html = re.sub(r"<(/?[A-Za-z][A-Za-z0-9]*)[^<>]*>", r"<\1>", html)
    return re.sub(r"<(?!/?[A-Za-z][A-Za-z0-9]*>)", "&lt;", html)


class _TextOfHtml(HTMLParser):
    """Collects the text a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _UNSEEN
        self.parts.append("\n" if tag in _BLOCKS else "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _UNSEEN))
        self.parts.append("\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
