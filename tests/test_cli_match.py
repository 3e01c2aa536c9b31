"""The commands dedupe and link."""

import csv
import json

import pytest

from shopclerk.catalog.product import Product
from shopclerk.cli import main
from tests.listings import write_catalog
from tests.matching import CAMERAS


@pytest.fixture
def goods(tmp_path):
    return write_catalog(tmp_path / "goods.jsonl", CAMERAS)


def run(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    out, error = capsys.readouterr()
    return code, out, error


def test_dedupe_writes_sheet_and_page(goods, capsys, tmp_path):
    code, out, _ = run(capsys, "dedupe", goods, "--page", "out.html")
    assert code == 0
    assert "4 listings, 1 of them duplicates in 1 cluster." in out
    assert "same model number AK123" in out
    rows = list(
        csv.DictReader((tmp_path / "duplicates.csv").read_text(encoding="utf-8").splitlines())
    )
    assert [row["id"] for row in rows] == ["cam-1", "cam-2"]
    assert "Fellwind camera" in (tmp_path / "out.html").read_text()


def test_dedupe_again_compares_nothing_unless_told_to(goods, capsys):
    reports = [
        json.loads(run(capsys, "dedupe", goods, "--json", *more)[1])
        for more in ((), (), ("--fresh",))
    ]
    assert [report["compared"] > 0 for report in reports] == [True, False, True]


def test_the_threshold_is_taken(goods, capsys):
    low, high = (
        json.loads(run(capsys, "dedupe", goods, "--threshold", limit, "--json")[1])["duplicates"]
        for limit in ("0.01", "0.99")
    )
    assert low >= 2 > high


def test_link(goods, capsys, tmp_path):
    offers = [Product(id="o1", title="FELLWIND AK-123"), Product(id="o2", title="okariva toner")]
    path = write_catalog(tmp_path / "offers.jsonl", offers)
    code, out, _ = run(capsys, "link", path, "--reference", goods, "--many")
    assert code == 0
    assert "of 2 listings are known items" in out
    rows = list(csv.DictReader((tmp_path / "links.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["id"] for row in rows] == ["o1", "o2"]
    assert rows[1]["linked"] == ""


@pytest.mark.parametrize(
    "arguments",
    [("dedupe", "nowhere.csv"), ("link", "nowhere.csv", "--reference", "nowhere.csv")],
    ids=["dedupe", "link"],
)
def test_a_missing_file_is_told(capsys, arguments):
    code, _, error = run(capsys, *arguments)
    assert code == 1
    assert "There is no catalogue at 'nowhere.csv'" in error


def test_a_matcher_that_is_not_there(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SHOPCLERK_MATCHER", "nowhere")
    code, _, error = run(capsys, "dedupe", write_catalog(tmp_path / "goods.jsonl", CAMERAS))
    assert code == 1
    assert "no usable matcher in 'nowhere'" in error
