"""Reading evaluation files, timing, and the report."""

import pytest

from shopclerk.errors import DataFormatError
from shopclerk.evals.frame import Report, Stopwatch, read_records, run_task, tasks
from shopclerk.settings import load_settings

BROKEN = {
    "not json": ('{"id": 1}\n{"id": ', r"line 2: not JSON"),
    "list": ("[1]", r"line 1: a JSON object is needed"),
    "text": ('{"id": 1}\n\n"id"', r"line 3: a JSON object is needed"),
    "missing key": (
        '\n{"id": 1, "more": 2}\n{"more": 2}',
        r"line 3: the required key 'id' is missing",
    ),
}


@pytest.mark.parametrize(("text", "problem"), BROKEN.values(), ids=BROKEN)
def test_broken_records_name_file_line_and_key(tmp_path, text, problem):
    (tmp_path / "test.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(DataFormatError, match=rf"test\.jsonl, {problem}"):
        read_records(tmp_path / "test.jsonl", ("id",))


def test_unknown_keys_and_empty_lines_are_passed_over(tmp_path):
    (tmp_path / "test.jsonl").write_bytes(b'\n{"id": 1, "more": 2}\r\n  \n{"id": null}\n')
    assert read_records(tmp_path / "test.jsonl", ("id",)) == [{"id": 1, "more": 2}, {"id": None}]


@pytest.mark.parametrize("mark", ["\u2028", "\u0085", "\u2029"], ids=["U+2028", "U+0085", "U+2029"])
def test_line_marks_within_a_text_end_no_line(tmp_path, mark):
    (tmp_path / "test.jsonl").write_text(f'{{"id": "a{mark}b"}}\n', encoding="utf-8")
    assert read_records(tmp_path / "test.jsonl", ("id",)) == [{"id": f"a{mark}b"}]


@pytest.mark.parametrize("name", ["nosuch.jsonl", "binary.jsonl", "folder"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name):
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataFormatError, match=f"Cannot read .*{name}"):
        read_records(tmp_path / name, ())


def test_an_unknown_task_is_told_the_known_ones(tmp_path):
    with pytest.raises(
        DataFormatError, match=r"Unknown task 'sing'.*search, caption, ground, agent"
    ):
        run_task("sing", tmp_path, load_settings())


@pytest.mark.parametrize("name", tasks())
def test_a_missing_folder_is_named(tmp_path, name):
    with pytest.raises(DataFormatError, match=r"no folder .*nosuch"):
        run_task(name, tmp_path / "nosuch", load_settings())


def test_stopwatch_counts_laps():
    watch = Stopwatch([10.0, 20.0, 30.0, 40.0])
    assert watch.latency_ms() == {"p50": 25.0, "p95": 38.5}
    assert watch.per_second() == 40.0
    with watch.lap():
        pass
    assert len(watch.times_ms) == 5


def test_nothing_timed_is_null():
    watch = Stopwatch()
    assert watch.latency_ms() == {"p50": None, "p95": None}
    assert watch.per_second() is None


def test_report_keeps_failures_to_itself():
    report = Report("search", 0, {"mrr@10": None}, {}, None, {}, failures=({"turn": "a"},))
    assert report.record().keys() == {
        "task",
        "n",
        "metrics",
        "latency_ms",
        "throughput_per_s",
        "models",
        "notes",
    }
