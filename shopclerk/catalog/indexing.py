"""Indexing: a seller's file into the store, and the store's texts into vectors.

Each step can be killed at any moment and carried on: rows are written in whole batches, a product stays
on the queue of due vectors until its vector is written, and writing either twice changes nothing.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout

from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import Row, read_rows
from shopclerk.catalog.rejects import RejectFile
from shopclerk.catalog.search import QueryEncoder
from shopclerk.catalog.store import Store, storage_errors
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import StorageError

ROWS_A_BATCH = 1_000
VECTORS_A_BATCH = 1_024
LOCK_FILE = "indexing.lock"
REJECT_FILE = "rejects.jsonl"

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much is done, and of how much (None: not known yet)."""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one indexing run did.

    Attributes:
        added, changed, unchanged: Products of the file against what the store held.
        deleted: Products removed because the file no longer has them.
        missing: Products that the store has and the file has not, kept.
        rejected: Rows that could not become products; they are in `reject_file`.
        embedded: Vectors made.
        encode_s: Seconds spent in the encoder alone.
        total_s: Seconds in all, pictures apart.
        pictures: What was done with pictures.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    missing: int = 0
    rejected: int = 0
    embedded: int = 0
    encode_s: float = 0.0
    total_s: float = 0.0
    reject_file: Path | None = None
    pictures: "PictureReport" = field(default_factory=lambda: PictureReport())


@dataclass(frozen=True, slots=True)
class PictureReport:
    """What one run did with pictures.

    Attributes:
        read: Products whose pictures were read.
        rejected: Pictures that could not be; they are in `reject_file`.
        encode_s: Seconds spent in the encoder alone.
        total_s: Seconds in all.
        reject_file: Where the rejected ones are listed, None where there are none.
    """

    read: int = 0
    rejected: int = 0
    encode_s: float = 0.0
    total_s: float = 0.0
    reject_file: Path | None = None


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


def index_file(
    path: Path,
    store: Store,
    vectors: VectorIndex | None,
    encoder: QueryEncoder | None,
    *,
    columns: Mapping[str, str] | None = None,
    prune: bool = False,
    progress: Progress = silent,
) -> IndexReport:
    """Bring a catalogue up to date with a file.

    Args:
        path: The seller's file.
        store: Where products go.
        vectors: Where vectors go; None leaves them due.
        encoder: Makes the vectors.
        columns: Our field names to the file's column names, where they differ.
        prune: Delete products that the file does not have. A file without a single good row never
            deletes anything.
        progress: Called as the work goes on.

    Raises:
        UnreadableFileError: The file as a whole cannot be read.
        StorageError: Disk full, or another process is indexing this catalogue.
    """
    started = time.perf_counter()
    with indexing_lock(store.folder):
        counts, seen, reject_file = _store_rows(path, store, columns, progress)
        gone = [product_id for product_id in store.ids() if product_id not in seen]
        deleted = store.delete(gone) if prune and seen else 0
        embedded, encode_s = 0, 0.0
        if vectors is not None and encoder is not None:
            embedded, encode_s = _make_vectors(store, vectors, encoder, progress)
    return IndexReport(
        *counts[:3],
        deleted=deleted,
        missing=len(gone) - deleted,
        rejected=counts[3],
        embedded=embedded,
        encode_s=encode_s,
        total_s=time.perf_counter() - started,
        reject_file=reject_file if counts[3] else None,
    )


def update_vectors(
    store: Store, vectors: VectorIndex, encoder: QueryEncoder, *, progress: Progress = silent
) -> int:
    """Make the vectors that are due and remove those of deleted products; return how many were made.

    Raises:
        StorageError: Another process is indexing this catalogue.
    """
    repair_queue(store, vectors)
    if not store.due_count() and not store.gone_vectors():
        return 0
    with indexing_lock(store.folder):
        return _make_vectors(store, vectors, encoder, progress)[0]


def repair_queue(store: Store, vectors: VectorIndex, *, thorough: bool = False) -> int:
    """Queue products whose vector is missing and drop vectors of no product; return how many.

    Counting finds a lost index at once; `thorough` compares row by row even where the counts agree.
    """
    embedded = store.embedded_rows()
    if not thorough and len(vectors) == len(embedded) + len(store.gone_vectors()):
        return 0
    present = set(vectors.rows())
    lost, stray = embedded - present, present - embedded
    store.rows_due(lost)
    vectors.delete(sorted(stray))
    store.forget_gone(stray)
    return len(lost) + len(stray)


def rebuild_vectors(store: Store, vectors: VectorIndex) -> None:
    """Throw all vectors away and queue every product again."""
    with indexing_lock(store.folder):
        store.all_vectors_due()
        vectors.clear()
        store.forget_gone(store.gone_vectors())


@contextmanager
def indexing_lock(folder: Path) -> Iterator[None]:
    """Let one process at a time index a catalogue; searching goes on meanwhile."""
    lock = FileLock(folder / LOCK_FILE, timeout=0)
    with storage_errors(folder):
        try:
            lock.acquire()
        except Timeout:  # an OSError too
            raise StorageError(
                f"Another process is indexing {folder}. Wait for it to end and run the command "
                "again; nothing was changed."
            ) from None
    try:
        yield
    finally:
        lock.release()


def _store_rows(
    path: Path, store: Store, columns: Mapping[str, str] | None, progress: Progress
) -> tuple[tuple[int, int, int, int], set[str], Path]:
    added = changed = unchanged = done = 0
    seen: set[str] = set()
    with (
        RejectFile(store.folder / REJECT_FILE) as rejects,
        closing(read_rows(path, columns=columns)) as found,
    ):
        for rows in _batches(found, ROWS_A_BATCH):
            products = _good(rows, rejects)
            count = store.upsert(products)
            seen.update(product.id for product in products)
            added, changed = added + count.added, changed + count.changed
            unchanged, done = unchanged + count.unchanged, done + len(rows)
            progress("Reading", done, None)
        return (added, changed, unchanged, rejects.count), seen, rejects.path


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while batch := list(islice(rows, size)):
        yield batch


def _good(rows: list[Row], rejects: RejectFile) -> list[Product]:
    for row in rows:
        if row.product is None:
            rejects.add(row.line, row.error or "", row.raw)
    return [row.product for row in rows if row.product is not None]


def _make_vectors(
    store: Store, vectors: VectorIndex, encoder: QueryEncoder, progress: Progress
) -> tuple[int, float]:
    repair_queue(store, vectors)
    gone = store.gone_vectors()
    vectors.delete(gone)
    store.forget_gone(gone)
    total, done, encode_s = store.due_count(), 0, 0.0
    while due := store.due_vectors(VECTORS_A_BATCH):
        started = time.perf_counter()
        encoded = encoder.encode([item.text for item in due])
        encode_s += time.perf_counter() - started
        vectors.upsert([item.row for item in due], encoded)
        store.vectors_done(due)
        done += len(due)
        progress("Embedding", done, total)
    return done, encode_s
