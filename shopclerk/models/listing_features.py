"""A listing's picture and words as the numbers that heads read."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.models.linear_heads import Inputs, Matrix
from shopclerk.models.picture_levels import PictureFeatures
from shopclerk.models.picture_views import judging_views
from shopclerk.models.text_encoder import TextEncoder
from shopclerk.models.text_terms import Vocabulary

Vectors = NDArray[np.float32]

LISTINGS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Listing:
    """What is known of a product.

    Attributes:
        image: Its picture, None without one.
        text: Its words, title first; empty without any.
    """

    image: Image.Image | None = None
    text: str = ""


@dataclass(frozen=True)
class Scaling:
    """What is taken off a picture's features, and what they are divided by.

    Attributes:
        mean: `(d,) float32`.
        scale: `(d,) float32`, above zero.
    """

    mean: Vectors
    scale: Vectors

    @classmethod
    def of(cls, features: Vectors) -> "Scaling":
        """Return the scaling under which features `(n, d)` have mean zero and deviation one."""
        if not len(features):
            width = features.shape[1]
            return cls(np.zeros(width, np.float32), np.ones(width, np.float32))
        deviation = features.std(axis=0)
        # A feature that hardly varies is noise; it must not be blown up.
        floor = 0.05 * float(deviation.mean()) + 1e-6
        return cls(features.mean(axis=0), np.maximum(deviation, floor))

    def __call__(self, features: Vectors) -> Vectors:
        """Return scaled features `(n, d)`."""
        return np.asarray((features - self.mean) / self.scale, np.float32)


class ListingFeatures:
    """Reads listings.

    Args:
        pictures: Makes features of pictures; None where pictures are not read.
        texts: Encodes texts; None where words are not read.
        vocabulary: The terms that are looked for in texts.
        scaling: For the features of pictures.
    """

    def __init__(
        self,
        pictures: PictureFeatures | None,
        texts: TextEncoder | None,
        vocabulary: Vocabulary,
        scaling: Scaling,
    ) -> None:
        self.pictures, self.texts = pictures, texts
        self.vocabulary, self.scaling = vocabulary, scaling

    @property
    def ids(self) -> dict[str, str]:
        """Role to encoder."""
        used = {"image_encoder": self.pictures, "text_encoder": self.texts}
        return {role: encoder.id for role, encoder in used.items() if encoder is not None}

    def read(self, listings: Sequence[Listing]) -> Inputs:
        """Return the listings as numbers; pictures are averaged over their views."""
        seen = [each.image is not None and self.pictures is not None for each in listings]
        read = [bool(each.text.strip()) and self.texts is not None for each in listings]
        texts = [each.text if use else "" for each, use in zip(listings, read, strict=True)]
        terms, meaning = self.read_texts(texts)
        images = [
            each.image for each, use in zip(listings, seen, strict=True) if use and each.image
        ]
        picture = np.zeros((len(listings), len(self.scaling.mean)), np.float32)
        picture[np.flatnonzero(seen)] = self._look(images)
        return Inputs(picture, terms, meaning, np.array(seen, bool), np.array(read, bool))

    def read_texts(self, texts: Sequence[str]) -> tuple[Matrix, Vectors]:
        """Return terms and meanings of texts; zeros for empty ones."""
        width = self.texts.dimension if self.texts else 0
        meaning = np.zeros((len(texts), width), np.float32)
        filled = [place for place, text in enumerate(texts) if text.strip()]
        if self.texts and filled:
            meaning[filled] = self.texts.encode([texts[place] for place in filled])
        # Rows of length one over 384 numbers are as small as those of standardised features are large.
        return self.vocabulary.weigh(texts), meaning * np.float32(np.sqrt(max(width, 1)))

    def _look(self, images: Sequence[Image.Image]) -> Vectors:
        rows = [np.zeros((0, len(self.scaling.mean)), np.float32)]
        for start in range(0, len(images) if self.pictures else 0, LISTINGS_AT_ONCE):
            views = [judging_views(image) for image in images[start : start + LISTINGS_AT_ONCE]]
            assert self.pictures is not None
            features = self.pictures.encode([view for several in views for view in several])
            each = features.reshape(len(views), -1, features.shape[1]).mean(axis=1)
            rows.append(self.scaling(np.asarray(each, np.float32)))
        return np.concatenate(rows)


def listing_text(record: Mapping[str, object]) -> str:
    """Return the words of a record with `title` and `description`, either of which may be missing."""
    parts = [record.get(name) for name in ("title", "description")]
    return ". ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())


def seed_of(name: str) -> int:
    """Return a number that depends on a name alone, to draw views by."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "big")
