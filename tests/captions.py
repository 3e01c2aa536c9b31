"""A captioner with random weights, and an encoder that sees nothing but colours."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save_file

from shopclerk.models.caption_decoder import (
    SPECIAL_WORDS,
    WEIGHTS_FILE,
    DecoderShape,
    Vocabulary,
)

WORDS = (*SPECIAL_WORDS, "a", "blue", "circle", "for", "men", "red", "square", "women", ",")
SHAPE = DecoderShape(
    inputs=48,
    features="colours/features",
    prefix=2,
    width=16,
    layers=2,
    heads=2,
    hidden=24,
    max_words=8,
)


class ColourEncoder:
    """Sixteen colours of a picture, row by row, as its features."""

    id = "colours-1"
    dimension = 48

    def features(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Return `(len(images), 48) float32`, 0 to 1."""
        small = [image.convert("RGB").resize((4, 4), Image.Resampling.BOX) for image in images]
        rows = [np.asarray(each, np.float32).ravel() / 255 for each in small]
        return np.array(rows, np.float32).reshape(len(images), self.dimension)

    def encode(self, images: Sequence[Image.Image], *, batch_size: int = 32) -> NDArray[np.float32]:
        """Return `(len(images), 48) float32`, rows of length one."""
        features = self.features(images) + 1e-3
        return features / np.linalg.norm(features, axis=1, keepdims=True)

    def encode_query(self, image: Image.Image) -> NDArray[np.float32]:
        """Return `(48,) float32` of length one."""
        return self.encode([image])[0]


def random_weights(
    shape: DecoderShape, words: int, seed: int = 1
) -> dict[str, NDArray[np.float32]]:
    """Tensors of a decoder that has learned nothing."""
    random = np.random.default_rng(seed)
    width = shape.width
    sizes: dict[str, tuple[int, ...]] = {
        "read.weight": (shape.hidden, shape.inputs),
        "read.bias": (shape.hidden,),
        "place.weight": (shape.prefix * width, shape.hidden),
        "place.bias": (shape.prefix * width,),
        "words": (words, width),
        "positions": (shape.prefix + shape.max_words, width),
        "bias": (words,),
    }
    norms = ["norm"]
    for layer in range(shape.layers):
        block = f"blocks.{layer}"
        norms += [f"{block}.before_attention", f"{block}.before_feed"]
        for name, outs, ins in (
            ("qkv", 3 * width, width),
            ("out", width, width),
            ("up", 4 * width, width),
            ("down", width, 4 * width),
        ):
            sizes[f"{block}.{name}.weight"] = (outs, ins)
            sizes[f"{block}.{name}.bias"] = (outs,)
    tensors = {name: random.normal(0, 0.4, size).astype(np.float32) for name, size in sizes.items()}
    for name in norms:
        tensors[f"{name}.weight"] = np.ones(width, np.float32)
        tensors[f"{name}.bias"] = np.zeros(width, np.float32)
    tensors["mean"] = np.full(shape.inputs, 0.5, np.float32)
    tensors["scale"] = np.full(shape.inputs, 2.0, np.float32)
    return tensors


def write_captioner(
    folder: Path, shape: DecoderShape = SHAPE, words: Sequence[str] = WORDS
) -> Path:
    """A folder that `EmbeddedCaptioner` loads."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(random_weights(shape, len(words)), folder / WEIGHTS_FILE)
    shape.save(folder)
    Vocabulary(words).save(folder)
    return folder


class ScriptedCaptioner:
    """Says what it is told to and keeps what it was shown."""

    id = "scripted"

    def __init__(self, *texts: str, score: float = 0.5) -> None:
        self.texts, self.score = list(texts), score
        self.seen: list[tuple[tuple[int, int], str | None]] = []

    def caption(self, images, *, prompt=None):
        """One text a picture, in order; the last one again when they run out."""
        from shopclerk.models.captioner import Caption

        self.seen += [(image.size, prompt) for image in images]
        told = [self.texts.pop(0) if len(self.texts) > 1 else self.texts[0] for _ in images]
        return [Caption(text, self.score, self.id) for text in told]
