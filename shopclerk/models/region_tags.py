"""Regions of a picture with the words that name them best."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from shopclerk.models.embedded_locator import cut
from shopclerk.models.locator import Located, Locator
from shopclerk.models.proposals import Box
from shopclerk.models.region_scorer import RegionScorer


@dataclass(frozen=True, slots=True)
class TaggedRegion:
    """A region and its tags.

    Attributes:
        box: x0, y0, x1, y1 in pixels of the picture given.
        tags: Words and how sure each is, 0 to 1, the best first.
        score: How sure the locator is of the region, 0 to 1.
    """

    box: Box
    tags: tuple[tuple[str, float], ...]
    score: float


def tag_regions(
    image: Image.Image, located: Sequence[Located], scorer: RegionScorer, k: int = 3
) -> list[TaggedRegion]:
    """Return each region with its best tags, in the order given.

    Args:
        image: The picture the regions were found in.
        located: The regions.
        scorer: Judges regions by words.
        k: How many tags a region at most.
    """
    tags = scorer.tags([cut(image, region.box) for region in located], k)
    return [
        TaggedRegion(region.box, tuple(words), region.score)
        for region, words in zip(located, tags, strict=True)
    ]


def tagged_objects(
    image: Image.Image, locator: Locator, scorer: RegionScorer, *, limit: int = 5, k: int = 3
) -> list[TaggedRegion]:
    """Return all objects of a picture with their best tags."""
    return tag_regions(image, locator.locate(image, None, limit=limit), scorer, k)
