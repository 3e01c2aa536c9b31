"""With the embedded models: the sample's dialogues, and the chat model beside the rules."""

import shutil
from pathlib import Path

import pytest

from shopclerk.evals import agent
from shopclerk.settings import load_settings
from shopclerk.shop import Shop, sample_file

pytestmark = pytest.mark.models

MESSAGES = [
    "hello",
    "blue mugs",
    "kettles under 60",
    "which of these is cheapest?",
    "the second one",
    "thanks",
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample: it is indexed, and the text encoder exported, once for all tests."""
    folder = tmp_path_factory.mktemp("models") / "data"
    shutil.copytree(sample_file().parent, folder)
    return folder


def test_the_sample_dialogues_succeed_by_rules(data: Path) -> None:
    report = agent.run(data, load_settings(home=data.parent, planner="rules"))
    assert report.metrics["turn_success"] >= 0.85
    assert report.metrics["grounded_rate"] == 1.0
    assert report.metrics["tool_error_rate"] == 0.0
    assert report.models["chat"] == "none"


def test_the_embedded_chat_model_plans_every_turn_alone(data: Path) -> None:
    settings = {"home": data.parent, "planner": "model", "plan_timeout_s": 20}
    with Shop.open(data / "catalog.jsonl", **settings) as shop:
        clerk = shop.assistant()
        turns = [clerk.ask(message, thread="t") for message in MESSAGES]
    assert clerk.model_problem is None
    assert all(turn.answer for turn in turns)
    assert all(call.status == "ok" for turn in turns for call in turn.tool_calls)
    assert {turn.planned_by for turn in turns} == {"model"}
    assert turns[1].products
    assert not turns[-1].products
