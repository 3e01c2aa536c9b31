"""What a row must hold, and the file of those that hold it not."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shopclerk.catalog.product import Product
from shopclerk.catalog.rejects import RejectFile, build_product, clip, split_cell
from shopclerk.errors import RowError, StorageError

GOOD: dict[str, Any] = {"id": "1", "title": "Boots"}
TAKEN = {
    "int id": ({"id": 7}, {"id": "7"}),
    "blanks around": ({"title": "  Boots "}, {"title": "Boots"}),
    "blank is not given": ({"brand": "  ", "price": "", "rating": None}, {}),
    "date as text": ({"brand": date(2024, 1, 2)}, {"brand": "2024-01-02"}),
    "price and currency": (
        {"price": "1.299,00", "currency": "€"},
        {"price": 1299, "currency": "EUR"},
    ),
    "price names the currency": ({"price": "$5"}, {"price": 5, "currency": "USD"}),
    "decimal price": ({"price": Decimal("9.125")}, {"price": 9.125}),
    "rating with a comma": ({"rating": "4,5"}, {"rating": 4.5}),
    "stock as a whole float": ({"stock": 3.0}, {"stock": 3}),
    "json tags": ({"tags": '["a, b", "c"]'}, {"tags": ("a, b", "c")}),
    "empty json list": ({"tags": "[]"}, {}),
    "brackets that are no json": ({"tags": "[new] a, b"}, {"tags": ("[new] a", "b")}),
    "listed tags": ({"tags": ["a", None, " ", 5]}, {"tags": ("a", "5")}),
    "json attributes": (
        {"attributes": '{"color": ["red", "blue"], "size": 9, "eco": true, "fit": null}'},
        {"attributes": {"color": ("red", "blue"), "size": "9", "eco": "yes"}},
    ),
    "attribute pairs": (
        {"attributes": [{"key": "color", "value": "red"}]},
        {"attributes": {"color": "red"}},
    ),
    "attribute column": (
        {"attributes": "{}", "attr:color": '["red"]', "attr:fit": "slim", "attr:age": ""},
        {"attributes": {"color": ("red",), "fit": "slim"}},
    ),
}
REFUSED = {
    "no id": ({"id": None}, "id is missing"),
    "blank title": ({"title": "   "}, "title is missing"),
    "long id": ({"id": "x" * 201}, r"id 'x{60}… \(201 characters\)' is not allowed"),
    "long title": ({"title": "x" * 50_001}, "Allowed: a text of 1 to 50,000 characters"),
    "long description": ({"description": "x" * 200_001}, "at most 200,000 characters"),
    "title as a list": ({"title": ["a"]}, "title 'list' is not allowed"),
    "NUL": ({"brand": "a\0b"}, "brand holds a NUL"),
    "lone surrogate": ({"title": "\ud800"}, "half a character"),
    "free": ({"price": "free"}, "Price 'free' is not a number"),
    "truth as price": ({"price": True}, "price 'True' is not allowed"),
    "rating of 6": ({"rating": "6"}, "rating '6' is not allowed. Allowed: a number from 0 to 5"),
    "rating nan": ({"rating": float("nan")}, "rating 'nan'"),
    "huge rating": ({"rating": 10**400}, "rating '1000"),
    "stock -1": ({"stock": -1}, "stock '-1' is not allowed"),
    "half a stock": ({"stock": 1.5}, "whole number"),
    "stock in words": ({"stock": "many"}, "stock 'many'"),
    "currency": ({"currency": "dollars"}, "Currency 'dollars' is not known"),
    "attributes as text": ({"attributes": "color: red"}, "attributes 'color: red'.*JSON object"),
    "nested attributes": ({"attributes": {"a": {"b": 1}}}, "attributes 'dict' is not allowed"),
    "tags as a number": ({"tags": 5}, "tags '5' is not allowed"),
    "two fields": ({"rating": 9, "stock": -1}, "rating '9'.* stock '-1'"),
}


@pytest.mark.parametrize(("fields", "expected"), TAKEN.values(), ids=TAKEN)
def test_takes_what_files_hold(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    assert build_product(GOOD | fields) == Product(**GOOD | expected)


@pytest.mark.parametrize(("fields", "reason"), REFUSED.values(), ids=REFUSED)
def test_refuses_in_plain_words(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(RowError, match=reason) as caught:
        build_product(GOOD | fields)
    assert "pydantic" not in str(caught.value)
    str(caught.value).encode("utf-8")


@pytest.mark.parametrize(
    ("field", "text", "parts"),
    [
        ("tags", "a|b, c", ["a", "b, c"]),
        ("tags", "a;b", ["a", "b"]),
        ("tags", "a,b", ["a", "b"]),
        ("tags", "a", ["a"]),
        ("images", "a.jpg,b.jpg", ["a.jpg", "b.jpg"]),
        ("images", "http://a/w_3,h_4/x, http://b/y", ["http://a/w_3,h_4/x", "http://b/y"]),
        ("images", "http://a/x|b.jpg", ["http://a/x", "b.jpg"]),
        ("images", "data:image/png;base64,AAAA", ["data:image/png;base64,AAAA"]),
    ],
)
def test_splits_a_cell(field: str, text: str, parts: list[str]) -> None:
    assert split_cell(field, text) == parts


def test_reject_file_holds_a_json_line_each(tmp_path: Path) -> None:
    path = tmp_path / "new" / "rejects.jsonl"
    with RejectFile(path) as rejects:
        rejects.add(3, "id is missing", "x" * 900)
        rejects.add(9, "Größe", "\udcff")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert rejects.count == 2
    assert lines[0] == {"line": 3, "reason": "id is missing", "raw": "x" * 500}
    assert lines[1] == {"line": 9, "reason": "Größe", "raw": "\\udcff"}


def test_reject_file_replaces_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    path.write_text("old", encoding="utf-8")
    with RejectFile(path) as rejects:
        pass
    assert (rejects.count, path.read_text("utf-8")) == (0, "")


def test_reject_file_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"), RejectFile(tmp_path):
        pass


def test_reject_file_outside_its_block(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="with block"):
        RejectFile(tmp_path / "r.jsonl").add(1, "why", "raw")


def test_clipped_text_can_be_written() -> None:
    assert clip("\ud800" + "ä" * 600) == "\\ud800" + "ä" * 499
