"""The eye of a shop: an image encoder with what its pictures mean before anything is learned."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.models.class_names import ClassNames
from shopclerk.models.hub_image_encoder import HubImageEncoder
from shopclerk.models.image_encoder import ImageEncoder, OnnxImageEncoder
from shopclerk.models.picture_space import Look
from shopclerk.models.text_encoder import TextEncoder

Vectors = NDArray[np.float32]


class Looking(Protocol):
    """What a shop needs of what looks at its pictures."""

    @property
    def id(self) -> str:
        """Names the weights."""
        ...

    @property
    def encoder(self) -> ImageEncoder:
        """The image encoder."""
        ...

    @property
    def shares_space(self) -> bool:
        """Whether words lie in the space of the pictures themselves."""
        ...

    def look(self, images: Sequence[Image.Image]) -> tuple[Vectors, Vectors]:
        """Return vectors `(n, d)` and meanings `(n, m)`, rows of length one."""
        ...

    def look_at(self, image: Image.Image) -> Look:
        """Return a shopper's own photo as numbers."""
        ...

    def meaning_of(self, text: str) -> Vectors:
        """Return what words mean in the space of pictures' meanings, `(m,)` of length one."""
        ...


class Eye:
    """Looks at pictures.

    Args:
        encoder: The image encoder.
        text_encoder: The encoder of the products' texts.
        cache: Folder for what is computed once.
    """

    def __init__(self, encoder: ImageEncoder, text_encoder: TextEncoder, cache: Path) -> None:
        self.encoder: ImageEncoder = encoder
        self._text_encoder = text_encoder
        self._names = ClassNames(text_encoder, cache)

    @property
    def id(self) -> str:
        """Names the weights of the encoder."""
        return self.encoder.id

    @property
    def shares_space(self) -> bool:
        """Whether the encoder has texts of its own in the space of its pictures, as CLIP has."""
        return isinstance(self.encoder, HubImageEncoder)

    def look(self, images: Sequence[Image.Image]) -> tuple[Vectors, Vectors]:
        """Return vectors `(n, d)` and meanings `(n, m)` of products' pictures, rows of length one."""
        if isinstance(self.encoder, OnnxImageEncoder):
            vectors, classes = self.encoder.encode_with_classes(images)
            return vectors, self._names.meanings(classes)
        vectors = self.encoder.encode(images)
        return vectors, vectors

    def look_at(self, image: Image.Image) -> Look:
        """Return a shopper's own photo as numbers."""
        if isinstance(self.encoder, OnnxImageEncoder):
            vector, classes = self.encoder.encode_query_with_classes(image)
            return Look(vector, self._names.meanings(classes[None])[0])
        vector = self.encoder.encode_query(image)
        return Look(vector, vector)

    def meaning_of(self, text: str) -> Vectors:
        """Return what words mean in the space of pictures' meanings, `(m,)` of length one."""
        encode = (
            self.encoder.encode_texts
            if isinstance(self.encoder, HubImageEncoder)
            else self._text_encoder.encode
        )
        meaning: Vectors = encode([text])[0]
        return meaning
