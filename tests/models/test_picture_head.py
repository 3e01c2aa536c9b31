"""The small network that says in words what a picture shows: its laws, and its files."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from shopclerk.errors import MissingModelError
from shopclerk.gallery import shipped_head
from shopclerk.models.picture_head import FACTS_FILE, TENSORS, WEIGHTS_FILE, PictureHead
from tests.eyes import random_encoder, random_head, unit


@pytest.fixture
def head():
    return random_head(("red", "blue", "schön", "靴"))


@pytest.fixture
def folder(head, tmp_path):
    head.save(tmp_path / "head")
    return tmp_path / "head"


def test_words_are_probabilities_and_meanings_unit_length(head):
    words, meanings = head.words(unit(7, 6)), head.meanings(unit(7, 6))
    assert (words.shape, meanings.shape) == ((7, 4), (7, 4))
    assert words.dtype == meanings.dtype == np.float32
    assert 0 < words.min() < words.max() < 1
    np.testing.assert_allclose(np.linalg.norm(meanings, axis=1), 1.0, atol=1e-5)


def test_answers_do_not_depend_on_the_batch(head):
    vectors, order = unit(40, 6), np.random.default_rng(0).permutation(40)
    for ask in (head.words, head.meanings):
        alone = np.concatenate([ask(vector[None]) for vector in vectors])
        np.testing.assert_allclose(ask(vectors), alone, atol=1e-5)
        np.testing.assert_allclose(ask(vectors[order]), alone[order], atol=1e-5)


def test_no_pictures_no_answers(head):
    nothing = np.zeros((0, 6), np.float32)
    assert head.words(nothing).shape == head.meanings(nothing).shape == (0, 4)


@pytest.mark.parametrize("sign", [1, -1])
def test_however_sure_it_is_it_stays_a_number(head, sign):
    head.tensors["words.bias"][:] = sign * 1e6
    assert np.isfinite(head.words(unit(2, 6))).all()


def test_words_have_their_places(head):
    assert [head.vocabulary[place] for place in head.places.values()] == list(head.places)


# -- files -------------------------------------------------------------------------------------------


def test_what_is_saved_comes_back_within_half_precision(head, folder):
    again = PictureHead.load(folder)
    kept = ("id", "encoder", "text_encoder", "vocabulary")
    assert [getattr(again, name) for name in kept] == [getattr(head, name) for name in kept]
    for name in TENSORS:
        np.testing.assert_allclose(again.tensors[name], head.tensors[name], rtol=2**-11, atol=1e-7)
    np.testing.assert_allclose(again.words(unit(5, 6)), head.words(unit(5, 6)), atol=0.01)
    np.testing.assert_allclose(again.meanings(unit(5, 6)), head.meanings(unit(5, 6)), atol=0.01)


def test_what_comes_back_saves_as_the_same_bytes(folder, tmp_path):
    PictureHead.load(folder).save(tmp_path / "again")
    for name in (WEIGHTS_FILE, FACTS_FILE):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def without_a_fact(folder):
    facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
    del facts["encoder"]
    (folder / FACTS_FILE).write_text(json.dumps(facts), encoding="utf-8")


def with_a_word_too_few(folder):
    facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
    facts["vocabulary"].pop()
    (folder / FACTS_FILE).write_text(json.dumps(facts), encoding="utf-8")


def with_tensors(folder, change):
    tensors = load_file(folder / WEIGHTS_FILE)
    change(tensors)
    save_file(tensors, folder / WEIGHTS_FILE)


DAMAGE = {
    "no weights": lambda folder: (folder / WEIGHTS_FILE).unlink(),
    "no facts": lambda folder: (folder / FACTS_FILE).unlink(),
    "no tensors": lambda folder: (folder / WEIGHTS_FILE).write_bytes(b"not tensors"),
    "no JSON": lambda folder: (folder / FACTS_FILE).write_text("{", encoding="utf-8"),
    "a list": lambda folder: (folder / FACTS_FILE).write_text("[]", encoding="utf-8"),
    "no text": lambda folder: (folder / FACTS_FILE).write_bytes(b"\xff\xfe"),
    "a fact is missing": without_a_fact,
    "a word too few": with_a_word_too_few,
    "a tensor is missing": lambda folder: with_tensors(folder, lambda all: all.pop("words.bias")),
    "a tensor of another shape": lambda folder: with_tensors(
        folder, lambda all: all.update({"meaning.weight": np.zeros((4, 3), np.float16)})
    ),
    "no numbers": lambda folder: with_tensors(
        folder, lambda all: all.update({"trunk.bias": np.full(5, np.nan, np.float16)})
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_head_is_told(folder, damage):
    damage(folder)
    told = r"no usable picture head in .*head[\s\S]*index --adapt.*set picture_head to 'auto'"
    with pytest.raises(MissingModelError, match=told):
        PictureHead.load(folder)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(MissingModelError, match=r"no usable picture head in .*nosuch"):
        PictureHead.load(tmp_path / "nosuch")


def test_the_shipped_head_is_one_of_the_embedded_encoder(tmp_path, monkeypatch):
    head, encoder = shipped_head(), random_encoder(tmp_path, monkeypatch)
    assert head.encoder == encoder.id
    assert head.tensors["trunk.weight"].shape[1] == encoder.dimension
    assert len(head.places) == len(head.vocabulary) > 20
    assert head.meanings(unit(2, 384)).shape == (2, 384)
