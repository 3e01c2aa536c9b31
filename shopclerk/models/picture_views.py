"""Views of a picture: parts of it, mirrored or not, as other photographs of the same thing might show it.

What is learned from a few photos of a thing must not depend on where in the frame it stands. Random crops teach that
(Krizhevsky et al. 2012, section 4.1; Szegedy et al. 2015, section 6), and judging several views of a new photo
averages out what is left.
"""

import math
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps

from shopclerk.models.image_encoder import middle

LEAST_AREA = 0.35
"""Share of the picture that a random crop shows at least."""
RATIOS = (3 / 4, 4 / 3)
"""Width to height of a random crop, at least and at most."""
TRIES = 10
MIDDLE = 0.8


def training_views(image: Image.Image, count: int, seed: int) -> Iterator[Image.Image]:
    """Yield views to learn from: the whole picture, then random crops, half of them mirrored.

    Args:
        image: The picture.
        count: How many views; at least one.
        seed: Decides the crops, so that the same picture gives the same views.
    """
    random = np.random.default_rng(seed)
    yield image
    for _ in range(count - 1):
        yield random_crop(image, random)


def judging_views(image: Image.Image) -> list[Image.Image]:
    """Return the views that a prediction is averaged over: the whole, mirrored, and the middle."""
    return [image, ImageOps.mirror(image), middle(image, MIDDLE)]


def random_crop(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Return a part of a picture, mirrored half of the time; the whole of one too narrow to be cut."""
    width, height = image.size
    for _ in range(TRIES):
        area = random.uniform(LEAST_AREA, 1.0) * width * height
        ratio = math.exp(random.uniform(math.log(RATIOS[0]), math.log(RATIOS[1])))
        wide, high = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < wide <= width and 0 < high <= height:
            left, top = random.integers(width - wide + 1), random.integers(height - high + 1)
            image = image.crop((int(left), int(top), int(left) + wide, int(top) + high))
            break
    return ImageOps.mirror(image) if random.random() < 0.5 else image
