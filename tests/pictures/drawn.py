"""Pictures drawn for the tests, and files made of them."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")


def scene(seed: int, width: int = 320, height: int = 240) -> Image.Image:
    """A soft background with some shapes on it; another seed is another picture."""
    random = np.random.default_rng(seed)
    small = Image.fromarray(random.integers(0, 256, (5, 6, 3), dtype=np.uint8))
    image = small.resize((width, height), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        x, y = random.integers(0, width), random.integers(0, height)
        reach = random.integers(width // 10, width // 3)
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        pen.ellipse((x - reach, y - reach // 2, x + reach, y + reach // 2), fill=colour)
    return image


def quarters(width: int = 40, height: int = 20) -> Image.Image:
    """Four plain quarters: red, green over blue, white; they tell which way is up."""
    image = Image.new("RGB", (width, height), "white")
    x, y = width // 2, height // 2
    image.paste((255, 0, 0), (0, 0, x, y))
    image.paste((0, 255, 0), (x, 0, width, y))
    image.paste((0, 0, 255), (0, y, x, height))
    return image


def saved(image: Image.Image, format: str, **how: Any) -> bytes:
    """The bytes of a picture file."""
    file = io.BytesIO()
    image.save(file, format, **how)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that states a size and holds next to nothing."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(64))),
        (b"IEND", b""),
    )
    packed = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def gif_frame(width: int, height: int) -> bytes:
    """A GIF of 10 x 10 pixels whose first frame states another size."""
    screen = struct.pack("<HHBBB", 10, 10, 0, 0, 0)
    return (
        b"GIF89a"
        + screen
        + b","
        + struct.pack("<HHHH", 0, 0, width, height)
        + b"\0\x02\x02D\x01\0;"
    )


def tiff_tile(width: int, height: int) -> bytes:
    """A TIFF of 16 x 16 pixels in one tile that states another size."""
    tags = (
        (256, 16), (257, 16), (258, 8), (259, 1), (262, 1), (277, 1),
        (322, width), (323, height), (324, 8), (325, 256),
    )  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4 + 256)
