"""Files that are no pictures, broken ones, and those made to do harm."""

import os
import random
import socket
import threading
import tracemalloc
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from shopclerk.errors import PictureError
from shopclerk.pictures import DEFAULT, PictureLimits, open_picture
from tests.pictures.drawn import FORMATS, gif_frame, png_header, quarters, saved, scene, tiff_tile

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)
SVG = b'\xef\xbb\xbf<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>'
OTHERS = {
    "empty": (b"", "is empty: zero bytes"),
    "text": (b"just some text\n", "is text; .*Convert it to JPEG or PNG"),
    "text like BMP": (b"BM is short for British Museum", "is text"),
    "svg": (SVG, "an SVG drawing; .*Convert it to JPEG or PNG"),
    "bare svg": (b"<svg width='5'/>", "an SVG drawing"),
    "web page": (b"<!DOCTYPE html><p>404</p>", "a web page"),
    "heic": (HEIC, "a HEIC photo; readable are JPEG.*Convert it to JPEG or PNG"),
    "heic as mif1": (HEIC.replace(b"ftypheic", b"ftypmif1"), "a HEIC photo|damaged"),
    "video": (b"\0\0\0\x18ftypisom" + bytes(64), "a video"),
    "pdf": (b"%PDF-1.7\n" + bytes(64), "a PDF document"),
    "zip": (b"PK\x03\x04" + bytes(64), "a ZIP archive"),
    "psd": (b"8BPS" + bytes(64), "a Photoshop file"),
    "jpeg xl": (b"\xff\x0a" + bytes(64), "a JPEG XL picture"),
    "icon": (b"\x00\x00\x01\x00" + bytes(64), "a Windows icon"),
    "git lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a Git LFS pointer"),
    "ppm": (b"P6 1 1 255\n\0\0\0", "of a kind that is not known|text"),
    "noise": (bytes(range(128, 256)), "of a kind that is not known"),
    "png magic alone": (b"\x89PNG\r\n\x1a\n", "a damaged or unusual PNG"),
    "webp magic alone": (b"RIFF\x20\0\0\0WEBPVP8 ", "a damaged or unusual WebP"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_what_is_no_picture_is_named(case: str, tmp_path: Path) -> None:
    data, message = OTHERS[case]
    (tmp_path / "shoe.jpg").write_bytes(data)
    with pytest.raises(PictureError, match=message) as caught:
        open_picture("shoe.jpg", folder=tmp_path)
    assert "'shoe.jpg'" in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kept", [0.05, 0.3, 0.6, 0.9])
def test_a_truncated_file_is_an_error(format: str, kept: float) -> None:
    data = saved(scene(2), format)
    with pytest.raises(PictureError, match=r"damaged or unusual .*Download or save it again"):
        open_picture(data[: int(len(data) * kept)])


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "jpeg", "packbits"])
def test_a_truncated_packed_tiff_is_an_error(
    compression: str, capfd: pytest.CaptureFixture[str]
) -> None:
    data = saved(scene(2), "TIFF", compression=compression)
    with pytest.raises(PictureError, match="damaged or unusual TIFF"):
        open_picture(data[: len(data) // 2])
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (png_header(20_000, 20_000), "has 20,000 x 20,000 pixels, more than the 50,000,000"),
        (png_header(9_600, 9_600), "has 9,600 x 9,600 pixels"),
        (gif_frame(60_000, 60_000), "a part of more pixels than the 50,000,000"),
        (gif_frame(10_000, 10_000), "has 10,000 x 10,000 pixels"),
        (tiff_tile(10_000, 10_000), "has 10,000 x 10,000 pixels"),
        (tiff_tile(60_000, 60_000), "has 60,000 x 60,000 pixels"),
    ],
    ids=["png", "png of warning size", "gif frame", "gif frame, less", "tiff tile, less", "tiff"],
)
def test_a_decompression_bomb_is_refused_by_its_header(data: bytes, message: str) -> None:
    tracemalloc.start()
    with pytest.raises(PictureError, match=message):
        open_picture(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


def test_the_limit_on_pixels_is_ours_alone() -> None:
    process_wide = Image.MAX_IMAGE_PIXELS
    small = PictureLimits(max_pixels=799)
    with pytest.raises(PictureError, match="has 40 x 20 pixels, more than the 799 allowed"):
        open_picture(saved(quarters(), "PNG"), small)
    assert open_picture(saved(quarters(), "PNG"), PictureLimits(max_pixels=800)).scale == 1.0
    large = PictureLimits(max_pixels=10**9, max_side_px=64)
    with pytest.raises(PictureError, match="damaged or unusual PNG"):
        open_picture(png_header(20_000, 20_000), large)
    assert process_wide == Image.MAX_IMAGE_PIXELS


def test_the_limit_on_bytes_holds_for_files_and_bytes(tmp_path: Path) -> None:
    data = saved(quarters(), "PNG")
    (tmp_path / "shoe.png").write_bytes(data)
    for source in (tmp_path / "shoe.png", data):
        assert open_picture(source, PictureLimits(max_bytes=len(data))).scale == 1.0
        with pytest.raises(PictureError, match=r"is larger than the .* MiB allowed"):
            open_picture(source, PictureLimits(max_bytes=len(data) - 1))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("nothing.jpg", "'nothing.jpg': there is no such file"),
        ("", "path is empty"),
        ("  ", "path is empty"),
        ("a\0b.jpg", r"'a\\x00b.jpg': its path holds a character"),
        ("\ud800.jpg", r"'\\ud800.jpg': its path holds a character|no such file"),
        ("x" * 5_000, "'…x+' cannot be read: file name too long"),
        ("shoe.png/more.png", "cannot be read: not a directory"),
        ("data:image/png;base64,iVBO", "Decode it and give the bytes"),
        ("two\nlines\x1b[31m", r"'two\\nlines\\x1b\[31m': there is no such file"),
    ],
)
def test_a_path_that_leads_nowhere(source: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "shoe.png").write_bytes(b"x")
    with pytest.raises(PictureError, match=message):
        open_picture(source, folder=tmp_path)


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="is a folder"):
        open_picture(tmp_path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no device files here")
def test_a_device_is_no_picture() -> None:
    with pytest.raises(PictureError, match="is a device"):
        open_picture("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PictureError, match=r"'pipe\.jpg' is a named pipe"):
        open_picture("pipe.jpg", folder=tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_put_in_place_of_a_file_is_refused_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "shoe.png").write_bytes(saved(quarters(), "PNG"))
    regular = (tmp_path / "shoe.png").stat()
    monkeypatch.setattr(Path, "stat", lambda self, **how: regular)
    with pytest.raises(PictureError, match=r"'pipe\.jpg' is a named pipe"):
        open_picture("pipe.jpg", folder=tmp_path)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no socket files here")
def test_a_socket_file_is_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.jpg")
        with pytest.raises(PictureError, match=r"'s\.jpg' is a socket"):
            open_picture("s.jpg")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shoe.png").write_bytes(saved(quarters(), "PNG"))

    def refuse(*arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PictureError, match=r"'shoe.png' cannot be read: permission denied"):
        open_picture("shoe.png", folder=tmp_path)


def test_too_little_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def starve(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr("shopclerk.pictures.reading.to_rgb", starve)
    with pytest.raises(PictureError, match="needs more memory than there is"):
        open_picture(saved(quarters(), "PNG"))


def never_but_picture_errors(data: bytes) -> None:
    """Read bytes; whatever they hold, there is a picture or a `PictureError`, and no warning."""
    with warnings.catch_warnings(record=True) as noise:
        warnings.simplefilter("always")
        try:
            picture = open_picture(data, PictureLimits(max_side_px=64, max_pixels=10**6))
        except PictureError:
            picture = None
    assert picture is None or picture.image.mode == "RGB"
    assert [str(each.message) for each in noise] == []


TURNED = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")
SIGNATURES = [saved(quarters(), name)[:14] for name in FORMATS]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"", *SIGNATURES]), st.binary(max_size=400))
def test_random_bytes(signature: bytes, rest: bytes) -> None:
    never_but_picture_errors(signature + rest)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FORMATS), st.integers(0, 2**32), st.integers(1, 8))
def test_good_files_with_bytes_changed(format: str, seed: int, changes: int) -> None:
    exif = Image.Exif()
    exif.update({ExifTags.Base.Orientation: 6, ExifTags.Base.Make: "shopclerk"})
    data = bytearray(saved(quarters(), format, **({"exif": exif} if format in TURNED else {})))
    dice = random.Random(seed)
    for _ in range(changes):
        data[dice.randrange(len(data))] = dice.randrange(256)
    never_but_picture_errors(bytes(data))


def test_the_filters_of_warnings_are_left_as_they_were() -> None:
    before = list(warnings.filters)
    data = saved(quarters(), "PNG")
    threads = [
        threading.Thread(target=lambda: [open_picture(data, DEFAULT) for _ in range(30)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(warnings.filters) == before
