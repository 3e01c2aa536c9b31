from shopclerk.agents.assistant import Step
from shopclerk.agents.turn import Timings, Turn
from shopclerk.ui import transcript
from shopclerk.ui.conversations import Message

TALK = [
    Message("user", "a mug"),
    Message(
        "assistant",
        "Two:\n1. one",
        (("Searched the catalogue", "2 fit"), ("planned by rules, 0.02 s", "")),
    ),
    Message("user", "<b>thanks</b>"),
    Message("assistant", "Welcome."),
]


def test_steps_are_folded_before_the_answer():
    shown = transcript.shown(TALK)
    assert [each["role"] for each in shown] == [
        "user",
        "assistant",
        "assistant",
        "user",
        "assistant",
    ]
    assert shown[1]["metadata"] == {
        "title": "Searched the catalogue, planned by rules, 0.02 s", "status": "done",
    }  # fmt: skip
    assert "&lt;b&gt;" in shown[3]["content"]


def test_an_entry_belongs_to_its_message():
    assert [transcript.number_of(TALK, entry) for entry in range(6)] == [0, 1, 1, 2, 3, None]


def test_steps_tell_tools_planner_and_time():
    steps = [Step("tool", "search_catalog"), Step("result", "3 fit"), Step("tool", "of_the_future")]
    turn = Turn("ok", planned_by="model", timings_ms=Timings(10, 1500))
    assert transcript.steps_of(steps, turn) == (
        ("Searched the catalogue", "3 fit"),
        ("of_the_future", ""),
        ("planned by the chat model, 1.50 s", ""),
    )


def test_work_under_way_says_what_is_done():
    assert transcript.working([])["metadata"]["title"] == transcript.WORKING
    doing = transcript.working([Step("tool", "describe_image")])
    assert doing["metadata"] == {"title": "Looked at the photo", "status": "pending"}
