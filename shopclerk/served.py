"""The models that search one catalogue: those of the settings, or its own that it was switched to.

A catalogue's own models lie in its folder and are named by a note in its store, so that every command finds them without a
setting. A shop that is open looks at the note before each search: a switch made by another process is followed at once.
"""

import hashlib
from functools import cached_property
from pathlib import Path

from shopclerk.catalog.indexing import Progress, silent
from shopclerk.catalog.search import Models
from shopclerk.catalog.store import Store
from shopclerk.catalog.switching import (
    ENCODER_KEY,
    RERANKER_KEY,
    collection_of,
    own_folder,
    switch_vectors,
)
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import MissingModelError, SettingError
from shopclerk.models.adapted_encoder import (
    AdaptedTextEncoder,
    copy_served,
    trained_facts,
    was_kept,
)
from shopclerk.models.reranker import Reranker, open_reranker
from shopclerk.models.text_encoder import TextEncoder, open_text_encoder
from shopclerk.models.trained_reranker import TrainedReranker
from shopclerk.settings import Settings

PLAIN = "none"
"""In place of a folder: go back to the models of the settings."""


class Served:
    """The models that search one catalogue.

    Args:
        store: The catalogue's store.
        settings: All settings.
        encoder: A text encoder to use instead of all others.
    """

    def __init__(
        self, store: Store, settings: Settings, encoder: TextEncoder | None = None
    ) -> None:
        self._store = store
        self._settings = settings
        self._given = encoder
        self._marks = self._noted()
        self._retired: list[VectorIndex] = []

    def _noted(self) -> tuple[str, str]:
        """Return the marks of the catalogue's own encoder and reranker, empty where others come first."""
        settings, store = self._settings, self._store
        other = self._given is not None or settings.text_encoder_adapter
        encoder = "" if other else store.meta(ENCODER_KEY)
        return encoder or "", "" if settings.reranker else store.meta(RERANKER_KEY) or ""

    # -- models in use ---------------------------------------------------------------------------------

    @cached_property
    def plain_encoder(self) -> TextEncoder:
        """The text encoder that no shop has shaped; pictures are laid beside its vectors."""
        settings = self._settings
        return self._given or open_text_encoder(
            settings.text_encoder, settings.models_folder, threads=settings.threads
        )

    @cached_property
    def encoder(self) -> TextEncoder:
        """The text encoder: the catalogue's own where it was switched to one, else by the settings."""
        adapter, threads = self._settings.text_encoder_adapter, self._settings.threads
        if self._given is None and adapter and was_kept(Path(adapter)):
            return AdaptedTextEncoder(Path(adapter), threads=threads)
        if self._marks[0]:
            return AdaptedTextEncoder(
                own_folder(self._store.folder, self._marks[0]), threads=threads
            )
        return self.plain_encoder

    @cached_property
    def reranker(self) -> Reranker | None:
        """What reorders the best hits, where there is one."""
        address, threads = self._settings.reranker, self._settings.threads
        if self._marks[1]:
            address = str(own_folder(self._store.folder, self._marks[1]))
        return open_reranker(address, threads=threads) if address else None

    @cached_property
    def vectors(self) -> VectorIndex:
        """The vector index."""
        return self._index(self.encoder, self._marks[0])

    def _index(self, encoder: TextEncoder, mark: str) -> VectorIndex:
        name = collection_of(self._collection, mark)
        url = self._settings.chroma_url
        return VectorIndex(self._store.folder, encoder.id, url=url, collection=name)

    @property
    def _collection(self) -> str:
        """What the collections of this catalogue are named after."""
        place = str(self._store.folder.resolve()).encode()
        digest = hashlib.blake2b(place, digest_size=6).hexdigest()
        return f"products-{digest}" if self._settings.chroma_url else "products"

    @property
    def notes(self) -> tuple[str, ...]:
        """What the settings ask for and is not done, for reports."""
        adapter = self._settings.text_encoder_adapter
        if self._given is None and adapter and not was_kept(Path(adapter)):
            return (
                f"The text encoder in {adapter} was no better than the plain one when it was trained, so the plain "
                "one searches.",
            )
        return ()

    def renewed(self) -> Models | None:
        """Return the models anew where the catalogue was switched to others since they were opened."""
        marks = self._noted()
        if marks == self._marks:
            return None
        self._marks = marks
        for name in ("encoder", "reranker"):
            self.__dict__.pop(name, None)
        if (old := self.__dict__.pop("vectors", None)) is not None:
            self._retired.append(old)
        return Models(self.vectors, self.encoder, self.reranker)

    def close(self) -> None:
        """Let go of the vectors."""
        for vectors in (*self._retired, self.__dict__.get("vectors")):
            if vectors is not None:
                vectors.close()

    # -- switching -------------------------------------------------------------------------------------

    def switch_encoder(
        self, address: str, *, force: bool = False, progress: Progress = silent
    ) -> int:
        """Embed the catalogue anew by an encoder trained for it and switch to it; return how many vectors.

        Args:
            address: The folder that `finetune` made; `none` goes back to the encoder of the settings.
            force: Take it even where it was no better when it was trained.
            progress: Called as the work goes on.

        Raises:
            MissingModelError: There is no such encoder.
            SettingError: It was no better and is not forced, or a setting comes before the catalogue's own.
        """
        if self._given is not None or self._settings.text_encoder_adapter:
            raise SettingError(
                "The setting text_encoder_adapter comes before a catalogue's own encoder. Leave it empty and "
                "run the command again."
            )
        if address == PLAIN:
            return self._switch(self.plain_encoder, "", progress)
        folder = _wanted(address, "encoder", force)
        trained = AdaptedTextEncoder(folder)
        kept = copy_served(folder, self._own_place(trained.mark))
        encoder = AdaptedTextEncoder(kept, threads=self._settings.threads)
        return self._switch(encoder, trained.mark, progress)

    def _switch(self, encoder: TextEncoder, mark: str, progress: Progress) -> int:
        if mark == self._marks[0]:
            return len(self.vectors)
        before = collection_of(self._collection, self._marks[0])
        beside = self._index(encoder, mark)
        try:
            count = switch_vectors(self._store, beside, encoder, mark, progress=progress)
            # Whoever searches with the one before may still be about; those before it are not.
            beside.drop_others(self._collection, (before, collection_of(self._collection, mark)))
        finally:
            beside.close()
        return count

    def switch_reranker(self, address: str, *, force: bool = False) -> None:
        """Let the catalogue's best hits be reordered by a reranker trained for it.

        Args:
            address: The folder that `finetune` made; `none` goes back to that of the settings.
            force: Take it even where it was no better when it was trained.

        Raises:
            MissingModelError: There is no such reranker.
            SettingError: It was no better and is not forced.
        """
        mark = ""
        if address != PLAIN:
            trained = TrainedReranker(_wanted(address, "reranker", force))
            mark = trained.mark
            copy_served(trained.folder, self._own_place(mark), TrainedReranker.served)
        self._store.set_meta(RERANKER_KEY, mark)

    def _own_place(self, mark: str) -> Path:
        place = own_folder(self._store.folder, mark)
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


def _wanted(address: str, what: str, force: bool) -> Path:
    """Return the folder of a trained model that may be switched to."""
    folder = Path(address).expanduser()
    try:
        facts = trained_facts(folder)
    except (OSError, ValueError) as error:
        raise MissingModelError(
            f"There is no trained {what} in {folder} ({error}). 'shopclerk finetune' makes one from a catalogue."
        ) from error
    if facts.get("kept", True) or force:
        return folder
    scores = ", ".join(f"{name} {value}" for name, value in facts.get("metrics", {}).items())
    raise SettingError(
        f"The {what} in {folder} was no better than none on its held-out part ({scores}), so the search stays as it "
        "is. --force takes it all the same."
    )
