"""Runs from file to file: formats, columns, resuming, full disks, odd rows."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from shopclerk.agents.batch import assembly, journal
from shopclerk.agents.batch.journal import parts_folder
from shopclerk.errors import SettingError, StorageError, UnreadableFileError
from tests.agents.batch.conftest import Runner, make_rows, read_rows, write_rows
from tests.agents.batch.made_steps import BrandStep, UpperStep

FORMATS = ("csv", "tsv", "jsonl", "parquet")


class Stop(Exception):
    """Stands for whatever ends a run in the middle."""


def stop_after(rows: int, stage: str = "Rows") -> Any:
    def progress(now: str, done: int, _total: int | None) -> None:
        if now == stage and done >= rows:
            raise Stop

    return progress


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_any_format_becomes_any_format(
    tmp_path: Path, run: Runner, source: str, target: str
) -> None:
    path = write_rows(tmp_path / f"in.{source}", make_rows(7))
    out = tmp_path / f"out.{target}"
    report = run(path, out)
    rows = read_rows(out)
    assert (report.rows, report.failed, report.rejected) == (7, {"error": 0}, 0)
    assert [{name: row[name] for name in ("id", "title", "brand")} for row in rows] == make_rows(7)
    assert [row["new_title"] for row in rows] == [f"BLUE MUG {number}" for number in range(7)]
    assert not parts_folder(out).exists()


def test_nested_values_survive_json_lines(tmp_path: Path, run: Runner) -> None:
    given = {"title": "blue mug", "attributes": {"size": ["S", "M"]}, "mixed": 1, "none": None}
    path = write_rows(tmp_path / "in.jsonl", [given, {"title": "cup", "mixed": "two"}])
    run(path, tmp_path / "out.jsonl", steps=[BrandStep(), UpperStep()])
    first, second = read_rows(tmp_path / "out.jsonl")
    assert {name: first[name] for name in given} == given
    assert first["brand"] == "blue"
    assert (second["mixed"], second["brand_facts"]) == ("two", {"words": 0})


def test_nested_values_stand_as_json_in_delimited_files(tmp_path: Path, run: Runner) -> None:
    rows = [
        {"title": "blue mug", "tags": ["a", "b"], "mixed": {"x": 1}},
        {"title": "c", "mixed": "t"},
    ]
    run(write_rows(tmp_path / "in.jsonl", rows), tmp_path / "out.csv")
    first, second = read_rows(tmp_path / "out.csv")
    assert json.loads(first["tags"]) == ["a", "b"]
    assert json.loads(first["mixed"]) == {"x": 1}
    assert (second["mixed"], second["tags"]) == ("t", "")


def test_new_columns_step_aside(tmp_path: Path, run: Runner) -> None:
    rows = [{"title": "mug", "New_Title": "old", "error": "e", "row_id": "9"}]
    run(write_rows(tmp_path / "in.csv", rows), tmp_path / "out.csv")
    row = read_rows(tmp_path / "out.csv")[0]
    assert (row["New_Title"], row["new_title_2"]) == ("old", "MUG")
    assert (row["error"], row["error_2"], row["row_id"], row["row_id_2"]) == ("e", "", "9", "1")


def test_several_steps_have_errors_of_their_own(tmp_path: Path, run: Runner) -> None:
    titles = ["weird mug", "fail mug", ""]
    rows = [{"id": str(number), "title": title} for number, title in enumerate(titles)]
    report = run(
        write_rows(tmp_path / "in.csv", rows),
        tmp_path / "out.csv",
        steps=[BrandStep(), UpperStep()],
    )
    weird, fails, empty = read_rows(tmp_path / "out.csv")
    assert report.failed == {"brand_error": 1, "title_error": 1, "error": 1}
    assert weird["brand_error"] == "The title is weird."
    assert fails["title_error"].startswith("ValueError")
    assert fails["brand"] == "fail"
    assert empty["error"].startswith("title is missing")


def test_odd_titles_harm_no_one(tmp_path: Path, run: Runner) -> None:
    titles = ["x" * 50_000, "حذاء رياضي", 'a\nb, "c"', "=1+1", "<script>"]
    path = write_rows(tmp_path / "in.csv", [{"title": title} for title in titles])
    run(path, tmp_path / "out.csv")
    assert [row["title"] for row in read_rows(tmp_path / "out.csv")] == titles
    assert [row["new_title"] for row in read_rows(tmp_path / "out.csv")] == [
        title.upper() for title in titles
    ]


def test_rejected_rows_are_told_beside_the_output(tmp_path: Path, run: Runner) -> None:
    path = tmp_path / "in.csv"
    path.write_text("id,title\n1,mug\n2,cup,extra\n3,bowl\n", encoding="utf-8")
    report = run(path, tmp_path / "out.csv")
    assert [row["id"] for row in read_rows(tmp_path / "out.csv")] == ["1", "3"]
    assert report.reject_file == tmp_path / "out.csv.rejects.jsonl"
    assert [row["line"] for row in read_rows(report.reject_file)] == [3]
    path.write_text("id,title\n1,mug\n", encoding="utf-8")
    assert run(path, tmp_path / "out.csv", mode="overwrite").reject_file is None
    assert not (tmp_path / "out.csv.rejects.jsonl").exists()


def test_a_file_of_a_header_alone_becomes_one(tmp_path: Path, run: Runner) -> None:
    (tmp_path / "in.csv").write_text("id,title\n", encoding="utf-8")
    run(tmp_path / "in.csv", tmp_path / "out.parquet")
    run(tmp_path / "in.csv", tmp_path / "out.csv")
    assert read_rows(tmp_path / "out.parquet") == []
    assert (tmp_path / "out.csv").read_text("utf-8").startswith("id,title,row_id,new_title")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_stopped_run_is_carried_on(tmp_path: Path, run: Runner, suffix: str) -> None:
    path, out = write_rows(tmp_path / f"in.{suffix}", make_rows(10)), tmp_path / f"out.{suffix}"
    with pytest.raises(Stop):
        run(path, out, progress=stop_after(6))
    assert not out.exists()
    with pytest.raises(SettingError, match=r"not finished. --resume carries it on"):
        run(path, out)
    step = UpperStep()
    report = run(path, out, mode="resume", steps=[step])
    assert (report.resumed, sum(step.batches)) == (6, 4)
    assert [row["id"] for row in read_rows(out)] == [f"p{number}" for number in range(10)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_run_stopped_while_it_writes_is_carried_on(
    tmp_path: Path, run: Runner, suffix: str
) -> None:
    path, out = write_rows(tmp_path / "in.csv", make_rows(10)), tmp_path / f"out.{suffix}"
    with pytest.raises(Stop):
        run(path, out, progress=stop_after(1, "Writing"))
    assert not out.exists()
    step = UpperStep()
    assert run(path, out, mode="resume", steps=[step]).resumed == 10
    assert step.batches == []
    assert len(read_rows(out)) == 10


def test_resuming_with_nothing_there_begins(tmp_path: Path, run: Runner) -> None:
    path = write_rows(tmp_path / "in.csv", make_rows(2))
    assert run(path, tmp_path / "out.csv", mode="resume").rows == 2
    with pytest.raises(SettingError, match="no unfinished run to resume"):
        run(path, tmp_path / "out.csv", mode="resume")


def test_a_torn_journal_and_a_torn_chunk_are_made_good(tmp_path: Path, run: Runner) -> None:
    path, out = write_rows(tmp_path / "in.csv", make_rows(12)), tmp_path / "out.csv"
    with pytest.raises(Stop):
        run(path, out, progress=stop_after(9))
    parts = parts_folder(out)
    with (parts / "journal.jsonl").open("ab") as stream:
        stream.write(b'{"chunk": 3, "by')
    (parts / "0000001.parquet").write_bytes(b"PAR1")
    (parts / "0000002.parquet").unlink()
    (parts / "0000009.parquet.tmp").write_bytes(b"half")
    assert run(path, out, mode="resume").resumed == 3
    assert [row["id"] for row in read_rows(out)] == [f"p{number}" for number in range(12)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rows": 9}, "input: then"),
        ({"limit": 4}, "limit: then nothing, now 4"),
        ({"chunk_rows": 5}, "chunk_rows: then 3, now 5"),
        ({"columns": {"description": "brand"}}, "map: then nothing"),
        ({"steps": [BrandStep()]}, "steps: then .*capitals"),
    ],
    ids=["input", "limit", "chunk rows", "map", "steps"],
)
def test_another_run_is_not_carried_on(
    tmp_path: Path, run: Runner, change: dict[str, Any], told: str
) -> None:
    path, out = write_rows(tmp_path / "in.csv", make_rows(10)), tmp_path / "out.csv"
    with pytest.raises(Stop):
        run(path, out, progress=stop_after(3))
    given = dict(change)
    write_rows(path, make_rows(given.pop("rows", 10)))
    with pytest.raises(SettingError, match=f"another one and cannot be carried on.*{told}"):
        run(path, out, mode="resume", **given)
    assert run(path, out, mode="overwrite", **given).resumed == 0


def test_an_output_that_is_there_is_kept_until_the_new_one_is_whole(
    tmp_path: Path, run: Runner
) -> None:
    path, out = write_rows(tmp_path / "in.csv", make_rows(10)), tmp_path / "out.csv"
    out.write_text("precious", encoding="utf-8")
    with pytest.raises(SettingError, match="--overwrite replaces it"):
        run(path, out)
    with pytest.raises(Stop):
        run(path, out, mode="overwrite", progress=stop_after(3))
    assert out.read_text("utf-8") == "precious"
    run(path, out, mode="resume")
    assert len(read_rows(out)) == 10


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("out.xlsx", "extension is .xlsx. Allowed: .csv .tsv"),
        ("none/out.csv", "no folder"),
        ("in.csv", "is the input itself"),
        ("folder.csv", "is a folder"),
    ],
)
def test_an_output_that_cannot_be_is_told(
    tmp_path: Path, run: Runner, name: str, reason: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    path = write_rows(tmp_path / "in.csv", make_rows(2))
    with pytest.raises(SettingError, match=reason):
        run(path, tmp_path / name, mode="overwrite")
    assert len(read_rows(path)) == 2


def test_what_fails_before_a_chunk_leaves_nothing(tmp_path: Path, run: Runner) -> None:
    path = tmp_path / "in.csv"
    path.write_text("id,colour\n1,red\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="no column for title"):
        run(path, tmp_path / "out.csv")
    with pytest.raises(Stop):
        run(write_rows(path, make_rows(2)), tmp_path / "out.csv", progress=stop_after(0))
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


def test_a_second_process_is_kept_out(tmp_path: Path, run: Runner) -> None:
    path, out = write_rows(tmp_path / "in.csv", make_rows(2)), tmp_path / "out.csv"
    with (
        journal.Journal(out, {}, resume=False, overwrite=False),
        pytest.raises(StorageError, match="Another process is writing"),
    ):
        run(path, out, mode="overwrite")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A disk that has room for so many flushes; each takes one."""
    room = [10**9]
    real = os.fsync

    def fsync(descriptor: int) -> None:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return room


@pytest.mark.parametrize("room", range(0, 12))
def test_a_disk_that_fills_loses_nothing(
    tmp_path: Path, run: Runner, full_disk: list[int], room: int
) -> None:
    path, out = write_rows(tmp_path / "in.csv", make_rows(10)), tmp_path / "out.csv"
    full_disk[0] = room
    with pytest.raises(StorageError, match="The disk is full"):
        run(path, out)
    full_disk[0] = 10**9
    if parts_folder(out).exists():
        run(path, out, mode="resume")
    else:
        run(path, out)
    assert [row["id"] for row in read_rows(out)] == [f"p{number}" for number in range(10)]


def test_chunks_are_joined_for_reading(
    tmp_path: Path, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    monkeypatch.setattr(assembly, "GROUP_ROWS", 6)
    run(write_rows(tmp_path / "in.csv", make_rows(10)), tmp_path / "out.parquet")
    assert pq.ParquetFile(tmp_path / "out.parquet").num_row_groups == 2
