"""CLIP and SigLIP encoders, tried on tiny random ones."""

import json
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from shopclerk.errors import MissingModelError
from shopclerk.models.hub_image_encoder import HubImageEncoder
from tests.models import tiny_clips
from tests.pictures.drawn import scene

DIMENSIONS = {"clip": 12, "siglip": 16}
ODD_TEXTS = {
    "empty": "",
    "blank": " \n\t",
    "long": "red shoe " * 500,
    "unknown letters": "赤い靴 👟",
    "null": "a\0b",
    "half a surrogate pair": "red \ud800 shoe",
}
ODD_PICTURES = {
    "one pixel": Image.new("RGB", (1, 1), "red"),
    "a line": Image.new("RGB", (1, 1_024), "red"),
    "another": Image.new("RGB", (1_024, 1), "red"),
    "three pixels": Image.new("RGB", (3, 1), "red"),
    "grey": scene(1).convert("L"),
    "palette": scene(1).convert("P"),
}


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module", params=DIMENSIONS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def folder(kind, tmp_path_factory):
    return getattr(tiny_clips, kind)(tmp_path_factory.mktemp(kind))


@pytest.fixture(scope="module")
def encoder(folder):
    return HubImageEncoder(str(folder), device="cpu")


@pytest.fixture(scope="module")
def pictures():
    return [scene(seed, 60, 40 + seed) for seed in range(40)]


def lengths(vectors):
    return np.linalg.norm(vectors, axis=-1)


def test_pictures_and_texts_lie_in_one_space(encoder, kind, pictures):
    seen, said = encoder.encode(pictures[:3]), encoder.encode_texts(["a red shoe", "mug"])
    assert seen.shape == (3, encoder.dimension) == (3, DIMENSIONS[kind])
    assert said.shape == (2, encoder.dimension)
    assert seen.dtype == said.dtype == np.float32
    np.testing.assert_allclose(lengths(np.concatenate([seen, said])), 1.0, atol=1e-5)


def test_vectors_do_not_depend_on_the_batch(encoder, pictures):
    together, order = encoder.encode(pictures), np.random.default_rng(0).permutation(40)
    permuted = encoder.encode([pictures[place] for place in order], batch_size=7)
    alone = np.stack([encoder.encode_query(picture) for picture in pictures[:5]])
    np.testing.assert_allclose(permuted, together[order], atol=1e-4)
    np.testing.assert_allclose(alone, together[:5], atol=1e-4)


def test_texts_do_not_depend_on_the_batch(encoder):
    texts = ["red", "a blue shoe", "", "a kettle a mug a shoe"]
    alone = np.concatenate([encoder.encode_texts([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode_texts(texts), alone, atol=1e-4)
    np.testing.assert_allclose(encoder.encode_texts(texts[::-1]), alone[::-1], atol=1e-4)


def test_pictures_and_texts_are_told_apart(encoder, pictures):
    for vectors in (encoder.encode(pictures[:4]), encoder.encode_texts(["red", "blue mug"])):
        likeness = vectors @ vectors.T - np.eye(len(vectors))
        assert likeness.max() < 0.999


def test_vectors_are_those_of_transformers(encoder, folder, pictures):
    from transformers import AutoModel, AutoProcessor

    model = AutoModel.from_pretrained(folder).eval()
    given = AutoProcessor.from_pretrained(folder, backend="pil")(
        images=pictures[:2], text=["red", "mug"], padding="max_length", return_tensors="pt"
    )
    with torch.inference_mode():
        found = model(**given)
    for embeds, vectors in (
        (found.image_embeds, encoder.encode(pictures[:2])),
        (found.text_embeds, encoder.encode_texts(["red", "mug"])),
    ):
        expected = torch.nn.functional.normalize(embeds, dim=-1).numpy()
        np.testing.assert_allclose(vectors, expected, atol=1e-4)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_any_text_is_taken(encoder, text):
    assert lengths(encoder.encode_texts([text]))[0] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("image", ODD_PICTURES.values(), ids=ODD_PICTURES)
def test_any_picture_is_taken(encoder, image):
    assert lengths(encoder.encode_query(image)) == pytest.approx(1.0, abs=1e-5)


def test_nothing_asked_nothing_told(encoder):
    assert encoder.encode([]).shape == (0, encoder.dimension)
    assert encoder.encode_texts([]).shape == (0, encoder.dimension)


# -- loading -----------------------------------------------------------------------------------------


def test_a_folder_is_loaded_without_the_network(folder, pictures, sought):
    assert HubImageEncoder(str(folder)).encode(pictures[:1]).any()
    assert sought == []


@pytest.mark.parametrize("address", ["nosuch", "./nosuch", "/no/such/model", "empty"])
def test_a_missing_model_is_not_sought_on_the_network(address, tmp_path, pictures, sought):
    (tmp_path / "empty").mkdir()
    told = rf"'{address}' could not be loaded[\s\S]*Set image_encoder"
    with pytest.raises(MissingModelError, match=told):
        HubImageEncoder(address).encode(pictures[:1])
    assert sought == []


@pytest.mark.parametrize("other", ["text_alone", "pictures_alone"])
def test_a_model_of_one_tower_is_refused(other, tmp_path, pictures):
    folder = getattr(tiny_clips, other)(tmp_path / other)
    told = r"has no tower for pictures and one for texts; a CLIP or SigLIP model has"
    with pytest.raises(MissingModelError, match=told):
        HubImageEncoder(str(folder)).encode(pictures[:1])


DAMAGE = {
    "weights": ("model.safetensors", b"not tensors"),
    "settings": ("config.json", b"{"),
    "unknown kind": ("config.json", b'{"model_type": "nosuch"}'),
    "pictures' settings": ("processor_config.json", b"{"),
    "words": ("tokenizer.json", b"{"),
}


@pytest.mark.parametrize(("name", "content"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_folder_is_told(name, content, tmp_path, pictures):
    folder = tiny_clips.clip(tmp_path / "clip")
    assert (folder / name).exists()
    (folder / name).write_bytes(content)
    told = r"could not be loaded[\s\S]*Set image_encoder to 'embedded'"
    with pytest.raises(MissingModelError, match=told):
        HubImageEncoder(str(folder)).encode(pictures[:1])


def test_code_in_a_folder_is_not_run(tmp_path, pictures):
    folder = tiny_clips.clip(tmp_path / "clip")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Own", "AutoModel": "own.Own"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "own.py").write_text("open('ran', 'w')", encoding="utf-8")
    with pytest.raises(MissingModelError, match="could not be loaded"):
        HubImageEncoder(str(folder)).encode(pictures[:1])
    assert not (tmp_path / "ran").exists()


def test_a_missing_library_says_what_to_install(monkeypatch, pictures):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingModelError, match=r"shopclerk\[train\].*image_encoder to 'embedded'"):
        HubImageEncoder("models/mine").encode(pictures[:1])
