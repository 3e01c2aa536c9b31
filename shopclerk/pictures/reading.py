"""A picture file made into a small upright RGB picture, or into an error that says what is wrong.

Pillow is kept on a short leash: only formats named in `formats.FORMATS` are tried, the size in the
header is checked before a pixel is decoded, and whatever it raises or warns of ends here. `Image.open`
is not used: its limit on pixels is one for the whole process, and it warns where we want to refuse.
One thing is out of reach: libtiff, below Pillow, writes a line of its own to standard error when a
packed TIFF is broken.
"""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image, ImageFile, TiffImagePlugin

from shopclerk.errors import PictureError
from shopclerk.pictures.formats import CONVERT, READABLE, known_format, looks_like, spelt
from shopclerk.pictures.limits import DEFAULT, PictureLimits, shown_name
from shopclerk.pictures.pixels import UPRIGHT, to_rgb
from shopclerk.pictures.sources import read_source

SHRINK_GAP = 2.0
"""A picture is decoded at no less than this many times its final size, then resampled."""

_warnings_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture."""

    image: Image.Image
    """RGB, upright, at most `max_side_px` on its longest side."""
    size_px: tuple[int, int]
    """Width and height of the original, upright."""
    scale: float
    """Decoded over original length of the longest side; 1.0 where it was not shrunk."""
    name: str
    """The source as people know it, for messages."""


def open_picture(
    source: str | Path | bytes, limits: PictureLimits = DEFAULT, *, folder: Path | None = None
) -> Picture:
    """Read a picture: RGB, turned upright by its EXIF, transparency over white, first frame.

    Args:
        source: A path, the bytes of a file, or an http(s) URL where the limits allow it.
        limits: What the picture may cost, and the size it is shrunk to.
        folder: What a relative path is relative to; the working folder where None.

    Raises:
        PictureError: It cannot be had, is no picture, is damaged or too large; says which.
    """
    name = shown_name(source)
    data = read_source(source, limits, folder)
    return _decode(name, data, limits)


def _decode(name: str, data: bytes, limits: PictureLimits) -> Picture:
    kind = known_format(data)
    if kind is None:
        raise PictureError(
            f"Picture '{name}' is {looks_like(data)}; readable are {READABLE}. {CONVERT}"
        )
    try:
        header = _open_header(kind, data)
        _check_size(name, header.size, limits)
        _check_size(name, _tile_size(header), limits)
        return _decode_pixels(name, header, limits)
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError(
            f"Picture '{name}' has a part of more pixels than the {limits.max_pixels:,} allowed. "
            "Save it anew, smaller."
        ) from None
    except MemoryError:
        raise PictureError(
            f"Picture '{name}' needs more memory than there is. Save it smaller."
        ) from None
    except Exception as error:  # Pillow's decoders raise whatever broken bytes lead them to
        raise _damaged(name, kind, data, error) from None


def _damaged(name: str, kind: str, data: bytes, error: Exception) -> PictureError:
    guess = looks_like(data)
    if guess == "text":
        return PictureError(f"Picture '{name}' is text; readable are {READABLE}. {CONVERT}")
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return PictureError(
        f"Picture '{name}' is a damaged or unusual {spelt(kind)} ({reason}). "
        "Download or save it again, or convert it to JPEG or PNG."
    )


def _open_header(kind: str, data: bytes) -> ImageFile.ImageFile:
    factory = Image.OPEN[kind][0]
    with _quiet():
        return factory(io.BytesIO(data), "")


def _check_size(name: str, size: tuple[int, int], limits: PictureLimits) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise PictureError(f"Picture '{name}' has no pixels: {width} x {height}. Save it again.")
    if width * height > limits.max_pixels:
        raise PictureError(
            f"Picture '{name}' has {width:,} x {height:,} pixels, more than the "
            f"{limits.max_pixels:,} allowed. Save it smaller."
        )


def _tile_size(header: ImageFile.ImageFile) -> tuple[int, int]:
    """Return the size of a TIFF's tiles, which may be larger than the picture; else the picture's."""
    if isinstance(header, TiffImagePlugin.TiffImageFile):
        tags = header.tag_v2
        width, height = (
            tags.get(TiffImagePlugin.TILEWIDTH),
            tags.get(TiffImagePlugin.TILELENGTH),
        )
        if width is not None and height is not None:
            return int(width), int(height)
    return header.size


def _decode_pixels(name: str, header: ImageFile.ImageFile, limits: PictureLimits) -> Picture:
    full = header.size
    if limits.max_side_px is not None:
        shrink = SHRINK_GAP * limits.max_side_px / max(full)
        header.draft(None, (int(full[0] * shrink) or 1, int(full[1] * shrink) or 1))
    drafted = header.size != full
    # Of all decoders only that of TIFF warns; the others may run side by side.
    with _quiet() if header.format == "TIFF" else nullcontext():
        header.load()
    turn = UPRIGHT.get(_orientation(header))
    # TIFF turns itself upright when it is loaded, so its size in the header may be stale.
    size = full if drafted else header.size
    image = _shrunk(to_rgb(header), size, limits.max_side_px)
    if turn is not None:
        image = image.transpose(turn)
        size = size[::-1] if turn in _SIDEWAYS else size
    image.info = {}
    return Picture(image, size, max(image.size) / max(size), name)


_SIDEWAYS = frozenset(UPRIGHT[number] for number in (5, 6, 7, 8))


def _orientation(image: Image.Image) -> int:
    try:
        with _quiet():
            return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken EXIF does not make the pixels worse
        return 1


def _shrunk(image: Image.Image, full: tuple[int, int], max_side_px: int | None) -> Image.Image:
    """Resample a picture, decoded in full or in part, to the size its full size is shrunk to."""
    factor = 1.0 if max_side_px is None else min(1.0, max_side_px / max(full))
    size = (round(full[0] * factor) or 1, round(full[1] * factor) or 1)
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=SHRINK_GAP)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Pillow's warnings from the user, one thread at a time: the filters belong to the process."""
    with _warnings_lock, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield
