"""What a turn of a dialogue is expected to do, and whether it did."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shopclerk.agents.grounding import numbers_in
from shopclerk.agents.turn import Turn
from shopclerk.catalog.filters import matches, parse_filters
from shopclerk.catalog.product import Product
from shopclerk.catalog.text import fold
from shopclerk.errors import DataFormatError, unknown

_NOT_CARRIED = re.compile(
    r"(?:do not|don't|does not|doesn't|not) (?:carry|sell|stock|have|offer)|not (?:available|carried|sold)"
    r"|no .{0,40} (?:in our|in the) (?:shop|catalogue|catalog|store)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A turn, and the products shown in the turn before."""

    turn: Turn
    before: Sequence[Product]

    @property
    def shown(self) -> list[str]:
        """The ids shown, in order."""
        return [product.id for product in self.turn.products]


def unmet(expect: Mapping[str, Any], outcome: Outcome) -> list[str]:
    """Return the names of the expectations that do not hold.

    Raises:
        DataFormatError: An unknown expectation.
    """
    for name in expect:
        if name not in _CHECKS:
            raise DataFormatError(unknown("expectation", name, _CHECKS))
    return [name for name, value in expect.items() if not _CHECKS[name](value, outcome)]


def _all_shown(conditions: Any, outcome: Outcome) -> bool:
    tests = parse_filters(conditions)
    return all(matches(product, tests) for product in outcome.turn.products)


def _cheapest_named(wanted: Any, outcome: Outcome) -> bool:
    prices = [product.price for product in outcome.before if product.price is not None]
    cheapest = [product for product in outcome.before if product.price == min(prices, default=None)]
    answer = fold(outcome.turn.answer)
    named = any(fold(p.title) in answer or fold(p.id) in answer for p in cheapest)
    return named is bool(wanted)


def _not_carried(wanted: Any, outcome: Outcome) -> bool:
    said = not outcome.shown and bool(_NOT_CARRIED.search(outcome.turn.answer.replace("’", "'")))
    return said is bool(wanted)


def _clarifies(wanted: Any, outcome: Outcome) -> bool:
    failed = any(call.status == "error" for call in outcome.turn.tool_calls)
    return ("?" in outcome.turn.answer and not failed) is bool(wanted)


def holds(answer: str, wanted: str) -> bool:
    """Tell whether an answer holds a string, letters folded; a number is compared as a number."""
    numbers = numbers_in(wanted)
    if numbers and not re.search(r"[^\W\d_]", wanted):
        return numbers <= numbers_in(answer)
    return fold(wanted) in fold(answer)


_CHECKS: dict[str, Callable[[Any, Outcome], bool]] = {
    "shown": _all_shown,
    "shown_min": lambda least, outcome: len(outcome.shown) >= least,
    "shown_ids": lambda ids, outcome: set(ids) <= set(outcome.shown),
    "first_id": lambda wanted, outcome: outcome.shown[:1] == [wanted],
    "answer_contains": lambda texts, outcome: all(
        holds(outcome.turn.answer, text) for text in texts
    ),
    "answer_has_cheapest_of_previous": _cheapest_named,
    "not_carried": _not_carried,
    "clarify": _clarifies,
}
