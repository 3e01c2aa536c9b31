"""A path, a URL or bytes made into bytes that fit the limits."""

import os
import re
import stat
from pathlib import Path

from shopclerk.errors import PictureError
from shopclerk.pictures.limits import PictureLimits, shown_name

_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*://", re.IGNORECASE)
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read_source(source: str | Path | bytes, limits: PictureLimits, folder: Path | None) -> bytes:
    """Return the bytes of a picture, whatever they hold.

    Args:
        source: A path, an http(s) URL, or the bytes themselves.
        limits: How many bytes are allowed, and whether URLs are.
        folder: What a relative path is relative to; the working folder where None.

    Raises:
        PictureError: It cannot be had, or is empty or too large.
    """
    name = shown_name(source)
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, str) and _SCHEME.match(source):
        data = _from_the_web(source, limits)
    elif isinstance(source, str) and source[:5].lower() == "data:":
        raise PictureError("A 'data:' URL is not read as a picture. Decode it and give the bytes.")
    else:
        data = _from_file(source, limits, folder)
    if not data:
        raise PictureError(f"Picture '{name}' is empty: zero bytes. Save or download it again.")
    if len(data) > limits.max_bytes:
        raise too_large(name, limits)
    return data


def too_large(name: str, limits: PictureLimits) -> PictureError:
    """The error for more bytes than the limits allow."""
    allowed = f"{limits.max_bytes / 2**20:.3g} MiB"
    return PictureError(
        f"Picture '{name}' is larger than the {allowed} allowed. Save it smaller, or as JPEG."
    )


def _from_the_web(url: str, limits: PictureLimits) -> bytes:
    if not limits.allow_urls:
        raise PictureError(
            f"Picture '{shown_name(url)}' is a URL, and pictures are not fetched from the web. "
            "Give a file, or set allow_picture_urls = true."
        )
    from shopclerk.pictures.fetching import fetch

    return fetch(url, limits)


def _from_file(source: str | Path, limits: PictureLimits, folder: Path | None) -> bytes:
    name = shown_name(source)
    if not str(source).strip():
        raise PictureError("The picture's path is empty. Give the path of a picture file.")
    path = Path(folder, source) if folder is not None else Path(source)
    try:
        _refuse_special(name, path.stat())
        # Without O_NONBLOCK a pipe put in the file's place after the check would hang us.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags), "rb") as file:
            _refuse_special(name, os.fstat(file.fileno()))
            return file.read(limits.max_bytes + 1)
    except FileNotFoundError:
        where = f" in '{shown_name(folder)}'" if folder is not None else ""
        raise PictureError(f"Picture '{name}': there is no such file{where}.") from None
    except ValueError:
        raise PictureError(
            f"Picture '{name}': its path holds a character that no file name can. "
            "Give the path as the file system writes it."
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PictureError(
            f"Picture '{name}' cannot be read: {reason}. Check the path and its permissions."
        ) from None


def _refuse_special(name: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "no regular file")
        raise PictureError(f"Picture '{name}' is {kind}. Give the path of a picture file.")
