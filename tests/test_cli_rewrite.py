"""`shopclerk rewrite` and `shopclerk enrich` as they are typed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shopclerk.cli import main
from tests.agents.batch.conftest import make_rows, read_rows, write_rows

Typed = Callable[..., tuple[int, str, str]]
MESSY = """\
SKU,Name,Maker
a1,"RED LEATHER BAG !!! FREE SHIPPING",Kettlewick
a2,,Kettlewick
a3,broken,row,here
a4,<script>alert(1)</script> blue mug,Brindle
"""


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type a command: exit code, what it prints, what it complains of."""
    monkeypatch.setenv("SHOPCLERK_TITLE_WRITER", "rules")

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, " ".join(said.out.split()), said.err

    return run


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(MESSY, encoding="utf-8")
    return path


def test_titles_are_rewritten(typed: Typed, messy: Path, tmp_path: Path) -> None:
    code, said, _ = typed("rewrite", messy, "-o", tmp_path / "out.csv", "--map", "title=Name")
    first, empty, _ = read_rows(tmp_path / "out.csv")
    assert code == 0
    assert said.startswith(f"3 rows in {tmp_path}/out.csv. ")
    assert "Errors in 1 of 3 rows; reasons: column 'error'." in said
    assert f"could not be read: 1; lines and reasons: {tmp_path}/out.csv.rejects.jsonl" in said
    assert (first["Name"], first["row_id"]) == ("RED LEATHER BAG !!! FREE SHIPPING", "a1")
    assert first["new_title"].casefold().startswith("red leather bag")
    assert "!" not in first["new_title"]
    assert (empty["new_title"], empty["error"][:16]) == ("", "title is missing")


def test_strict_and_json(typed: Typed, messy: Path, tmp_path: Path) -> None:
    code, said, _ = typed(
        "rewrite", messy, "-o", tmp_path / "o.parquet", "--map", "title=Name", "--strict", "--json"
    )
    report = json.loads(said)
    assert code == 3
    assert (report["rows"], report["rejected"], report["failed"]) == (3, 1, {"error": 1})


def test_a_dry_run_writes_a_page_alone(typed: Typed, messy: Path, tmp_path: Path) -> None:
    code, said, _ = typed(
        "rewrite", messy, "-o", tmp_path / "out.csv", "--map", "title=Name", "--dry-run"
    )
    page = tmp_path / "out.csv.preview.html"
    assert code == 0
    assert f"3 rows before and after: {page}" in said
    assert "a1: RED LEATHER BAG" in said
    assert "<script" not in page.read_text("utf-8")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.csv", page.name]


def test_a_dry_run_over_rows_that_carry_on_another(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "Handle,Title,Body (HTML),Variant Price\nmug,BLUE MUG,,5\nmug,,,6\n", encoding="utf-8"
    )
    code, said, _ = typed("rewrite", path, "-o", tmp_path / "out.csv", "--dry-run")
    assert code == 0
    assert "mug: BLUE MUG Blue Mug" in said


def test_rows_are_chosen(typed: Typed, tmp_path: Path) -> None:
    path, out = write_rows(tmp_path / "in.jsonl", make_rows(30)), tmp_path / "out.jsonl"
    assert typed("rewrite", path, "-o", out, "--where", "title~mug 1", "--limit", 3)[0] == 0
    assert [row["id"] for row in read_rows(out)] == ["p1", "p10", "p11"]


def test_a_pool_does_the_same(typed: Typed, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "in.csv", make_rows(6))
    assert typed("rewrite", path, "-o", tmp_path / "1.csv")[0] == 0
    pool = ("--workers", 2, "--chunk-rows", 3)
    assert typed("rewrite", path, "-o", tmp_path / "2.csv", *pool)[0] == 0
    assert read_rows(tmp_path / "1.csv") == read_rows(tmp_path / "2.csv")


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--where", "colour"], "--where takes COLUMN=VALUE"),
        (["--where", "shade=red"], "Unknown column 'shade'"),
        (["--map", "title"], "--map takes FIELD=COLUMN"),
        (["--map", "titel=Name"], "Unknown product field 'titel'"),
        (["--engine", "spark"], "Known here: inline, pool, ray"),
        (["--address", "auto"], "give --engine ray as well"),
        (["--resume", "--overwrite"], "not both"),
        (["-o", "out.doc"], "Allowed: .csv .tsv .jsonl"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_told(
    typed: Typed, tmp_path: Path, flags: list[str], reason: str
) -> None:
    path = write_rows(tmp_path / "in.csv", make_rows(2))
    code, _, told = typed("rewrite", path, "-o", tmp_path / "out.csv", *flags)
    assert code == 1
    assert reason in told
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


def test_an_output_is_not_overwritten_by_chance(typed: Typed, tmp_path: Path) -> None:
    path, out = write_rows(tmp_path / "in.csv", make_rows(2)), tmp_path / "out.csv"
    assert typed("rewrite", path, "-o", out)[0] == 0
    code, _, told = typed("rewrite", path, "-o", out)
    assert code == 1
    assert "--overwrite replaces it" in told
    assert typed("rewrite", path, "-o", out, "--overwrite")[0] == 0


@pytest.mark.parametrize("command", ["rewrite", "enrich"])
def test_what_cannot_be_is_told_before_any_model_is_opened(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("models were opened")

    monkeypatch.setattr("shopclerk.enrichment.registry.open_steps", refuse)
    path, out = write_rows(tmp_path / "in.csv", make_rows(2)), tmp_path / "out.csv"
    assert "no such file" in typed(command, tmp_path / "nosuch.csv", "-o", out)[2]
    out.write_text("kept", encoding="utf-8")
    assert "is there already" in typed(command, path, "-o", out)[2]
    assert out.read_text("utf-8") == "kept"


def test_enrich_takes_steps_by_name(typed: Typed, tmp_path: Path) -> None:
    path, out = write_rows(tmp_path / "in.csv", make_rows(2)), tmp_path / "out.csv"
    assert typed("enrich", path, "-o", out, "--steps", "title")[0] == 0
    assert read_rows(out)[0]["new_title"]
    code, _, told = typed("enrich", path, "-o", out, "--steps", "title,magic", "--overwrite")
    assert (code, "Unknown step 'magic'" in told) == (1, True)
    assert (
        "each once" in typed("enrich", path, "-o", out, "--steps", "title,title", "--overwrite")[2]
    )


def test_a_step_without_its_model_is_left_empty_and_told(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPCLERK_TITLE_WRITER", str(tmp_path / "none"))
    path, out = write_rows(tmp_path / "in.csv", make_rows(2)), tmp_path / "out.csv"
    code, _, told = typed("enrich", path, "-o", out, "--steps", "title")
    assert (code, read_rows(out)[0]["new_title"]) == (0, "")
    assert "Left empty: title. " in told
    code, _, told = typed("rewrite", path, "-o", out, "--overwrite")
    assert code == 1
    assert "title writer" in told
