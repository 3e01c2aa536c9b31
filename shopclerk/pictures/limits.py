"""What a picture may cost, and how one is named in a message."""

import re
from dataclasses import dataclass
from os import PathLike

MAX_NAME_CHARS = 120

_USER_INFO = re.compile(r"(?<=://)[^/?#]*@")


@dataclass(frozen=True)
class PictureLimits:
    """What a picture may cost in bytes, pixels and time."""

    max_bytes: int = 20 * 2**20
    """The file or download as a whole."""
    max_pixels: int = 50_000_000
    """Width times height as the file's header states them."""
    max_side_px: int | None = 1024
    """Pictures are shrunk to this longest side when decoded; None keeps them as they are."""
    allow_urls: bool = False
    """Whether a picture may be fetched from the web."""
    timeout_s: float = 10.0
    """For a fetch from the web as a whole, redirects included."""
    max_redirects: int = 3
    """How many redirects a fetch follows."""


DEFAULT = PictureLimits()


def shown_name(source: "str | PathLike[str] | bytes") -> str:
    """Name a source in one printable line: no control characters, no passwords, no endless text.

    A URL loses its user name and query, which may hold secrets; a long name keeps its end.
    """
    if isinstance(source, bytes):
        return f"<{len(source):,} bytes>"
    text = str(source)
    if "://" in text[:32]:
        text = _USER_INFO.sub("", re.split(r"[?#]", text, maxsplit=1)[0])
    tail = text if len(text) <= MAX_NAME_CHARS else "…" + text[1 - MAX_NAME_CHARS :]
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in tail)
