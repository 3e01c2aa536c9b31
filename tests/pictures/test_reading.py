"""What comes out of a picture file, whatever its mode, turn and size."""

from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageChops, ImageOps

from shopclerk.errors import PictureError
from shopclerk.pictures import DEFAULT, PictureLimits, open_picture
from tests.pictures.drawn import FORMATS, quarters, saved, scene

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
WHOLE = PictureLimits(max_side_px=None)


def corners(image: Image.Image) -> list[tuple[int, int, int]]:
    """The colours near the four corners: above left, above right, below left, below right."""
    right, below = image.width - 3, image.height - 3
    return [image.getpixel(at) for at in ((2, 2), (right, 2), (2, below), (right, below))]


def near(one: object, other: object, by: int = 40) -> bool:
    return bool(np.abs(np.subtract(one, other)).max() <= by)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_comes_out_the_same(format: str) -> None:
    picture = open_picture(saved(quarters(), format))
    assert (picture.image.mode, picture.image.size) == ("RGB", (40, 20))
    assert (picture.size_px, picture.scale) == ((40, 20), 1.0)
    assert near(corners(picture.image), [RED, GREEN, BLUE, WHITE])


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        ("1", "PNG"), ("1", "TIFF"), ("L", "JPEG"), ("L", "PNG"), ("LA", "PNG"), ("P", "GIF"),
        ("P", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP"), ("CMYK", "JPEG"), ("CMYK", "TIFF"),
        ("I;16", "PNG"), ("I;16", "TIFF"), ("I", "TIFF"), ("F", "TIFF"),
    ],
)  # fmt: skip
def test_black_stays_black_and_white_white_in_every_mode(mode: str, format: str) -> None:
    half = Image.new("RGB", (16, 8), "black")
    half.paste("white", (8, 0, 16, 8))
    if mode.startswith("I"):
        half = Image.fromarray((np.asarray(half.convert("L")).astype(np.uint16)) * 257)
    data = saved(half.convert(mode) if half.mode != mode else half, format)
    image = open_picture(data).image
    assert image.mode == "RGB"
    assert near([image.getpixel((2, 4)), image.getpixel((13, 4))], [(0, 0, 0), WHITE], by=6)


def test_greyscale_of_16_bits_is_scaled_not_clipped() -> None:
    values = np.array([[0, 0x4000, 0x8000, 0xFFFF]], dtype=np.uint16)
    image = open_picture(saved(Image.fromarray(values), "PNG")).image
    assert [image.getpixel((x, 0))[0] for x in range(4)] == [0, 64, 128, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 128.0, 255.0], [0, 128, 255]),
        ([-10.0, 0.0, 10.0], [0, 128, 255]),
        ([0.0, float("nan"), 1.0], [0, 0, 255]),
        ([0.0, 0.0, 0.0], [0, 0, 0]),
    ],
    ids=["one", "byte", "signed", "nan", "flat"],
)
def test_greyscale_of_floats_is_scaled(values: list[float], expected: list[int]) -> None:
    grey = Image.fromarray(np.array([values], dtype=np.float32))
    image = open_picture(saved(grey, "TIFF")).image
    assert [image.getpixel((x, 0))[0] for x in range(3)] == expected


def clear_red(mode: str) -> Image.Image:
    """Red on the left, red but fully transparent on the right."""
    image = Image.new("RGBA", (20, 10), (255, 0, 0, 255))
    image.paste((255, 0, 0, 0), (10, 0, 20, 10))
    return image.convert(mode)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF", "TIFF", "AVIF"])
def test_transparency_is_laid_over_white(format: str) -> None:
    image = open_picture(saved(clear_red("RGBA"), format)).image
    assert near([image.getpixel((3, 5)), image.getpixel((16, 5))], [RED, WHITE])


@pytest.mark.parametrize("transparency", [1, b"\xff\x00"], ids=["index", "table"])
def test_a_palette_with_transparency_is_laid_over_white(transparency: int | bytes) -> None:
    image = Image.new("P", (20, 10))
    image.putpalette([255, 0, 0, 0, 0, 0])
    image.paste(1, (10, 0, 20, 10))
    shown = open_picture(saved(image, "PNG", transparency=transparency)).image
    assert [shown.getpixel((3, 5)), shown.getpixel((16, 5))] == [RED, WHITE]


def test_a_transparent_grey_of_16_bits_is_white() -> None:
    values = np.array([[1000, 30_000]], dtype=np.uint16)
    shown = open_picture(saved(Image.fromarray(values), "PNG", transparency=1000)).image
    assert [shown.getpixel((0, 0))[0], shown.getpixel((1, 0))[0]] == [255, 117]


def test_half_transparent_is_mixed_with_white() -> None:
    image = Image.new("RGBA", (4, 4), (0, 0, 0, 128))
    assert near(open_picture(saved(image, "PNG")).image.getpixel((1, 1)), (127, 127, 127), by=1)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "AVIF", "TIFF"])
def test_an_animation_shows_its_first_frame(format: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "lime", "blue")]
    data = saved(frames[0], format, save_all=True, append_images=frames[1:])
    assert near(open_picture(data).image.getpixel((8, 8)), RED)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("side", [None, 80], ids=["whole", "shrunk"])
def test_exif_turns_it_upright(format: str, orientation: int, side: int | None) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    lying = quarters(160, 80)
    picture = open_picture(saved(lying, format, exif=exif), PictureLimits(max_side_px=side))
    lying.getexif()[ExifTags.Base.Orientation] = orientation
    upright = ImageOps.exif_transpose(lying)
    assert picture.size_px == upright.size
    assert near(corners(picture.image), corners(upright))
    assert max(picture.image.size) == (side or 160)


@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b""])
def test_broken_exif_does_not_spoil_a_good_picture(exif: bytes) -> None:
    assert open_picture(saved(quarters(), "JPEG", exif=exif)).size_px == (40, 20)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("size", [(900, 600), (601, 900), (2000, 3)])
def test_a_large_picture_is_shrunk(format: str, size: tuple[int, int]) -> None:
    data = saved(scene(1, 900, 600).resize(size), format)
    picture = open_picture(data, PictureLimits(max_side_px=300))
    assert picture.size_px == size
    assert picture.scale == pytest.approx(300 / max(size))
    assert picture.image.size == tuple(round(side * picture.scale) or 1 for side in size)


def test_a_small_picture_is_not_enlarged() -> None:
    assert open_picture(saved(scene(1), "PNG")).image.size == (320, 240)


def test_a_shrunk_jpeg_looks_like_the_whole_one_shrunk() -> None:
    data = saved(scene(1, 1600, 1200), "JPEG", quality=92)
    quick = open_picture(data, PictureLimits(max_side_px=200)).image
    slow = open_picture(data, WHOLE).image.resize((200, 150), Image.Resampling.LANCZOS)
    difference = np.asarray(ImageChops.difference(quick, slow))
    assert difference.mean() < 2.0


def test_what_comes_out_carries_nothing_else() -> None:
    data = saved(quarters(), "JPEG", comment=b"a note", dpi=(300, 300))
    image = open_picture(data).image
    assert (type(image), image.info) == (Image.Image, {})


def test_names_say_where_a_picture_is_from(tmp_path: Path) -> None:
    data = saved(quarters(), "PNG")
    (tmp_path / "shoe.png").write_bytes(data)
    assert open_picture("shoe.png", folder=tmp_path).name == "shoe.png"
    assert open_picture(tmp_path / "shoe.png").name.endswith("shoe.png")
    assert open_picture(data).name == f"<{len(data):,} bytes>"


def test_a_relative_path_is_relative_to_its_folder(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "shoe.png").write_bytes(saved(quarters(), "PNG"))
    assert open_picture("shoe.png", folder=tmp_path / "images").size_px == (40, 20)
    assert open_picture(tmp_path / "images/shoe.png", folder=Path("/nowhere")).scale == 1.0
    with pytest.raises(PictureError, match=r"'shoe\.png': there is no such file in '.*nowhere'"):
        open_picture("shoe.png", DEFAULT, folder=tmp_path / "nowhere")
