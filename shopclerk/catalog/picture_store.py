"""What the store keeps of pictures: which are due, and the numbers made of those that were read.

A product's pictures are read once. Their vectors stay in SQLite, so that another head or a changed listing
needs no picture again, only a new place in the vector index.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.picture_prints import Prints, read_prints, same_prints
from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store

WRITES_KEY = "picture_writes"
"""Under this key the store counts the batches of pictures written; prints held in memory hang on it."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A product whose pictures were read.

    Attributes:
        row: The product's row.
        vector: The mean of its pictures' vectors, `(d,)` of length one.
        meaning: The mean of what they mean before any head, `(m,)` of length one.
    """

    row: int
    vector: Vectors
    meaning: Vectors


class PictureStore:
    """The pictures of one store.

    Args:
        store: The catalogue's store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._prints: tuple[str, NDArray[np.int64], Prints] | None = None

    # -- reading pictures ------------------------------------------------------------------------------

    def start_over(self, encoder: str) -> None:
        """Queue the pictures that another encoder has read."""
        others = "state = 'read' AND (encoder != ? OR fingerprints NOT LIKE '%-%')"
        count = f"SELECT count(*) FROM picture WHERE {others}"
        if self._store.db.execute(count, (encoder,)).fetchone()[0]:
            with self._store.transaction() as db:
                db.execute(
                    f"UPDATE picture SET state = 'due', placed = 0 WHERE {others}", (encoder,)
                )

    def retry_failed(self) -> None:
        """Queue the pictures that could not be read: the files may be there by now."""
        with self._store.transaction() as db:
            db.execute("UPDATE picture SET state = 'due' WHERE state = 'failed'")

    def due_count(self) -> int:
        """Return how many products wait for their pictures to be read."""
        return self._number("SELECT count(*) FROM picture WHERE state = 'due'")

    def read_count(self) -> int:
        """Return how many products have a picture that could be read."""
        return self._number("SELECT count(*) FROM picture WHERE state = 'read'")

    def due(self, limit: int) -> list[tuple[int, Product]]:
        """Return up to `limit` products whose pictures must be read."""
        rows = self._store.db.execute(
            "SELECT row FROM picture WHERE state = 'due' ORDER BY row LIMIT ?", (limit,)
        )
        wanted = [row for (row,) in rows]
        products = self._store.by_rows(wanted)
        return [(row, products[row]) for row in wanted if row in products]

    def write(
        self, encoder: str, read: Sequence[tuple[StoredPicture, str]], failed: Iterable[int]
    ) -> None:
        """Keep what was read, each with its pictures' prints, and mark what could not be."""
        with self._store.transaction() as db:
            db.executemany(
                "UPDATE picture SET state = 'read', encoder = ?, vector = ?, meaning = ?,"
                " fingerprints = ?, placed = 0 WHERE row = ?",
                [
                    (encoder, _half(item.vector), _half(item.meaning), prints, item.row)
                    for item, prints in read
                ],
            )
            db.executemany(
                "UPDATE picture SET state = 'failed' WHERE row = ?", [(row,) for row in failed]
            )
            db.execute(
                "INSERT INTO meta VALUES (?, '1')"
                " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
                (WRITES_KEY,),
            )

    def read_again(self) -> None:
        """Queue all pictures."""
        with self._store.transaction() as db:
            db.execute("UPDATE picture SET state = 'due', placed = 0")

    # -- placing them in the index ---------------------------------------------------------------------

    def unplaced_count(self) -> int:
        """Return how many read pictures have no vector in the index yet."""
        return self._number("SELECT count(*) FROM picture WHERE placed = 0 AND state = 'read'")

    def placed_count(self) -> int:
        """Return how many pictures have a vector in the index."""
        return self._number("SELECT count(*) FROM picture WHERE placed = 1")

    def unplaced(self, limit: int) -> list[StoredPicture]:
        """Return up to `limit` read pictures without a vector in the index."""
        query = "SELECT row, vector, meaning FROM picture WHERE placed = 0 AND state = 'read'"
        return self._pictures(f"{query} ORDER BY row LIMIT {int(limit)}")

    def placed(self, rows: Iterable[int]) -> None:
        """Take pictures off the queue."""
        with self._store.transaction() as db:
            db.executemany("UPDATE picture SET placed = 1 WHERE row = ?", [(r,) for r in rows])

    def placed_rows(self) -> set[int]:
        """Return the rows whose picture has a vector in the index."""
        return {
            row for (row,) in self._store.db.execute("SELECT row FROM picture WHERE placed = 1")
        }

    def place_again(self, rows: Iterable[int]) -> None:
        """Queue some read pictures, for instance after their vectors were lost."""
        with self._store.transaction() as db:
            db.executemany("UPDATE picture SET placed = 0 WHERE row = ?", [(r,) for r in rows])

    def gone(self) -> list[int]:
        """Return the rows whose picture is gone but may still lie in the index."""
        return [row for (row,) in self._store.db.execute("SELECT row FROM picture_gone")]

    def forget_gone(self, rows: Iterable[int]) -> None:
        """Take rows off that list."""
        with self._store.transaction() as db:
            db.executemany("DELETE FROM picture_gone WHERE row = ?", [(row,) for row in rows])

    # -- looking ---------------------------------------------------------------------------------------

    def all(self) -> Iterator[StoredPicture]:
        """Yield every picture that was read."""
        yield from self._pictures("SELECT row, vector, meaning FROM picture WHERE state = 'read'")

    def of(self, row: int) -> StoredPicture | None:
        """Return the picture of one product, None where it has none that could be read."""
        query = (
            f"SELECT row, vector, meaning FROM picture WHERE state = 'read' AND row = {int(row)}"
        )
        return next(iter(self._pictures(query)), None)

    def same_as(self, wanted: str) -> list[int]:
        """Return the rows of products that show the picture of a print among theirs, nearest first."""
        rows, prints = self._known_prints()
        return list(dict.fromkeys(int(rows[place]) for place in same_prints(wanted, prints)))

    def _known_prints(self) -> tuple[NDArray[np.int64], Prints]:
        state = f"{self._store.generation}|{self._store.meta(WRITES_KEY)}"
        if self._prints is None or self._prints[0] != state:
            found = self._store.db.execute(
                "SELECT row, fingerprints FROM picture WHERE state = 'read'"
            )
            pairs = [(row, text) for row, texts in found for text in texts.split()]
            rows = np.array([row for row, _ in pairs], np.int64)
            self._prints = (state, rows, read_prints([text for _, text in pairs]))
        return self._prints[1], self._prints[2]

    def _pictures(self, query: str) -> list[StoredPicture]:
        return [
            StoredPicture(row, _full(vector), _full(meaning))
            for row, vector, meaning in self._store.db.execute(query)
        ]

    def _number(self, query: str) -> int:
        return int(self._store.db.execute(query).fetchone()[0])


def _half(vector: Vectors) -> bytes:
    return vector.astype(np.float16).tobytes()


def _full(data: bytes) -> Vectors:
    vector = np.frombuffer(data, np.float16).astype(np.float32)
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)
