"""The step that says what is wrong with a listing, as the steps before have left it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from shopclerk.agents.batch.row_pictures import is_file
from shopclerk.agents.batch.steps import Kind, Outcome
from shopclerk.catalog.product import Product

if TYPE_CHECKING:
    from shopclerk.models.quality.checker import ListingChecker


class CheckStep:
    """Checks listings by their words and figures, and by their pictures where these are files.

    Args:
        checker: Checks words and figures.
        made_by: What the checks hold them against.
        seeing: Checks pictures as well; None looks at none.
    """

    name: ClassVar[str] = "checks"
    columns: ClassVar[Mapping[str, Kind]] = {"checks_score": "number", "problems": "texts"}

    def __init__(
        self, checker: "ListingChecker", made_by: str, seeing: "ListingChecker | None" = None
    ) -> None:
        self._checker, self.made_by, self._seeing = checker, made_by, seeing

    def run(self, products: Sequence[Product]) -> list[Outcome]:
        """Return a score from 0 to 100 and what is wrong, the worst first."""
        verdicts = [self._checker_of(product).check(product) for product in products]
        return [
            Outcome(
                {
                    "checks_score": float(verdict.score),
                    "problems": [f"{one.severity}: {one.message}" for one in verdict.findings],
                }
            )
            for verdict in verdicts
        ]

    def _checker_of(self, product: Product) -> "ListingChecker":
        """Addresses are not fetched, so they are no reason to call a picture unreadable."""
        if self._seeing is None or not all(map(is_file, product.images)):
            return self._checker
        return self._seeing
