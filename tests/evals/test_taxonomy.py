"""Task `taxonomy`."""

import json
from pathlib import Path

import pytest

from shopclerk.catalog.mappings import Mapping
from shopclerk.errors import DataFormatError
from shopclerk.evals import taxonomy as task
from shopclerk.models.category_mapper import CategoryMapping, Suggestion
from shopclerk.models.category_memory import Confirmed
from shopclerk.settings import load_settings
from tests.taxonomies import SHOPIFY, small, small_mapper

RECORDS = [
    {"source": "table lamps", "title": None, "target": "Home > Lighting > Table Lamps"},
    {"source": "misc", "target": "Home > Decor"},
]


def folder(tmp_path: Path, records, train=()) -> Path:
    (tmp_path / "taxonomy.txt").write_text(SHOPIFY, encoding="utf-8")
    (tmp_path / "test.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    if train:
        (tmp_path / "train.jsonl").write_text("\n".join(map(json.dumps, train)), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(monkeypatch):
    """Run the task with a plain scorer and a hash encoder."""

    def open_mapper(_settings, _taxonomy, *, mappings: list[Mapping]):
        return small_mapper([Confirmed(each.source, each.path, each.title) for each in mappings])

    monkeypatch.setattr(task, "open_mapper", open_mapper)
    return lambda data: task.run(data, load_settings())


def test_right_and_unmapped_texts_are_counted(run, tmp_path):
    report = run(folder(tmp_path, RECORDS))
    assert report.n == 2
    assert report.metrics["top1"] == 0.5
    assert report.metrics["unmapped_rate"] == 0.5
    assert report.models["category_mapper"] == "plain"
    assert [each["source"] for each in report.failures] == ["misc"]
    assert report.failures[0]["given"] is None


def test_train_plays_the_part_of_confirmed_mappings(run, tmp_path):
    train = [{"source": "misc", "target": "Home > Decor"}]
    report = run(folder(tmp_path, RECORDS, train))
    assert report.metrics["top1"] == 1.0
    assert any("1 confirmed mappings" in note for note in report.notes)


def test_a_target_that_the_taxonomy_lacks_is_noted(run, tmp_path):
    report = run(folder(tmp_path, [{"source": "lamps", "target": "Nowhere"}]))
    assert any("1 targets are no category" in note for note in report.notes)


def test_no_records(run, tmp_path):
    report = run(folder(tmp_path, []))
    assert report.metrics["top1"] is None
    assert any("no records" in note for note in report.notes)


@pytest.mark.parametrize(
    ("record", "said"),
    [({"source": "a"}, "'target' is missing"), ({"source": 1, "target": "a"}, "are texts"),
     ({"source": "a", "target": ""}, "not empty")],
    ids="missing number empty".split(),
)  # fmt: skip
def test_broken_records_are_named(run, tmp_path, record, said):
    with pytest.raises(DataFormatError, match=said):
        run(folder(tmp_path, [record]))


def test_the_metrics_by_hand():
    def mapping(path: str, mapped: bool = True) -> CategoryMapping:
        return CategoryMapping((Suggestion("1", path, 0.9, ""),), mapped, 0.1, "x")

    pairs = [
        ("A > B > C", mapping("A > B > C")),
        ("A > B > C", mapping("A > B")),
        ("A > B", mapping("A > B", mapped=False)),
    ]
    assert task.mapping_metrics(pairs) == {
        "top1": 0.3333,
        "top5": 0.6667,
        # Shared 3 + 2 + 0 of (3 + 3) + (3 + 2) + (2 + 0) levels.
        "hierarchical_f1": round(2 * 5 / 13, 4),
        "unmapped_rate": 0.3333,
    }


def test_the_taxonomy_of_the_fakes_is_the_one_of_the_file(tmp_path):
    from shopclerk.catalog.taxonomy_readers import open_taxonomy

    data = folder(tmp_path, RECORDS)
    assert {c.full_name for c in open_taxonomy(data / "taxonomy.txt")} == {
        c.full_name for c in small()
    }
