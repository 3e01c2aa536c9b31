"""The sample shop's pictures: whole, small, true to the listing, and drawn again the same."""

import colorsys
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from shopclerk.sample.drawing.__main__ import main
from shopclerk.sample.drawing.canvas import posed_layer
from shopclerk.sample.drawing.gallery import DRAWINGS, design, painted, picture, setting
from shopclerk.sample.drawing.palette import NAMED

SAMPLE = Path(__file__).resolve().parents[2] / "shopclerk" / "sample"
PICTURES = SAMPLE / "pictures"
CATALOG = [
    json.loads(line)
    for line in (SAMPLE / "catalog.jsonl").read_text(encoding="utf-8").splitlines()
    if line
]
IDS = [record["id"] for record in CATALOG]
VARIANTS = [
    ("boot-001", "boot-002"),
    ("sand-001", "sand-002"),
    ("head-001", "head-002"),
    ("kett-001", "kett-002"),
    ("mug-001", "mug-002"),
    ("key-002", "key-003"),
    ("chair-001", "chair-002"),
    ("shelf-002", "shelf-003"),
    ("dlamp-001", "dlamp-002"),
    ("towel-001", "towel-002"),
]


def load(product_id: str) -> np.ndarray:
    with Image.open(PICTURES / f"{product_id}.jpg") as image:
        return np.asarray(image.convert("RGB"), dtype=np.float32)


def fingerprint(product_id: str) -> np.ndarray:
    """A difference hash of each colour channel: 768 bits."""
    image = Image.fromarray(load(product_id).astype(np.uint8)).resize((17, 16))
    small = np.asarray(image, dtype=np.int16)
    return (small[:, 1:] > small[:, :-1] + 1).ravel()


def named_colours(record: dict[str, Any]) -> list[str]:
    value = record["attributes"].get("colour", [])
    names = [value] if isinstance(value, str) else value
    return [name for name in names if name in NAMED]


def share_of(pixels: np.ndarray, name: str) -> float:
    """How many of the pixels (n, 3) a person would give this colour's name to."""
    red, green, blue = (channel / 255 for channel in NAMED[name])
    hue, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
    high, low = pixels.max(1), pixels.min(1)
    chroma = (high - low) / np.maximum(high, 1)
    if saturation < 0.2:
        level = sum(NAMED[name]) / 3
        return float(((chroma < 0.25) & (np.abs(pixels.mean(1) - level) < 60)).mean())
    image = Image.fromarray(pixels.astype(np.uint8)[None], "RGB").convert("HSV")
    hues = np.asarray(image, dtype=np.float32)[0, :, 0] / 255
    apart = np.abs((hues - hue + 0.5) % 1 - 0.5)
    return float(((apart < 0.07) & (chroma > 0.1)).mean())


def foreground(product_id: str) -> np.ndarray:
    """The pixels that are not like the backdrop in their row."""
    image = load(product_id)
    ground = (image[:, :6].mean(1, keepdims=True) + image[:, -6:].mean(1, keepdims=True)) / 2
    apart = np.abs(image - ground).max(2)
    return image[apart > 24]


def test_each_product_names_its_picture_and_each_picture_has_a_product() -> None:
    assert [record["images"] for record in CATALOG] == [[f"pictures/{name}.jpg"] for name in IDS]
    assert {path.stem for path in PICTURES.glob("*.jpg")} == set(IDS) == set(DRAWINGS)


def test_pictures_open_and_are_320_square_rgb() -> None:
    for product_id in IDS:
        with Image.open(PICTURES / f"{product_id}.jpg") as image:
            image.load()
            assert (image.size, image.mode, image.format) == ((320, 320), "RGB", "JPEG")


def test_pictures_and_photos_are_small_enough_to_ship() -> None:
    files = [*PICTURES.iterdir(), *(SAMPLE / "photos").iterdir()]
    assert sum(path.stat().st_size for path in files) <= 6_000_000


def test_things_fill_the_picture_but_for_a_margin() -> None:
    for product_id in IDS:
        share = len(foreground(product_id)) / (320 * 320)
        assert 0.02 < share < 0.9, product_id


@pytest.mark.parametrize("product_id", ["run-001", "jkt-004", "tent-005", "coffee-002", "bean-001"])
def test_drawing_again_gives_the_same_picture(product_id: str) -> None:
    apart = np.abs(np.asarray(picture(product_id), dtype=np.float32) - load(product_id))
    assert apart.mean() < 4
    assert np.percentile(apart, 99) < 40


def test_drawing_again_twice_gives_the_same_pixels() -> None:
    assert picture("shelf-004").tobytes() == picture("shelf-004").tobytes()


@pytest.mark.parametrize(("first", "second"), VARIANTS)
def test_variants_differ_in_colour_alone(first: str, second: str) -> None:
    assert design(first) == design(second)
    layers = [posed_layer(painted(name), setting(name)) for name in (first, second)]
    assert np.abs(layers[0][1] - layers[1][1]).mean() < 0.01
    means = []
    for name, (_, cover) in zip((first, second), layers, strict=True):
        mask = Image.fromarray((cover * 255).astype(np.uint8)).resize((320, 320))
        means.append(np.median(load(name)[np.asarray(mask) > 200], axis=0))
    # Shade darkens both alike, so what differs between them has to be what the names say.
    named = np.subtract(NAMED[colour_of(first)], NAMED[colour_of(second)])
    seen = means[0] - means[1]
    assert seen @ named / (np.linalg.norm(seen) * np.linalg.norm(named)) > 0.8


def colour_of(product_id: str) -> str:
    return named_colours(next(record for record in CATALOG if record["id"] == product_id))[0]


def test_each_thing_shows_the_colours_that_its_listing_names() -> None:
    missing = []
    for record in CATALOG:
        pixels = foreground(record["id"])
        for name in named_colours(record):
            if name != "Clear" and share_of(pixels, name) < 0.08:
                missing.append((record["id"], name, round(share_of(pixels, name), 3)))
    assert missing == []


def test_pictures_of_different_designs_are_not_alike() -> None:
    prints = {product_id: fingerprint(product_id) for product_id in IDS}
    alike = [
        (first, second)
        for first, second in combinations(IDS, 2)
        if design(first) != design(second) and (prints[first] != prints[second]).sum() < 24
    ]
    assert alike == []


def test_no_two_files_are_the_same() -> None:
    assert len({(PICTURES / f"{product_id}.jpg").read_bytes() for product_id in IDS}) == len(IDS)


def test_photos_have_boxes_inside_them_and_are_in_no_catalogue() -> None:
    lines = (SAMPLE / "photos" / "boxes.jsonl").read_text(encoding="utf-8").splitlines()
    boxes = [json.loads(line) for line in lines]
    assert len({record["image"] for record in boxes}) == 6
    catalogued = {path.read_bytes() for path in PICTURES.iterdir()}
    for record in boxes:
        path = SAMPLE / "photos" / record["image"]
        with Image.open(path) as image:
            width, height = image.size
        assert path.read_bytes() not in catalogued
        for x0, y0, x1, y1 in record["boxes"]:
            assert 0 <= x0 < x1 <= width
            assert 0 <= y0 < y1 <= height


def test_boxes_are_tight_around_what_they_name() -> None:
    with Image.open(SAMPLE / "photos" / "mug_and_plant.jpg") as image:
        pixels = np.asarray(image.convert("RGB"), dtype=np.float32)
    red = (pixels[..., 0] > 90) & (pixels[..., 0] > 2.6 * pixels[..., 1])
    rows, columns = np.where(red.sum(1) > 2)[0], np.where(red.sum(0) > 2)[0]
    lines = (SAMPLE / "photos" / "boxes.jsonl").read_text(encoding="utf-8").splitlines()
    box = next(r["boxes"][0] for r in map(json.loads, lines) if r["phrase"] == "red mug")
    seen = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
    assert np.abs(np.array(box) - np.array(seen)).max() <= 8


def test_an_unknown_id_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run-999"]) == 2
    assert "run-999" in capsys.readouterr().err
