"""The pictures of conversations, by name.

A picture's name is made at random, so that no conversation can name another's picture. Names are what tools and
chat models pass around; the pixels stay here.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PIL import Image

from shopclerk.catalog.picture_search import PictureQuery
from shopclerk.catalog.store import storage_errors
from shopclerk.errors import UnknownPictureError
from shopclerk.pictures import DEFAULT, Box, Picture, PictureLimits, open_picture

MAX_HELD = 256
"""Pictures held in memory; where there is no folder, the oldest is forgotten past this."""
KEPT_QUALITY = 92
NAME_BYTES = 8
"""Random bytes in a name: so many that nobody guesses one."""

Key = TypeVar("Key")
Value = TypeVar("Value")
Look = Callable[[Picture, Box | None], PictureQuery]


class PictureShelf:
    """Keeps pictures and what they look like in numbers.

    Args:
        look: Turns a picture, or a region of it, into a query.
        limits: What a picture may cost.
        folder: Where pictures outlive the process; None forgets them with it.
    """

    def __init__(
        self, look: Look, limits: PictureLimits = DEFAULT, folder: Path | None = None
    ) -> None:
        self._look = look
        self._limits = limits
        self._folder = folder
        self._held: OrderedDict[str, Picture] = OrderedDict()
        self._queries: OrderedDict[tuple[str, tuple[float, ...]], PictureQuery] = OrderedDict()

    def add(self, source: str | Path | bytes, *, folder: Path | None = None) -> str:
        """Take a picture in and return its name.

        Raises:
            PictureError: It cannot be read.
        """
        picture = open_picture(source, self._limits, folder=folder)
        name = f"picture-{secrets.token_hex(NAME_BYTES)}"
        _hold(self._held, name, picture)
        if self._folder is not None:
            with storage_errors(self._folder):
                self._folder.mkdir(parents=True, exist_ok=True)
                _keep(picture, self._path(self._folder, name))
        return name

    def picture(self, name: str) -> Picture:
        """Return a picture.

        Raises:
            UnknownPictureError: There is none of this name.
        """
        if name in self._held:
            self._held.move_to_end(name)
            return self._held[name]
        kept = self._kept(name)
        if kept is None:
            raise UnknownPictureError(
                f"There is no picture '{name[:60]}' in this conversation. Ask the shopper to send it again."
            )
        _hold(self._held, name, _taken_out(kept, self._limits))
        return self._held[name]

    def query(self, name: str, box: Sequence[float] | None = None) -> PictureQuery:
        """Return a picture, or a region of it in pixels of the original, as a query.

        Raises:
            UnknownPictureError: There is none of this name.
            PictureError: The box lies outside the picture.
        """
        key = (name, tuple(box or ()))
        if key not in self._queries:
            region = None if box is None else (box[0], box[1], box[2], box[3])
            _hold(self._queries, key, self._look(self.picture(name), region))
        return self._queries[key]

    def _kept(self, name: str) -> Path | None:
        # A name from outside must not lead out of the folder.
        if self._folder is None or not name.removeprefix("picture-").isalnum():
            return None
        path = self._path(self._folder, name)
        return path if path.is_file() else None

    @staticmethod
    def _path(folder: Path, name: str) -> Path:
        return folder / f"{name}.jpg"


def _keep(picture: Picture, path: Path) -> None:
    """Save a picture with the size of its original, in whose pixels boxes are given."""
    width, height = picture.size_px
    picture.image.save(path, quality=KEPT_QUALITY, comment=f"{width}x{height}".encode())


def _taken_out(path: Path, limits: PictureLimits) -> Picture:
    picture = open_picture(path, limits)
    with Image.open(path) as file:
        width, _, height = file.info.get("comment", b"").decode("ascii", "replace").partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        return picture
    size = int(width), int(height)
    return replace(picture, size_px=size, scale=max(picture.image.size) / max(size))


def _hold(held: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    held[key] = value
    while len(held) > MAX_HELD:
        held.popitem(last=False)
