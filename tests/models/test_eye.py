"""The eye of a shop: what it sees and means by the encoder it has."""

import numpy as np
import pytest

from shopclerk.models.class_names import ClassNames
from shopclerk.models.eye import Eye
from shopclerk.models.hub_image_encoder import HubImageEncoder
from tests.captions import ColourEncoder
from tests.eyes import embedded_encoder, random_encoder
from tests.fakes import HashEncoder
from tests.models import tiny_clips
from tests.pictures.drawn import scene

PICTURES = [scene(seed, 60, 40 + seed) for seed in range(5)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return HubImageEncoder(str(tiny_clips.clip(tmp_path_factory.mktemp("clip"))), device="cpu")


@pytest.fixture(params=["embedded", "two towers", "pictures alone"])
def eye(request, tmp_path, monkeypatch):
    if request.param == "embedded":
        encoder = random_encoder(tmp_path, monkeypatch)
    elif request.param == "two towers":
        encoder = request.getfixturevalue("clip")
    else:
        encoder = ColourEncoder()
    return Eye(encoder, HashEncoder(), tmp_path)


def test_looks_and_meanings_are_unit_length(eye):
    vectors, meanings = eye.look(PICTURES)
    look = eye.look_at(PICTURES[0])
    assert vectors.shape == (5, eye.encoder.dimension)
    assert (look.vector.shape, look.meaning.shape) == (vectors[0].shape, meanings[0].shape)
    for rows in (vectors, meanings, look.vector[None], look.meaning[None]):
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_what_is_seen_does_not_depend_on_the_batch(eye):
    for together, backwards in zip(eye.look(PICTURES), eye.look(PICTURES[::-1]), strict=True):
        np.testing.assert_allclose(together, backwards[::-1], atol=1e-4)


def test_it_is_known_by_its_encoder(eye):
    assert eye.id == eye.encoder.id


def test_a_photo_is_encoded_as_queries_are(eye):
    look = eye.look_at(PICTURES[2])
    np.testing.assert_allclose(look.vector, eye.encoder.encode_query(PICTURES[2]), atol=1e-6)


def test_the_embedded_one_means_by_the_names_of_classes(tmp_path, monkeypatch):
    texts, encoder = HashEncoder(), random_encoder(tmp_path, monkeypatch)
    eye = Eye(encoder, texts, tmp_path)
    _, classes = encoder.encode_with_classes(PICTURES)
    expected = ClassNames(texts, tmp_path).meanings(classes)
    np.testing.assert_allclose(eye.look(PICTURES)[1], expected, atol=1e-6)
    np.testing.assert_allclose(eye.look_at(PICTURES[1]).meaning, expected[1], atol=1e-5)
    np.testing.assert_allclose(eye.meaning_of("red mug"), texts.encode(["red mug"])[0])
    assert not eye.shares_space


def test_two_towers_mean_what_they_see(clip, tmp_path):
    eye = Eye(clip, HashEncoder(), tmp_path)
    vectors, meanings = eye.look(PICTURES)
    np.testing.assert_array_equal(vectors, meanings)
    np.testing.assert_allclose(eye.meaning_of("red mug"), clip.encode_texts(["red mug"])[0])
    assert eye.meaning_of("red mug").shape == meanings[0].shape
    assert eye.shares_space


@pytest.mark.models
def test_the_real_one_means_what_the_words_say(minilm, tmp_path_factory):
    from importlib.resources import files

    from shopclerk.pictures import open_picture

    eye = Eye(embedded_encoder(tmp_path_factory), minilm, minilm._onnx.parent)
    folder = files("shopclerk").joinpath("sample", "pictures")
    shown = [
        open_picture(str(folder / f"{name}-001.jpg")).image for name in ("guit", "mug", "sofa")
    ]
    said = np.stack([eye.meaning_of(text) for text in ("guitar", "coffee cup", "couch to sit on")])
    likeness = eye.look(shown)[1] @ said.T
    assert likeness.argmax(axis=0).tolist() == [0, 1, 2]
