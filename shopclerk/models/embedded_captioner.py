"""The captioner that ships: a decoder of a few megabytes over the embedded image encoder's features.

It says colour, material, type and audience in the words it was trained on and no others, so it names neither price
nor make. What its pictures never showed it cannot see; the score tells how sure it is. Serving needs numpy alone.
"""

import hashlib
import math
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.caption_decoder import (
    FACTS_FILE,
    UNKNOWN,
    VOCABULARY_FILE,
    WEIGHTS_FILE,
    Beam,
    CaptionDecoder,
    DecoderShape,
    Vocabulary,
)
from shopclerk.models.captioner import Caption
from shopclerk.models.class_names import class_names
from shopclerk.models.image_encoder import ImageEncoder, OnnxImageEncoder, Vectors

BEAMS = 5
NEEDED = (WEIGHTS_FILE, VOCABULARY_FILE, FACTS_FILE)

UNSURE = 0.5
"""Below this score a caption is a guess about goods that the decoder has not seen."""
SURE_CLASS = 0.4
"""Probability from which the name of an ImageNet class is the better guess."""


class EmbeddedCaptioner:
    """A caption decoder from a folder.

    Args:
        folder: What `train_captioner` wrote.
        encoder: Turns pictures into the features that the decoder was trained on.
        beams: Captions followed side by side.

    Raises:
        MissingModelError: A file is missing or damaged, or the decoder wants another encoder's features.
    """

    def __init__(self, folder: Path, encoder: ImageEncoder, *, beams: int = BEAMS) -> None:
        self._folder, self._encoder, self._beams = folder, encoder, beams
        self._decoder, self._vocabulary = _load(folder)
        wanted, found = self._decoder.shape.features, features_name(encoder)
        if wanted != found:
            raise MissingModelError(
                f"The captioner in {folder} reads the features '{wanted}', and the image encoder "
                f"makes '{found}'. Set captioner to one trained on these ('shopclerk finetune "
                "caption'), to a BLIP model, or image_encoder to what it was trained on."
            )

    @cached_property
    def id(self) -> str:
        """The folder's name and a digest of the weights."""
        weights = (self._folder / WEIGHTS_FILE).read_bytes()
        digest = hashlib.blake2b(weights, digest_size=4).hexdigest()
        return f"{self._folder.name}-{digest}"

    def caption(self, images: Sequence[Image.Image], *, prompt: str | None = None) -> list[Caption]:
        """Return one caption a picture.

        Args:
            images: RGB pictures.
            prompt: How every caption begins. The decoder passes over words it does not know.
        """
        captions = self.caption_features(picture_features(self._encoder, images), prompt=prompt)
        if prompt or not isinstance(self._encoder, OnnxImageEncoder):
            return captions
        return [
            caption if caption.score >= UNSURE else _or_class_name(caption, image, self._encoder)
            for caption, image in zip(captions, images, strict=True)
        ]

    def caption_features(self, features: Vectors, *, prompt: str | None = None) -> list[Caption]:
        """Return one caption a row of `picture_features`."""
        begin = " ".join((prompt or "").split())
        most = self._decoder.shape.max_words // 2
        start = [word for word in self._vocabulary.numbers(begin) if word != UNKNOWN][:most]
        return [self._write(row, begin, start) for row in features]

    def _write(self, features: Vectors, begin: str, start: Sequence[int]) -> Caption:
        best: Beam = self._decoder.search(features, start, beams=self._beams)[0]
        text = f"{begin} {self._vocabulary.text(best.words)}".strip()
        return Caption(text, math.exp(best.mean), self.id)


def _or_class_name(caption: Caption, image: Image.Image, encoder: OnnxImageEncoder) -> Caption:
    """Return the name of the picture's ImageNet class where that is surer than what the decoder made of it."""
    probabilities = encoder.classes([image])[0]
    best = int(probabilities.argmax())
    if probabilities[best] < SURE_CLASS:
        return caption
    name = class_names()[best]
    article = "an" if name[0] in "aeiou" else "a"
    return Caption(f"{article} {name}", float(probabilities[best]), "class names")


def picture_features(encoder: ImageEncoder, images: Sequence[Image.Image]) -> Vectors:
    """Return what a decoder reads of pictures: the encoder's raw features, or its vectors where it has no other."""
    if hasattr(encoder, "features"):
        return np.asarray(encoder.features(images), np.float32)
    return encoder.encode(images)


def features_name(encoder: ImageEncoder) -> str:
    """Name what `picture_features` returns; raw features do not depend on the projection behind them."""
    if hasattr(encoder, "features"):
        return f"{encoder.id.rpartition('-')[0] or encoder.id}/features"
    return encoder.id


def shipped_folder() -> Path:
    """Return the folder of the captioner that ships."""
    return Path(str(files("shopclerk").joinpath("models", "weights", "captioner")))


def is_captioner(folder: Path) -> bool:
    """Tell whether a folder holds a decoder of this kind, and not another model."""
    return (folder / FACTS_FILE).is_file()


def _load(folder: Path) -> tuple[CaptionDecoder, Vocabulary]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        weights = load_file(folder / WEIGHTS_FILE)
        shape, vocabulary = DecoderShape.load(folder), Vocabulary.load(folder)
        if weights["words"].shape != (len(vocabulary), shape.width):
            raise ValueError(f"{len(vocabulary)} words, weights {weights['words'].shape}")
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise MissingModelError(
            f"There is no captioner in {folder} ({error}). It needs {', '.join(NEEDED)}, as "
            "'shopclerk finetune caption' writes them. Set captioner to such a folder, to 'embedded', "
            "or to a hub id of a BLIP model."
        ) from error
    return CaptionDecoder(shape, weights), vocabulary
