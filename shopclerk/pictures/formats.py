"""Which picture formats are read, and what a file that is none of them looks like."""

import re

from PIL import Image, features

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF") + (
    ("AVIF",) if features.check("avif") else ()
)
"""Pillow's names of the raster formats that are read; all others are refused unseen."""


def spelt(name: str) -> str:
    """Return a format's name as people write it."""
    return "WebP" if name == "WEBP" else name


READABLE = ", ".join(map(spelt, FORMATS))

CONVERT = "Convert it to JPEG or PNG."

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"8BPS", "a Photoshop file"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\x00\x00\x01\x00", "a Windows icon"),
    (b"%!PS", "a PostScript file"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript file"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x1aE\xdf\xa3", "a video"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_MARKUP = re.compile(rb"<(svg|!doctype html|html|\?xml|!doctype svg)", re.IGNORECASE)


def known_format(data: bytes) -> str | None:
    """Return Pillow's name of the format that the first bytes announce, None where it is not read."""
    Image.init()
    for name in FORMATS:
        accept = Image.OPEN[name][1]
        if accept is None or accept(data[:16]) is True:
            return name
    return None


def looks_like(data: bytes) -> str:
    """Say what bytes look like that are no readable picture, in words that follow 'is'."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            return what
    if data[4:8] == b"ftyp":
        if data[8:12] == b"avif":
            return "an AVIF picture"
        return "a HEIC photo" if data[8:12] in _HEIF_BRANDS else "a video"
    markup = _MARKUP.match(head)
    if markup:
        return "an SVG drawing" if b"<svg" in head.lower() else "a web page or XML text"
    if head.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer, not the file it stands for"
    return "text" if _is_text(data[:4096]) else "of a kind that is not known here"


def _is_text(data: bytes) -> bool:
    # A character cut in two by the end of the sample is still text.
    decoded = data.decode("utf-8", errors="ignore")
    lost = len(data) - len(decoded.encode("utf-8"))
    return lost <= 3 and all(char.isprintable() or char in "\t\r\n\f" for char in decoded)
