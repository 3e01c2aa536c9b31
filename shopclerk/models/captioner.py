"""Captioners: pictures to a short sentence each.

`embedded` is a small decoder over the features of the embedded image encoder, see `embedded_captioner.py`. A folder
holds such a decoder, trained on a shop's own pictures, or a BLIP model; a hub id names a BLIP model, see
`blip_captioner.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from shopclerk.models.address import EMBEDDED
from shopclerk.models.image_encoder import ImageEncoder


@dataclass(frozen=True, slots=True)
class Caption:
    """What a model says of a picture.

    Attributes:
        text: The caption.
        score: How sure the model is of its words, 0 to 1: the geometric mean of their probabilities.
        made_by: The id of the captioner.
    """

    text: str
    score: float
    made_by: str


class Captioner(Protocol):
    """Says in words what pictures show."""

    @property
    def id(self) -> str:
        """Names the weights."""
        ...

    def caption(self, images: Sequence[Image.Image], *, prompt: str | None = None) -> list[Caption]:
        """Return one caption a picture, in the order given.

        Args:
            images: RGB pictures.
            prompt: How every caption shall begin, for instance `a photo of`.
        """
        ...


def open_captioner(
    address: str, image_encoder: ImageEncoder, *, device: str | None = None
) -> Captioner:
    """Return the captioner at an address: `embedded`, a folder, or a hub id.

    Args:
        address: Where it comes from.
        image_encoder: What turns pictures into the features that an embedded captioner reads.
        device: `cpu`, `cuda` or None for the fastest there is; only BLIP minds it.

    Raises:
        MissingModelError: It is not there, or it was trained on the features of another encoder.
    """
    from shopclerk.models import embedded_captioner

    if address == EMBEDDED:
        return embedded_captioner.EmbeddedCaptioner(
            embedded_captioner.shipped_folder(), image_encoder
        )
    if embedded_captioner.is_captioner(Path(address)):
        return embedded_captioner.EmbeddedCaptioner(Path(address), image_encoder)
    from shopclerk.models.blip_captioner import BlipCaptioner

    return BlipCaptioner(address, device=device)
