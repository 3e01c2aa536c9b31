"""The task `agent`: a small folder played from end to end by the rules."""

import json

import pytest

from shopclerk.errors import DataFormatError
from shopclerk.evals.frame import run_task
from shopclerk.settings import load_settings
from tests.fakes import HashEncoder

GOOD = {
    "id": "good",
    "turns": [
        {
            "user": "hiking boots",
            "image": None,
            "expect": {"shown": {"category": {"contains": "boots"}}, "shown_min": 2},
        },
        {
            "user": "which of these is the cheapest?",
            "expect": {"answer_has_cheapest_of_previous": True},
        },
    ],
}
MIXED = {
    "id": "mixed",
    "turns": [
        {"user": "do you sell helicopters?", "expect": {"not_carried": True}},
        {"user": "hiking boots", "expect": {"shown_min": 50, "first_id": "nope"}},
        {"user": "hello"},
    ],
}


@pytest.fixture
def evaluate(catalog_file, monkeypatch):
    """Run the task over some dialogues."""
    monkeypatch.setattr("shopclerk.served.open_text_encoder", lambda *_, **__: HashEncoder())

    def run(*dialogues):
        lines = "".join(json.dumps(dialogue) + "\n" for dialogue in dialogues)
        (catalog_file.parent / "dialogues.jsonl").write_text(lines, encoding="utf-8")
        return run_task(
            "agent", catalog_file.parent, load_settings(planner="rules", image_encoder="none")
        )

    return run


def test_report_has_the_keys_of_the_format(evaluate):
    report = evaluate(GOOD).record()
    assert report.keys() == {
        "task",
        "n",
        "metrics",
        "latency_ms",
        "throughput_per_s",
        "models",
        "notes",
    }
    assert (report["task"], report["n"], report["notes"]) == ("agent", 2, ())
    models = {"planner": "rules", "chat": "none", "adapter": "none", "text_encoder": "hash-64"}
    assert report["models"] == models
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p95"]
    json.dumps(report)


def test_turns_and_dialogues_are_counted(evaluate):
    report = evaluate(GOOD, MIXED)
    assert report.record()["metrics"] == {
        "turn_success": 0.8,
        "dialogue_success": 0.5,
        "grounded_rate": 1.0,
        "tool_error_rate": 0.0,
        "planned_by_model": 0.0,
    }
    (failure,) = report.failures
    assert (failure["turn"], failure["unmet"]) == ("mixed.2", ["shown_min", "first_id"])
    json.dumps(failure)


def test_an_invented_price_is_not_grounded(evaluate, monkeypatch):
    monkeypatch.setattr(
        "shopclerk.agents.answers.reply", lambda *_: "Hello! Mugs are $99.95 today."
    )
    report = evaluate({"id": "d", "turns": [{"user": "hello"}]})
    assert report.metrics["grounded_rate"] == 0.0
    assert report.metrics["turn_success"] == 1.0
    assert report.failures[0]["invented"] == ["$99.95"]


@pytest.mark.parametrize(
    ("dialogues", "missing"),
    [
        ([], {"turn_success", "dialogue_success", "grounded_rate", "tool_error_rate"}),
        ([{"id": "d", "turns": [{"user": "hello"}]}], {"tool_error_rate"}),
    ],
    ids=["no dialogues", "no tool calls"],
)
def test_what_cannot_be_computed_is_null_and_noted(evaluate, dialogues, missing):
    report = evaluate(*dialogues)
    unknown = {name for name, value in report.metrics.items() if value is None}
    assert unknown - {"planned_by_model"} == missing
    assert all(name in report.notes[0] for name in missing)


BROKEN = {
    "no turns": ({"id": "d"}, r"dialogues\.jsonl, line 1: .*'turns' is missing"),
    "no user": ({"id": "d", "turns": [{"expect": {}}]}, r"dialogue d, turn 1: .*'user' is missing"),
    "turn is a text": ({"id": "d", "turns": ["hello"]}, r"dialogue d, turn 1: .*'user' is missing"),
    "unknown expectation": (
        {"id": "d", "turns": [{"user": "hi", "expect": {"shows": 1}}]},
        "Unknown expectation 'shows'",
    ),
}


@pytest.mark.parametrize(("dialogue", "problem"), BROKEN.values(), ids=BROKEN)
def test_broken_dialogues_are_explained(evaluate, dialogue, problem):
    with pytest.raises(DataFormatError, match=problem):
        evaluate(dialogue)
