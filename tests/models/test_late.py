"""Models opened when they are first asked."""

import pytest
from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.captioner import Caption
from shopclerk.models.late import LateCaptioner, LateLocator
from shopclerk.models.locator import Located

PICTURE = Image.new("RGB", (8, 8))


class Model:
    """A captioner and locator that repeats what it was asked."""

    id = "echo-1"

    def caption(self, images, *, prompt=None):
        return [Caption(f"{prompt}", 0.5, self.id) for _ in images]

    def locate(self, image, phrase, *, limit=5):
        return [Located((0, 0, 1, 1), f"{phrase}", 0.5)] * limit


ASKED = {
    "captioner": (
        LateCaptioner,
        lambda late: late.caption([PICTURE], prompt="a red"),
        [Caption("a red", 0.5, "echo-1")],
    ),
    "locator": (
        LateLocator,
        lambda late: late.locate(PICTURE, "mug", limit=2),
        [Located((0, 0, 1, 1), "mug", 0.5)] * 2,
    ),
}


@pytest.mark.parametrize(("late", "ask", "answer"), ASKED.values(), ids=ASKED)
def test_it_is_opened_once_and_when_it_is_asked(late, ask, answer):
    opened = []
    model = late(lambda: opened.append(1) or Model())
    assert opened == []
    assert ask(model) == ask(model) == answer
    assert model.id == "echo-1"
    assert opened == [1]


@pytest.mark.parametrize(("late", "ask", "answer"), ASKED.values(), ids=ASKED)
def test_a_missing_model_is_told_each_time(late, ask, answer):
    def nowhere():
        raise MissingModelError("There is none.")

    model = late(nowhere)
    for _ in range(2):
        with pytest.raises(MissingModelError, match="There is none"):
            ask(model)
