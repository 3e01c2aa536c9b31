"""The commands index, search and models, as a user meets them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shopclerk import served
from shopclerk.cli import main
from tests.fakes import HashEncoder

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; returns its exit code, output and errors, all blanks squeezed."""
    monkeypatch.setattr(served, "open_text_encoder", lambda *_args, **_more: HashEncoder())
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("SHOPCLERK_IMAGE_ENCODER", "none")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, error = capsys.readouterr()
        return code, " ".join(out.split()), " ".join(error.split())

    return call


@pytest.fixture
def rejecting_file(tmp_path: Path) -> str:
    """A file with one good row and two bad ones."""
    file = tmp_path / "c.csv"
    file.write_text("id,title,price\n1,Boots,9\n2,,9\n3,Hat,cheap\n", encoding="utf-8")
    return str(file)


# -- index -------------------------------------------------------------------------------------------


def test_index_tells_what_it_did(run: Run, catalog_file: Path) -> None:
    code, out, _ = run("index", str(catalog_file))
    assert code == 0
    assert out.startswith(
        "12 products: 12 new, 0 changed, 0 unchanged, 0 deleted. 12 vectors made."
    )
    assert "12 unchanged" in run("index", str(catalog_file))[1]


@pytest.mark.parametrize(("flags", "expected"), [((), 0), (("--strict",), 3)], ids=str)
def test_rejected_rows_are_counted_and_their_file_named(
    run: Run, rejecting_file: str, flags: tuple[str, ...], expected: int
) -> None:
    code, out, _ = run("index", rejecting_file, *flags)
    assert code == expected
    assert "2 rows were rejected" in out
    rejects = next(Path().glob("catalogs/*/rejects.jsonl"))
    assert str(rejects) in out.replace(" ", "")
    assert len(rejects.read_text("utf-8").splitlines()) == 2


def test_strict_is_content_with_a_clean_file(run: Run, catalog_file: Path) -> None:
    assert run("index", str(catalog_file), "--strict")[0] == 0


def test_products_that_left_the_file_are_kept_unless_pruned(run: Run, catalog_file: Path) -> None:
    run("index", str(catalog_file))
    lines = catalog_file.read_text("utf-8").splitlines()
    catalog_file.write_text("\n".join(lines[:10]), encoding="utf-8")
    assert "2 products are not in this file; --prune" in run("index", str(catalog_file))[1]
    assert "2 deleted" in run("index", str(catalog_file), "--prune")[1]


def test_the_catalogue_indexed_last_is_the_one_searched(run: Run, catalog_file: Path) -> None:
    run("index", str(catalog_file))
    assert (
        json.loads(run("search", "kettle", "--json")[1])["hits"][0]["product"]["id"] == "kettle-1"
    )


def test_columns_are_mapped(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("SKU,Name\n1,Boots\n", encoding="utf-8")
    assert run("index", str(file), "--map", "id=SKU", "--map", "title=Name")[0] == 0
    code, _, error = run("index", str(file), "--map", "SKU")
    assert (code, "NAME=VALUE" in error) == (2, True)


def test_products_are_deleted_by_id(run: Run, catalog_file: Path) -> None:
    run("index", str(catalog_file))
    assert "Deleted 1 of 2 products" in run("index", "--delete", "mug-1", "--delete", "none")[1]
    assert json.loads(run("search", "", "--json", "--limit", "100")[1])["total"] == 11


@pytest.mark.parametrize(
    ("flag", "told"),
    [("--rebuild", "Made 12 vectors anew"), ("--verify", "Mended 0 differences")],
)
def test_an_index_is_mended(run: Run, catalog_file: Path, flag: str, told: str) -> None:
    run("index", str(catalog_file))
    code, out, _ = run("index", flag)
    assert (code, told in out) == (0, True)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("nowhere.csv", None, "There is no catalogue at"),
        ("empty.csv", "", "It is empty"),
        ("wrong.doc", "x", "Its extension is .doc. Allowed: .csv"),
        ("headless.csv", "colour,size\nred,4\n", "There is no column for id"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    run: Run, tmp_path: Path, name: str, content: str | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    code, _, error = run("index", str(tmp_path / name))
    assert code == 1
    assert told in error
    assert name in error
    assert "Traceback" not in error


# -- search ------------------------------------------------------------------------------------------


def searched(run: Run, file: Path, *arguments: str) -> dict[str, Any]:
    code, out, _ = run("search", *arguments, "--catalog", str(file), "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_shape_of_the_json(run: Run, catalog_file: Path) -> None:
    found = searched(run, catalog_file, "hikng boots", "--facets", "--limit", "2")
    assert set(found) == {"total", "corrections", "hits", "facets"}
    assert found["corrections"] == {"hikng": "hiking"}
    assert len(found["hits"]) == 2
    keys = {"score", "lexical", "semantic", "visual", "same_picture", "matched", "product"}
    assert set(found["hits"][0]) == keys
    assert found["hits"][0]["product"]["category"] == "Footwear > Boots > Hiking Boots"
    assert found["facets"]["brand"]["Corrie"] == 2


@pytest.mark.parametrize(
    ("flags", "ids"),
    [
        (["--price-max", "40", "--in-stock"], {"kettle-1", "mug-1"}),
        (["--price-min", "139"], {"boot-2", "phone-1"}),
        (["--brand", "corrie", "--brand", "lumen"], {"boot-2", "pack-1", "pack-2"}),
        (["--category", "boots", "--rating-min", "4"], {"boot-1"}),
        (["--where", "colour=Blue", "--where", "colour=Red"], {"run-1", "pack-1", "pack-2"}),
        (["--sort", "price_desc", "--limit", "1"], {"phone-1"}),
        (["--sort", "price_desc", "--limit", "1", "--page", "2"], {"boot-2"}),
    ],
    ids=" ".join,
)
def test_flags_become_filters(
    run: Run, catalog_file: Path, flags: list[str], ids: set[str]
) -> None:
    found = searched(run, catalog_file, "", *flags)
    assert {hit["product"]["id"] for hit in found["hits"]} == ids


def test_a_table_numbers_its_rows_over_pages(run: Run, catalog_file: Path) -> None:
    flags = ("--catalog", str(catalog_file), "--sort", "price_asc", "--limit", "2", "--page", "2")
    _, out, _ = run("search", "", *flags, "--facets")
    assert "3 kettle-1 Brookhaven Electric Kettle" in out
    assert "€" not in out
    assert "brand: Brookhaven 2, Corrie 2" in out


def test_a_correction_is_told(run: Run, catalog_file: Path) -> None:
    assert "Read 'hikng' as 'hiking'" in run("search", "hikng", "--catalog", str(catalog_file))[1]


def test_nothing_found_is_said(run: Run, catalog_file: Path) -> None:
    flags = ("--catalog", str(catalog_file), "--price-max", "1")
    assert "Nothing found." in run("search", "boots", *flags)[1]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("search", "x", "--catalog", "nowhere"), 1, "no catalogue at 'nowhere'"),
        (("search", "x", "--sort", "best"), 1, "Unknown sort 'best'"),
        (("search", "x", "--where", "weight=1"), 1, "Unknown field 'weight'"),
        (("search", "x", "--where", "weight"), 2, "NAME=VALUE"),
        (("search", "x", "--page", "0"), 2, "--page"),
        (("search", "x", "--nonsense"), 2, "No such option"),
        (("nonsense",), 2, "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_mistake_is_told_plainly(
    run: Run, catalog_file: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    run("index", str(catalog_file))
    found, _, error = run(*arguments)
    assert (found, told in error) == (code, True), error


# -- models, and no command at all -------------------------------------------------------------------


def test_models_as_json(run: Run) -> None:
    code, out, _ = run("models", "--json")
    assert code == 0
    models = {model["role"]: model for model in json.loads(out)}
    assert {"text_encoder", "reranker", "chat"} <= set(models)
    keys = {"role", "address", "state", "where", "licence", "size_bytes"}
    assert all(keys <= set(model) for model in models.values())
    assert models["reranker"]["state"] == "off"


def test_models_as_a_table(run: Run) -> None:
    code, out, _ = run("models")
    assert (code, "text_encoder embedded" in out) == (0, True)


def test_a_bad_setting_is_told_plainly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPCLERK_PAGE_SIZE", "none")
    code, _, error = run("models")
    assert (code, "Setting 'page_size'" in error) == (1, True)


def test_help_names_every_command(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert all(name in out for name in ("index", "search", "chat", "eval", "models", "demo"))
