"""Files of rows in chunks: every format, broken rows, conditions, limits."""

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shopclerk.agents.batch.conditions import parse_conditions
from shopclerk.agents.batch.source import Chunk, Selection, digest_of, open_source
from shopclerk.errors import SettingError, UnreadableFileError
from tests.agents.batch.conftest import make_rows, write_rows

FORMATS = ("csv", "tsv", "jsonl", "ndjson", "parquet")


def chunks_of(path: Path, size: int = 3, **selection: Any) -> tuple[int, list[Chunk]]:
    source = open_source(Selection(path, **selection))
    survey = source.survey(lambda *_: None)
    return survey.rows, list(source.chunks(survey.schema, size))


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_comes_in_chunks_with_all_its_columns(tmp_path: Path, suffix: str) -> None:
    path = write_rows(tmp_path / f"in.{suffix}", make_rows(7))
    rows, chunks = chunks_of(path)
    assert rows == 7
    assert [len(chunk.requests) for chunk in chunks] == [3, 3, 1]
    assert [row for chunk in chunks for row in chunk.table.to_pylist()] == make_rows(7)
    assert [request.row_id for request in chunks[2].requests] == ["p6"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_conditions_and_a_limit_choose_rows(tmp_path: Path, suffix: str) -> None:
    path = write_rows(tmp_path / f"in.{suffix}", make_rows(30))
    where = parse_conditions(["title~mug 1", "id!=p1"])
    rows, chunks = chunks_of(path, where=where, limit=4)
    ids = [request.row_id for chunk in chunks for request in chunk.requests]
    assert (rows, ids) == (4, ["p10", "p11", "p12", "p13"])


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_row_without_an_id_goes_by_its_number(tmp_path: Path, suffix: str) -> None:
    rows = [{"Name": f"mug {number}", "Colour": "red"} for number in range(3)]
    path = write_rows(tmp_path / f"in.{suffix}", rows)
    where = parse_conditions(["title!=mug 0"])
    _, chunks = chunks_of(path, columns={"title": "name"}, where=where)
    assert [request.row_id for request in chunks[0].requests] == ["2", "3"]


def test_a_compressed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "in.csv.gz"
    path.write_bytes(gzip.compress(b"id,title\n1,mug\n"))
    assert chunks_of(path)[0] == 1


def test_broken_rows_are_put_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"id,title\n1,mug\n2,cup,too many\n3,\xff\n4,bowl\n")
    told: list[tuple[int, str, str]] = []
    survey = open_source(Selection(path)).survey(lambda *row: told.append(row))
    assert survey.rows == 2
    assert [line for line, _, _ in told] == [3, 4]
    assert "3 cells, the header 2" in told[0][1]
    assert "not UTF-8" in told[1][1]


def test_types_of_json_lines_are_learned(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(
        '{"title": "a", "stock": 1, "price": 1.5, "new": true, "tags": ["x"], "mixed": 1}\n'
        '{"title": "b", "stock": null, "attributes": {"size": 3}, "mixed": "two", "big": 1e400}\n'
        '{"title": "half \\ud800", "huge": 123456789012345678901234567890}\n',
        encoding="utf-8",
    )
    _, chunks = chunks_of(path)
    table = chunks[0].table
    types = {field.name: str(field.type) for field in table.schema}
    assert types["stock"] == "int64"
    assert types["price"] == "double"
    assert types["new"] == "bool"
    assert types["tags"] == "list<item: string>"
    assert table["mixed"].to_pylist() == ["1", '"two"', None]
    assert table["attributes"].to_pylist() == [None, '{"size": 3}', None]
    assert table["huge"].to_pylist()[2] == "123456789012345678901234567890"
    assert table["title"].to_pylist()[2] == "half ?"


def test_types_of_parquet_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    columns = {
        "title": pa.array(["mug"]),
        "day": pa.array([date(2026, 1, 2)]),
        "price": pa.array([b"x"], pa.binary()),
        "vector": pa.array([[0.5, 1.0]], pa.list_(pa.float32())),
    }
    pq.write_table(pa.table(columns), path)
    _, chunks = chunks_of(path)
    assert chunks[0].table.schema.types == [column.type for column in columns.values()]


def test_a_shopify_export_keeps_its_further_rows(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "Handle,Title,Body (HTML),Variant Price\nmug,Blue mug,<b>Big</b>,5\nmug,,,6\n",
        encoding="utf-8",
    )
    rows, chunks = chunks_of(path)
    assert rows == 2
    assert chunks[0].requests[0].fields is not None
    assert chunks[0].requests[0].fields["description"] == "Big"
    assert chunks[0].requests[1].fields is None


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("in.xlsx", b"x", "extension is .xlsx. Allowed: .csv .tsv .jsonl .ndjson .parquet"),
        ("in", b"x", "extension is none"),
        ("in.csv", b"", "empty"),
        ("in.csv", b"id,name,id\n1,mug,2\n", "two columns named 'id'"),
        ("in.csv", b"id,colour\n1,red\n", "no column for title"),
        ("in.parquet", b"PAR1 not really", "Parquet is damaged"),
        ("in.parquet", b"", "Parquet is damaged"),
    ],
    ids=["excel", "no extension", "empty", "twins", "no title", "damaged", "empty parquet"],
)
def test_a_file_that_cannot_be_used_is_told(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=reason):
        chunks_of(path)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_missing_file_is_told(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(UnreadableFileError, match="no such file"):
        open_source(Selection(tmp_path / f"none.{suffix}"))


def test_a_parquet_file_without_a_title_or_a_mapped_column_is_told(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "in.parquet", [{"id": "1", "what": "mug"}])
    with pytest.raises(UnreadableFileError, match="no column for title"):
        open_source(Selection(path))
    with pytest.raises(UnreadableFileError, match="no column 'name', mapped to title"):
        open_source(Selection(path, {"title": "name"}))
    assert chunks_of(path, columns={"title": "What"})[0] == 1


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_condition_on_an_unknown_column_is_told(tmp_path: Path, suffix: str) -> None:
    path = write_rows(tmp_path / f"in.{suffix}", make_rows(2))
    with pytest.raises(SettingError, match="--where: Unknown column 'shade'"):
        chunks_of(path, where=parse_conditions(["shade=red"]))


def test_an_unknown_field_is_told(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "in.csv", make_rows(1))
    with pytest.raises(SettingError, match="Unknown product field 'name'"):
        open_source(Selection(path, {"name": "title"}))


def test_too_many_columns_are_told(tmp_path: Path) -> None:
    row = {"title": "mug"} | {f"k{number}": 1 for number in range(2_001)}
    with pytest.raises(UnreadableFileError, match="2,002 columns"):
        chunks_of(write_rows(tmp_path / "in.jsonl", [row]))


def test_a_digest_tells_files_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_bytes(b"a")
    two.write_bytes(b"b")
    assert digest_of(one) != digest_of(two)
    with pytest.raises(UnreadableFileError, match="No such file"):
        digest_of(tmp_path / "3")
