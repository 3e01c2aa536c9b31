"""The task `ground`: its metrics by hand, and a run over a small folder."""

import json

import pytest

from shopclerk.errors import DataFormatError
from shopclerk.evals import ground
from shopclerk.evals.frame import read_records
from shopclerk.evals.ground import ground_metrics, judge
from shopclerk.models.embedded_locator import EmbeddedLocator
from shopclerk.models.locator import Located
from shopclerk.settings import load_settings
from tests.regions import ColourScorer, ScriptedLocator, drawn

REPORT_KEYS = {"task", "n", "metrics", "latency_ms", "throughput_per_s", "models", "notes"}
RED, BLUE = [20, 40, 120, 150], [180, 90, 300, 220]
METRICS = {
    "none": ([], None, None),
    "right": ([1.0, 0.8], 1.0, 0.9),
    "the bound counts": ([0.5, 0.49], 0.5, 0.495),
    "wrong": ([0.0], 0.0, 0.0),
}


@pytest.fixture
def folder(tmp_path):
    """A folder with one picture and, by `write`, some records."""
    objects = [("ellipse", "red", tuple(RED)), ("star", "blue", tuple(BLUE))]
    drawn("tiles", objects).save(tmp_path / "a.png")
    drawn("tiles", objects).resize((2_560, 1_920)).save(tmp_path / "large.png")
    return tmp_path


def write(folder, *records):
    path = folder / "test.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return read_records(path, ground.REQUIRED)


def record(phrase="red mug", boxes=None, image="a.png"):
    return {"image": image, "phrase": phrase, "boxes": boxes or [RED]}


@pytest.mark.parametrize(("overlaps", "enough", "mean"), METRICS.values(), ids=METRICS)
def test_metrics_by_hand(overlaps, enough, mean):
    assert ground_metrics(overlaps) == {"iou@0.5": enough, "mean_iou": mean}


def test_the_surest_box_is_laid_beside_the_best_of_the_boxes(folder):
    locator = ScriptedLocator(
        Located((20, 40, 120, 150), "mug", 0.9), Located((0, 0, 9, 9), "", 0.1)
    )
    report = judge(write(folder, record(boxes=[BLUE, RED])), folder, locator).record()
    assert report["metrics"] == {"iou@0.5": 1.0, "mean_iou": 1.0}
    assert (report["task"], report["n"], report["models"]) == ("ground", 1, {"locator": "scripted"})
    assert report.keys() == REPORT_KEYS
    assert locator.asked == [((320, 240), "red mug", 1)]


def test_boxes_are_in_pixels_of_the_original(folder):
    box = [edge * 8 for edge in RED]
    locator = ScriptedLocator(Located(tuple(edge * 3.2 for edge in RED), "mug", 0.9))
    report = judge(write(folder, record(boxes=[box], image="large.png")), folder, locator)
    assert locator.asked[0][0] == (1024, 768)
    assert report.metrics["mean_iou"] == pytest.approx(1.0)


def test_a_miss_is_kept_among_the_failures(folder):
    locator = ScriptedLocator(Located((180, 90, 300, 220), "mug", 0.9))
    report = judge(write(folder, record()), folder, locator)
    assert report.metrics == {"iou@0.5": 0.0, "mean_iou": 0.0}
    assert (report.failures[0]["phrase"], report.failures[0]["iou"]) == ("red mug", 0.0)


def test_nothing_found_is_a_miss(folder):
    assert judge(write(folder, record()), folder, ScriptedLocator()).metrics["iou@0.5"] == 0.0


def test_a_picture_that_cannot_be_read_is_left_out_and_counted(folder):
    (folder / "broken.jpg").write_bytes(b"")
    records = write(folder, record(), record(image="broken.jpg"))
    report = judge(records, folder, ScriptedLocator(Located(tuple(RED), "mug", 1.0)))
    assert (report.n, report.metrics["iou@0.5"]) == (1, 1.0)
    assert report.notes[0].startswith("1 records were left out. The first: ")
    assert "broken.jpg" in report.notes[0]


def test_no_records_no_metrics(folder):
    report = judge(write(folder), folder, ScriptedLocator())
    assert report.metrics == {"iou@0.5": None, "mean_iou": None}
    assert "No metric could be computed" in report.notes[-1]


def test_a_run_takes_the_locator_of_the_settings(folder, monkeypatch):
    write(folder, record(), record("blue star", [BLUE]))
    asked = []

    def open_locator(address, scorer):
        asked.append(address)
        return EmbeddedLocator(ColourScorer())

    monkeypatch.setattr(ground, "open_locator", open_locator)
    report = ground.run(folder, load_settings(locator="models/mine"))
    assert asked == ["models/mine"]
    assert report.metrics["iou@0.5"] == 1.0
    assert report.metrics["mean_iou"] > 0.7


@pytest.mark.models
def test_the_embedded_locator_runs(folder):
    write(folder, record())
    report = ground.run(folder, load_settings(threads=1))
    assert report.n == 1
    assert report.models["locator"].startswith("proposals | efficientnet-lite0-")


WRONG = {
    "a missing key": ({"image": "a.png", "phrase": "mug"}, "'boxes' is missing"),
    "no box": ({"image": "a.png", "phrase": "mug", "boxes": []}, "'boxes' is"),
    "a flat box": (record(boxes=[[5, 5, 5, 9]]), "x0 below x1"),
    "three numbers": (record(boxes=[[1, 2, 3]]), "x0, y0, x1, y1"),
    "words": (record(boxes=[["a", 0, 1, 1]]), "in pixels"),
    "no phrase": (record(phrase=" "), "'phrase' is ' '"),
    "null phrase": ({"image": "a.png", "phrase": None, "boxes": [RED]}, "'phrase' is None"),
}


@pytest.mark.parametrize(("line", "message"), WRONG.values(), ids=WRONG)
def test_a_broken_record_is_named(folder, line, message):
    (folder / "test.jsonl").write_text(json.dumps(line), encoding="utf-8")
    with pytest.raises(DataFormatError, match=rf"test\.jsonl, line 1: .*{message}"):
        ground.run(folder, load_settings())
