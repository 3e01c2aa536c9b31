"""Task `agent`: whole conversations with the assistant.

Files: catalog.jsonl, dialogues.jsonl with `id, turns: [{user, image, expect}]`. A turn succeeds when all
that it expects holds, a dialogue when all its turns do.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shopclerk.agents.assistant import Assistant
from shopclerk.agents.turn import Turn
from shopclerk.catalog.product import Product
from shopclerk.errors import DataFormatError
from shopclerk.evals.expectations import Outcome, unmet
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.settings import Settings
from shopclerk.shop import Shop


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    dialogues = read_records(data / "dialogues.jsonl", ("id", "turns"))
    watch = Stopwatch()
    with Shop(settings.model_copy(update={"catalog": str(data / "catalog.jsonl")})) as shop:
        shop.refresh()
        assistant = shop.assistant()
        assistant.ask("hello", thread="warm-up")
        tallies = [Tally(assistant, watch, data).play(dialogue) for dialogue in dialogues]
        encoder = shop.encoder.id
    return _report(tallies, watch, {**assistant.models(), "text_encoder": encoder})


class Tally:
    """Plays one dialogue and counts."""

    def __init__(self, assistant: Assistant, watch: Stopwatch, folder: Path) -> None:
        self._folder = folder
        self._assistant = assistant
        self._watch = watch
        self.turns: list[Turn] = []
        self.failures: list[Mapping[str, Any]] = []
        self.ungrounded = 0

    def play(self, dialogue: Mapping[str, Any]) -> "Tally":
        """Play every turn in order, in one conversation."""
        before: tuple[Product, ...] = ()
        for number, given in enumerate(dialogue["turns"], 1):
            if not isinstance(given, dict) or "user" not in given:
                where = f"dialogues.jsonl, dialogue {dialogue['id']}, turn {number}"
                raise DataFormatError(f"{where}: the required key 'user' is missing.")
            with self._watch.lap():
                image = self._folder / given["image"] if given.get("image") else None
                turn = self._assistant.ask(given["user"], thread=str(dialogue["id"]), image=image)
            self._judge(f"{dialogue['id']}.{number}", given, Outcome(turn, before))
            before = turn.products
        return self

    def _judge(self, name: str, given: Mapping[str, Any], outcome: Outcome) -> None:
        turn = outcome.turn
        self.turns.append(turn)
        missing = unmet(given.get("expect") or {}, outcome)
        invented = self._assistant.grounding.ungrounded(turn.answer, turn.results, given["user"])
        self.ungrounded += bool(invented)
        if missing or invented:
            failure = {"turn": name, "user": given["user"], "unmet": missing, "invented": invented}
            self.failures.append({**failure, **turn.record(), "missing": bool(missing)})

    @property
    def failed(self) -> int:
        """How many turns did not do what was expected."""
        return sum(bool(failure["missing"]) for failure in self.failures)


def _report(tallies: list[Tally], watch: Stopwatch, models: dict[str, str]) -> Report:
    turns = [turn for tally in tallies for turn in tally.turns]
    calls = [call for turn in turns for call in turn.tool_calls]
    failed = sum(tally.failed for tally in tallies)
    metrics = {
        "turn_success": _share(len(turns) - failed, len(turns)),
        "dialogue_success": _share(sum(not t.failed for t in tallies), len(tallies)),
        "grounded_rate": _share(len(turns) - sum(t.ungrounded for t in tallies), len(turns)),
        "tool_error_rate": _share(sum(call.status == "error" for call in calls), len(calls)),
        "planned_by_model": _share(sum(turn.planned_by == "model" for turn in turns), len(turns)),
    }
    return Report(
        "agent",
        len(turns),
        metrics,
        watch.latency_ms(),
        watch.per_second(),
        models,
        _notes(metrics),
        failures=tuple(failure for tally in tallies for failure in tally.failures),
    )


def _notes(metrics: Mapping[str, Metric]) -> tuple[str, ...]:
    missing = ", ".join(name for name, value in metrics.items() if value is None)
    return (f"Not computed, for want of turns or tool calls: {missing}.",) if missing else ()


def _share(part: int, whole: int) -> Metric:
    return round(part / whole, 4) if whole else None
