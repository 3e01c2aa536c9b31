"""Locators: boxes in a picture, for a phrase or for all objects.

`embedded` proposes regions and scores them in the shop's own space of pictures and words
(`embedded_locator.py`). A folder or hub id is a detector of transformers (`hub_locator.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from shopclerk.models.address import EMBEDDED
from shopclerk.models.proposals import Box
from shopclerk.models.region_scorer import RegionScorer

OBJECT = "object"
"""The label of a region for which there is no better word."""


@dataclass(frozen=True, slots=True)
class Located:
    """A region of a picture.

    Attributes:
        box: x0, y0, x1, y1 in pixels of the picture given.
        label: The phrase asked for, or the best word for what is there.
        score: How sure the locator is, 0 to 1.
    """

    box: Box
    label: str
    score: float


class Locator(Protocol):
    """Finds regions."""

    @property
    def id(self) -> str:
        """Names the models in use."""
        ...

    def locate(self, image: Image.Image, phrase: str | None, *, limit: int = 5) -> list[Located]:
        """Return regions, the best first.

        Args:
            image: The picture.
            phrase: What to look for; None for all objects.
            limit: How many regions at most.
        """
        ...


def open_locator(address: str, scorer: Callable[[], RegionScorer]) -> Locator:
    """Return the locator at an address: `embedded`, a folder, or a hub id.

    Args:
        address: Where the locator is.
        scorer: Makes what scores regions, called for `embedded` alone.

    Raises:
        MissingModelError: It is not there.
    """
    if address == EMBEDDED:
        from shopclerk.models.embedded_locator import EmbeddedLocator

        return EmbeddedLocator(scorer())
    from shopclerk.models.hub_locator import open_hub_locator

    return open_hub_locator(address)
