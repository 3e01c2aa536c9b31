"""The pictures of one catalogue, with everything that works on them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.catalog.indexing import PictureReport, Progress, indexing_lock, silent
from shopclerk.catalog.picture_indexing import (
    listing_terms,
    listing_text,
    pictured,
    place_pictures,
    read_pictures,
    repair_places,
)
from shopclerk.catalog.picture_prints import picture_print
from shopclerk.catalog.picture_search import PictureQuery, PictureSearch
from shopclerk.catalog.picture_store import PictureStore
from shopclerk.catalog.store import Store
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import MissingModelError, PictureError, SettingError
from shopclerk.models.image_encoder import open_image_encoder
from shopclerk.models.picture_fit import Listings, agreement
from shopclerk.models.picture_head import PictureHead
from shopclerk.models.picture_space import PictureSpace
from shopclerk.models.text_encoder import TextEncoder
from shopclerk.pictures import Box, Picture, PictureLimits, crop, decode_many
from shopclerk.settings import Settings

if TYPE_CHECKING:
    from shopclerk.finetune.align import AlignReport
    from shopclerk.models.captioner import Captioner
    from shopclerk.models.eye import Looking
    from shopclerk.models.locator import Locator
    from shopclerk.models.region_scorer import SpaceScorer

log = logging.getLogger(__name__)

FOLDER_KEY = "picture_folder"
FIT_KEY = "picture_fit"
HEAD_FOLDER = "picture-head"
CATALOG_SIDE_PX = 384
MAX_FIT = 400
"""Products that are looked at to tell whether the shipped head fits."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture with words for it, from outside the catalogue."""

    image: Path
    text: str


class Gallery:
    """The pictures of a catalogue.

    Args:
        store: The catalogue's store.
        texts: The vectors of its texts.
        encoder: The text encoder.
        settings: Which models look, and what a picture may cost.
        eye: Looks instead of the configured models.
    """

    def __init__(
        self,
        store: Store,
        texts: VectorIndex,
        encoder: TextEncoder,
        settings: Settings,
        *,
        eye: "Looking | None" = None,
    ) -> None:
        self._eye = eye
        self._store = store
        self._texts = texts
        self._encoder = encoder
        self._settings = settings
        self.pictures = PictureStore(store)

    @property
    def limits(self) -> PictureLimits:
        """What a shopper's picture may cost."""
        most = int(self._settings.max_picture_mb * 2**20)
        return PictureLimits(max_bytes=most, allow_urls=self._settings.allow_picture_urls)

    @cached_property
    def eye(self) -> "Looking":
        """The models that look.

        Raises:
            SettingError: The setting wants no picture looked at.
            MissingModelError: A model is not there.
        """
        from shopclerk.models.eye import Eye

        if self._eye is not None:
            return self._eye
        settings = self._settings
        if settings.image_encoder == "none":
            raise SettingError(
                "Pictures are not looked at: image_encoder is 'none'. Set it to 'embedded', a folder or a hub id."
            )
        encoder = open_image_encoder(
            settings.image_encoder, settings.models_folder, threads=settings.threads
        )
        return Eye(encoder, self._encoder, settings.models_folder)

    # -- the space -------------------------------------------------------------------------------------

    @cached_property
    def space(self) -> PictureSpace:
        """The space in which pictures and words meet, by setting and by what fits the catalogue."""
        wanted, size = self._settings.picture_head, self.eye.encoder.dimension
        if wanted not in ("auto", "shipped", "none"):
            return PictureSpace("own head", size, self._checked(PictureHead.load(Path(wanted))))
        plain = PictureSpace("shared space" if self.eye.shares_space else "class names", size)
        own = self._store.folder / HEAD_FOLDER
        if wanted == "auto" and own.exists():
            head = PictureHead.load(own)
            if self._takes(head):
                return PictureSpace("own head", size, head)
        if wanted == "none":
            return plain
        shipped = shipped_head()
        if shipped is None or not self._takes(shipped):
            return plain
        if not self._has_texts():
            return PictureSpace("shipped head for words", size, shipped)
        learned = PictureSpace("shipped head", size, shipped)
        return learned if self._fits(learned) else plain

    def _takes(self, head: PictureHead) -> bool:
        return head.encoder == self.eye.id and head.text_encoder == self._encoder.id

    def _checked(self, head: PictureHead) -> PictureHead:
        if self._takes(head):
            return head
        raise MissingModelError(
            f"The picture head in '{self._settings.picture_head}' was trained on vectors of '{head.encoder}' and "
            f"'{head.text_encoder}', and '{self.eye.id}' and '{self._encoder.id}' are in use. Train it anew, or set "
            "picture_head to 'auto'."
        )

    def _has_texts(self) -> bool:
        """Whether the listings tell the products apart; where none does, pictures are all there is."""
        query = "SELECT count(DISTINCT title) FROM product JOIN picture USING (row) WHERE state = 'read'"
        return bool(self._store.db.execute(query).fetchone()[0] > 1)

    def _fits(self, space: PictureSpace) -> bool:
        """Whether the shipped head finds listings more alike than the look alone does."""
        known = f"{space.id}|{self.pictures.read_count()}"
        noted = (self._store.meta(FIT_KEY) or "").rpartition("|")
        if noted[0] == known:
            return noted[2] == "yes"
        listings = self._listings(MAX_FIT)
        by_space, by_look = agreement(space, listings, listings) if len(listings) else (0.0, 0.0)
        fits = by_space > by_look
        self._store.set_meta(FIT_KEY, f"{known}|{'yes' if fits else 'no'}")
        return fits

    def _listings(self, most: int | None = None) -> Listings:
        """Return the catalogue's own pictures and listings, spread evenly where there are more than `most`."""
        found = list(pictured(self._store))
        found = found[:: max(1, -(-len(found) // most))] if most else found
        vectors = [picture.vector for picture, _ in found]
        texts = self._encoder.encode([listing_text(product) for _, product in found])
        terms = [listing_terms(product) for _, product in found]
        size = self.eye.encoder.dimension
        return Listings(np.array(vectors, np.float32).reshape(-1, size), texts, terms)

    # -- indexing --------------------------------------------------------------------------------------

    @cached_property
    def index(self) -> VectorIndex:
        """The vectors of pictures in their space."""
        return self._texts.beside("pictures", f"{self.eye.id}|{self.space.id}")

    def refresh(self, *, progress: Progress = silent) -> PictureReport:
        """Read the pictures that are due and place them in the index."""
        if self._settings.image_encoder == "none" or self._in_step():
            return PictureReport()
        with indexing_lock(self._store.folder):
            folder = self._store.meta(FOLDER_KEY)
            most = PictureLimits(
                max_bytes=self.limits.max_bytes,
                max_side_px=CATALOG_SIDE_PX,
                allow_urls=self.limits.allow_urls,
            )
            report = read_pictures(
                self._store, self.eye, Path(folder) if folder else None, most, progress=progress
            )
            if report.read:
                self._forget()
            if self.pictures.read_count() or self.pictures.gone():
                place_pictures(self._store, self.index, self.space, progress=progress)
        return report

    def _in_step(self) -> bool:
        """Whether there is nothing to read or to place; looking does not take the lock of indexing."""
        pictures = self.pictures
        if not (pictures.due_count() or pictures.read_count() or pictures.gone()):
            return True
        pictures.start_over(self.eye.id)
        if pictures.due_count() or pictures.gone() or pictures.unplaced_count():
            return False
        return len(self.index) == pictures.placed_count()

    def read_again(self) -> None:
        """Queue all pictures, those too that could not be read before."""
        if self._settings.image_encoder != "none":
            self.pictures.read_again()

    def verify(self) -> int:
        """Compare pictures and their vectors row by row; return how many were wrong and are queued now."""
        if self._settings.image_encoder == "none" or not self.pictures.read_count():
            return 0
        return repair_places(self.pictures, self.index, thorough=True)

    def close(self) -> None:
        """Let go of the index."""
        index = self.__dict__.pop("index", None)
        if index is not None:
            index.close()

    def adapt(self, pairs: Sequence[Pair] = (), *, progress: Progress = silent) -> "AlignReport":
        """Learn the shop's own head from its pictures and listings; keep it where it is better.

        Args:
            pairs: More pictures with words for them.
            progress: Called as the work goes on.

        Raises:
            MissingModelError: torch is not installed.
            TrainingError: Too few pictures have listings.
        """
        from shopclerk.finetune.align import train_head

        listings = self._with_pairs(self._listings(), pairs, progress)
        head, report = train_head(listings, self.eye.id, self._encoder.id, progress=progress)
        if report.better:
            head.save(self._store.folder / HEAD_FOLDER)
            self._forget()
            self.refresh(progress=progress)
        return report

    def _with_pairs(self, own: Listings, pairs: Sequence[Pair], progress: Progress) -> Listings:
        if not pairs:
            return own
        from shopclerk.catalog.text import content_terms

        vectors: list[NDArray[np.float32]] = [own.vectors]
        kept: list[Pair] = []
        for start in range(0, len(pairs), 64):
            part = pairs[start : start + 64]
            decoded = list(decode_many([pair.image for pair in part], self.limits))
            read = [picture.image for picture in decoded if not isinstance(picture, PictureError)]
            for pair, picture in zip(part, decoded, strict=True):
                if isinstance(picture, PictureError):
                    log.error("Not learned from: %s", picture)
                else:
                    kept.append(pair)
            if read:
                vectors.append(self.eye.encoder.encode(read))
            progress("Looking at pairs", start + len(part), len(pairs))
        pairs = kept
        texts = self._encoder.encode([pair.text for pair in pairs])
        return Listings(
            np.concatenate(vectors),
            np.concatenate([own.texts, texts]),
            [*own.terms, *(content_terms(pair.text) for pair in pairs)],
        )

    def _forget(self) -> None:
        self.close()
        self.__dict__.pop("space", None)

    # -- searching -------------------------------------------------------------------------------------

    def search(self) -> PictureSearch | None:
        """Return the search over these pictures, None where there are none."""
        if self._settings.image_encoder == "none" or not self.pictures.placed_count():
            return None
        # The meaning of a picture is laid beside vectors of the very encoder that its words come from.
        apart = self.space.route == "shared space" or self._texts.encoder_id != self._encoder.id
        texts = None if apart else self._texts
        return PictureSearch(self.pictures, self.index, self.space, texts, self.eye.meaning_of)

    def captioner(self) -> "Captioner":
        """Return what says what a picture shows; it is opened by its first picture."""
        from shopclerk.models.captioner import open_captioner
        from shopclerk.models.late import LateCaptioner

        return LateCaptioner(lambda: open_captioner(self._settings.captioner, self.eye.encoder))

    def locator(self) -> "Locator":
        """Return what says where something is in a picture; it is opened by its first picture."""
        from shopclerk.catalog.text import content_terms
        from shopclerk.models.late import LateLocator
        from shopclerk.models.locator import open_locator
        from shopclerk.models.region_scorer import open_scorer

        def scorer() -> "SpaceScorer":
            head = self.space.head or shipped_head()
            folder = self._settings.models_folder
            return open_scorer(self.eye, self._encoder, content_terms, folder, head)

        return LateLocator(lambda: open_locator(self._settings.locator, scorer))

    def query(self, picture: Picture, box: Box | None = None) -> PictureQuery:
        """Return a shopper's picture, or a region of it, as a query.

        Args:
            picture: The picture.
            box: The region in pixels of the original; None for all of it.

        Raises:
            PictureError: The box is none, or outside the picture.
        """
        image: Image.Image = picture.image if box is None else crop(picture, box)
        look = self.eye.look_at(image)
        known_by = picture_print(image) if box is None else None
        return PictureQuery(look.vector, look.meaning, known_by, picture.name)

    def models(self) -> dict[str, str]:
        """Return role to model in use, for reports."""
        if self._settings.image_encoder == "none" or not self.pictures.read_count():
            return {}
        return {"image_encoder": self.eye.id, "pictures_by": f"{self.space.route} {self.space.id}"}


def shipped_head() -> PictureHead | None:
    """Return the head that ships."""
    folder = Path(str(files("shopclerk").joinpath("models", "weights", "picture-head")))
    return PictureHead.load(folder) if folder.exists() else None
