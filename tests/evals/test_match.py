"""Task match."""

import pytest

from shopclerk.errors import DataFormatError
from shopclerk.evals.frame import run_task
from shopclerk.evals.match import judge, read_pool
from shopclerk.settings import Settings
from tests.matching import invented_pairs, small_matcher, write_pairs


@pytest.fixture
def data(tmp_path):
    records = invented_pairs(80)
    write_pairs(tmp_path / "train.jsonl", records[:150])
    write_pairs(tmp_path / "valid.jsonl", records[150:195])
    write_pairs(tmp_path / "test.jsonl", records[195:])
    return tmp_path


def test_it_trains_and_measures(data):
    report = judge(read_pool(data), small_matcher())
    assert report.models == {"matcher": "trained on train.jsonl"}
    assert report.n == 45
    assert report.metrics["f1"] > 0.8
    assert report.notes[0].startswith("Trained on 150 pairs")


def test_without_training_the_shipped_matcher_judges(data):
    (data / "train.jsonl").unlink()
    (data / "valid.jsonl").unlink()
    report = run_task("match", data, Settings())
    assert report.models["matcher"].startswith("matcher-")
    assert report.metrics["average_precision"] > 0.7


def test_too_few_pairs_to_train_on_are_told(data):
    write_pairs(data / "train.jsonl", invented_pairs(3))
    report = judge(read_pool(data), small_matcher())
    assert report.models == {"matcher": "tiny"}
    assert "training needs 10 of each" in report.notes[0]


def test_labels_of_the_test_pairs_change_no_probability(data):
    before = judge(read_pool(data), small_matcher()).failures
    turned = [{**record, "label": 1 - record["label"]} for record in invented_pairs(80)[195:]]
    write_pairs(data / "test.jsonl", turned)
    after = judge(read_pool(data), small_matcher()).failures
    sure = {(f["left"], f["right"]): f["probability"] for f in after}
    assert not {(f["left"], f["right"]) for f in before} & sure.keys()
    assert len(before) + len(after) == 45


def test_a_copy_of_a_pair_in_another_file_is_no_rival(data):
    alone = judge(read_pool(data), small_matcher()).metrics
    (data / "valid.jsonl").write_bytes((data / "test.jsonl").read_bytes())
    doubled = judge(read_pool(data), small_matcher()).metrics
    assert doubled["average_precision"] == pytest.approx(alone["average_precision"], abs=0.1)


def test_no_pair_of_the_same_product(data):
    write_pairs(data / "test.jsonl", [r for r in invented_pairs(20) if not r["label"]])
    report = judge(read_pool(data), small_matcher())
    assert report.metrics["f1"] is None
    assert "average_precision could not be computed" in report.notes[-1]


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({"left": {"id": "a", "title": "x"}, "right": {"id": "b"}, "label": 1}, "'right' must be"),
        ({"left": "x", "right": "y", "label": 1}, "'left' must be"),
        (
            {"left": {"id": "a", "title": "x"}, "right": {"id": "b", "title": "y"}, "label": 2},
            "'label' must be",
        ),
        ({"left": {}, "right": {}}, "key 'label' is missing"),
    ],
    ids=["no title", "no product", "label", "no label"],
)
def test_broken_records(tmp_path, record, complaint):
    write_pairs(tmp_path / "test.jsonl", [record])
    with pytest.raises(DataFormatError, match=complaint):
        read_pool(tmp_path)


def test_the_test_file_must_be_there(tmp_path):
    with pytest.raises(DataFormatError, match=r"test\.jsonl"):
        read_pool(tmp_path)
