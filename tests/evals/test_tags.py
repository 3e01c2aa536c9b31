"""The task `tags`: metrics, parts of records, and a run over files."""

import pytest

from shopclerk.errors import DataFormatError
from shopclerk.evals import classify, tags
from shopclerk.settings import load_settings
from tests.fakes import HashEncoder
from tests.labelled import QuarterFeatures, as_rows, listings, write_rows


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch):
    monkeypatch.setattr(classify, "open_picture_features", lambda *_, **__: QuarterFeatures())
    monkeypatch.setattr(classify, "open_text_encoder", lambda *_, **__: HashEncoder())


@pytest.fixture
def rows(tmp_path):
    return as_rows(listings(tmp_path, tags=True), "tags")


def run(folder, train, test):
    write_rows(folder / "train.jsonl", train)
    write_rows(folder / "test.jsonl", test)
    return tags.run(folder, load_settings())


JUDGED = [
    (frozenset("ab"), tuple("abcde"), frozenset("ac")),
    (frozenset("a"), tuple("bcdef"), frozenset()),
]


def test_metrics_by_hand():
    found = tags.tag_metrics(JUDGED)
    assert found["precision@5"] == pytest.approx(0.2)
    assert found["recall@5"] == pytest.approx(0.5)
    assert found["micro_f1"] == pytest.approx(0.4)
    # a: one of two right, none wrong; b missed; c wrong.
    assert found["macro_f1"] == pytest.approx((2 / 3) / 3, abs=1e-4)


def test_nothing_tagged_has_no_metrics():
    assert set(tags.tag_metrics([(frozenset(), ("a",), frozenset())]).values()) == {None}


def test_a_run_learns_and_judges_all_parts(tmp_path, rows):
    test = [rows[1], {**rows[3], "title": None}, {**rows[5], "image": None}]
    report = run(tmp_path, rows[::2], test)
    assert report.n == 3
    assert report.metrics["recall@5"] == 1.0
    assert report.metrics["micro_f1, picture only"] == 1.0
    parts = {name for name in report.metrics if "records with" in name}
    assert parts == {
        f"micro_f1, records with {what}" for what in ("both", "no words", "no picture")
    }
    assert "2 groups of tags" in report.notes[0]


def test_a_tag_that_training_lacks_counts_as_missed(tmp_path, rows):
    report = run(tmp_path, rows, [{**rows[0], "tags": ["unheard", *rows[0]["tags"]]}])
    assert report.failures[0]["missing"] == ["unheard"]
    assert report.metrics["recall@5"] == pytest.approx(2 / 3, abs=1e-4)
    assert any("1 tags of test.jsonl are not in train.jsonl" in note for note in report.notes)


def test_nothing_to_read_is_given_no_tags(tmp_path, rows):
    report = run(tmp_path, rows, [{"image": None, "title": None, "tags": ["red"]}])
    assert report.metrics["micro_f1"] == 0
    assert any("1 records have nothing to read" in note for note in report.notes)


@pytest.mark.parametrize(
    ("train", "message"),
    [
        ([], "holds no example"),
        ([{"title": "a", "tags": "red"}], "record 1: 'tags' must be a list of texts"),
        ([{"title": "a", "tags": ["red"]}], "1 tags stand on"),
        ([{"title": "a"}], "the required key 'tags' is missing"),
    ],
    ids=["empty", "a text", "one tag", "no key"],
)
def test_training_data_that_does_not_work(tmp_path, rows, train, message):
    with pytest.raises(DataFormatError, match=message):
        run(tmp_path, train, rows[:2])
