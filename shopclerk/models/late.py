"""Models opened when they are first asked, since few conversations need them."""

from collections.abc import Callable, Sequence
from functools import cached_property

from PIL import Image

from shopclerk.models.captioner import Caption, Captioner
from shopclerk.models.locator import Located, Locator


class LateCaptioner:
    """A captioner opened by its first picture.

    Args:
        open_it: Opens it.
    """

    def __init__(self, open_it: Callable[[], Captioner]) -> None:
        self._open = open_it

    @cached_property
    def _captioner(self) -> Captioner:
        return self._open()

    @property
    def id(self) -> str:
        """Names the weights."""
        return self._captioner.id

    def caption(self, images: Sequence[Image.Image], *, prompt: str | None = None) -> list[Caption]:
        """Return one caption a picture, in the order given."""
        return self._captioner.caption(images, prompt=prompt)


class LateLocator:
    """A locator opened by its first picture.

    Args:
        open_it: Opens it.
    """

    def __init__(self, open_it: Callable[[], Locator]) -> None:
        self._open = open_it

    @cached_property
    def _locator(self) -> Locator:
        return self._open()

    @property
    def id(self) -> str:
        """Names the models in use."""
        return self._locator.id

    def locate(self, image: Image.Image, phrase: str | None, *, limit: int = 5) -> list[Located]:
        """Return regions, the best first."""
        return self._locator.locate(image, phrase, limit=limit)
