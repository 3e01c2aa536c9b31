"""Any mode that a picture file may have, made into 8-bit RGB."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

WHITE = (255, 255, 255)

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation (Exif 2.3, tag 0x0112) to the turn that undoes it; 1 is upright already."""


def to_rgb(image: Image.Image) -> Image.Image:
    """Return an RGB copy: deep greyscale scaled to 8 bits, transparency laid over white.

    Colour profiles are not applied; CMYK is converted by its plain formula.
    """
    if image.mode.startswith(("I", "F")):
        return _from_deep_grey(image).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    ground = Image.new("RGB", layer.size, WHITE)
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """Scale greyscale of 16 bits, 32 bits or floats to 8 bits; Pillow itself would clip it."""
    values = np.asarray(image)
    deep = image.mode.startswith("I;16")
    grey = (values >> 8).astype(np.uint8) if deep else _by_range(values)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey[values == transparent] = 255
    return Image.fromarray(grey)


def _by_range(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scale values whose file does not say what white is: the least usual white that holds them all.

    Whites are 1 (floats), 255 and 65,535; beyond these, or below zero, from the least to the greatest.
    """
    real = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    low, high = float(real.min()), float(real.max())
    whites = (1.0, 255.0, 65_535.0) if values.dtype.kind == "f" else (255.0, 65_535.0)
    black, white = 0.0, next((each for each in whites if high <= each), high)
    if low < 0.0 or high > whites[-1]:
        black, white = low, high
    span = max(white - black, 1e-12)
    return np.asarray(np.rint((real - black) * (255.0 / span)), dtype=np.uint8)
