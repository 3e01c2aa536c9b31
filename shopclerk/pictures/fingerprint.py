"""Perceptual hashes: two files that show one picture have hashes that differ in few bits.

The hash is pHash (Zauner 2010, Implementation and Benchmarking of Perceptual Image Hash Functions,
section 3.2.2): the signs of the 8 x 8 lowest frequencies of a 32 x 32 greyscale copy. It sees shapes of
light and dark, not colours: one shirt in red and in blue, or two plain surfaces, may share a hash.
"""

import re

from PIL import Image

from shopclerk.errors import PictureError

SAME_DISTANCE = 8
"""Most bits in which two hashes of one picture differ after recompression, resizing or a trim of 1%.

Hashes of different pictures may still be as near: of product photos on white, two strangers in a
thousand are. A match of hashes is a reason to look closer, not a proof.
"""

_PRINT = re.compile(r"[0-9a-fA-F]{16}")


def fingerprint(image: Image.Image) -> str:
    """Return the 64-bit perceptual hash of a picture as 16 hexadecimal digits."""
    import imagehash

    return str(imagehash.phash(image, hash_size=8))


def distance(a: str, b: str) -> int:
    """Return in how many of their 64 bits two fingerprints differ.

    Raises:
        PictureError: One of them is no fingerprint.
    """
    return (_bits(a) ^ _bits(b)).bit_count()


def same_picture(a: str, b: str) -> bool:
    """Say whether two fingerprints are near enough to be of one picture."""
    return distance(a, b) <= SAME_DISTANCE


def _bits(text: str) -> int:
    if not _PRINT.fullmatch(text):
        raise PictureError(
            f"'{text[:40]}' is no fingerprint of a picture. One has 16 hexadecimal digits, "
            "for instance 'c3d19a2e6f70b485'."
        )
    return int(text, 16)
