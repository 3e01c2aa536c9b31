"""Confirmed mappings, and the sheet on which they are decided."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.catalog.mapping_sheet import (
    SellerText,
    SheetRow,
    read_seller_texts,
    read_sheet,
    write_sheet,
)
from shopclerk.catalog.mappings import Mapping, read_mappings, save_mappings
from shopclerk.errors import UnreadableFileError
from tests.taxonomies import small

LAMPS, DECOR = "Home > Lighting > Table Lamps", "Home > Decor"


def decided(path: Path, decision: str, *, source: str = "lamps", suggested: str = LAMPS) -> Path:
    """Write a sheet of one row with a decision filled in."""
    write_sheet(path, [SheetRow(SellerText(source, ("Lamp 7",), 3), suggested, 0.8, "", (DECOR,))])
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows([{**row, "decision": decision} for row in rows])
    return path


@pytest.mark.parametrize(
    ("decision", "path"),
    [("ok", LAMPS), ("1", LAMPS), ("2", DECOR), ("none", ""), ("n9", "Home > Decor > Mirrors"),
     ("home > decor", DECOR), ("mirrors", "Home > Decor > Mirrors")],
    ids="ok first second none id path name".split(),
)  # fmt: skip
def test_decisions(tmp_path: Path, decision: str, path: str) -> None:
    found, undecided = read_sheet(decided(tmp_path / "s.csv", decision), small())
    assert [(each.source, each.path) for each in found] == [("lamps", path)]
    assert undecided == 0


@pytest.mark.parametrize(
    ("decision", "said"),
    [("9", "'9' chooses what is not there: the row has 2"), ("shoos", "line 2.*no category is called 'shoos'")],
    ids=["number", "name"],
)  # fmt: skip
def test_decisions_that_name_nothing(tmp_path: Path, decision: str, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        read_sheet(decided(tmp_path / "s.csv", decision), small())


def test_undecided_rows_are_taken_only_where_sure(tmp_path: Path) -> None:
    sheet = decided(tmp_path / "s.csv", "")
    assert read_sheet(sheet, small()) == ([], 1)
    assert len(read_sheet(sheet, small(), accept_from=0.75)[0]) == 1
    assert read_sheet(sheet, small(), accept_from=0.9) == ([], 1)


def test_ok_on_a_row_without_suggestion_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="chooses what is not there"):
        read_sheet(decided(tmp_path / "s.csv", "ok", suggested=""), small())


def test_a_formula_is_kept_from_running_and_read_back(tmp_path: Path) -> None:
    sheet = decided(tmp_path / "s.csv", "ok", source="=1+2 lamps")
    assert "'=1+2" in sheet.read_text("utf-8-sig")
    assert read_sheet(sheet, small())[0][0].source == "=1+2 lamps"


def test_what_is_no_sheet(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="no mapping sheet: the columns source"):
        read_sheet(tmp_path / "x.csv", small())


def test_seller_texts_are_joined_by_text(tmp_path: Path) -> None:
    path = tmp_path / "sellers.csv"
    path.write_text(
        "source,title\nlamps,Lamp 1\nLamps,Lamp 2\nlamps,Lamp 3\n,Loose mirror\n,\n",
        encoding="utf-8",
    )
    assert read_seller_texts(path) == [
        SellerText("lamps", ("Lamp 1", "Lamp 3"), 2),
        SellerText("Lamps", ("Lamp 2",), 1),
        SellerText("", ("Loose mirror",), 1),
    ]


def test_a_file_without_texts(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,price\n1,2\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError):
        read_seller_texts(tmp_path / "x.csv")


def test_the_latest_decision_counts(tmp_path: Path) -> None:
    book = tmp_path / "m.jsonl"
    assert read_mappings(book) == []
    assert save_mappings(book, [Mapping(source="Lamps", path=DECOR)]) == 1
    assert save_mappings(book, [Mapping(source="lamps", path=LAMPS)]) == 1
    assert [each.path for each in read_mappings(book)] == [LAMPS]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"source": ""}', '{"source": "a"}'], ids="json list empty path".split()
)
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    book = tmp_path / "m.jsonl"
    book.write_text(json.dumps({"source": "a", "path": "b"}) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="line 2: a mapping is an object"):
        read_mappings(book)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=4))
def test_mappings_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    book = tmp_path_factory.mktemp("book") / "m.jsonl"
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    saved = {each.key: each for each in (Mapping(source=text, path=DECOR) for text in texts)}
    save_mappings(book, saved.values())
    assert read_mappings(book) == list(saved.values())
