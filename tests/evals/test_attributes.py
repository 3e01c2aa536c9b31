"""The tasks `attributes` and `normalize`: metrics by hand, and runs over small folders."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.errors import DataFormatError
from shopclerk.evals import attributes, normalize
from shopclerk.finetune import attributes as training
from shopclerk.finetune.attribute_score import Tally, plain
from shopclerk.models.attribute_extractor import Extracted, Value
from shopclerk.settings import load_settings
from tests.attribute_rows import counted_extractor, lines, write

REPORT_KEYS = {"task", "n", "metrics", "latency_ms", "throughput_per_s", "models", "notes"}

# told, wanted, (micro_f1, precision, recall, na_f1)
TALLIES = {
    "equal": ([["Red"]], [["red"]], (1.0, 1.0, 1.0, None)),
    "white space": ([["navy  blue "]], [["Navy Blue"]], (1.0, 1.0, 1.0, None)),
    "other value": ([["Red"]], [["Blue"]], (0.0, 0.0, 0.0, None)),
    "told where null": ([["Red"]], [None], (0.0, 0.0, None, 0.0)),
    "null where told": ([None], [["Red"]], (0.0, None, 0.0, None)),
    "null right": ([None], [None], (None, None, None, 1.0)),
    "one of two": ([["Red"]], [["Red", "Blue"]], (0.6667, 1.0, 0.5, None)),
    "mixed": ([["Red"], None, ["XL"]], [["Red"], None, None], (0.6667, 0.5, 1.0, 0.6667)),
}


@pytest.mark.parametrize(("told", "wanted", "values"), TALLIES.values(), ids=TALLIES)
def test_metrics_by_hand(told, wanted, values):
    tally = Tally()
    for one, other in zip(told, wanted, strict=True):
        tally.add(one, other)
    assert tuple(tally.metrics().values()) == values


values = st.none() | st.lists(st.sampled_from(["red", "blue", "xl"]), min_size=1, max_size=3)


@given(st.lists(st.tuples(values, values), max_size=12), st.randoms())
def test_metrics_do_not_depend_on_the_order(pairs, draw):
    shuffled = list(pairs)
    draw.shuffle(shuffled)
    made = []
    for some in (pairs, shuffled):
        tally = Tally()
        for told, wanted in some:
            assert tally.add(told, wanted) == (plain(told) == plain(wanted))
        made.append(tally.metrics())
    assert made[0] == made[1]
    assert all(value is None or 0 <= value <= 1 for value in made[0].values())


class Scripted:
    """Tells the same values of every listing."""

    id = "scripted"

    def __init__(self, **told):
        self.told = told

    def extract(self, listings):
        found = []
        for listing in listings:
            answers = {}
            for spec in listing.attributes:
                text = self.told.get(spec.name)
                told = (Value(text, "title", 0, len(text), 0.9),) if text else ()
                answers[spec.name] = Extracted(spec.name, told, 0.9, self.id)
            found.append(answers)
        return found


def record(**values):
    return {"id": "1", "title": "Aldo Red Mug", "category": "Mugs", "attributes": values}


def test_a_report_has_its_form_and_lists_what_went_wrong(tmp_path):
    write(tmp_path / "test.jsonl", [record(Color=["Red"], Brand=["Aldo"], Size=None)])
    records, rows = attributes.read_labelled(tmp_path / "test.jsonl")
    report = attributes.judge(records, rows, Scripted(Color="red", Brand="Zelco"))
    assert report.metrics == {"micro_f1": 0.5, "precision": 0.5, "recall": 0.5, "na_f1": 1.0}
    assert report.record().keys() == REPORT_KEYS
    assert [failure["attribute"] for failure in report.failures] == ["Brand"]
    json.dumps(report.record())


def test_a_set_without_nulls_says_so(tmp_path):
    write(tmp_path / "test.jsonl", [record(Color=["Red"])])
    report = attributes.judge(*attributes.read_labelled(tmp_path / "test.jsonl"), Scripted())
    assert report.metrics["na_f1"] is None
    assert report.notes[0].startswith("na_f1 could not be computed")


BROKEN = {
    "no file": (None, "Cannot read"),
    "empty": ("", "holds no record"),
    "no json": ("{", "line 1: not JSON"),
    "no title": ('{"category": "x", "attributes": {}}', "'title' is missing"),
    "title is a number": ('{"title": 3, "category": "x", "attributes": {}}', "line 1: 'title'"),
    "values are numbers": (
        '{"title": "a", "category": "x", "attributes": {"Size": [3]}}',
        "line 1: the values of 'Size'",
    ),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told(tmp_path, text, message):
    if text is not None:
        (tmp_path / "test.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(DataFormatError, match=message):
        attributes.run(tmp_path, load_settings())


def test_a_broken_training_line_is_told(tmp_path):
    write(tmp_path / "test.jsonl", lines(4))
    (tmp_path / "train.jsonl").write_text('{"title": "a"}\n', encoding="utf-8")
    with pytest.raises(DataFormatError, match=r"train\.jsonl, line 1: .*'category' is missing"):
        attributes.run(tmp_path, load_settings())


@pytest.fixture
def quick(monkeypatch):
    """Let the task train by counts alone, in seconds."""
    changes = (
        "options.encoder=none",
        "options.start=none",
        "training.epochs=12",
        "training.batch=8",
    )
    monkeypatch.setattr(attributes, "CHANGES", (*attributes.CHANGES, *changes))


def test_the_task_learns_from_train_and_reads_test(tmp_path, quick):
    write(tmp_path / "train.jsonl", lines(60))
    write(tmp_path / "test.jsonl", lines(90)[60:])
    report = attributes.run(tmp_path, load_settings())
    assert report.n == 30
    assert report.metrics["micro_f1"] > 0.9
    assert report.metrics["na_f1"] > 0.8
    assert report.notes[0].startswith("Learned from train.jsonl")


def test_an_extractor_of_the_settings_is_judged_as_it_is(tmp_path, monkeypatch):
    folder = counted_extractor(tmp_path)
    write(tmp_path / "train.jsonl", lines(60))
    write(tmp_path / "test.jsonl", lines(8))
    monkeypatch.setattr(training, "train", None)
    report = attributes.run(tmp_path, load_settings(extractor=str(folder)))
    assert report.metrics["micro_f1"] > 0.9
    assert "as it is" in report.notes[0]


def normal(count):
    made = lines(count)
    for each in made:
        values = each["attributes"]
        length = values["Length"][0].split()[0]
        colour = values["Color"]
        each["normalized"] = {
            "Brand": [values["Brand"][0].upper()],
            "Color": [colour[0].lower()] if colour else None,
            "Length": [f"{float(length) * 10:g} mm"],
        }
    return made


def test_normalised_values_come_out_of_the_title(tmp_path, quick):
    write(tmp_path / "train.jsonl", normal(60))
    held = normal(90)[60:]
    for each in held:
        each["attributes"] = dict.fromkeys(each["attributes"])
    write(tmp_path / "test.jsonl", held)
    report = normalize.run(tmp_path, load_settings())
    assert (report.task, report.n) == ("normalize", 30)
    assert report.metrics["micro_f1"] > 0.9
    assert report.notes[-1].startswith("With the raw values given")


def test_a_shop_without_pairs_gets_the_tables(tmp_path):
    folder = counted_extractor(tmp_path)
    given = [{**record(Color=["Red"]), "normalized": {"Color": ["Red"], "Brand": ["Aldo"]}}]
    write(tmp_path / "test.jsonl", given)
    report = normalize.run(tmp_path, load_settings(extractor=str(folder)))
    assert report.metrics["micro_f1"] == 1.0


@pytest.mark.parametrize("value", [None, [], {"Color": "red"}, {"Color": [1]}], ids=str)
def test_broken_normalised_values_are_told(tmp_path, value):
    write(tmp_path / "test.jsonl", [{**record(Color=["Red"]), "normalized": value}])
    with pytest.raises(DataFormatError, match="record 1: 'normalized' must map"):
        normalize.run(tmp_path, load_settings())
