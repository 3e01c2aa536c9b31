"""What a picture is known again by: its perceptual hash and the mean colours of its parts.

The hash sees shapes of light and dark only, so that one thing in two colours may share it; the colours of a grid
of sixteen fields tell such pictures apart, and saving a picture anew hardly changes either.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.pictures.fingerprint import SAME_DISTANCE, fingerprint

FIELDS = 4
"""Fields a side."""
MAX_COLOUR_STEP = 10
"""Most by which a field's mean red, green or blue, 0 to 255, differs in two files of one picture."""

Prints = tuple[NDArray[np.uint64], NDArray[np.int16]]


def picture_print(image: Image.Image) -> str:
    """Return hash and colours as text, `c3d19a2e6f70b485-` and 96 hexadecimal digits."""
    fields = image.convert("RGB").resize((FIELDS, FIELDS), Image.Resampling.BOX)
    return f"{fingerprint(image)}-{np.asarray(fields, np.uint8).tobytes().hex()}"


def read_prints(texts: list[str]) -> Prints:
    """Return the hashes `(n,)` and the colours `(n, 48)` of some prints."""
    hashes = np.array([int(text[:16], 16) for text in texts], np.uint64)
    colours = np.array([list(bytes.fromhex(text[17:])) for text in texts], np.int16)
    return hashes, colours.reshape(len(texts), FIELDS * FIELDS * 3)


def same_prints(wanted: str, known: Prints) -> list[int]:
    """Return the places of the prints that are of one picture with another, nearest first."""
    hashes, colours = read_prints([wanted])
    distance = np.bitwise_count(known[0] ^ hashes[0])
    step = np.abs(known[1] - colours[0]).max(axis=1, initial=0)
    same = np.flatnonzero((distance <= SAME_DISTANCE) & (step <= MAX_COLOUR_STEP))
    return [int(place) for place in same[np.argsort(distance[same], kind="stable")]]
