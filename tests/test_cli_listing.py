"""The commands list and audit, typed as a person would."""

import csv
import json
import re

import pytest

from shopclerk.cli import main


@pytest.fixture
def catalog(tmp_path, quick_extractor, monkeypatch):
    monkeypatch.setenv("SHOPCLERK_EXTRACTOR", quick_extractor)
    path = tmp_path / "shop.jsonl"
    rows = [
        {"id": f"s{n}", "title": f"Running shoe number {n}", "category": "Footwear > Shoes", "price": 50 + n,
         "attributes": {"colour": "red" if n % 2 else "blue"}}
        for n in range(12)
    ]  # fmt: skip
    rows.append(
        {
            "id": "bad",
            "title": "BEST <script>alert(1)</script> SHOE EVER MADE",
            "category": "Footwear > Shoes",
        }
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.models
def test_a_listing_as_json(catalog, capsys):
    assert (
        main(
            [
                "list",
                "--text",
                "red running shoe",
                "--field",
                "price=59.9",
                "--form",
                "json",
                "--catalog",
                str(catalog),
            ]
        )
        == 0
    )
    record = json.loads(capsys.readouterr().out)
    assert record["listing"]["price"] == 59.9
    assert set(record["steps"]) == {
        "caption",
        "category",
        "attributes",
        "tags",
        "title",
        "description",
        "checks",
        "duplicates",
    }
    assert record["steps"]["title"]["by"]


@pytest.mark.models
@pytest.mark.parametrize(("form", "head"), [("shopify", "Handle,Title"), ("google", "id\ttitle")])
def test_a_listing_as_rows(form, head, catalog, capsys):
    assert (
        main(["list", "--text", "red running shoe", "--form", form, "--catalog", str(catalog)]) == 0
    )
    assert capsys.readouterr().out.startswith(head)


@pytest.mark.parametrize(
    ("flags", "said"),
    [([], "needs words or a picture"), (["--image", "none.jpg"], "there is no such file"), (["--text", "x", "--field", "price"], "NAME=VALUE"), (["--text", "x", "--field", "price=cheap"], "price")],
    ids=["nothing", "no picture", "no value", "no price"],
)  # fmt: skip
def test_what_is_wrong_is_said(flags, said, catalog, capsys):
    assert main(["list", *flags, "--catalog", str(catalog)]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.models
def test_an_audit(catalog, tmp_path, capsys):
    out = tmp_path / "report"
    assert main(["audit", str(catalog), "-o", str(out)]) == 0
    assert "13 listings" in capsys.readouterr().out
    rows = list(csv.DictReader((out / "findings.csv").read_text().splitlines()))
    assert {"shouting"} <= {row["kind"] for row in rows if row["id"] == "bad"}
    page = (out / "audit.html").read_text()
    assert "<script>" not in page
    assert len(re.findall("data:image/png;base64,", page)) == 3
