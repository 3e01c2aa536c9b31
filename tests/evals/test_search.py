"""The task `search`: its metrics by hand, and a run over a small folder."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.errors import DataFormatError, FilterError
from shopclerk.evals.frame import run_task
from shopclerk.evals.search import ndcg, ranking_metrics, recall, reciprocal_rank
from shopclerk.settings import load_settings
from tests.fakes import HashEncoder

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
    monkeypatch.setattr("shopclerk.shop.open_text_encoder", lambda *_, **__: HashEncoder())

    def run(*queries):
        lines = [json.dumps(query, ensure_ascii=False) for query in queries]
        (catalog_file.parent / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return run_task("search", catalog_file.parent, load_settings()).record()

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


def test_pictures_are_left_out_and_counted(evaluate):
    report = evaluate(
        {"id": "1", "query": "kettle", "relevant": {"kettle-1": 1}},
        {"id": "2", "query": None, "image": "a.jpg", "relevant": {"mug-1": 1}},
        {"id": "3", "query": "mug", "image": "a.jpg", "relevant": {"mug-1": 1}},
    )
    assert report["n"] == 1
    assert report["notes"] == ("2 queries with a picture or without words were left out.",)


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
