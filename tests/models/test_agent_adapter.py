"""The agent's adapter: found where it is, used only with its own base."""

import json
from pathlib import Path

import pytest

from shopclerk.errors import MissingModelError
from shopclerk.models import agent_adapter as module
from shopclerk.models.agent_adapter import (
    agent_adapter,
    check_adapter,
    plans_by_decisions,
    weights_hash,
)
from shopclerk.settings import load_settings


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.gguf"
    path.write_bytes(b"weights")
    return path


@pytest.fixture
def adapter(tmp_path: Path, base: Path) -> Path:
    folder = tmp_path / "adapter"
    folder.mkdir()
    (folder / "adapter.gguf").write_bytes(b"low rank")
    (folder / "adapter.json").write_text(
        json.dumps({"base_hash": weights_hash(base)}), encoding="utf-8"
    )
    return folder


def test_an_adapter_of_its_base_is_found(adapter: Path, base: Path) -> None:
    assert check_adapter(adapter, base) == adapter / "adapter.gguf"


def test_another_base_is_refused(adapter: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"other weights")
    with pytest.raises(MissingModelError, match=r"trained on another base.*other\.gguf"):
        check_adapter(adapter, other)


@pytest.mark.parametrize("gone", ["adapter.gguf", "adapter.json"])
def test_a_folder_without_one_says_what_it_needs(gone: str, adapter: Path, base: Path) -> None:
    (adapter / gone).unlink()
    with pytest.raises(MissingModelError, match="There is no adapter in"):
        check_adapter(adapter, base)


def test_a_folder_named_in_the_settings_is_used(adapter: Path, base: Path) -> None:
    settings = load_settings(agent_adapter=str(adapter), llm_model=str(base))
    assert agent_adapter(settings) == adapter / "adapter.gguf"
    assert plans_by_decisions(settings)


def test_the_one_that_comes_along_stays_away_from_other_models(base: Path) -> None:
    assert agent_adapter(load_settings(llm_model=str(base))) is None


@pytest.mark.parametrize("name", ["none", "served"])
def test_it_can_be_left_out(name: str) -> None:
    assert agent_adapter(load_settings(agent_adapter=name)) is None


def test_an_endpoint_plans_by_decisions_only_where_it_was_trained() -> None:
    url = "http://127.0.0.1:9/v1"
    assert plans_by_decisions(load_settings(llm_url=url, agent_adapter="served"))
    assert not plans_by_decisions(load_settings(llm_url=url))


def test_without_the_shipped_weights_the_base_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHIPPED", "not-there")
    assert agent_adapter(load_settings()) is None
