"""A conversation as the chat box shows it."""

from collections.abc import Sequence
from typing import Any

from shopclerk.agents.assistant import Step
from shopclerk.agents.turn import Turn
from shopclerk.ui.cards import as_text, photo_html
from shopclerk.ui.conversations import Message

STEP_CHARS = 600
WORKING = "Looking …"
_DOING = {
    "search_catalog": "Searched the catalogue",
    "find_similar": "Looked for similar products",
    "get_product": "Opened a product",
    "compare_products": "Compared products",
    "describe_image": "Looked at the photo",
    "locate_in_image": "Searched the photo",
}
_PLANNERS = {"rules": "planned by rules", "model": "planned by the chat model"}


def shown(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Return messages for the chat box: before an answer, its steps, folded."""
    return [entry for message in messages for entry in _entries(message)]


def number_of(messages: Sequence[Message], entry: int) -> int | None:
    """Return which message an entry of the chat box belongs to."""
    place = 0
    for number, message in enumerate(messages):
        place += len(_entries(message))
        if entry < place:
            return number
    return None


def _entries(message: Message) -> list[dict[str, Any]]:
    photo = f"{photo_html(message.photo)}\n\n" if message.photo else ""
    entry = {"role": message.role, "content": photo + _lines(message.text)}
    if not message.steps:
        return [entry]
    return [_folded(message.steps), entry]


def _lines(text: str) -> str:
    """Return text with its line breaks, nothing of it taken for marks."""
    return "  \n".join(as_text(line) for line in text.splitlines())


def _folded(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    title = steps[-1][0] if len(steps) == 1 else f"{steps[0][0]}, {steps[-1][0]}"
    detail = "\n\n".join(_lines(text) for _, text in steps if text)
    return {
        "role": "assistant",
        "content": detail or "No tool was needed.",
        "metadata": {"title": title, "status": "done"},
    }


def working(steps: Sequence[Step]) -> dict[str, Any]:
    """Return the entry that is shown while a turn is under way."""
    doing = [_DOING.get(step.text, step.text) for step in steps if step.kind == "tool"]
    title = ", ".join(doing) or WORKING
    return {
        "role": "assistant",
        "content": "",
        "metadata": {"title": title, "status": "pending"},
    }


def steps_of(steps: Sequence[Step], turn: Turn) -> tuple[tuple[str, str], ...]:
    """Return what was done in a turn: each tool with what it said, and who planned it and how long it took."""
    told: list[tuple[str, str]] = []
    for step in steps:
        if step.kind == "tool":
            told.append((_DOING.get(step.text, step.text), ""))
        elif step.kind == "result" and told:
            told[-1] = (told[-1][0], step.text[:STEP_CHARS])
    seconds = turn.timings_ms.total / 1000
    planner = _PLANNERS[turn.planned_by] + (f" ({turn.reason})" if turn.reason else "")
    return (*told, (f"{planner}, {seconds:.2f} s", ""))
