"""The embedded locator: proposed regions, scored in the space where pictures and words meet."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.models.locator import OBJECT, Located
from shopclerk.models.proposals import Boxes, Proposal, intersections, propose
from shopclerk.models.region_scorer import RegionScorer

PROPOSALS = 12
"""Regions that are looked at; each costs a pass of the image encoder."""
OBJECT_SCORE = 0.3
"""A region this likely to be an object is one, where all objects are asked for."""
SUREST = 0.99
"""No match is surer than this, so that a scrap of the right colour does not beat the whole object."""
MOST_SHARED = 0.5
"""Of two objects, the smaller shares less than this of its area with the larger."""


class EmbeddedLocator:
    """Finds regions with nothing but what is installed.

    Args:
        scorer: Judges regions by words.
    """

    def __init__(self, scorer: RegionScorer) -> None:
        self._scorer = scorer

    @property
    def id(self) -> str:
        """The scorer's name."""
        return f"proposals | {self._scorer.id}"

    def locate(self, image: Image.Image, phrase: str | None, *, limit: int = 5) -> list[Located]:
        """Return regions, the best first, see `Locator`."""
        proposals = propose(image, PROPOSALS)
        if phrase is None:
            return self._objects(image, proposals, limit)
        crops = [cut(image, proposal.box) for proposal in proposals]
        matches = self._scorer.score(crops, phrase)
        scores = joined(matches, np.array([proposal.score for proposal in proposals]))
        boxes = np.array([proposal.box for proposal in proposals])
        return [
            Located(proposals[place].box, phrase, float(scores[place]))
            for place in apart(boxes, scores, limit)
        ]

    def _objects(self, image: Image.Image, proposals: list[Proposal], limit: int) -> list[Located]:
        boxes = np.array([proposal.box for proposal in proposals])
        scores = np.array([proposal.score for proposal in proposals])
        places = apart(boxes, scores, limit)
        # Something is in every picture, so the best region stays however unlikely it is.
        kept = [place for place in places if scores[place] >= OBJECT_SCORE] or places[:1]
        tags = self._scorer.tags([cut(image, proposals[place].box) for place in kept], 1)
        return [
            Located(proposals[place].box, words[0][0] if words else OBJECT, float(scores[place]))
            for place, words in zip(kept, tags, strict=True)
        ]


def cut(image: Image.Image, box: tuple[float, float, float, float]) -> Image.Image:
    """Return the part of a picture in a box, of one pixel at least."""
    x0, y0 = min(int(box[0]), image.width - 1), min(int(box[1]), image.height - 1)
    return image.crop((x0, y0, max(x0 + 1, round(box[2])), max(y0 + 1, round(box[3]))))


def joined(matches: NDArray[np.float64], objects: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how likely regions are what was asked for, `(n,)`, 0 to 1.

    Args:
        matches: How well the phrase names each, 0 to 1.
        objects: How well each fits an object, 0 to 1.
    """
    certain = np.clip(matches, 1e-9, SUREST)
    evidence = np.log(certain / (1 - certain)) + np.log(np.maximum(objects, 1e-9))
    return np.asarray(1 / (1 + np.exp(-evidence)))


def apart(boxes: Boxes, scores: NDArray[np.float64], limit: int) -> list[int]:
    """Return the places of the best boxes that lie apart, the best first."""
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    shared = intersections(boxes, boxes) / np.minimum(areas[:, None], areas)
    kept: list[int] = []
    for place in np.argsort(-scores, kind="stable"):
        if len(kept) < limit and (shared[place, kept] < MOST_SHARED).all():
            kept.append(int(place))
    return kept
