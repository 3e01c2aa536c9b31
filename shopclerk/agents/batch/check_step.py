"""The step that says what is wrong with a listing, as the steps before have left it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from shopclerk.agents.batch.steps import Kind, Outcome
from shopclerk.catalog.product import Product

if TYPE_CHECKING:
    from shopclerk.models.quality.checker import ListingChecker


class CheckStep:
    """Checks listings by their words and figures.

    Args:
        checker: Checks them.
        made_by: What the checks hold them against.
    """

    name: ClassVar[str] = "checks"
    columns: ClassVar[Mapping[str, Kind]] = {"checks_score": "number", "problems": "texts"}

    def __init__(self, checker: "ListingChecker", made_by: str) -> None:
        self._checker, self.made_by = checker, made_by

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return a score from 0 to 100 and what is wrong, the worst first."""
        verdicts = [self._checker.check(product) for product in products]
        return [
            Outcome(
                {
                    "checks_score": float(verdict.score),
                    "problems": [f"{one.severity}: {one.message}" for one in verdict.findings],
                }
            )
            for verdict in verdicts
        ]
