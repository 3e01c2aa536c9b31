"""Moving a catalogue to another text encoder while it is being searched.

All products are embedded anew in a collection beside the one in use; searches are answered from the old vectors meanwhile. The
switch is one note in the store, written under the indexing lock: before it everybody searches the old vectors with the
old encoder, after it the new ones with the new. Killed at any point, the catalogue is on one side or the other.

The note holds the encoder's mark, which names its collection; it is empty for the encoder of the settings.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from shopclerk.catalog.indexing import Progress, indexing_lock, silent
from shopclerk.catalog.search import QueryEncoder
from shopclerk.catalog.store import Store
from shopclerk.catalog.vectors import VectorIndex

ENCODER_KEY, RERANKER_KEY = "own_encoder", "own_reranker"
PRODUCTS_A_BATCH = 512


def own_folder(folder: Path, mark: str) -> Path:
    """Return where a catalogue keeps a model of its own."""
    return folder / "models" / mark


def collection_of(name: str, mark: str) -> str:
    """Return the collection that a catalogue's encoder fills; `mark` is empty for the settings' encoder."""
    return f"{name}.{mark}" if mark else name


def switch_vectors(
    store: Store,
    beside: VectorIndex,
    encoder: QueryEncoder,
    mark: str,
    *,
    progress: Progress = silent,
    tries: int = 3,
) -> int:
    """Embed a catalogue anew and switch at once; return how many vectors it has.

    A catalogue that changes meanwhile is caught up with before the switch.

    Args:
        store: The catalogue's store.
        beside: The collection to fill, see `collection_of`; what it holds is thrown away.
        encoder: The encoder to move to.
        mark: Its mark, noted as the catalogue's own.
        progress: Called as the work goes on.
        tries: How often to catch up before the rest is done with the catalogue locked.

    Raises:
        StorageError: The disk is full, or another process is indexing at the moment of the switch.
    """
    beside.clear()
    done: dict[int, bytes] = {}
    for _ in range(tries):
        if not _catch_up(store, beside, encoder, done, progress):
            break
    with indexing_lock(store.folder):
        _catch_up(store, beside, encoder, done, progress)
        store.set_meta(ENCODER_KEY, mark)
    return len(done)


def _catch_up(
    store: Store,
    vectors: VectorIndex,
    encoder: QueryEncoder,
    done: dict[int, bytes],
    progress: Progress,
) -> int:
    """Embed what is not done or has changed since, drop what is gone; return how many rows that were."""
    wanted = store.text_hashes()
    gone = done.keys() - wanted.keys()
    vectors.delete(sorted(gone))
    for row in gone:
        del done[row]
    stale = [row for row, text_hash in wanted.items() if done.get(row) != text_hash]
    for number, rows in enumerate(_batches(stale)):
        progress("Embedding anew", number * PRODUCTS_A_BATCH, len(stale))
        products = store.by_rows(rows)
        texts = [product.embedding_text() for product in products.values()]
        vectors.upsert(list(products), encoder.encode(texts))
        done.update({row: product.text_hash() for row, product in products.items()})
    return len(stale) + len(gone)


def _batches(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(rows), PRODUCTS_A_BATCH):
        yield rows[start : start + PRODUCTS_A_BATCH]
