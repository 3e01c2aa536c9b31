"""The tool `describe_image`."""

import math

import pytest
from PIL import Image

from shopclerk.errors import MissingModelError, PictureError, ToolFailedError, TryAgainError
from shopclerk.pictures import Picture
from shopclerk.tools.describe_image import NAME, describe_image_tool
from shopclerk.tools.result import artifact_of
from tests.captions import ScriptedCaptioner

PICTURES = {"picture-1": Picture(Image.new("RGB", (50, 40)), (100, 80), 0.5, "shoe.jpg")}


def find(name):
    if name not in PICTURES:
        raise PictureError(f"Unknown picture '{name}'. Known here: {', '.join(PICTURES)}.")
    return PICTURES[name]


@pytest.fixture
def captioner():
    return ScriptedCaptioner("a red shoe for women", score=0.62)


@pytest.fixture
def describe(captioner):
    tool = describe_image_tool(captioner, find)

    def call(**arguments):
        return tool.invoke({"name": NAME, "args": arguments, "id": "1", "type": "tool_call"})

    return call


def test_the_caption_is_told_with_how_sure_it_is(describe):
    message = describe(image="picture-1")
    assert message.content == "picture-1 shows, by a guess that is 62% sure: a red shoe for women"
    result = artifact_of(message)
    assert (result.caption, result.caption_score) == ("a red shoe for women", 0.62)
    assert (result.caption_by, result.products) == ("scripted", ())


def test_a_box_is_cut_out_at_the_scale_of_the_picture(describe, captioner):
    message = describe(image="picture-1", box=[10, 20, 50, 60])
    assert captioner.seen == [((20, 20), None)]
    assert message.content.startswith("This part of picture-1 shows")


def test_the_prompt_reaches_the_captioner(describe, captioner):
    describe(image="picture-1", prompt="a photo of")
    assert captioner.seen == [((50, 40), "a photo of")]


WRONG = {
    "name": ({"image": "picture-9"}, "Unknown picture 'picture-9'.*picture-1"),
    "outside": ({"image": "picture-1", "box": [200, 10, 300, 20]}, "lies outside the picture"),
    "empty box": ({"image": "picture-1", "box": [10, 10, 10, 20]}, "is empty"),
}


@pytest.mark.parametrize(("arguments", "told"), WRONG.values(), ids=WRONG)
def test_what_can_be_mended_is_told(describe, arguments, told):
    with pytest.raises(TryAgainError, match=told):
        describe(**arguments)


BROKEN = {
    "three numbers": {"image": "picture-1", "box": [1, 2, 3]},
    "no number": {"image": "picture-1", "box": [0, 0, math.nan, 9]},
    "no picture": {"box": [0, 0, 5, 5]},
    "unknown argument": {"image": "picture-1", "colour": "red"},
    "endless prompt": {"image": "picture-1", "prompt": "a" * 201},
}


@pytest.mark.parametrize("arguments", BROKEN.values(), ids=BROKEN)
def test_arguments_are_checked_against_the_schema(describe, arguments, captioner):
    with pytest.raises(ValueError, match="validation error"):
        describe(**arguments)
    assert captioner.seen == []


def test_a_model_that_is_not_there_is_said(captioner):
    def fail(images, *, prompt=None):
        raise MissingModelError("The captioner 'mine' could not be loaded.")

    captioner.caption = fail
    tool = describe_image_tool(captioner, find)
    with pytest.raises(ToolFailedError, match=r"The model cannot answer now.*'mine'"):
        tool.invoke({"image": "picture-1"})
