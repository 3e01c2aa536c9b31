"""Indexing pictures: files to vectors in the store, and from there to places in the vector index.

Both steps can be killed at any moment and carried on, like those for words. A picture that cannot be read goes
to a reject file with its reason; the product stays, and is found by its words.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.catalog.indexing import PictureReport, Progress, silent
from shopclerk.catalog.picture_prints import picture_print
from shopclerk.catalog.picture_store import PictureStore, StoredPicture
from shopclerk.catalog.product import Product
from shopclerk.catalog.rejects import RejectFile
from shopclerk.catalog.store import Store
from shopclerk.catalog.text import analyse
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import PictureError
from shopclerk.pictures import PictureLimits, decode_many

PRODUCTS_A_BATCH = 128
PLACES_A_BATCH = 1_024
MAX_PICTURES = 8
"""Pictures of one product that are looked at."""
REJECT_FILE = "picture-rejects.jsonl"

Vectors = NDArray[np.float32]


class Eye(Protocol):
    """What indexing needs of the models that look."""

    @property
    def id(self) -> str:
        """Names the weights."""
        ...

    def look(self, images: Sequence[Image.Image]) -> tuple[Vectors, Vectors]:
        """Return vectors `(n, d)` and meanings `(n, m)`, rows of length one."""
        ...


class Placing(Protocol):
    """What indexing needs of the space in which pictures and words meet."""

    def product_vectors(
        self, pictures: Sequence[StoredPicture], terms: Sequence[Iterable[str]]
    ) -> Vectors:
        """Return what the index holds of each product, `(n, size)`."""
        ...


def read_pictures(
    store: Store,
    eye: Eye,
    folder: Path | None,
    limits: PictureLimits,
    *,
    progress: Progress = silent,
) -> PictureReport:
    """Read the pictures that are due and keep their vectors.

    Args:
        store: The catalogue's store.
        eye: Looks at pictures.
        folder: What relative paths are relative to.
        limits: What a picture may cost.
        progress: Called as the work goes on.
    """
    pictures = PictureStore(store)
    pictures.start_over(eye.id)
    total, done, read, encode_s = pictures.due_count(), 0, 0, 0.0
    if not total:
        return PictureReport()
    started = time.perf_counter()
    with RejectFile(store.folder / REJECT_FILE) as rejects:
        while due := pictures.due(PRODUCTS_A_BATCH):
            batch = _Batch(due)
            batch.decode(folder, limits, rejects)
            encode_s += batch.encode(eye)
            kept = batch.kept()
            failed = {row for row, _ in due} - {item.row for item, _ in kept}
            pictures.write(eye.id, kept, failed)
            read, done = read + len(kept), done + len(due)
            progress("Looking at pictures", done, total)
        rejected = rejects.count
    seconds = time.perf_counter() - started
    return PictureReport(read, rejected, encode_s, seconds, rejects.path if rejected else None)


class _Batch:
    """The pictures of some products."""

    def __init__(self, due: Sequence[tuple[int, Product]]) -> None:
        self._sources = [
            (row, product, source)
            for row, product in due
            for source in product.images[:MAX_PICTURES]
        ]
        self._rows: list[int] = []
        self._images: list[Image.Image] = []
        self._vectors = self._meanings = np.zeros((0, 0), np.float32)

    def decode(self, folder: Path | None, limits: PictureLimits, rejects: RejectFile) -> None:
        sources = [source for _, _, source in self._sources]
        decoded = decode_many(sources, limits, folder=folder)
        for (row, product, source), picture in zip(self._sources, decoded, strict=True):
            if isinstance(picture, PictureError):
                rejects.add(row, str(picture), json.dumps({"id": product.id, "image": source}))
            else:
                self._rows.append(row)
                self._images.append(picture.image)

    def encode(self, eye: Eye) -> float:
        started = time.perf_counter()
        if self._images:
            self._vectors, self._meanings = eye.look(self._images)
        return time.perf_counter() - started

    def kept(self) -> list[tuple[StoredPicture, str]]:
        """Return each product's mean picture and its pictures' prints."""
        places: dict[int, list[int]] = {}
        for place, row in enumerate(self._rows):
            places.setdefault(row, []).append(place)
        return [
            (
                StoredPicture(row, _mean(self._vectors[at]), _mean(self._meanings[at])),
                " ".join(picture_print(self._images[place]) for place in at),
            )
            for row, at in places.items()
        ]


def place_pictures(
    store: Store, index: VectorIndex, space: Placing, *, progress: Progress = silent
) -> int:
    """Bring the vector index in step with the pictures that were read; return how many were placed."""
    pictures = PictureStore(store)
    gone = pictures.gone()
    index.delete(gone)
    pictures.forget_gone(gone)
    repair_places(pictures, index)
    total, done = pictures.unplaced_count(), 0
    while unplaced := pictures.unplaced(PLACES_A_BATCH):
        products = store.by_rows([item.row for item in unplaced])
        terms = [listing_terms(products[item.row]) for item in unplaced]
        index.upsert([item.row for item in unplaced], space.product_vectors(unplaced, terms))
        pictures.placed(item.row for item in unplaced)
        done += len(unplaced)
        progress("Placing pictures", done, total)
    return done


def repair_places(pictures: PictureStore, index: VectorIndex, *, thorough: bool = False) -> int:
    """Queue pictures whose vector is missing and drop vectors of no picture; return how many.

    Counting finds a lost index at once; `thorough` compares row by row even where the counts agree.
    """
    if not thorough and len(index) == pictures.placed_count():
        return 0
    placed, present = pictures.placed_rows(), set(index.rows())
    lost, stray = placed - present, present - placed
    pictures.place_again(lost)
    index.delete(sorted(stray))
    return len(lost) + len(stray)


def listing_terms(product: Product) -> list[str]:
    """Return the words that a product's listing states, prose left out."""
    texts = product.search_texts()
    return [
        term for column, text in texts.items() if column != "description" for term in analyse(text)
    ]


def listing_text(product: Product) -> str:
    """Return the text of a listing to lay beside its picture: title and category, what it is and no more."""
    return ". ".join(part for part in (product.title, product.category) if part)


def pictured(store: Store) -> Iterator[tuple[StoredPicture, Product]]:
    """Yield every product with its picture."""
    read = PictureStore(store).all()
    while some := list(islice(read, PLACES_A_BATCH)):
        products = store.by_rows([item.row for item in some])
        yield from ((item, products[item.row]) for item in some if item.row in products)


def _mean(vectors: Vectors) -> Vectors:
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)
