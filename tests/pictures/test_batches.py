"""Many pictures side by side."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopclerk.errors import PictureError
from shopclerk.pictures import Picture, PictureLimits, decode_many
from shopclerk.pictures.batches import LOOK_AHEAD
from tests.pictures.drawn import quarters, saved, scene


def test_two_hundred_pictures_come_in_order(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number}.jpg").write_bytes(saved(quarters(256, 100 + number), "JPEG"))
    names = [f"{number}.jpg" for number in range(200)]
    found = list(decode_many(names, folder=tmp_path, workers=4))
    assert [each.name for each in found if isinstance(each, Picture)] == names
    assert [each.size_px[1] for each in found if isinstance(each, Picture)] == list(range(100, 300))


def test_bad_pictures_come_out_as_errors_in_their_places() -> None:
    good = saved(quarters(), "PNG")
    found = list(decode_many([good, b"", "nothing.jpg", good, b"text", good]))
    kinds = [type(each) for each in found]
    assert kinds == [Picture, PictureError, PictureError, Picture, PictureError, Picture]
    assert "'nothing.jpg': there is no such file" in str(found[2])


def test_limits_hold_for_each() -> None:
    limits = PictureLimits(max_side_px=16)
    found = list(decode_many([saved(scene(1), "JPEG")] * 3, limits, workers=1))
    assert [each.image.size for each in found if isinstance(each, Picture)] == [(16, 12)] * 3


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_sources_are_drawn_only_as_results_are_taken(workers: int) -> None:
    drawn = 0
    data = saved(quarters(), "PNG")

    def sources() -> Iterator[bytes]:
        nonlocal drawn
        for _ in range(1_000):
            drawn += 1
            yield data

    results = decode_many(sources(), workers=workers)
    assert drawn == 0
    for taken in range(1, 20):
        assert isinstance(next(results), Picture)
        assert drawn <= taken + max(1, workers) * LOOK_AHEAD
    results.close()
    assert drawn < 50


def test_no_sources_no_results() -> None:
    assert list(decode_many([])) == []


def test_stopping_early_leaves_no_thread() -> None:
    results = decode_many([saved(quarters(), "PNG")] * 50, workers=3)
    next(results)
    results.close()
    assert [each.name for each in threading.enumerate() if each.name.startswith("pictures")] == []


def test_a_fault_of_the_source_is_not_hidden() -> None:
    def sources() -> Iterator[bytes]:
        yield saved(quarters(), "PNG")
        raise RuntimeError("the list has ended oddly")

    with pytest.raises(RuntimeError, match="ended oddly"):
        list(decode_many(sources()))
