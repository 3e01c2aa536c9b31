"""The task `search`: its metrics by hand, and a run over a small folder."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shopclerk.errors import DataFormatError, FilterError
from shopclerk.evals.frame import run_task
from shopclerk.evals.search import ndcg, ranking_metrics, recall, reciprocal_rank
from shopclerk.settings import load_settings
from tests.fakes import FakeEye, HashEncoder
from tests.pictured import painted, pictured_catalog

REPORT_KEYS = {"task", "n", "metrics", "latency_ms", "throughput_per_s", "models", "notes"}
METRICS = {"ndcg@10", "mrr@10", "recall@1", "recall@10", "recall@100"}

# found, gains, depth, value
NDCG = {
    "perfect": ("ab", {"a": 3, "b": 1}, 10, 1.0),
    "swapped": ("ba", {"a": 3, "b": 1}, 10, (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))),
    "third": ("xya", {"a": 1}, 10, 0.5),
    "half": ("a", {"a": 1, "b": 1}, 10, 1 / (1 + 1 / math.log2(3))),
    "too deep": ("xya", {"a": 1}, 2, 0.0),
    "ideal is cut too": ("a", {"a": 1, "b": 1}, 1, 1.0),
    "nothing found": ("", {"a": 1}, 10, 0.0),
    "gains of nought": ("a", {"a": 0}, 10, 0.0),
}
RANK = {
    "first": ("ab", {"a": 1}, 10, 1.0),
    "second": ("xa", {"a": 1}, 10, 0.5),
    "the better placed": ("xba", {"a": 3, "b": 1}, 10, 0.5),
    "too deep": ("xxa", {"a": 1}, 2, 0.0),
    "gain of nought": ("ba", {"b": 0, "a": 1}, 10, 0.5),
    "none": ("xy", {"a": 1}, 10, 0.0),
}
SETTINGS = {"image_encoder": "none"}
RECALL = {
    "all": ("ab", {"a": 1, "b": 2}, 10, 1.0),
    "half": ("ax", {"a": 1, "b": 2}, 10, 0.5),
    "cut": ("xab", {"a": 1, "b": 2}, 2, 0.5),
    "gain of nought": ("a", {"a": 1, "b": 0}, 10, 1.0),
    "none wanted": ("a", {"a": 0}, 10, 0.0),
}


@pytest.mark.parametrize(
    ("metric", "found", "gains", "depth", "value"),
    [
        (metric, *case)
        for metric, cases in ((ndcg, NDCG), (reciprocal_rank, RANK), (recall, RECALL))
        for case in cases.values()
    ],
    ids=[
        f"{metric}-{name}"
        for metric, cases in (("ndcg", NDCG), ("mrr", RANK), ("recall", RECALL))
        for name in cases
    ],
)
def test_metric_by_hand(metric, found, gains, depth, value):
    assert metric(list(found), gains, depth) == pytest.approx(value)


@given(
    found=st.permutations("abcdef"),
    gains=st.dictionaries(st.sampled_from("abcxyz"), st.integers(0, 3), min_size=1),
    depth=st.integers(1, 8),
)
def test_metrics_lie_between_nought_and_one(found, gains, depth):
    for metric in (ndcg, reciprocal_rank, recall):
        assert 0 <= metric(found, gains, depth) <= 1 + 1e-9
    ideal = sorted(gains, key=lambda product: -gains[product])
    assert ndcg(ideal, gains, depth) == pytest.approx(1.0 if any(gains.values()) else 0.0)
    assert recall(found, gains, depth) <= recall(found, gains, depth + 1)


def test_metrics_are_means():
    metrics = ranking_metrics([["a"], ["x", "b"], ["x"]], [{"a": 1}, {"b": 1}, {}])
    assert metrics == {
        "ndcg@10": round((1 + 1 / math.log2(3)) / 2, 4),
        "mrr@10": 0.75,
        "recall@1": 0.5,
        "recall@10": 1.0,
        "recall@100": 1.0,
    }


def test_no_queries_no_metrics():
    assert ranking_metrics([], []) == dict.fromkeys(METRICS)


# -- a folder ----------------------------------------------------------------------------------------


@pytest.fixture
def evaluate(catalog_file, monkeypatch):
    """Run the task over some queries."""
    monkeypatch.setattr("shopclerk.served.open_text_encoder", lambda *_, **__: HashEncoder())

    def run(*queries):
        lines = [json.dumps(query, ensure_ascii=False) for query in queries]
        (catalog_file.parent / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return run_task("search", catalog_file.parent, load_settings(**SETTINGS)).record()

    return run


def test_report_has_the_keys_of_the_format(evaluate):
    report = evaluate({"id": "1", "query": "electric kettle", "relevant": {"kettle-1": 1}})
    assert report.keys() == REPORT_KEYS
    assert report["metrics"] == dict.fromkeys(METRICS, 1.0)
    assert report["latency_ms"].keys() == {"p50", "p95"}
    assert (report["task"], report["n"], report["notes"]) == ("search", 1, ())
    assert report["models"] == {"text_encoder": "hash-64", "reranker": "none"}
    assert report["throughput_per_s"] > 0
    json.dumps(report)


def test_filters_hold(evaluate):
    query = {"id": "1", "query": "running shoes", "relevant": {"run-2": 1}}
    blue = {"gender": {"==": "women"}}
    assert evaluate({**query, "filters": blue})["metrics"]["recall@1"] == 1.0
    assert evaluate({**query, "filters": {"price": {">": 500}}})["metrics"]["recall@100"] == 0.0


def test_queries_of_nothing_are_left_out_and_counted(evaluate):
    report = evaluate(
        {"id": "1", "query": "kettle", "relevant": {"kettle-1": 1}},
        {"id": "2", "query": None, "image": None, "relevant": {"mug-1": 1}},
        {"id": "3", "query": "", "relevant": {"mug-1": 1}},
    )
    assert report["n"] == 1
    assert report["notes"] == ("2 queries with neither words nor a picture were left out.",)


def test_pictures_asked_of_a_catalogue_without_any_are_misses_with_a_note(evaluate):
    report = evaluate(
        {"id": "1", "query": "kettle", "relevant": {"kettle-1": 1}},
        {"id": "2", "query": "mug", "image": "a.jpg", "relevant": {"mug-1": 1}},
    )
    assert (report["n"], report["metrics"]["recall@100"]) == (2, 0.5)
    assert report["notes"] == ("Query 2 found nothing: this catalogue has no pictures to look at.",)


@pytest.mark.parametrize(
    "queries", [[], [{"id": "1", "query": "mug", "relevant": {}}]], ids=["none", "no gains"]
)
def test_what_cannot_be_computed_is_null_and_noted(evaluate, queries):
    report = evaluate(*queries)
    assert report["metrics"] == dict.fromkeys(METRICS)
    assert "No metric could be computed" in report["notes"][-1]


def test_a_wrong_filter_is_an_error(evaluate):
    query = {"id": "1", "query": "mug", "relevant": {"mug-1": 1}, "filters": {"price": {"~": 1}}}
    with pytest.raises(FilterError, match="Unknown filter operator '~'"):
        evaluate(query)


def test_a_missing_key_is_named(evaluate):
    with pytest.raises(DataFormatError, match=r"queries\.jsonl, line 1: .*'relevant' is missing"):
        evaluate({"id": "1", "query": "mug"})


# -- pictures ----------------------------------------------------------------------------------------


@pytest.fixture
def look(tmp_path, monkeypatch):
    """Run the task over the pictured shop; files of queries lie beside it."""
    monkeypatch.setattr("shopclerk.served.open_text_encoder", lambda *_, **__: HashEncoder())
    monkeypatch.setattr("shopclerk.gallery.Gallery.eye", FakeEye())
    pictured_catalog(tmp_path)
    scene = Image.new("RGB", (400, 200), "white")
    scene.paste(painted("blue", "ball", 200), (0, 0))
    scene.paste(painted("green", "box", 200), (200, 0))
    scene.save(tmp_path / "scene.png")
    (tmp_path / "broken.jpg").write_bytes(b"no picture")

    def run(*queries, **settings):
        lines = [json.dumps(query) for query in queries]
        (tmp_path / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
        given = load_settings(**{"picture_head": "none", **settings})
        return run_task("search", tmp_path, given).record()

    return run


BOXES = {"left": ([0, 0, 200, 200], "blue-ball"), "right": ([200, 0, 400, 200], "green-box")}


@pytest.mark.parametrize(("box", "wanted"), BOXES.values(), ids=BOXES)
def test_a_region_of_a_picture_is_asked_with(look, box, wanted):
    report = look({"id": "1", "image": "scene.png", "box": box, "relevant": {wanted: 1}})
    assert report["metrics"]["recall@1"] == 1.0
    assert report["models"]["image_encoder"] == "quarters-1"
    assert report["models"]["pictures_by"].startswith("class names")


def test_each_kind_is_reported(look):
    image = {"image": "images/red-ball.png"}
    report = look(
        {"id": "1", "kind": "photo", **image, "relevant": {"red-ball": 1}},
        {"id": "2", "kind": "photo", **image, "relevant": {"nothing": 1}},
        {"id": "3", "kind": "words", "query": "green box", "relevant": {"green-box": 1}},
        {"id": "4", "query": "pair of cones", "relevant": {"pair": 1}},
    )
    assert report["metrics"]["ndcg@10 photo"] == 0.5
    assert report["metrics"]["ndcg@10 words"] == 1.0
    assert report["metrics"].keys() - METRICS == {"ndcg@10 photo", "ndcg@10 words"}


def test_words_and_filters_go_with_a_picture(look):
    asked = {"image": "images/red-ball.png", "query": "box", "relevant": {"red-box": 1}}
    assert look({"id": "1", **asked})["metrics"]["recall@1"] == 1.0
    cheap = {"filters": {"price": {"<": 50}}}
    assert look({"id": "1", **asked, **cheap})["metrics"]["recall@100"] == 0.0


BAD = {
    "broken": ({"image": "broken.jpg"}, "is text; readable are"),
    "missing": ({"image": "nowhere.jpg"}, "nowhere.jpg"),
    "box outside": ({"image": "scene.png", "box": [900, 0, 950, 10]}, "lies outside the picture"),
    "no box": ({"image": "scene.png", "box": [1, 2]}, "takes 4 finite numbers"),
}


@pytest.mark.parametrize(("query", "told"), BAD.values(), ids=BAD)
def test_a_picture_that_cannot_be_asked_with_is_a_miss_with_a_note(look, query, told):
    report = look(
        {"id": "bad", **query, "relevant": {"red-ball": 1}},
        {"id": "good", "image": "images/red-ball.png", "relevant": {"red-ball": 1}},
    )
    assert (report["n"], report["metrics"]["recall@1"]) == (2, 0.5)
    (note,) = report["notes"]
    assert note.startswith("Query bad found nothing: ")
    assert told in note


def test_too_few_pictures_to_learn_from_are_noted(look):
    pytest.importorskip("torch", reason="learning needs torch")
    asked = {"id": "1", "image": "images/red-ball.png", "relevant": {"red-ball": 1}}
    (note,) = look(asked, picture_head="auto")["notes"]
    assert note.startswith("No picture head of the shop's own: ")
