"""The commands `map` and `taxonomy`."""

import csv
import io
import json
from pathlib import Path

import pytest

from shopclerk.cli import main
from shopclerk.models.category_memory import Confirmed
from shopclerk.tools import category_mapping
from tests.taxonomies import PATHS, SHOPIFY, small_mapper


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    path = tmp_path / "tree.txt"
    path.write_text(SHOPIFY, encoding="utf-8")
    return path


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command with a plain mapper; returns exit code, output, errors."""

    def open_mapper(_settings, *, mappings=(), progress=None):
        return small_mapper([Confirmed(each.source, each.path, each.title) for each in mappings])

    monkeypatch.setattr(category_mapping, "open_mapper", open_mapper)

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        out, error = capsys.readouterr()
        return code, out.strip(), " ".join(error.split())

    return call


def test_search_and_show(run, tree):
    assert run("taxonomy", "search", "lamp", "--taxonomy", tree)[1].startswith(
        "Home > Lighting > Table Lamps [gid://shopify/TaxonomyCategory/x-6]"
    )
    _, out, _ = run("taxonomy", "show", "lighting", "--taxonomy", tree)
    assert out.split("\n")[1:] == [
        "  Table Lamps [gid://shopify/TaxonomyCategory/x-6]",
        "  Lanterns & Torches [gid://shopify/TaxonomyCategory/x-7]",
    ]
    assert (
        "14 categories, 7 of them leaves, 3 roots" in run("taxonomy", "show", "--taxonomy", tree)[1]
    )


def test_show_of_what_is_not_there(run, tree):
    code, _, error = run("taxonomy", "show", "lightning", "--taxonomy", tree)
    assert code == 1
    assert (
        "no category is called 'lightning'. Give the path or the id. Closest: Home > Lighting"
        in error
    )


def test_diff_carries_mappings(run, tree, tmp_path):
    new = tmp_path / "new.txt"
    paths = [path.replace("Home > Decor", "Home > Decors") for path in PATHS if "Mice" not in path]
    new.write_text("\n".join(f"{n} - {path}" for n, path in enumerate(paths)), encoding="utf-8")
    book = tmp_path / "book.jsonl"
    book.write_text(
        '{"source": "glass", "path": "Home > Decor > Mirrors"}\n'
        '{"source": "mouse", "path": "Pets > Small Pets > Mice"}\n',
        encoding="utf-8",
    )
    carried = tmp_path / "carried.jsonl"
    code, out, _ = run("taxonomy", "diff", tree, new, "--mappings", book, "-o", carried)
    assert code == 0
    assert "renamed: Home > Decor → Decors" in out
    assert "unmapped: 'mouse', was Pets > Small Pets > Mice" in out
    assert [json.loads(line)["path"] for line in carried.read_text("utf-8").splitlines()] == [
        "Home > Decors > Mirrors"
    ]
    record = json.loads(run("taxonomy", "diff", tree, new, "--json")[1])
    assert record["removed"] == ["Pets > Small Pets > Mice"]


def test_from_sellers_to_a_sheet_and_back(run, tree, tmp_path):
    sellers, sheet, book = (tmp_path / name for name in ("sellers.csv", "sheet.csv", "m.jsonl"))
    sellers.write_text(
        "source,title\ntable lamps,Lamp 1\nmisc,Thing\ntable lamps,Lamp 2\n", "utf-8"
    )
    with_tree = ("--taxonomy", tree, "--mappings", book)
    code, out, _ = run("map", sellers, "-o", sheet, *with_tree)
    assert code == 0
    assert "2 texts of 3 products, 1 unmapped, 0 confirmed before" in out
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))
    assert [row["suggested"] for row in rows] == ["Home > Lighting > Table Lamps", ""]
    rows[0]["decision"], rows[1]["decision"] = "ok", "Home > Decor"
    with sheet.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert "2 decisions taken, 0 rows undecided" in run("map", "--read", sheet, *with_tree)[1]
    assert "0 unmapped, 2 confirmed before" in run("map", sellers, "-o", sheet, *with_tree)[1]


def test_one_text(run, tree, tmp_path):
    book = tmp_path / "m.jsonl"
    given = ("--taxonomy", tree, "--mappings", book)
    assert "Home > Lighting > Table Lamps" in run("map", "--text", "table lamps", *given)[1]
    found = json.loads(run("map", "--text", "zzz", "--json", *given)[1])
    assert found["mapped"] is False


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("map",), "Name a file and where the sheet goes"),
     (("map", "--read", "no.csv", "--mappings", "m.jsonl"), "Cannot read the sheet no.csv"),
     (("taxonomy", "search", "a", "--taxonomy", "no.txt"), "Cannot read the taxonomy 'no.txt'")],
    ids="bare sheet taxonomy".split(),
)  # fmt: skip
def test_what_cannot_be_done_is_told(run, arguments, said):
    code, _, error = run(*arguments)
    assert code == 1
    assert said in error
