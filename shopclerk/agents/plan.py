"""A plan: the one thing to do in a turn, a tool call or a reply without one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Sort
from shopclerk.tools.arguments import SearchArguments

ReplyKind = Literal["greet", "thanks", "clarify", "help", "policy", "refuse", "no_more"]
REPLY_KINDS: tuple[str, ...] = get_args(ReplyKind)

Planner = Literal["model", "rules"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do.

    Attributes:
        tool: The tool to call, None to reply at once.
        arguments: The tool's arguments.
        reply: What kind of reply, where no tool is called.
        beside: A second call whose result the answer needs as well.
    """

    tool: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    reply: ReplyKind | None = None
    beside: "Plan | None" = None

    def calls(self) -> "list[Plan]":
        """Return the plans that call a tool, this one first."""
        return [plan for plan in (self, self.beside) if plan is not None and plan.tool is not None]


def search_plan(arguments: SearchArguments) -> Plan:
    """Return the plan to search."""
    return Plan("search_catalog", arguments.given())


def compare_plan(products: Sequence[Product], sort: Sort | None = None) -> Plan:
    """Return the plan to set products side by side, best first in some order."""
    arguments: dict[str, Any] = {"ids": [product.id for product in products]}
    return Plan("compare_products", arguments | ({"sort": sort} if sort else {}))
