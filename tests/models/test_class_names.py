"""What a picture shows by the names of ImageNet's classes."""

import numpy as np
import pytest

from shopclerk.models.class_names import ClassNames, class_names
from tests.fakes import HashEncoder


@pytest.fixture
def texts():
    return HashEncoder()


@pytest.fixture
def names(texts, tmp_path):
    return ClassNames(texts, tmp_path / "cache")


def certain(*names):
    """The probabilities of pictures that show one thing each, for sure."""
    rows = np.zeros((len(names), 1000), np.float32)
    rows[range(len(names)), [class_names().index(name) for name in names]] = 1.0
    return rows


def test_there_are_a_thousand_in_their_order():
    assert len(class_names()) == 1000
    assert [class_names()[place] for place in (0, 504, 999)] == [
        "tench",
        "coffee mug",
        "toilet tissue",
    ]
    assert all(name == name.strip() != "" for name in class_names())


def test_a_sure_picture_means_the_name_of_its_class(names, texts):
    meanings = names.meanings(certain("teapot", "acoustic guitar"))
    assert meanings.dtype == np.float32
    expected = texts.encode(["teapot", "acoustic guitar"])
    np.testing.assert_allclose(meanings, expected, atol=1e-6)


def test_a_doubtful_picture_lies_between(names):
    one, other = certain("teapot"), certain("acoustic guitar")
    teapot, guitar = names.meanings(np.concatenate([one, other]))
    between = names.meanings(0.7 * one + 0.3 * other)[0]
    assert np.linalg.norm(between) == pytest.approx(1.0, abs=1e-5)
    assert teapot @ between > guitar @ between > teapot @ guitar
    expected = 0.7 * teapot + 0.3 * guitar
    np.testing.assert_allclose(between, expected / np.linalg.norm(expected), atol=1e-6)


def test_meanings_do_not_depend_on_the_batch(names):
    drawn = np.random.default_rng(0).dirichlet(np.ones(1000), 40).astype(np.float32)
    alone = np.concatenate([names.meanings(row[None]) for row in drawn])
    np.testing.assert_allclose(names.meanings(drawn), alone, atol=1e-5)
    np.testing.assert_allclose(names.meanings(drawn[::-1]), alone[::-1], atol=1e-5)
    assert names.meanings(drawn[:0]).shape == (0, 64)


def test_names_are_encoded_once(names, texts, tmp_path):
    first = names.meanings(certain("teapot"))
    assert texts.encoded == 1000
    again = ClassNames(texts, tmp_path / "cache").meanings(certain("teapot"))
    assert texts.encoded == 1000
    np.testing.assert_array_equal(first, again)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_another_text_encoder_has_vectors_of_its_own(names, tmp_path):
    names.meanings(certain("teapot"))
    other = HashEncoder()
    other.id = "hash-other"
    ClassNames(other, tmp_path / "cache").meanings(certain("teapot"))
    assert other.encoded == 1000
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_two_processes_may_begin_at_once(names, texts, tmp_path, monkeypatch):
    def meanwhile(place, vectors):
        write(place, vectors)
        monkeypatch.setattr("numpy.save", write)
        monkeypatch.setattr("os.getpid", lambda: 1)
        ClassNames(HashEncoder(), tmp_path / "cache").meanings(certain("teapot"))

    write = np.save
    monkeypatch.setattr("numpy.save", meanwhile)
    np.testing.assert_allclose(names.meanings(certain("teapot")), texts.encode(["teapot"]))
