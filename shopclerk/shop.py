"""A shop: one catalogue with everything that works on it, opened from the settings.

This is where stores, indexes, encoders and agents are put together; nothing below this module knows the
settings as a whole.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from shopclerk.catalog.indexing import (
    IndexReport,
    PictureReport,
    Progress,
    index_file,
    indexing_lock,
    rebuild_vectors,
    repair_queue,
    silent,
    update_vectors,
)
from shopclerk.catalog.search import Searcher, SearchRequest, SearchResult
from shopclerk.catalog.store import STORE_FILE, Store
from shopclerk.catalog.text import ANALYSIS_VERSION
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import SettingError, StorageError
from shopclerk.gallery import FOLDER_KEY, Gallery, Pair
from shopclerk.models.langchain_encoder import as_encoder
from shopclerk.models.text_encoder import TextEncoder
from shopclerk.prompts.loader import check_prompts
from shopclerk.served import Served
from shopclerk.settings import Settings, load_settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.tools import BaseTool

    from shopclerk.agents.assistant import Assistant
    from shopclerk.agents.listing.draft import Draft
    from shopclerk.agents.listing.helper import ListingHelper
    from shopclerk.agents.turn import Turn
    from shopclerk.finetune.align import AlignReport
    from shopclerk.listing_desk import ListingDesk
    from shopclerk.models.eye import Looking
    from shopclerk.models.quality.checker import ListingChecker
    from shopclerk.models.title_writer import Title
    from shopclerk.tools.toolbox import Sight

SAMPLE = "sample"
CURRENT_FILE = "current-catalog"
SOURCE_KEY = "source"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a catalogue lies.

    Attributes:
        folder: The catalogue's own folder.
        source: The file it is kept in step with, None where there is none.
    """

    folder: Path
    source: Path | None = None


def sample_file() -> Path:
    """Return the sample shop's catalogue file."""
    return Path(str(files("shopclerk").joinpath("sample", "catalog.jsonl")))


def find_place(settings: Settings) -> Place:
    """Return where the configured catalogue lies.

    Raises:
        SettingError: It is neither a file, nor a catalogue folder, nor `sample`.
    """
    name = settings.catalog or _current(settings) or SAMPLE
    if name == SAMPLE:
        return Place(settings.home / "catalogs" / SAMPLE, sample_file())
    path = Path(name).expanduser()
    if (path / STORE_FILE).exists():
        return Place(path)
    if path.is_file():
        digest = hashlib.blake2b(str(path.resolve()).encode(), digest_size=4).hexdigest()
        return Place(settings.home / "catalogs" / f"{path.stem}-{digest}", path)
    raise SettingError(
        f"There is no catalogue at '{name}'. Name a product file (CSV, TSV, JSONL, Parquet, XML), a folder "
        "that 'shopclerk index' made, or 'sample'."
    )


def remember_current(settings: Settings, place: Place) -> None:
    """Make a catalogue the one that commands use when none is named."""
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / CURRENT_FILE).write_text(str(place.source or place.folder), encoding="utf-8")


def _current(settings: Settings) -> str | None:
    try:
        name = (settings.home / CURRENT_FILE).read_text(encoding="utf-8")
    except OSError:
        return None
    return name if name and Path(name).exists() else None


class Shop:
    """One catalogue, searched, asked and kept up to date.

    Use it as a context manager, or call `close`.

    Args:
        settings: All settings.
        encoder: A text encoder, or any LangChain embeddings, to use instead of the configured one.
        eye: What looks at pictures, instead of the configured models.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        encoder: "TextEncoder | Embeddings | None" = None,
        eye: "Looking | None" = None,
    ) -> None:
        self.settings = settings or load_settings()
        if self.settings.prompts_folder:
            check_prompts(self.settings.prompts_folder)
        self.place = find_place(self.settings)
        self.store = Store(self.place.folder)
        self.served = Served(self.store, self.settings, as_encoder(encoder))
        self._eye = eye
        self._opening = RLock()

    @classmethod
    def open(
        cls,
        catalog: str | Path | None = None,
        *,
        progress: Progress = silent,
        encoder: "TextEncoder | Embeddings | None" = None,
        eye: "Looking | None" = None,
        **settings: Any,
    ) -> Self:
        """Open a catalogue and bring it up to date with its file.

        Args:
            catalog: A product file, a catalogue folder, or `sample`; None takes the setting.
            progress: Called as the work goes on.
            encoder: A text encoder, or any LangChain embeddings, to use instead of the configured one.
            eye: What looks at pictures, instead of the configured models.
            settings: Any setting, by name.
        """
        flags = {**settings, "catalog": None if catalog is None else str(catalog)}
        shop = cls(load_settings(**flags), encoder=encoder, eye=eye)
        shop.refresh(progress=progress)
        return shop

    @property
    def encoder(self) -> TextEncoder:
        """The text encoder."""
        return self.served.encoder

    @property
    def vectors(self) -> VectorIndex:
        """The vector index."""
        return self.served.vectors

    @cached_property
    def gallery(self) -> Gallery:
        """The pictures."""
        plain = self.served.plain_encoder
        return Gallery(self.store, self.vectors, plain, self.settings, eye=self._eye)

    @cached_property
    def searcher(self) -> Searcher:
        """The search over this catalogue."""
        return Searcher(
            self.store,
            self.vectors,
            self.encoder,
            pictures=self.gallery.search(),
            reranker=self.served.reranker,
            renewed=self.served.renewed,
        )

    def search(self, /, request: SearchRequest | str, **more: Any) -> SearchResult:
        """Search by a request, or by words and the request's other fields."""
        given = SearchRequest(request, **more) if isinstance(request, str) else request
        return self.searcher.search(given)

    def ask(
        self, message: str, *, thread: str = "shop", image: str | Path | bytes | None = None
    ) -> "Turn":
        """Let the shopping assistant answer a message.

        The conversation is kept by its thread until the process ends or another file is indexed; `assistant` has one
        that outlives it, and answers step by step.

        Args:
            message: What the shopper wrote; may be empty beside a picture.
            thread: The conversation's name.
            image: A picture's path, bytes or, where allowed, address.
        """
        with self._opening:
            clerk = self._clerk
        return clerk.ask(message, thread=thread, image=image)

    @cached_property
    def _clerk(self) -> "Assistant":
        return self.assistant()

    def list(
        self, /, text: str = "", *, images: Sequence[str | Path] = (), **fields: Any
    ) -> "Draft":
        """Make a listing of rough words, pictures, or both.

        Args:
            text: The seller's words.
            images: Picture files, the main one first; addresses where allowed.
            fields: What is known already: `price=59.9`, `brand="Nike"`.

        Returns:
            The listing as `.product()`, and under `.made` what made each part and how sure that is.

        Raises:
            SettingError: There is neither text nor picture, or a field is not allowed.
        """
        from shopclerk.agents.listing.draft import Given

        paths = tuple(str(image) for image in images)
        return self.listing_helper().make(Given(text=text, images=paths, fields=fields))

    def rewrite(
        self,
        title: str,
        *,
        brand: str | None = None,
        category: str | None = None,
        attributes: Mapping[str, str] | None = None,
        description: str | None = None,
    ) -> "Title":
        """Write a clean title for a seller's; a file of them is `enrichment.files.work_on_file`'s work.

        Args:
            title: The seller's title.
            brand: The brand, where it is known.
            category: The category path, A > B > C.
            attributes: Known values by name.
            description: The seller's description.
        """
        from shopclerk.models.title_writer import TitleInput

        known = TitleInput("", title, description, brand, category, attributes or {})
        return self.desk.writer.write([known])[0]

    def tools(self) -> "Sequence[BaseTool]":
        """Return the read-only LangChain tools on catalogue, pictures and listings, for an agent of one's own."""
        from shopclerk.tools.toolbox import catalog_tools

        sight = self.sight
        return catalog_tools(
            self.searcher,
            page_size=self.settings.page_size,
            sight=sight,
            more=self.desk.tools(sight.shelf if sight else None),
        )

    def show(self, image: str | Path | bytes) -> str:
        """Take in a picture for `tools` and return the name that they know it by.

        Raises:
            SettingError: The settings want no picture looked at.
            PictureError: It cannot be read.
        """
        if self.sight is None:
            raise SettingError(
                "Pictures are not looked at: image_encoder is 'none'. Set it to 'embedded', a folder or a hub id."
            )
        return self.sight.shelf.add(image)

    @cached_property
    def sight(self) -> "Sight | None":
        """What works on the pictures that `show` takes in, None where the settings want none."""
        return self._sight(None)

    def assistant(self, *, memory: Path | None = None, model: Any = None) -> "Assistant":
        """Return a shopping assistant over this catalogue.

        Args:
            memory: SQLite file of the conversations; None forgets them with the process.
            model: Any LangChain chat model to use instead of the configured one.
        """
        from shopclerk.agents.assistant import Assistant
        from shopclerk.models.portable_chat import portable

        chat = None if model is None else portable(model)
        return Assistant(
            self.searcher, self.settings, memory=memory, model=chat, sight=self._sight(memory)
        )

    def _sight(self, memory: Path | None) -> "Sight | None":
        """Return what works on the pictures of conversations, None where the settings want none."""
        if self.settings.image_encoder == "none":
            return None
        from shopclerk.tools.picture_shelf import PictureShelf
        from shopclerk.tools.toolbox import Sight

        gallery, folder = self.gallery, memory.with_suffix(".pictures") if memory else None
        shelf = PictureShelf(gallery.query, gallery.limits, folder)
        return Sight(shelf, gallery.captioner(), gallery.locator())

    @cached_property
    def desk(self) -> "ListingDesk":
        """What sellers work with: the models that make and check listings."""
        from shopclerk.listing_desk import ListingDesk

        return ListingDesk(self.searcher, self.gallery, self.settings)

    def listing_helper(self, *, memory: Path | None = None) -> "ListingHelper":
        """Return what makes listings of pictures and rough words.

        Args:
            memory: SQLite file of listings on their way; None forgets them with the process.
        """
        return self.desk.helper(memory)

    def listing_checker(self) -> "ListingChecker":
        """Return what checks listings against this shop."""
        return self.desk.checker()

    def index(
        self,
        path: Path | None = None,
        *,
        columns: Mapping[str, str] | None = None,
        prune: bool = False,
        progress: Progress = silent,
    ) -> IndexReport:
        """Read a file into the catalogue and make the vectors that are due."""
        source = path or self.place.source
        if source is None:
            raise SettingError(f"The catalogue in {self.place.folder} has no file; name one.")
        report = index_file(
            source,
            self.store,
            self.vectors,
            self.encoder,
            columns=columns,
            prune=prune,
            progress=progress,
        )
        self.store.set_meta(FOLDER_KEY, str(source.resolve().parent))
        self.store.set_meta(SOURCE_KEY, _stamp(source))
        self.__dict__.pop("_clerk", None)
        self.gallery.pictures.retry_failed()
        return replace(report, pictures=self.see(progress=progress))

    def see(self, *, progress: Progress = silent) -> PictureReport:
        """Read the pictures that are due; return what that came to."""
        source = self.place.source
        if source is not None and self.store.meta(FOLDER_KEY) is None:
            # A store from before pictures were looked at does not know where its file's pictures lie.
            self.store.set_meta(FOLDER_KEY, str(source.resolve().parent))
        report = self.gallery.refresh(progress=progress)
        self.__dict__.pop("searcher", None)
        return report

    def refresh(self, *, progress: Progress = silent) -> IndexReport | None:
        """Index the catalogue's file if it has changed, and finish vectors an earlier run left due."""
        source = self.place.source
        if source is not None and self.store.meta(SOURCE_KEY) != _stamp(source):
            return self.index(source, prune=True, progress=progress)
        update_vectors(self.store, self.vectors, self.encoder, progress=progress)
        self.see(progress=progress)
        return None

    def adapt(self, pairs: Sequence[Pair] = (), *, progress: Progress = silent) -> "AlignReport":
        """Learn from the shop's pictures and listings what pictures of it show; see `Gallery.adapt`."""
        report = self.gallery.adapt(pairs, progress=progress)
        self.__dict__.pop("searcher", None)
        return report

    def rebuild(self, *, progress: Progress = silent) -> int:
        """Make all vectors anew from the store, pictures read again; return how many of texts."""
        try:
            vectors = self.vectors
        except StorageError:
            if self.settings.chroma_url:
                raise
            with indexing_lock(self.place.folder):
                VectorIndex.remove_folder(self.place.folder)
            vectors = self.vectors
        rebuild_vectors(self.store, vectors)
        self.gallery.read_again()
        made = update_vectors(self.store, self.vectors, self.encoder, progress=progress)
        self.see(progress=progress)
        return made

    def verify(self) -> int:
        """Compare store and vectors row by row; return how many were wrong and are queued now."""
        return repair_queue(self.store, self.vectors, thorough=True) + self.gallery.verify()

    def close(self) -> None:
        """Close the store and the vector index."""
        self.store.close()
        if "gallery" in self.__dict__:
            self.gallery.close()
        self.served.close()

    def __enter__(self) -> Self:
        """Return the shop itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the shop."""
        self.close()


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{ANALYSIS_VERSION}|{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
