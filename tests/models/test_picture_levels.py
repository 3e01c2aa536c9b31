"""Pictures at several depths of the network."""

from pathlib import Path

import numpy as np
import pytest
import torch

from shopclerk.models.efficientnet import LEVEL_ENDS, EfficientNetLite0
from shopclerk.models.onnx_export import write_levels_of
from shopclerk.models.picture_levels import (
    COLOURS,
    FEATURES,
    LEVELS,
    LevelFeatures,
    open_picture_features,
)
from tests.captions import ColourEncoder
from tests.pictured import painted


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return EfficientNetLite0().eval()


@pytest.fixture(scope="module")
def levels(network, tmp_path_factory):
    path = tmp_path_factory.mktemp("levels") / "own.onnx"
    write_levels_of(network, path)
    return LevelFeatures(path, own=True, threads=1)


def test_what_lies_above_and_below_make_the_whole(network):
    pixels = torch.rand(2, 3, 224, 224, generator=torch.Generator().manual_seed(1)) * 255
    with torch.no_grad():
        _, features, _ = network(pixels)
        for blocks in (1, 4, 16):
            joined = network.above(network.below(pixels, blocks), blocks)
            torch.testing.assert_close(joined, features)
        again, each = network.features_and_levels(pixels)
    torch.testing.assert_close(again, features)
    assert each.shape == (2, LEVELS)
    assert len(LEVEL_ENDS) == 6


def test_each_part_has_length_one(levels):
    rows = levels.encode([painted("red"), painted("blue", "box")])
    assert rows.shape == (2, levels.dimension) == (2, FEATURES + LEVELS + COLOURS)
    for start, end in (
        (0, FEATURES),
        (FEATURES, FEATURES + LEVELS),
        (FEATURES + LEVELS, levels.dimension),
    ):
        assert np.linalg.norm(rows[:, start:end], axis=1) == pytest.approx([1, 1], abs=1e-4)


def test_batches_do_not_matter(levels):
    images = [painted(paint, shape) for paint in ("red", "blue") for shape in ("ball", "box")] * 2
    np.testing.assert_allclose(
        levels.encode(images, batch_size=3), levels.encode(images), rtol=1e-3, atol=1e-4
    )
    assert levels.encode([]).shape == (0, levels.dimension)


def test_the_name_tells_own_weights_from_the_packages(levels):
    assert levels.id.startswith("efficientnet-lite0-levels-")
    assert LevelFeatures(Path("other.onnx")).id == "efficientnet-lite0-levels"


def test_any_encoder_gives_its_vectors(monkeypatch, tmp_path):
    monkeypatch.setattr(
        "shopclerk.models.picture_levels.open_image_encoder", lambda *_, **__: ColourEncoder()
    )
    features = open_picture_features("owner/clip", tmp_path)
    assert features.id == "colours-1"
    assert features.encode([painted("red")]).shape == (1, features.dimension)
