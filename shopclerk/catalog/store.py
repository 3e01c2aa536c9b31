"""The store: every product of a catalogue in one SQLite file.

SQLite is the truth. A batch of products is written in one transaction together with its full-text
entries, facets, vocabulary and the mark that its vectors are due, so a process killed at any moment
leaves either the whole batch or nothing of it. Vectors live elsewhere and can be made again.
"""

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shopclerk.catalog.product import Product
from shopclerk.catalog.schema import migrate
from shopclerk.catalog.text import analyse
from shopclerk.errors import StorageError, UnknownProductError

STORE_FILE = "catalog.sqlite"
TEXT_COLUMNS = ("title", "brand", "category", "attributes", "description")
MAX_VOCABULARY_CHARS = 32
WAIT_S = 0.02


@dataclass(frozen=True, slots=True)
class DueVector:
    """A product whose vector must be made: its row, text and the hash of that text."""

    row: int
    text: str
    text_hash: bytes


@dataclass(frozen=True, slots=True)
class BatchCount:
    """How many products of a batch were new, changed and unchanged."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class Store:
    """Products, full text, facets and the queue of due vectors in one SQLite file (WAL).

    One connection reads, shared by all threads; another writes, one transaction at a time.

    Raises:
        StorageError: The folder cannot be written, the disk is full, the file is damaged or was made
            by a newer shopclerk.
    """

    def __init__(self, folder: Path, *, busy_timeout_s: float = 10.0) -> None:
        self.folder = folder
        self.path = folder / STORE_FILE
        self._writing = threading.RLock()
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._writer = self._connect(busy_timeout_s)
            migrate(self._writer)
            self.db = self._connect(busy_timeout_s)
            self.db.execute("PRAGMA query_only = ON")

    def _connect(self, busy_timeout_s: float) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False
        )
        _write_ahead(connection, busy_timeout_s)
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def close(self) -> None:
        """Close both connections."""
        self.db.close()
        self._writer.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one write transaction, all or nothing."""
        with self._writing, storage_errors(self.folder):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    # -- meta ----------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Return a note that an earlier run left, or None."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Leave a note for later runs."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """A number that grows with every write of products; what is cached hangs on it."""
        return int(self.meta("generation") or 0)

    # -- writing -------------------------------------------------------------------------------------

    def upsert(self, products: Sequence[Product]) -> BatchCount:
        """Write a batch of products in one transaction; the same product again costs nothing."""
        hashes = {product.id: product.content_hash() for product in products}
        with self.transaction() as db:
            known = self._known(db, list(hashes))
            writer = _BatchWriter(db)
            added = changed = 0
            for product in {product.id: product for product in products}.values():
                row, content, text = known.get(product.id, (None, b"", b""))
                if row is not None and content == hashes[product.id]:
                    continue
                writer.write(product, hashes[product.id], row, text)
                added += row is None
                changed += row is not None
            writer.finish()
        return BatchCount(added, changed, len(products) - added - changed)

    def delete(self, ids: Iterable[str]) -> int:
        """Remove products in one transaction and return how many there were."""
        with self.transaction() as db:
            known = self._known(db, list(ids))
            writer = _BatchWriter(db)
            for row, _, _ in known.values():
                writer.remove(row, for_good=True)
            writer.finish()
        return len(known)

    @staticmethod
    def _known(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[int, bytes, bytes]]:
        """Return row, content hash and the hash of the text that has a vector (empty: none) by id."""
        rows = db.execute(
            "SELECT id, row, content_hash, iif(vector_due, x'', text_hash) FROM product"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    # -- reading -------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Return how many products there are."""
        return int(self.db.execute("SELECT count(*) FROM product").fetchone()[0])

    def get(self, product_id: str) -> Product:
        """Return one product.

        Raises:
            UnknownProductError: The catalogue does not hold this id.
        """
        row = self.db.execute("SELECT data FROM product WHERE id = ?", (product_id,)).fetchone()
        if row is None:
            raise UnknownProductError(
                f"No product has the id '{product_id}'. Search first and use an id from the results."
            )
        return Product.model_validate_json(row[0])

    def row_of(self, product_id: str) -> int:
        """Return the row number of a product; raises UnknownProductError."""
        row = self.db.execute("SELECT row FROM product WHERE id = ?", (product_id,)).fetchone()
        if row is None:
            self.get(product_id)
        return int(row[0])

    def by_rows(self, rows: Sequence[int]) -> dict[int, Product]:
        """Return the products of some row numbers; rows that are gone are left out."""
        found = self.db.execute(
            "SELECT row, data FROM product WHERE row IN (SELECT value FROM json_each(?))",
            (json.dumps(list(rows)),),
        )
        return {row: Product.model_validate_json(data) for row, data in found}

    def products(self) -> Iterator[Product]:
        """Yield every product in the order of its first arrival."""
        for (data,) in self.db.execute("SELECT data FROM product ORDER BY row"):
            yield Product.model_validate_json(data)

    def ids(self) -> Iterator[str]:
        """Yield every product id."""
        for (product_id,) in self.db.execute("SELECT id FROM product"):
            yield product_id

    # -- the queue of vectors ------------------------------------------------------------------------

    def due_count(self) -> int:
        """Return how many products wait for their vector."""
        query = "SELECT count(*) FROM product WHERE vector_due = 1"
        return int(self.db.execute(query).fetchone()[0])

    def due_vectors(self, limit: int) -> list[DueVector]:
        """Return up to `limit` products whose vector must be made."""
        rows = self.db.execute(
            "SELECT row, data, text_hash FROM product WHERE vector_due = 1 ORDER BY row LIMIT ?",
            (limit,),
        )
        return [
            DueVector(row, Product.model_validate_json(data).embedding_text(), text_hash)
            for row, data, text_hash in rows
        ]

    def vectors_done(self, done: Iterable[DueVector]) -> None:
        """Take products off the queue, unless their text has changed since it was read."""
        with self.transaction() as db:
            db.executemany(
                "UPDATE product SET vector_due = 0 WHERE row = ? AND text_hash = ?",
                [(item.row, item.text_hash) for item in done],
            )

    def all_vectors_due(self) -> None:
        """Queue every product again, for instance after the vectors were lost."""
        with self.transaction() as db:
            db.execute("UPDATE product SET vector_due = 1")

    def rows_due(self, rows: Iterable[int]) -> None:
        """Queue some products again."""
        with self.transaction() as db:
            db.executemany(
                "UPDATE product SET vector_due = 1 WHERE row = ?", [(row,) for row in rows]
            )

    def embedded_rows(self) -> set[int]:
        """Return the rows whose vector has been made."""
        return {row for (row,) in self.db.execute("SELECT row FROM product WHERE vector_due = 0")}

    def text_hashes(self) -> dict[int, bytes]:
        """Return row to the hash of the text that its vector is made of."""
        return dict(self.db.execute("SELECT row, text_hash FROM product"))

    def gone_vectors(self) -> list[int]:
        """Return the rows of deleted products whose vectors still lie in the index."""
        return [row for (row,) in self.db.execute("SELECT row FROM vector_gone")]

    def forget_gone(self, rows: Iterable[int]) -> None:
        """Take deleted rows off the list once their vectors are removed."""
        with self.transaction() as db:
            db.executemany("DELETE FROM vector_gone WHERE row = ?", [(row,) for row in rows])


def _write_ahead(connection: sqlite3.Connection, timeout_s: float) -> None:
    """Switch a connection to WAL; for this SQLite does not wait for others by itself."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                connection.close()
                raise
            time.sleep(WAIT_S)


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn the errors of disk and database into StorageError with what to do about them."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(_advice(str(error), folder)) from error
    except sqlite3.DatabaseError as error:
        raise StorageError(
            f"The catalogue in {folder} is damaged ({error}). Delete the folder and index the file "
            "again; the file itself is untouched."
        ) from error
    except OSError as error:
        raise StorageError(f"Cannot write to {folder}: {error.strerror or error}.") from error


def _advice(message: str, folder: Path) -> str:
    if "full" in message:
        return f"The disk of {folder} is full. Free some space and run the command again: what was stored stays."
    if "locked" in message:
        return f"Another process is writing to {folder}. Wait for it to end and try again."
    return f"Cannot use the catalogue in {folder}: {message}. Is the folder writable?"


class _BatchWriter:
    """Writes the products of one transaction; vocabulary counts are kept until the end."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._words: Counter[str] = Counter()
        self._value_ids: dict[tuple[str, str], int] = {}
        self._left: set[int] = set()
        self._wrote = False

    def write(self, product: Product, content: bytes, row: int | None, old_text: bytes) -> None:
        if row is None:
            next_row = "SELECT max(ifnull((SELECT max(row) FROM product), 0), ifnull((SELECT max(row) FROM vector_gone), 0), ifnull((SELECT max(row) FROM picture_gone), 0)) + 1"
            row = int(self._db.execute(next_row).fetchone()[0])
            before: Product | None = None
        else:
            before = self.remove(row, for_good=False)
        text_hash = product.text_hash()
        columns = (row, product.id, product.title, product.brand, product.category, product.price)
        self._db.execute(
            "INSERT INTO product VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *columns,
                product.rating,
                product.stock,
                json.dumps(product.record(), ensure_ascii=False),
                content,
                text_hash,
                int(text_hash != old_text),
            ),
        )
        self._write_text(row, product)
        self._write_facets(row, product)
        self._write_picture(row, product, before)
        self._wrote = True

    def remove(self, row: int, *, for_good: bool) -> Product:
        found = self._db.execute("SELECT data FROM product WHERE row = ?", (row,)).fetchone()
        product = Product.model_validate_json(found[0])
        self._words.subtract(_words(product))
        values = self._db.execute("SELECT value_id FROM product_facet WHERE row = ?", (row,))
        self._left.update(value_id for (value_id,) in values)
        for table, key in (("product", "row"), ("product_text", "rowid"), ("product_facet", "row")):
            self._db.execute(f"DELETE FROM {table} WHERE {key} = ?", (row,))
        if for_good:
            self._db.execute("INSERT OR IGNORE INTO vector_gone VALUES (?)", (row,))
            self._drop_picture(row)
        self._wrote = True
        return product

    def finish(self) -> None:
        if not self._wrote:
            return
        self._db.executemany(
            "INSERT INTO vocabulary VALUES (?, ?)"
            " ON CONFLICT (word) DO UPDATE SET products = products + excluded.products",
            [(word, count) for word, count in self._words.items() if count],
        )
        self._db.execute("DELETE FROM vocabulary WHERE products <= 0")
        self._db.execute(
            "DELETE FROM facet_value WHERE id IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM product_facet WHERE value_id = facet_value.id)",
            (json.dumps(list(self._left)),),
        )
        self._db.execute(
            "INSERT INTO meta VALUES ('generation', '1')"
            " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
        )

    def _write_text(self, row: int, product: Product) -> None:
        texts = product.search_texts()
        self._db.execute(
            "INSERT INTO product_text (rowid, title, brand, category, attributes, description)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (row, *(" ".join(analyse(texts[column])) for column in TEXT_COLUMNS)),
        )
        self._words.update(_words(product))

    def _write_facets(self, row: int, product: Product) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO product_facet VALUES (?, ?)",
            [(self._value_id(*pair), row) for pair in set(product.facets())],
        )

    def _write_picture(self, row: int, product: Product, before: Product | None) -> None:
        """Queue pictures that are new; where only the words changed, the picture is placed anew."""
        if before is not None and before.images == product.images:
            self._db.execute("UPDATE picture SET placed = 0 WHERE row = ?", (row,))
            return
        self._drop_picture(row)
        if product.images:
            self._db.execute("INSERT INTO picture (row) VALUES (?)", (row,))

    def _drop_picture(self, row: int) -> None:
        if self._db.execute("DELETE FROM picture WHERE row = ?", (row,)).rowcount:
            self._db.execute("INSERT OR IGNORE INTO picture_gone VALUES (?)", (row,))

    def _value_id(self, field: str, value: str) -> int:
        known = self._value_ids.get((field, value))
        if known is None:
            self._db.execute(
                "INSERT OR IGNORE INTO facet_value (field, value) VALUES (?, ?)", (field, value)
            )
            query = "SELECT id FROM facet_value WHERE field = ? AND value = ?"
            known = int(self._db.execute(query, (field, value)).fetchone()[0])
            self._value_ids[field, value] = known
        return known


def _words(product: Product) -> set[str]:
    terms = {term for text in product.search_texts().values() for term in analyse(text)}
    return {term for term in terms if 1 < len(term) <= MAX_VOCABULARY_CHARS}
