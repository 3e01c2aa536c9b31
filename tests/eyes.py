"""The embedded image encoder over a network that is quick and has learned nothing, and over the real one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from shopclerk.models import image_encoder
from shopclerk.models.image_encoder import CLASSES, FEATURES, OnnxImageEncoder, embedded_weights
from shopclerk.models.picture_head import PictureHead

Vectors = NDArray[np.float32]

_made: dict[str, OnnxImageEncoder] = {}


class RandomNetwork:
    """Stands for an ONNX session: features are a random map of the colours of 7 by 7 places."""

    def __init__(self, threads: int = 1) -> None:
        random = np.random.default_rng(4)
        self._features = random.normal(0, 1, (3, FEATURES)).astype(np.float32)
        self._classes = random.normal(0, 0.3, (FEATURES, CLASSES)).astype(np.float32)
        self.threads = threads
        self.batches: list[int] = []

    def run(self, outputs: Sequence[str], feed: Mapping[str, Vectors]) -> list[Vectors]:
        """Return what is asked for of places `(n, 1280, 7, 7)`, features `(n, 1280)`, logits `(n, 1000)`."""
        pixels = feed["pixels"]
        assert pixels.dtype == np.float32
        assert pixels.shape[1:] == (3, 224, 224)
        self.batches.append(len(pixels))
        cells = pixels.reshape(-1, 3, 7, 32, 7, 32).mean((3, 5)) / 255
        places = np.maximum(np.einsum("nchw,cf->nfhw", cells, self._features), 0)
        features = places.mean((2, 3))
        found = {"places": places, "features": features, "logits": features @ self._classes}
        return [np.asarray(found[name], np.float32) for name in outputs]


def random_encoder(folder: Path, monkeypatch: pytest.MonkeyPatch, **how: int) -> OnnxImageEncoder:
    """Return the embedded encoder over a `RandomNetwork`; nothing is exported and no weights are read."""
    monkeypatch.setattr(image_encoder, "open_session", lambda _, threads: RandomNetwork(threads))
    (folder / "efficientnet-lite0.onnx").touch()
    return OnnxImageEncoder(folder / "no-weights", folder, **how)


def embedded_encoder(folders: pytest.TempPathFactory) -> OnnxImageEncoder:
    """Return the real one, exported once for all tests since that takes seconds."""
    if "embedded" not in _made:
        _made["embedded"] = OnnxImageEncoder(
            embedded_weights(), folders.mktemp("efficientnet"), threads=2
        )
    return _made["embedded"]


def random_head(
    vocabulary: Sequence[str] = ("red", "blue", "shoe"),
    *,
    size: int = 6,
    hidden: int = 5,
    meaning: int = 4,
    seed: int = 2,
) -> PictureHead:
    """Return a head that has learned nothing."""
    random = np.random.default_rng(seed)
    tensors = {}
    for name, outs, ins in (
        ("trunk", hidden, size),
        ("words", len(vocabulary), hidden),
        ("meaning", meaning, hidden),
    ):
        tensors[f"{name}.weight"] = random.normal(0, 1, (outs, ins)).astype(np.float32)
        tensors[f"{name}.bias"] = random.normal(0, 0.1, outs).astype(np.float32)
    return PictureHead(f"random-{seed}", "eye-1", "texts-1", tuple(vocabulary), tensors)


def unit(rows: int, size: int, seed: int = 1) -> Vectors:
    """Return random rows of length one."""
    vectors = np.random.default_rng(seed).normal(size=(rows, size))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
