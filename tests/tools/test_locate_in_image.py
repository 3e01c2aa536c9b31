"""The tool `locate_in_image`."""

import pytest
from PIL import Image

from shopclerk.errors import (
    MissingModelError,
    PictureError,
    ToolFailedError,
    TryAgainError,
    UnknownPictureError,
)
from shopclerk.models.locator import Located
from shopclerk.pictures import Picture
from shopclerk.tools.locate_in_image import (
    NAME,
    in_original,
    locate_in_image_tool,
    region_line,
    save_boxes,
)
from shopclerk.tools.result import artifact_of
from tests.regions import ScriptedLocator

# Half the size of the original.
PICTURE = Picture(Image.new("RGB", (200, 100), "white"), (400, 200), 0.5, "fruit.jpg")


def find(name):
    if name != "picture-1":
        raise UnknownPictureError(f"There is no picture '{name}' in this conversation.")
    return PICTURE


@pytest.fixture
def calling():
    """Call the tool over a locator."""

    def make(locator, **arguments):
        tool = locate_in_image_tool(locator, find)
        return tool.invoke({"name": NAME, "args": arguments, "id": "1", "type": "tool_call"})

    return make


def test_boxes_are_told_in_pixels_of_the_original(calling):
    locator = ScriptedLocator(
        Located((15.5, 25.5, 91, 101 / 2), "banana", 0.834), Located((1, 2, 3, 4), "banana", 0.3)
    )
    message = calling(locator, image="picture-1", phrase="  banana ")
    assert message.content.split("\n") == [
        "banana [31, 51, 182, 101] 0.83",
        "banana [2, 4, 6, 8] 0.30",
    ]
    boxes = artifact_of(message).boxes
    assert [box.box for box in boxes] == [(31, 51, 182, 101), (2, 4, 6, 8)]
    assert (boxes[0].label, boxes[0].score) == ("banana", 0.834)
    assert locator.asked == [((200, 100), "banana", 5)]


@pytest.mark.parametrize("phrase", [None, "", "   "])
def test_without_a_phrase_all_objects_are_told(calling, phrase):
    locator = ScriptedLocator(
        Located((0, 0, 50, 50), "mug", 0.1), Located((60, 0, 90, 50), "pen", 0.1)
    )
    message = calling(locator, image="picture-1", phrase=phrase)
    assert message.content == "mug [0, 0, 100, 100] 0.10\npen [120, 0, 180, 100] 0.10"
    assert locator.asked[0][1] is None


def test_an_unsure_box_is_told_as_a_guess(calling):
    locator = ScriptedLocator(Located((0, 0, 50, 50), "guitar", 0.1))
    content = calling(locator, image="picture-1", phrase="guitar").content
    assert content.startswith("Nothing in picture-1 is surely 'guitar'; the nearest:\nguitar [")


def test_nothing_found_is_said(calling):
    message = calling(ScriptedLocator(), image="picture-1", phrase="guitar")
    assert message.content == "picture-1 shows nothing that could be found as 'guitar'."
    assert artifact_of(message).boxes == ()


def test_an_unknown_picture_can_be_mended(calling):
    with pytest.raises(TryAgainError, match="no picture 'picture-9'"):
        calling(ScriptedLocator(), image="picture-9")


def test_a_missing_model_is_said(calling):
    class Missing(ScriptedLocator):
        def locate(self, image, phrase, *, limit=5):
            raise MissingModelError("The locator is not there.")

    with pytest.raises(ToolFailedError, match="The locator is not there"):
        calling(Missing(), image="picture-1")


def test_an_argument_too_many_is_refused(calling):
    with pytest.raises(Exception, match="Extra inputs are not permitted"):
        calling(ScriptedLocator(), image="picture-1", colour="red")


def test_the_line_of_a_region_rounds():
    assert (
        region_line(Located((0.4, 1.6, 10.5, 20.51), "a mug", 0.999)) == "a mug [0, 2, 10, 21] 1.00"
    )


def test_the_boxes_can_be_saved(tmp_path):
    located = in_original(PICTURE, [Located((20, 30, 120, 80), "mug", 0.9)])
    save_boxes(PICTURE, located, tmp_path / "boxes.png")
    saved = Image.open(tmp_path / "boxes.png")
    assert saved.size == (200, 100)
    assert saved.getpixel((70, 80)) != (255, 255, 255)
    assert saved.getpixel((70, 55)) == (255, 255, 255)
    assert PICTURE.image.getcolors() == [(20_000, (255, 255, 255))]


@pytest.mark.parametrize("name", ["nosuch/boxes.png", "boxes.nosuch"])
def test_a_place_that_cannot_be_written_is_said(tmp_path, name):
    with pytest.raises(PictureError, match=r"cannot be saved as .*\.png or \.jpg"):
        save_boxes(PICTURE, [], tmp_path / name)
