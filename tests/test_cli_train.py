"""The commands `train`, `classify` and `tags`, as they are typed."""

import json

import pytest

from shopclerk.cli import main
from shopclerk.finetune import head_recipes
from shopclerk.models import head_files, text_encoder
from tests.fakes import HashEncoder
from tests.labelled import QuarterFeatures, as_rows, listings, write_rows
from tests.pictured import picture_file


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command with stand-ins for the encoders; returns exit code, output and errors."""
    for module in (head_recipes, head_files):
        monkeypatch.setattr(module, "open_picture_features", lambda *_, **__: QuarterFeatures())
        monkeypatch.setattr(module, "open_text_encoder", lambda *_, **__: HashEncoder())
    monkeypatch.setattr(text_encoder, "open_text_encoder", lambda *_, **__: HashEncoder())
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        out, error = capsys.readouterr()
        return code, out.strip(), " ".join(error.split())

    return call


@pytest.fixture
def rows(tmp_path):
    return write_rows(tmp_path / "rows.jsonl", as_rows(listings(tmp_path), "label"))


@pytest.fixture
def tagged(tmp_path):
    return write_rows(tmp_path / "tagged.jsonl", as_rows(listings(tmp_path, tags=True), "tags"))


def test_a_classifier_is_trained_and_used(run, rows, tmp_path, monkeypatch):
    folder = tmp_path / "model"
    code, out, _ = run("train", "classifier", "--data", rows, "-o", folder, "--ablation")
    assert code == 0
    assert f"SHOPCLERK_CLASSIFIER={folder}" in out
    table = [line.split() for line in out.splitlines()]
    assert {"picture", "text", "both"} <= {line[0] for line in table if line}
    names = {path.name for path in folder.iterdir()}
    assert names == {"model.json", "model.safetensors", "recipe.yaml", "README.md"}
    monkeypatch.setenv("SHOPCLERK_CLASSIFIER", str(folder))
    picture = picture_file(tmp_path, "red", "box")
    code, out, _ = run("classify", "--image", picture, "--json")
    assert code == 0
    assert json.loads(out)["guesses"][0]["label"] == "Home > Boxes"
    assert json.loads(out)["by"] == "picture"


def test_a_tagger_is_trained(run, tagged, tmp_path):
    code, out, _ = run("train", "tagger", "--data", tagged, "-o", tmp_path / "model")
    assert code == 0
    assert "2 groups of tags" in out
    code, out, _ = run("train", "tagger", "--data", tagged, "-o", tmp_path / "model", "--json")
    assert json.loads(out)["metrics"]["micro_f1 (both)"] > 0.9


def test_options_come_by_set(run, rows, tmp_path):
    given = ("train", "classifier", "--data", rows, "-o", tmp_path / "m")
    code, _, error = run(*given, "--set", "options.smooth=1")
    assert code == 1
    assert "Unknown option 'smooth'" in error


def test_without_a_classifier_the_command_says_how_to_make_one(run):
    code, _, error = run("classify", "--title", "a ball")
    assert code == 1
    assert "shopclerk train classifier" in error


def test_nothing_to_learn_from(run):
    code, _, error = run("train", "tagger")
    assert code == 1
    assert "nothing to learn from" in error


def test_a_sheet_there_and_back(run, tagged, tmp_path):
    sheet, out_file = tmp_path / "sheet.csv", tmp_path / "out.jsonl"
    bare = tmp_path / "bare.jsonl"
    write_rows(
        bare, [{"title": "A red box", "tags": []}, {"title": "A blue ball", "tags": ["toy"]}]
    )
    vocabulary = tmp_path / "tags.txt"
    vocabulary.write_text("red\nblue\nbox\n", encoding="utf-8")
    code, out, _ = run("tags", "weak", bare, "-o", sheet, "--tags", vocabulary)
    assert code == 0
    assert "tags apply" in out
    code, out, _ = run("tags", "apply", bare, sheet, "-o", out_file)
    assert code == 0
    lines = [json.loads(line) for line in out_file.read_text("utf-8").splitlines()]
    assert set(lines[0]["tags"]) == {"red", "box"}
    assert set(lines[1]["tags"]) == {"toy", "blue"}
    code, _, error = run(
        "tags", "apply", write_rows(tmp_path / "one.jsonl", [lines[0]]), sheet, "-o", out_file
    )
    assert code == 1
    assert "Was the sheet made from it?" in error


def test_a_sheet_needs_a_vocabulary(run, tmp_path):
    bare = write_rows(tmp_path / "bare.jsonl", [{"title": "A red box", "tags": []}])
    code, _, error = run("tags", "weak", bare, "-o", tmp_path / "sheet.csv")
    assert code == 1
    assert "There is no vocabulary" in error
    assert run("tags", "weak", bare, "-o", tmp_path / "sheet.csv", "--open")[0] == 0
