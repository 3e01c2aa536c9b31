"""Products of a catalogue or a file as matching sees them, with their words, model numbers and picture hashes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shopclerk.catalog.blocking import BlockingTerms
from shopclerk.catalog.fulltext import as_json
from shopclerk.catalog.picture_prints import picture_print
from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import read_rows
from shopclerk.catalog.store import Store
from shopclerk.errors import PictureError
from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.pictures import open_picture


@dataclass(frozen=True)
class Catalogued:
    """Products, and the same as listings.

    Attributes:
        products: The products.
        listings: One a product.
        folder: What the pictures' paths are relative to.
        rejected: Rows of the file that hold no product.
    """

    products: Sequence[Product]
    listings: Sequence[Listing]
    folder: Path | None = None
    rejected: int = 0


def listing_of(product: Product, picture: str | None = None) -> Listing:
    """Return a product as a listing."""
    return Listing.of(product.record(), picture)


def from_file(path: Path, *, pictures: bool = False) -> Catalogued:
    """Read a product file.

    Args:
        path: The file.
        pictures: Look at the first picture of each product, where it lies on this machine.

    Raises:
        UnreadableFileError: The file cannot be read.
    """
    rows = list(read_rows(path))
    products = [row.product for row in rows if row.product is not None]
    folder = path.resolve().parent
    listings = [
        listing_of(product, file_print(product, folder) if pictures else None)
        for product in products
    ]
    return Catalogued(products, listings, folder, len(rows) - len(products))


def file_print(product: Product, folder: Path) -> str | None:
    """Return the print of a product's first picture, None where it is not here or cannot be read."""
    if not product.images or "://" in product.images[0]:
        return None
    try:
        return picture_print(open_picture(product.images[0], folder=folder).image)
    except PictureError:
        return None


def from_store(store: Store, folder: Path | None = None) -> Catalogued:
    """Read an indexed catalogue; its pictures are known from when it was indexed."""
    known = store_prints(store)
    found = [(product, known.get(row)) for row, product in _with_rows(store)]
    products = [product for product, _ in found]
    return Catalogued(products, [listing_of(*pair) for pair in found], folder)


def _with_rows(store: Store) -> Iterator[tuple[int, Product]]:
    query = "SELECT row, data FROM product ORDER BY row"
    for row, data in store.db.execute(query):
        yield int(row), Product.model_validate_json(data)


def store_prints(store: Store, rows: Iterable[int] | None = None) -> dict[int, str]:
    """Return row to the print of its first picture, of all or of some rows."""
    query = "SELECT row, fingerprints FROM picture WHERE state = 'read'"
    if rows is None:
        found = store.db.execute(query)
    else:
        own = f"{query} AND row IN (SELECT value FROM json_each(?))"
        found = store.db.execute(own, (as_json(list(rows)),))
    return {int(row): prints.split()[0] for row, prints in found if prints and "-" in prints}


def blocking_terms(listings: ListingSet) -> BlockingTerms:
    """Return the words, model numbers and titles that candidates are found by."""
    signs = listings.signs
    return BlockingTerms(
        [sign.title_words for sign in signs], [sign.codes for sign in signs], listings.titles
    )
