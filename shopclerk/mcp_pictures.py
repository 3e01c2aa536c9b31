"""Pictures on their way through MCP: a client's, made known to the tools; a product's, made small for the client."""

import base64
import binascii
import io
from pathlib import Path

from shopclerk.catalog.product import Product
from shopclerk.errors import PictureError
from shopclerk.gallery import FOLDER_KEY
from shopclerk.pictures import PictureLimits, open_picture
from shopclerk.shop import Shop

MAX_SIDE_PX = 512
"""A product's picture is sent no larger than this."""
QUALITY = 85
MAX_PATH_CHARS = 4_096
ADDRESS_MARK = "://"


class PictureDesk:
    """Takes pictures in and hands products' pictures out.

    Args:
        shop: Whose tools look at them.
        paths: Whether a client may name files of this machine; only one that runs on it may.
    """

    def __init__(self, shop: Shop, *, paths: bool) -> None:
        self._shop, self._paths = shop, paths

    @property
    def wanted(self) -> str:
        """How a client may give a picture, for the tools' schemas."""
        file = "a path on this machine, " if self._paths else ""
        return (
            f"A picture: {file}base64 or a data: URL (JPEG, PNG, WebP, …), or the name picture-… that an "
            "earlier answer gave it."
        )

    def taken_in(self, given: str) -> str:
        """Return the name by which the tools know a picture.

        Raises:
            PictureError: It cannot be read.
            SettingError: The settings want no picture looked at.
        """
        if given.startswith("picture-"):
            return given
        return self._shop.show(self._source(given))

    def _source(self, given: str) -> str | Path | bytes:
        if given[:5].lower() == "data:":
            return _decoded(given.partition(",")[2])
        if ADDRESS_MARK in given[:16]:
            return given
        if self._paths and len(given) <= MAX_PATH_CHARS and _is_file(given):
            return Path(given).expanduser()
        try:
            return _decoded(given)
        except PictureError:
            if self._paths and len(given) <= MAX_PATH_CHARS:
                raise PictureError(
                    f"There is no picture file '{given[:200]}', and it is not base64 either."
                ) from None
            raise

    def of_product(self, product: Product) -> bytes:
        """Return a product's main picture as a small JPEG without metadata.

        Raises:
            PictureError: It has none, or none that may be shown.
        """
        if not product.images:
            raise PictureError(f"The product '{product.id}' has no picture.")
        address = product.images[0]
        folder = Path(self._shop.store.meta(FOLDER_KEY) or ".")
        # A seller's file must not make the server hand out pictures from elsewhere on its disk.
        if ADDRESS_MARK not in address and not _is_inside(folder, address):
            raise PictureError(
                f"The picture of '{product.id}' lies outside the catalogue's folder and is not handed out."
            )
        limits = PictureLimits(
            max_bytes=self._shop.gallery.limits.max_bytes,
            max_side_px=MAX_SIDE_PX,
            allow_urls=self._shop.gallery.limits.allow_urls,
        )
        picture = open_picture(address, limits, folder=folder)
        written = io.BytesIO()
        picture.image.save(written, "JPEG", quality=QUALITY)
        return written.getvalue()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise PictureError(
            "The picture is not base64. Encode the file's bytes as base64."
        ) from None


def _is_file(path: str) -> bool:
    try:
        return Path(path).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def _is_inside(folder: Path, address: str) -> bool:
    try:
        return (folder / address).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
