"""The vector index: Chroma, embedded in a folder or as a server.

It holds row numbers and vectors, nothing else; `indexing.py` can rebuild it from the store at any time.
A collection remembers which encoder filled it: another encoder's vectors are never searched.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import StorageError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

VECTOR_FOLDER = "vectors"
MAX_FETCH = 1_000
"""Up to this many allowed rows are fetched and scored exactly, which is faster than a filtered graph walk."""

WIDE_SHARE = 0.15
WIDE_MARGIN = 1.3
"""From this share of allowed rows on, so many times the neighbours are taken before filtering."""

UNKNOWN_ID = "Error finding id"
"""What Chroma says when it is asked to choose from rows of which it does not hold all."""

Vectors = NDArray[np.float32]


class VectorIndex:
    """Cosine nearest neighbours over the vectors of one catalogue.

    Args:
        folder: The catalogue's folder; vectors lie in `vectors/` below it.
        encoder_id: Names the encoder; a new encoder starts an empty collection.
        url: A Chroma server such as `http://127.0.0.1:8000`; None keeps the index in the folder.
        collection: The collection's name on a server, unique to the catalogue.
    """

    def __init__(
        self, folder: Path, encoder_id: str, *, url: str | None = None, collection: str = "products"
    ) -> None:
        self.folder = folder / VECTOR_FOLDER
        self.encoder_id = encoder_id
        self._url = url
        self._name = collection
        with vector_errors(self._where):
            self._client = self._connect()
            self._collection = self._ready_collection()
        self._size = 0
        self._known: frozenset[int] = frozenset()

    @property
    def _where(self) -> str:
        return self._url or str(self.folder)

    def _connect(self) -> "ClientAPI":
        os.environ["ANONYMIZED_TELEMETRY"] = "False"
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if self._url is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(str(self.folder), settings=settings)
        secure, _, address = self._url.partition("://")
        host, _, port = address.rstrip("/").partition(":")
        return chromadb.HttpClient(
            host=host, port=int(port or 8000), ssl=secure == "https", settings=settings
        )

    def _ready_collection(self) -> "Collection":
        wanted: dict[str, Any] = {
            "metadata": {"encoder": self.encoder_id},
            "configuration": {"hnsw": {"space": "cosine", "ef_search": 128}},
            "embedding_function": None,
        }
        collection = self._client.get_or_create_collection(self._name, **wanted)
        if (collection.metadata or {}).get("encoder") == self.encoder_id:
            return collection
        self._client.delete_collection(self._name)
        return self._client.create_collection(self._name, **wanted)

    def beside(self, name: str, encoder_id: str) -> "VectorIndex":
        """Return the index of another kind of vectors of the same products, in the same place."""
        name = self._name.partition(".")[0].replace("products", name, 1)
        return VectorIndex(self.folder.parent, encoder_id, url=self._url, collection=name)

    def __len__(self) -> int:
        """Return how many vectors there are."""
        with vector_errors(self._where):
            return int(self._collection.count())

    def upsert(self, rows: Sequence[int], vectors: Vectors) -> None:
        """Write vectors, `(len(rows), dimension) float32`; an existing row is overwritten."""
        with vector_errors(self._where):
            self._size = 0
            self._collection.upsert(ids=[str(row) for row in rows], embeddings=vectors)

    def delete(self, rows: Sequence[int]) -> None:
        """Remove the vectors of some rows; unknown rows are ignored."""
        if rows:
            with vector_errors(self._where):
                self._collection.delete(ids=[str(row) for row in rows])

    def rows(self) -> Iterator[int]:
        """Yield every row number that has a vector."""
        with vector_errors(self._where):
            for offset in range(0, len(self), 10_000):
                page = self._collection.get(limit=10_000, offset=offset, include=[])
                yield from (int(row) for row in page["ids"])

    def similarities(self, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """Return the exact cosine of the vector `(dimension,)` with each of some rows."""
        if not rows:
            return {}
        with vector_errors(self._where):
            found = self._collection.get(ids=[str(row) for row in rows], include=["embeddings"])
        if not found["ids"]:
            return {}
        cosines = np.asarray(found["embeddings"], dtype=np.float32) @ vector
        return {int(row): float(cosine) for row, cosine in zip(found["ids"], cosines, strict=True)}

    def nearest(
        self, vector: Vectors, count: int, *, allowed: Sequence[int] | None = None
    ) -> dict[int, float]:
        """Return the `count` nearest rows with their cosine, nearest first.

        Args:
            vector: A unit vector `(dimension,) float32`.
            count: How many neighbours.
            allowed: Row numbers to choose from; None means all.
        """
        if allowed is not None and len(allowed) <= MAX_FETCH:
            scored = self.similarities(vector, allowed)
            best = sorted(scored, key=lambda row: -scored[row])[:count]
            return {row: scored[row] for row in best}
        if allowed is not None and (wide := self._wide_net(vector, count, allowed)):
            return wide
        return self._query(vector, count, allowed)

    def _wide_net(
        self, vector: Vectors, count: int, allowed: Sequence[int]
    ) -> dict[int, float] | None:
        """Take the nearest of all and drop what is not allowed; None where too few are left.

        With many rows allowed this gives the same neighbours as a filtered graph walk, and faster.
        """
        self._size = self._size or len(self)
        share = len(allowed) / max(self._size, 1)
        if share < WIDE_SHARE:
            return None
        among = set(allowed)
        found = self._query(vector, int(WIDE_MARGIN * count / share), None)
        kept = [(row, cosine) for row, cosine in found.items() if row in among][:count]
        return dict(kept) if len(kept) == count else None

    def _query(
        self, vector: Vectors, count: int, allowed: Sequence[int] | None
    ) -> dict[int, float]:
        self._size = self._size or len(self)
        if not self._size:  # Chroma refuses to search nothing
            return {}
        if allowed is None:
            return self._ask(vector, count, None)
        if len(self._known) != len(self):
            self._known = frozenset()
        try:
            return self._ask(vector, count, self._held(allowed))
        except StorageError as error:
            if UNKNOWN_ID not in str(error):
                raise
        # Chroma refuses rows that it does not hold, such as those of products without a picture.
        self._known = frozenset(self.rows())
        return self._ask(vector, count, self._held(allowed))

    def _held(self, allowed: Sequence[int]) -> Sequence[int]:
        """Return the rows that have a vector, as far as that is known."""
        return [row for row in allowed if row in self._known] if self._known else allowed

    def _ask(self, vector: Vectors, count: int, allowed: Sequence[int] | None) -> dict[int, float]:
        if allowed is not None and not allowed:
            return {}
        with vector_errors(self._where):
            found = self._collection.query(
                query_embeddings=[vector.tolist()],
                n_results=count,
                ids=None if allowed is None else [str(row) for row in allowed],
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return {
            int(row): 1.0 - float(distance)
            for row, distance in zip(found["ids"][0], distances, strict=True)
        }

    def clear(self) -> None:
        """Throw all vectors away and start anew."""
        with vector_errors(self._where):
            self._client.delete_collection(self._name)
            self._collection = self._ready_collection()

    def drop_others(self, name: str, keep: Sequence[str]) -> None:
        """Delete the collections that encoders of this catalogue have left, but for some."""
        with vector_errors(self._where):
            for collection in self._client.list_collections():
                if collection.name.startswith(f"{name}.") and collection.name not in keep:
                    self._client.delete_collection(collection.name)

    def close(self) -> None:
        """Let go of the folder or the server."""
        self._client.close()  # type: ignore[attr-defined]  # both clients have it, the interface not

    @staticmethod
    def remove_folder(folder: Path) -> None:
        """Delete the embedded index of a catalogue from disk, and what Chroma still holds of it."""
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()
        shutil.rmtree(folder / VECTOR_FOLDER, ignore_errors=True)


@contextmanager
def vector_errors(where: str) -> Iterator[None]:
    """Turn Chroma's errors into StorageError with what to do about them."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        # Chroma raises its own errors, ValueError, RuntimeError and bare Rust panics alike.
        raise StorageError(
            f"The vector index at {where} cannot be used ({type(error).__name__}: {error}). "
            "If it is a server, see that it runs; if it is a folder, 'shopclerk index --rebuild' "
            "makes it again from the store."
        ) from error
