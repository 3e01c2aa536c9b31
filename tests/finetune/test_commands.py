"""The commands `finetune`, `models export` and `models push`, as functions."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from shopclerk import cli_finetune
from shopclerk.cli_finetune import conversations, data_sources
from shopclerk.finetune.recipe import load_recipe, recipe_names
from shopclerk.finetune.run import silent
from tests.finetune.conftest import BaseMaker


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(cli_finetune.finetune)
    made.command()(cli_finetune.models_export)
    made.command()(cli_finetune.models_push)
    return made


def test_list_names_every_recipe(app: typer.Typer) -> None:
    said = CliRunner().invoke(app, ["finetune", "list"]).output
    assert all(f"{name}: " in said for name in recipe_names())


def test_a_recipe_is_trained_and_told(
    app: typer.Typer, base: BaseMaker, tmp_path: Path, talks: list[dict[str, Any]]
) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text("\n".join(map(json.dumps, talks)), encoding="utf-8")
    changes = [
        f"base={base('llama')}", "data.source=file", f"data.file={data}", "training.max_steps=1",
        "training.batch=2", "lora.first_layer=2", "training.threads=1",
    ]  # fmt: skip
    flags = [part for change in changes for part in ("--set", change)]
    out = tmp_path / "out"
    result = CliRunner().invoke(
        app,
        ["finetune", "agent-smollm2-lora", *flags, "--set", "lora.start=null", "--out", str(out)],
    )
    assert result.exit_code == 0, result.exception
    assert f"agent-smollm2-lora lies in {out}. eval_loss" in result.output
    exported = CliRunner().invoke(
        app, ["models-export", str(out), "merged", str(tmp_path / "merged")]
    )
    assert exported.exit_code == 0, exported.exception
    assert (tmp_path / "merged" / "config.json").exists()


def test_a_search_adapter_is_judged_by_the_search(
    app: typer.Typer, catalog_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shopclerk.finetune import search_score

    monkeypatch.setattr(
        search_score, "judge_encoder", lambda *_: {"kept": False, "metrics": {"ndcg@10": 0.5}}
    )
    flags = [
        "--set",
        "training.max_steps=1",
        "--set",
        "training.batch=2",
        "--catalog",
        str(catalog_file),
    ]
    flags += ["--set", "training.eval_share=0.3", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, ["finetune", "search-minilm-lora", *flags])
    assert result.exit_code == 0, result.exception
    assert "ndcg@10 0.5" in result.output
    assert "keep searching without it" in result.output


def test_conversations_have_other_shops_and_wordings_held_out() -> None:
    recipe = load_recipe("agent-smollm2-lora", ["data.shops=1", "data.conversations=2"])
    train, heldout = conversations(recipe, silent)
    assert train
    assert heldout
    assert not {e["shop"] for e in train} & {e["shop"] for e in heldout}
    assert set(data_sources()) == {"conversations", "catalog", "pairs"}
