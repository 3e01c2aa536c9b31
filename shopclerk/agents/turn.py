"""A turn of the conversation, as it is reported."""

from dataclasses import dataclass, field
from typing import Any, Literal

from shopclerk.agents.plan import Planner
from shopclerk.catalog.product import Product

CallStatus = Literal["ok", "error"]
Writer = Literal["model", "template"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call that was made: its name, arguments and outcome."""

    name: str
    args: dict[str, Any]
    status: CallStatus


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the request to the first words and to the end."""

    first_token: float
    total: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One request and what came of it.

    Attributes:
        answer: What is said.
        products: What is shown, in order.
        tool_calls: The calls made, in order.
        planned_by: The chat model, or the rules.
        written_by: The chat model, or a template.
        reason: Why the rules planned although the model was asked, if so.
        results: What the tools said, in text and records: the sources of the answer.
        timings_ms: How long it took.
    """

    answer: str
    products: tuple[Product, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    planned_by: Planner = "rules"
    written_by: Writer = "template"
    reason: str | None = None
    results: tuple[str, ...] = ()
    timings_ms: Timings = field(default_factory=lambda: Timings(0.0, 0.0))

    def record(self) -> dict[str, Any]:
        """Return the turn as one line of `chat --jsonl`."""
        return {
            "answer": self.answer,
            "shown": [product.id for product in self.products],
            "tool_calls": [
                {"name": call.name, "args": call.args, "status": call.status}
                for call in self.tool_calls
            ],
            "timings_ms": {
                "first_token": round(self.timings_ms.first_token, 1),
                "total": round(self.timings_ms.total, 1),
            },
            "planned_by": self.planned_by,
            "written_by": self.written_by,
        }
