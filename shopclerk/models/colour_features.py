"""Which colours a picture shows, and how much of each, as a vector.

A recognition network is trained to look past colour; a shopper is not. Pixels are weighed by how far they are
from the picture's border colour and how near to its middle, and counted in CIELAB, where distances are those
that people see (CIE 1976).
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 32
LEVELS = (4, 5, 5)
DIMENSION = LEVELS[0] * LEVELS[1] * LEVELS[2] + 3
"""A histogram of lightness by green to red by blue to yellow, and the mean colour."""

_LOW = np.array([0.0, -60.0, -60.0])
_STEP = np.array([25.0, 24.0, 24.0])
BACKGROUND_DISTANCE = 6.0
FOREGROUND_DISTANCE = 26.0
"""Distances in CIELAB from the border colour at which a pixel begins to count, and counts in full."""

_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])
_ROWS, _COLUMNS = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
_CENTRED = np.exp(-(_ROWS**2 + _COLUMNS**2) / 0.8)


def lab(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return sRGB `(..., 3)`, 0 to 255, as CIELAB under D65."""
    rgb = pixels / 255.0
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    xyz = linear @ _XYZ.T / _WHITE
    cube = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = cube[..., 0], cube[..., 1], cube[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def foreground(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much each pixel of a CIELAB picture `(32, 32, 3)` counts, in all 1."""
    border = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    distance = np.linalg.norm(colours - np.median(border, axis=0), axis=-1)
    span = FOREGROUND_DISTANCE - BACKGROUND_DISTANCE
    # The little that every pixel counts keeps a picture of one colour from counting nothing.
    weight = np.clip((distance - BACKGROUND_DISTANCE) / span, 0, 1) + 0.02
    weight = weight * _CENTRED
    return np.asarray(weight / weight.sum())


def colour_features(image: Image.Image) -> NDArray[np.float32]:
    """Return `(103,) float32` of unit length: square roots of the histogram, then the mean colour."""
    colours = lab(np.asarray(image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)))
    weight = foreground(colours)
    cells = np.clip((colours - _LOW) / _STEP, 0, np.array(LEVELS) - 0.001).astype(int)
    histogram = np.zeros(LEVELS)
    np.add.at(histogram, (cells[..., 0], cells[..., 1], cells[..., 2]), weight)
    mean = (colours * weight[..., None]).sum((0, 1)) / 50
    vector = np.concatenate([np.sqrt(histogram.ravel()), mean]).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector))
