"""What a picture shows by the names of ImageNet's classes, where nothing better has been learned.

The probabilities of the 1,000 classes weigh the text vectors of their names (Norouzi et al. 2014, Zero-Shot
Learning by Convex Combination of Semantic Embeddings). It knows a banana from a backpack and little of fashion.
"""

import hashlib
import os
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.image_encoder import unit_rows
from shopclerk.models.text_encoder import TextEncoder

Vectors = NDArray[np.float32]

NAMES_FILE = "imagenet_classes.txt"


@cache
def class_names() -> tuple[str, ...]:
    """Return the names of ImageNet's 1,000 classes in their order (Russakovsky et al. 2015)."""
    return tuple(files("shopclerk").joinpath("models", NAMES_FILE).read_text("utf-8").splitlines())


class ClassNames:
    """The class names in a text encoder's space.

    Args:
        text_encoder: Encodes the names.
        cache: Folder where their vectors are kept, since encoding them takes a second or two.
    """

    def __init__(self, text_encoder: TextEncoder, cache: Path) -> None:
        self._encoder = text_encoder
        self._cache = cache

    def meanings(self, probabilities: Vectors) -> Vectors:
        """Return unit vectors in the text encoder's space, `(n, 384)`, from `(n, 1000)`."""
        return unit_rows(probabilities @ self._vectors())

    def _vectors(self) -> Vectors:
        digest = hashlib.blake2b(self._encoder.id.encode(), digest_size=4).hexdigest()
        path = self._cache / f"class-names-{digest}.npy"
        if path.exists():
            return np.asarray(np.load(path), np.float32)
        vectors = self._encoder.encode(class_names())
        self._cache.mkdir(parents=True, exist_ok=True)
        # By process, since two may begin at once.
        partial = path.with_suffix(f".{os.getpid()}.npy")
        np.save(partial, vectors)
        partial.replace(path)
        return vectors
