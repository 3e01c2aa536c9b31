"""Pictures as numbers for classifiers: several depths of the network, and colours.

The last layer of a recognition network is made for ImageNet's classes. Its earlier layers keep textures and small
parts, which tell two kinds of yoghurt apart (Zeiler and Fergus 2014, section 5.2; Cimpoi et al. 2015). The mean and the
maximum of each depth's channels stand beside the last features.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.models.address import EMBEDDED
from shopclerk.models.colour_features import colour_features
from shopclerk.models.exporting import Writer, export_once, open_session
from shopclerk.models.image_encoder import (
    ImageEncoder,
    embedded_weights,
    letterbox,
    open_image_encoder,
    unit_rows,
)

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Vectors = NDArray[np.float32]

FEATURES, LEVELS, COLOURS = 1_280, 1_536, 103
ONNX_FILE = "efficientnet-lite0-levels.onnx"
OUTPUTS = ("features", "levels")


class PictureFeatures(Protocol):
    """Turns pictures into numbers."""

    @property
    def id(self) -> str:
        """Names the weights."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers."""
        ...

    def encode(self, images: Sequence[Image.Image]) -> Vectors:
        """Return `(len(images), dimension) float32`."""
        ...


class LevelFeatures:
    """EfficientNet-lite0 at all its depths, under ONNX Runtime.

    Args:
        onnx: The exported network.
        own: Whether its weights are a shop's own and not those of the package.
        threads: Threads for batches; a few pictures take one.
    """

    dimension = FEATURES + LEVELS + COLOURS

    def __init__(self, onnx: Path, *, own: bool = False, threads: int | None = None) -> None:
        self._onnx, self._own, self._threads = onnx, own, threads or 0

    @cached_property
    def id(self) -> str:
        """The model's name, with a digest of the file where the weights are a shop's own."""
        if not self._own:
            return "efficientnet-lite0-levels"
        digest = hashlib.blake2b(self._onnx.read_bytes(), digest_size=4).hexdigest()
        return f"efficientnet-lite0-levels-{digest}"

    @cached_property
    def _single(self) -> "InferenceSession":
        return open_session(self._onnx, 1)

    @cached_property
    def _batch(self) -> "InferenceSession":
        return open_session(self._onnx, self._threads)

    def encode(self, images: Sequence[Image.Image], *, batch_size: int = 32) -> Vectors:
        """Return `(len(images), 2919) float32`: features, levels and colours, each part of length one."""
        rows = [np.zeros((0, self.dimension), np.float32)]
        for start in range(0, len(images), batch_size):
            rows.append(self._encode(images[start : start + batch_size]))
        return np.concatenate(rows)

    def _encode(self, images: Sequence[Image.Image]) -> Vectors:
        session = self._single if len(images) < 4 else self._batch
        stacked = np.stack([np.asarray(letterbox(image)) for image in images])
        pixels = np.ascontiguousarray(stacked.transpose(0, 3, 1, 2), np.float32)
        features, levels = session.run(list(OUTPUTS), {"pixels": pixels})
        colours = np.stack([colour_features(image) for image in images])
        return np.concatenate([unit_rows(features), unit_rows(levels), colours], axis=1)


class EncoderFeatures:
    """The vectors of any image encoder, CLIP's for instance, as features.

    Args:
        encoder: The image encoder.
    """

    def __init__(self, encoder: ImageEncoder) -> None:
        self._encoder = encoder

    @property
    def id(self) -> str:
        """The encoder's own name."""
        return self._encoder.id

    @property
    def dimension(self) -> int:
        """The length of the encoder's vectors."""
        return self._encoder.dimension

    def encode(self, images: Sequence[Image.Image]) -> Vectors:
        """Return `(len(images), dimension) float32`, rows of length one."""
        return self._encoder.encode(images)


def open_picture_features(
    address: str, cache: Path, *, threads: int | None = None
) -> PictureFeatures:
    """Return the features of the image encoder at an address: `embedded`, an ONNX file of levels, a folder or a hub id.

    Raises:
        MissingModelError: It is not there.
    """
    if address.endswith(".onnx"):
        return LevelFeatures(Path(address), own=True, threads=threads)
    if address != EMBEDDED:
        return EncoderFeatures(open_image_encoder(address, cache, threads=threads))
    onnx = cache / ONNX_FILE
    export_once("image encoder", embedded_weights(), onnx, _level_writer)
    return LevelFeatures(onnx, threads=threads)


def _level_writer() -> Writer:
    from shopclerk.models.onnx_export import write_level_features

    return write_level_features
