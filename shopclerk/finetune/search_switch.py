"""Moving a catalogue to another text encoder while it is being searched.

All products are embedded anew in a folder beside the index; searching goes on with the old vectors. When the last one is
written, the folders change places under the indexing lock, and whoever opens the catalogue next finds the new ones.
"""

import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from threading import Thread

from shopclerk.catalog.indexing import Progress, indexing_lock, silent
from shopclerk.catalog.product import Product
from shopclerk.catalog.store import Store
from shopclerk.catalog.vectors import VECTOR_FOLDER, VectorIndex
from shopclerk.models.text_encoder import TextEncoder

NEXT, OLD = "next-index", "old-vectors"
PRODUCTS_A_BATCH = 512


def switch_encoder(
    folder: Path, encoder: TextEncoder, *, progress: Progress = silent, tries: int = 3
) -> int:
    """Embed a catalogue anew and switch its index at once; return how many vectors it has.

    A catalogue that changes meanwhile is caught up with before the switch.

    Args:
        folder: The catalogue's folder.
        encoder: The encoder to move to.
        progress: Called as the work goes on.
        tries: How often to catch up before the rest is left to the next run of `shopclerk index`.
    """
    shutil.rmtree(folder / NEXT, ignore_errors=True)
    (folder / NEXT).mkdir(parents=True)
    store = Store(folder)
    try:
        vectors = VectorIndex(folder / NEXT, encoder.id)
        try:
            for _ in range(tries):
                generation = store.generation
                _fill(store, vectors, encoder, progress)
                if store.generation == generation:
                    break
            count = len(vectors)
        finally:
            vectors.close()
        with indexing_lock(folder):
            _change_places(folder)
    finally:
        store.close()
        shutil.rmtree(folder / NEXT, ignore_errors=True)
    return count


def switch_in_background(folder: Path, encoder: TextEncoder) -> Thread:
    """Start `switch_encoder` in a thread and return it; join it to wait for the switch."""
    thread = Thread(target=switch_encoder, args=(folder, encoder), name="switch-encoder")
    thread.start()
    return thread


def _fill(store: Store, vectors: VectorIndex, encoder: TextEncoder, progress: Progress) -> None:
    done, total = 0, len(store)
    rows: set[int] = set()
    for batch in _batches(store.products()):
        numbers = [store.row_of(product.id) for product in batch]
        vectors.upsert(numbers, encoder.encode([product.embedding_text() for product in batch]))
        rows.update(numbers)
        done += len(batch)
        progress("Embedding anew", done, total)
    vectors.delete(sorted(set(vectors.rows()) - rows))


def _batches(products: Iterator[Product]) -> Iterator[list[Product]]:
    while batch := list(islice(products, PRODUCTS_A_BATCH)):
        yield batch


def _change_places(folder: Path) -> None:
    present, old = folder / VECTOR_FOLDER, folder / OLD
    shutil.rmtree(old, ignore_errors=True)
    if present.exists():
        present.rename(old)
    (folder / NEXT / VECTOR_FOLDER).rename(present)
    shutil.rmtree(old, ignore_errors=True)
