"""Conversations in the terminal, by hand, by JSON Lines, and as a demonstration."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from rich.text import Text

from shopclerk.agents.turn import Turn

if TYPE_CHECKING:
    from rich.console import Console

    from shopclerk.agents.assistant import Assistant
    from shopclerk.shop import Shop

PROMPT = "You: "
DEMO = (
    "Hi there!",
    "I need waterproof hiking boots under $120",
    "which of these is the cheapest?",
    "tell me more about the second one",
    "show me red or blue backpacks instead, at least 4 stars",
    "snekers for wemen in pnk",
    "do you sell helicopters?",
)


def converse(assistant: "Assistant", console: "Console", thread: str) -> None:
    """Talk until the shopper leaves with an empty line or the end of input."""
    if assistant.model_problem:
        console.print(assistant.model_problem, style="yellow")
    console.print("Ask for anything in the shop. An empty line ends the conversation.", style="dim")
    while True:
        try:
            message = console.input(f"\n[bold]{PROMPT}[/bold]")
        except (EOFError, KeyboardInterrupt):
            break
        if not message.strip():
            break
        show_turn(assistant, console, message, thread)


def show_turn(assistant: "Assistant", console: "Console", message: str, thread: str) -> Turn | None:
    """Print one turn as it comes, and a line on who planned it and how long it took."""
    turn = None
    for step in assistant.stream(message, thread=thread):
        if step.kind == "text":
            console.print(Text(step.text), end="")
        turn = step.turn or turn
    console.print()
    if turn:
        console.print(Text(_footer(turn)), style="dim")
    return turn


def _footer(turn: Turn) -> str:
    tools = ", ".join(call.name for call in turn.tool_calls) or "no tool"
    planner = {"model": "chat model", "rules": "rules"}[turn.planned_by]
    return f"planned by {planner}, {tools}, {turn.timings_ms.total / 1000:.2f} s"


def answer_lines(assistant: "Assistant", lines: BinaryIO, out: TextIO, thread: str) -> None:
    """Answer `{"user", "image"}` lines with one turn a line; a bad line is answered with its error."""
    for raw in lines:
        if not raw.strip():
            continue
        record = _answer_line(assistant, raw, thread)
        out.write(json.dumps(record, ensure_ascii=False) + "\n")
        out.flush()


def _answer_line(assistant: "Assistant", raw: bytes, thread: str) -> dict[str, Any]:
    try:
        given = json.loads(raw.decode("utf-8", "replace"))
        message = given["user"]
        if not isinstance(message, str):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        problem = (
            'Each line must be a JSON object with the key "user", a text: {"user": "red shoes"}.'
        )
        empty = Turn(problem).record()
        return {**empty, "error": problem}
    record = assistant.ask(message, thread=thread).record()
    if given.get("image"):
        record["notes"] = ["The picture was not looked at: this version answers words alone."]
    return record


def play_demo(shop: "Shop", console: "Console", messages: Iterable[str] = DEMO) -> None:
    """Play a shopper's conversation and name the next command."""
    assistant = shop.assistant()
    for message in messages:
        console.print()
        console.print(Text(f"{PROMPT}{message}", style="bold"))
        show_turn(assistant, console, message, "demo")
    console.print("\nNow talk to it yourself: [bold].venv/bin/shopclerk chat[/bold]")
