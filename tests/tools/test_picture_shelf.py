"""The shelf of pictures: names, memory, the folder, and what names may not do."""

import re
from pathlib import Path

import numpy as np
import pytest

from shopclerk.catalog.picture_search import PictureQuery
from shopclerk.errors import PictureError, StorageError, UnknownPictureError
from shopclerk.pictures import Picture, PictureLimits
from shopclerk.tools import picture_shelf
from shopclerk.tools.picture_shelf import PictureShelf
from tests.pictured import painted
from tests.pictures.drawn import quarters, saved

RED = saved(painted("red"), "PNG")


class Looks:
    """Keeps what it was shown."""

    def __init__(self) -> None:
        self.seen: list[tuple[tuple[int, int], object]] = []

    def __call__(self, picture: Picture, box) -> PictureQuery:
        """Return a query that tells the colour in the middle of the region."""
        self.seen.append((picture.size_px, box))
        image = picture.image if box is None else picture.image.crop([int(each) for each in box])
        middle = image.getpixel((image.width // 2, image.height // 2))
        return PictureQuery(np.array(middle, np.float32), np.zeros(1, np.float32))


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def shelf(looks: Looks) -> PictureShelf:
    return PictureShelf(looks)


def test_a_picture_is_had_again_by_its_name(shelf: PictureShelf) -> None:
    name = shelf.add(RED)
    assert shelf.picture(name).image.size == (96, 96)
    assert shelf.query(name).vector == pytest.approx([205, 30, 35])


def test_names_are_random(shelf: PictureShelf) -> None:
    names = {shelf.add(RED) for _ in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r"picture-[0-9a-f]{16}", name) for name in names)


def test_a_picture_of_another_shelf_is_unknown(shelf: PictureShelf, looks: Looks) -> None:
    name = PictureShelf(looks).add(RED)
    with pytest.raises(UnknownPictureError, match=f"no picture '{name}'.*send it again"):
        shelf.picture(name)


def test_what_cannot_be_read_is_not_taken_in(shelf: PictureShelf, tmp_path: Path) -> None:
    for source in (b"", b"text", tmp_path / "nowhere.png", "https://shop.example/a.png"):
        with pytest.raises(PictureError):
            shelf.add(source)


def test_the_limits_hold(looks: Looks) -> None:
    with pytest.raises(PictureError, match="is larger than the"):
        PictureShelf(looks, PictureLimits(max_bytes=64)).add(RED)


def test_a_relative_path_is_of_the_folder_given(shelf: PictureShelf, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "red.png").write_bytes(RED)
    assert shelf.picture(shelf.add("red.png", folder=tmp_path / "sub")).image.size == (96, 96)


def test_each_region_is_looked_at_once(shelf: PictureShelf, looks: Looks) -> None:
    name = shelf.add(saved(quarters(), "PNG"))
    for _ in range(2):
        assert shelf.query(name, [0, 0, 20, 10]).vector == pytest.approx([255, 0, 0])
        assert shelf.query(name, [0, 10, 20, 20]).vector == pytest.approx([0, 0, 255])
    assert looks.seen == [((40, 20), (0, 0, 20, 10)), ((40, 20), (0, 10, 20, 20))]


# -- forgetting --------------------------------------------------------------------------------------


def test_the_oldest_is_forgotten(shelf: PictureShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_shelf, "MAX_HELD", 3)
    first, second, *_ = [shelf.add(RED) for _ in range(3)]
    shelf.picture(first)  # used again, so the second is the oldest now
    shelf.add(RED)
    assert shelf.picture(first)
    with pytest.raises(UnknownPictureError):
        shelf.picture(second)


def test_with_a_folder_nothing_is_forgotten(
    looks: Looks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_shelf, "MAX_HELD", 1)
    shelf = PictureShelf(looks, folder=tmp_path / "kept")
    names = [shelf.add(RED) for _ in range(3)]
    assert [shelf.picture(name).image.size for name in names] == [(96, 96)] * 3


# -- a folder ----------------------------------------------------------------------------------------


def test_a_folder_outlives_the_process(looks: Looks, tmp_path: Path) -> None:
    name = PictureShelf(looks, folder=tmp_path / "kept").add(RED)
    reopened = PictureShelf(looks, folder=tmp_path / "kept")
    assert reopened.query(name).vector == pytest.approx([205, 30, 35], abs=6)


def test_boxes_stay_in_pixels_of_the_original(looks: Looks, tmp_path: Path) -> None:
    limits = PictureLimits(max_side_px=50)
    large = saved(painted("red", side=400), "PNG")
    name = PictureShelf(looks, limits, tmp_path).add(large)
    picture = PictureShelf(looks, limits, tmp_path).picture(name)
    assert (picture.image.size, picture.size_px) == ((50, 50), (400, 400))
    assert picture.scale == pytest.approx(0.125)


def test_a_kept_picture_of_unknown_size_is_taken_as_it_is(looks: Looks, tmp_path: Path) -> None:
    painted("red").save(tmp_path / "picture-0123456789abcdef.jpg", comment=b"\xffx\xff")
    picture = PictureShelf(looks, folder=tmp_path).picture("picture-0123456789abcdef")
    assert (picture.size_px, picture.scale) == ((96, 96), 1.0)


@pytest.mark.parametrize(
    "name",
    ["../secret", "picture-../secret", "/etc/hostname", "", "picture-", "..", "secret\0", "a/b"],
)
def test_a_name_leads_nowhere_else(looks: Looks, tmp_path: Path, name: str) -> None:
    painted("red").save(tmp_path / "secret.jpg")
    with pytest.raises(UnknownPictureError):
        PictureShelf(looks, folder=tmp_path / "kept").picture(name)


def test_an_endless_name_is_cut_in_the_message(shelf: PictureShelf) -> None:
    with pytest.raises(UnknownPictureError) as caught:
        shelf.picture("x" * 10_000)
    assert len(str(caught.value)) < 200


def test_a_folder_that_cannot_be_written_is_told(looks: Looks, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="Cannot write to"):
        PictureShelf(looks, folder=tmp_path / "file").add(RED)
