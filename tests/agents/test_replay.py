"""Conversations in invented shops, played through the serving code."""

import json
from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from shopclerk.agents.context import Context
from shopclerk.agents.decision import decision_prompt
from shopclerk.agents.reading import Reading
from shopclerk.agents.replay import WordHashEncoder, open_invented_shop
from shopclerk.finetune.data.tool_use import Example, play_conversations, played_examples


@pytest.fixture(scope="module")
def played() -> tuple[list[Example], Counter[str]]:
    dropped: Counter[str] = Counter()
    examples = play_conversations([11, 12], open_invented_shop, conversations=25, dropped=dropped)
    return list(examples), dropped


def test_most_turns_hold_and_every_action_occurs(
    played: tuple[list[Example], Counter[str]],
) -> None:
    examples, dropped = played
    assert len(examples) > 200
    assert dropped.total() < 0.02 * len(examples)
    actions = {json.loads(example.answer)["action"] for example in examples}
    assert actions == {
        "new", "refine", "more", "cheaper", "dearer", "product", "compare", "similar", "reply",
    }  # fmt: skip


def test_labels_are_decisions_and_their_calls_ran(
    played: tuple[list[Example], Counter[str]],
) -> None:
    for example in played[0]:
        said = json.loads(example.answer)
        assert set(said) & {"action"}
        assert (example.tool is None) is (
            said["action"] == "reply"
        ) or example.intention.startswith("picture")
        for name, verdict in said.items():
            if name not in ("action", "drop", "number", "numbers", "kind"):
                assert verdict in ("want", "not", "skip")
                assert name in example.messages[1][1]


def test_prompts_are_those_that_are_served(played: tuple[list[Example], Counter[str]]) -> None:
    served = decision_prompt(Reading("hello"), [], Context())
    assert all(example.messages[0] == served[0] for example in played[0])
    assert all("Message: " in example.messages[1][1] for example in played[0])


def test_asides_exclusions_and_drops_are_taught(played: tuple[list[Example], Counter[str]]) -> None:
    said = [json.loads(example.answer) for example in played[0]]
    verdicts = Counter(v for one in said for v in one.values() if isinstance(v, str))
    assert verdicts["skip"] > 20
    assert verdicts["not"] > 4
    assert sum("drop" in one for one in said) > 5


def test_the_same_seeds_give_the_same_examples() -> None:
    one, other = (
        played_examples([3], open_invented_shop, conversations=3, split="heldout") for _ in range(2)
    )
    assert one == other
    assert one[0].keys() >= {"messages", "answer"}


def test_the_hash_encoder_gives_unit_vectors() -> None:
    vectors = WordHashEncoder().encode(["red shoes", "", "shoes red"])
    assert vectors.shape == (3, 256)
    assert abs((vectors**2).sum(axis=1) - 1).max() < 1e-5
    assert (vectors[0] == vectors[2]).all()


def test_schemas_of_training_are_schemas_of_serving() -> None:
    from shopclerk.agents.decision import decision_schema

    Draft202012Validator.check_schema(decision_schema([], Context()))
