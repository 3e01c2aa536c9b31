"""The task `classify`: metrics, what is left out, and a run over files."""

import pytest

from shopclerk.errors import DataFormatError
from shopclerk.evals import classify
from shopclerk.models.label_scores import accuracy, hierarchical_f1, macro_f1
from shopclerk.settings import load_settings
from tests.fakes import HashEncoder
from tests.labelled import QuarterFeatures, as_rows, listings, write_rows


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch):
    monkeypatch.setattr(classify, "open_picture_features", lambda *_, **__: QuarterFeatures())
    monkeypatch.setattr(classify, "open_text_encoder", lambda *_, **__: HashEncoder())


@pytest.fixture
def rows(tmp_path):
    return as_rows(listings(tmp_path), "label")


def run(folder, train, test):
    write_rows(folder / "train.jsonl", train)
    write_rows(folder / "test.jsonl", test)
    return classify.run(folder, load_settings())


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("A > B", "A > B")], 1.0),
        ([("A > B", "A > C")], 0.5),
        ([("A > B", "X > Y")], 0.0),
        ([("A > B > C", "A")], 0.5),
        ([("A > B", "A > B"), ("A", "X")], 2 / 3),
    ],
    ids=["right", "near kin", "strangers", "an ancestor", "two records"],
)
def test_hierarchical_f1_counts_shared_ancestors(pairs, expected):
    assert hierarchical_f1(pairs) == pytest.approx(expected)


def test_macro_f1_is_the_mean_over_labels():
    pairs = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")]
    assert accuracy(pairs) == 0.75
    assert macro_f1(pairs) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_a_run_learns_and_judges(tmp_path, rows):
    report = run(tmp_path, rows[::2], rows[1::2])
    assert report.n == 24
    assert report.metrics["top1"] == report.metrics["hierarchical_f1"] == 1.0
    assert set(report.metrics) == {"top1", "top5", "macro_f1", "hierarchical_f1"}
    assert report.latency_ms["p50"] > 0
    assert "Trained on 24 listings" in report.notes[0]


def test_a_label_that_training_lacks_counts_as_wrong(tmp_path, rows):
    report = run(tmp_path, rows[::2], [rows[1], {**rows[3], "label": "Unheard > Of"}])
    assert report.metrics["top1"] == 0.5
    assert report.failures[0]["label"] == "Unheard > Of"
    assert any("1 labels of test.jsonl are not in train.jsonl" in note for note in report.notes)


def test_what_cannot_be_seen_is_told(tmp_path, rows):
    bare = {"image": "none.jpg", "title": None, "description": None, "label": rows[0]["label"]}
    report = run(tmp_path, rows, [bare])
    assert any("1 pictures could not be read" in note for note in report.notes)
    assert any("were given the commonest label" in note for note in report.notes)


def test_an_empty_test_has_no_metrics(tmp_path, rows):
    report = run(tmp_path, rows, [])
    assert set(report.metrics.values()) == {None}
    assert any("Nothing could be computed" in note for note in report.notes)


@pytest.mark.parametrize(
    ("train", "message"),
    [
        ([], "holds no example"),
        ([{"image": None, "title": "a", "label": "A"}] * 3, "All listings have one label"),
        ([{"title": "a", "label": "A"}], "line 1: the required key 'image' is missing"),
    ],
    ids=["empty", "one label", "no key"],
)
def test_training_data_that_does_not_work(tmp_path, rows, train, message):
    with pytest.raises(DataFormatError, match=message):
        run(tmp_path, train, rows[:2])
