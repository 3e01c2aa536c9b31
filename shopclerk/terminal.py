"""Conversations in the terminal, by hand, by JSON Lines, and as a demonstration."""

import json
import time
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from rich.text import Text

from shopclerk.agents.turn import Turn

if TYPE_CHECKING:
    from rich.console import Console

    from shopclerk.agents.assistant import Assistant
    from shopclerk.settings import Settings
    from shopclerk.shop import Shop

PROMPT = "You: "
DEMO_PHOTO = "black_backpack.jpg"
PICTURE_COMMAND = "/picture "
DEMO_TITLES = 6
DEMO_SHOE = "blue_running_shoe.jpg"
DEMO_WORDS = "mens runing shoes blue sz10 mesh"
DEMO_FIELDS: dict[str, Any] = {"brand": "Fellwind", "price": 59.9}
DEMO: tuple[tuple[str, str | None], ...] = (
    ("Hi there!", None),
    ("I need waterproof hiking boots under $120", None),
    ("which of these is the cheapest?", None),
    ("tell me more about the second one", None),
    ("do you have anything like this?", DEMO_PHOTO),
    ("and in blue?", None),
    ("snekers for wemen in pnk", None),
    ("do you sell helicopters?", None),
)
"""What the shopper of the demonstration says, and the photo, if any, that goes with it."""


def converse(assistant: "Assistant", console: "Console", thread: str) -> None:
    """Talk until the shopper leaves with an empty line or the end of input."""
    if assistant.model_problem:
        console.print(assistant.model_problem, style="yellow")
    console.print(
        "Ask for anything in the shop; /picture FILE with or without words sends a picture. "
        "An empty line ends the conversation.",
        style="dim",
    )
    while True:
        try:
            message = console.input(f"\n[bold]{PROMPT}[/bold]")
        except (EOFError, KeyboardInterrupt):
            break
        if not message.strip():
            break
        if not message.startswith(PICTURE_COMMAND):
            show_turn(assistant, console, message, thread)
            continue
        path, _, words = message.removeprefix(PICTURE_COMMAND).strip().partition(" ")
        show_turn(assistant, console, words, thread, Path(path).expanduser())


def show_turn(
    assistant: "Assistant",
    console: "Console",
    message: str,
    thread: str,
    image: Path | None = None,
) -> Turn | None:
    """Print one turn as it comes, and a line on who planned it and how long it took."""
    turn = None
    for step in assistant.stream(message, thread=thread, image=image):
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
        message, image = given["user"], given.get("image")
        if not isinstance(message, str) or not isinstance(image, str | None):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        problem = (
            'Each line must be a JSON object with the key "user", a text, and if wished "image", a path: '
            '{"user": "like this but red", "image": "shoe.jpg"}.'
        )
        empty = Turn(problem).record()
        return {**empty, "error": problem}
    return assistant.ask(message, thread=thread, image=image or None).record()


def sample_photo(name: str) -> Path:
    """Return one of the sample shop's photos, such as a shopper might take."""
    return Path(str(files("shopclerk").joinpath("sample", "photos", name)))


def show_rewriting(settings: "Settings", console: "Console", rows: int = DEMO_TITLES) -> None:
    """Rewrite some of the sample's messy titles and show them before and after."""
    from shopclerk.agents.batch.preview import preview
    from shopclerk.agents.batch.source import Selection
    from shopclerk.enrichment.registry import open_steps

    file = Path(str(files("shopclerk").joinpath("sample", "messy_titles.csv")))
    console.print("A seller's messy titles, rewritten:", style="bold")
    for row in preview(Selection(file, limit=rows), open_steps(["title"], settings)):
        console.print(Text(row.before, style="dim"))
        console.print(Text(f"  {row.after}"))
    console.print(
        "For a file of your own: [bold].venv/bin/shopclerk rewrite FILE -o OUT.csv[/bold]"
    )


def show_listing(shop: "Shop", console: "Console") -> None:
    """Make a listing of a photo and rough words and show it."""
    from shopclerk.agents.listing.draft import Given
    from shopclerk.listing_card import print_card

    known = ", ".join(f"{name} {value}" for name, value in DEMO_FIELDS.items())
    console.print("\nA listing made of a photo and rough words:", style="bold")
    console.print(Text(f"[photo: {DEMO_SHOE}] {DEMO_WORDS}; {known}", style="dim"))
    photo = str(sample_photo(DEMO_SHOE))
    helper, started = shop.listing_helper(), time.perf_counter()
    draft = helper.make(Given(text=DEMO_WORDS, images=(photo,), fields=DEMO_FIELDS))
    seconds = time.perf_counter() - started
    print_card(draft, console, brief=True)
    console.print(f"{len(draft.made)} steps, {seconds:.2f} s", style="dim")
    console.print(
        "For one of your own: [bold].venv/bin/shopclerk list --image FILE --text WORDS[/bold]"
    )


def play_demo(
    shop: "Shop", console: "Console", messages: Iterable[tuple[str, str | None]] = DEMO
) -> None:
    """Play a shopper's conversation and name the next command."""
    assistant = shop.assistant()
    for message, photo in messages:
        image = sample_photo(photo) if photo else None
        shown = f"{PROMPT}{message}" + (f"  [photo: {photo}]" if photo else "")
        console.print()
        console.print(Text(shown, style="bold"))
        show_turn(assistant, console, message, "demo", image)
    console.print("\nNow talk to it yourself: [bold].venv/bin/shopclerk chat[/bold]")
