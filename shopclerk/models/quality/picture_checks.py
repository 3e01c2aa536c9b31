"""What is wrong with a listing's pictures: unreadable, tiny, blank, blurred."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.errors import PictureError
from shopclerk.models.quality.finding import Finding, Listing, Mend, Severity
from shopclerk.pictures import Picture

MAX_PICTURES = 8
MEASURED_SIDE_PX = 384
BLANK_DEVIATION = 4.0
"""Grey levels, of 255, that a picture must vary by around its mean."""
BLANK_SHARE = 0.995
"""Share of the pixels that may be within `BLANK_DEVIATION` of the commonest level."""
BLURRED = 0.6
_BLUR_WIDTH = 9


def picture_findings(
    listing: Listing,
    open_one: Callable[[str], Picture],
    least_px: int,
) -> Iterator[Finding]:
    """Yield what is wrong with the first pictures of a listing."""
    for path in listing.images[:MAX_PICTURES]:
        try:
            picture = open_one(path)
        except PictureError as error:
            yield _finding("unreadable", "error", path, str(error), "Replace it.")
            continue
        yield from _of_one(path, picture, least_px)


def _of_one(path: str, picture: Picture, least_px: int) -> Iterator[Finding]:
    image, (width, height) = picture.image, picture.size_px
    if is_blank(image):
        yield _finding(
            "blank", "error", path, "The picture shows nothing.", "Show the whole product."
        )
        return
    if min(width, height) < least_px:
        said = f"The picture has {width} x {height} pixels; {least_px} are the least on its short side."
        yield _finding("tiny", "warning", path, said, "Take it again, or upload the original.")
    blur = blur_of(image)
    if blur > BLURRED:
        said = f"The picture is out of focus (blur {blur:.2f} of 1)."
        yield _finding("blurred", "warning", path, said, "Take it again with a steady hand.")


def _finding(kind: str, severity: Severity, path: str, message: str, advice: str) -> Finding:
    return Finding(
        f"picture-{kind}",
        severity,
        "pictures",
        "images",
        message,
        Mend(advice),
        path,
        by="measures",
    )


def grey(image: Image.Image) -> NDArray[np.float32]:
    """Return a picture's grey levels, `(height, width) float32`, 384 px at most on the longest side."""
    small = image.convert("L")
    small.thumbnail((MEASURED_SIDE_PX, MEASURED_SIDE_PX), Image.Resampling.BOX)
    return np.asarray(small, np.float32)


def is_blank(image: Image.Image) -> bool:
    """Say whether a picture is of one level all over, but for specks."""
    levels = grey(image)
    common = float(np.median(levels))
    near = float(np.mean(np.abs(levels - common) <= BLANK_DEVIATION))
    colours = np.asarray(image.resize((32, 32), Image.Resampling.BOX), np.float32)
    return near >= BLANK_SHARE and float(colours.std(axis=(0, 1)).max()) <= BLANK_DEVIATION


def blur_of(image: Image.Image) -> float:
    """Return how blurred a picture is, 0 to 1: how little of its edges a further blur takes away.

    After Crete, Dolmiere, Ladret and Nicolas 2007, The Blur Effect: Perception and Estimation with a New
    No-Reference Perceptual Blur Metric, section 3.
    """
    levels = grey(image)
    if min(levels.shape) < 2 * _BLUR_WIDTH:
        return 0.0
    return max(_blur_along(levels), _blur_along(levels.T))


def _blur_along(levels: NDArray[np.float32]) -> float:
    sums = np.cumsum(
        np.pad(levels, ((0, 0), (_BLUR_WIDTH // 2 + 1, _BLUR_WIDTH // 2)), "edge"), axis=1
    )
    smooth = (sums[:, _BLUR_WIDTH:] - sums[:, :-_BLUR_WIDTH]) / _BLUR_WIDTH
    edges, smoothed = np.abs(np.diff(levels, axis=1)), np.abs(np.diff(smooth, axis=1))
    total = float(edges.sum())
    return 1.0 - float(np.maximum(0.0, edges - smoothed).sum()) / total if total else 0.0
