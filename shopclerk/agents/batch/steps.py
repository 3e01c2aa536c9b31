"""What is done to rows: steps, and the pure function that sends a batch of rows through them.

A step is a function over products: so many in, so many outcomes out. What one step finds (a category,
attributes) the next ones see. A row that makes a step fail is found by halving the batch and carries the
error; its neighbours do not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from shopclerk.catalog.product import Product
from shopclerk.catalog.rejects import build_product, clip
from shopclerk.errors import EndpointError, MissingModelError, RowError, ShopclerkError

Kind = Literal["text", "number", "texts", "json"]
"""What a new column holds: a text, a number, a list of texts, or an object."""

Answer = dict[str, Any]
"""What is new of one row: `STEP.COLUMN` to cell, `STEP.error` and `error` to text or None."""

ROW_ERROR = "error"
MAX_ERROR_CHARS = 300
_TOLD_FIELDS = ("id", "title", "description", "brand", "category", "attributes", "tags", "images")


class Request(NamedTuple):
    """One row as steps need it.

    Attributes:
        row_id: The row's own id, or its number in the file.
        fields: Product field to the raw value of the file; None for a row that carries on the one
            before (a further picture or variant in a Shopify export) and has nothing to be worked on.
    """

    row_id: str
    fields: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step says of one product.

    Attributes:
        cells: Column of the step to value.
        found: Product fields that later steps shall see.
        error: Why there is nothing, or None.
    """

    cells: Mapping[str, Any] = field(default_factory=dict)
    found: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None


class Step(Protocol):
    """A function over a batch of products, with the columns it fills."""

    @property
    def name(self) -> str:
        """A word for it: `title`."""

    @property
    def columns(self) -> Mapping[str, Kind]:
        """The columns it fills."""

    @property
    def made_by(self) -> str:
        """The model or rules behind it; another one makes another run."""

    def run(self, products: Sequence[Product]) -> Sequence[Outcome]:
        """Return one outcome for each product, whatever stands beside it in the batch."""


Opener = Callable[[], Sequence[Step]]
"""Opens the steps; other processes are given it, so it must be picklable."""


def answer(requests: Sequence[Request], steps: Sequence[Step]) -> list[Answer]:
    """Send a batch of rows through the steps; the same rows give the same answers in any batch."""
    answers: list[Answer] = [{ROW_ERROR: None} for _ in requests]
    products: dict[int, Product] = {}
    for place, request in enumerate(requests):
        if request.fields is None:
            continue
        try:
            products[place] = product_of(request)
        except RowError as error:
            answers[place][ROW_ERROR] = clip(str(error), MAX_ERROR_CHARS)
    for step in steps:
        places = list(products)
        outcomes = _isolated(step, [products[place] for place in places])
        for place, outcome in zip(places, outcomes, strict=True):
            row = {f"{step.name}.{name}": outcome.cells.get(name) for name in step.columns}
            answers[place] |= row | {f"{step.name}.{ROW_ERROR}": outcome.error}
            if outcome.found:
                products[place] = products[place].model_copy(update=dict(outcome.found))
    return answers


def product_of(request: Request) -> Product:
    """Return the product that a row describes; a bad price or rating does not matter here.

    Raises:
        RowError: What the steps read of it is missing or not allowed.
    """
    fields = {"id": request.row_id, **(request.fields or {})}
    if not fields["id"]:
        fields["id"] = request.row_id
    try:
        return build_product(fields)
    except RowError:
        told = {
            name: value
            for name, value in fields.items()
            if name in _TOLD_FIELDS or name.startswith("attr:")
        }
        return build_product(told)


def failed(requests: Sequence[Request], reason: str) -> list[Answer]:
    """Return answers that hold nothing but the reason."""
    return [{ROW_ERROR: reason} for _ in requests]


def _isolated(step: Step, products: Sequence[Product]) -> Sequence[Outcome]:
    if not products:
        return []
    try:
        outcomes = step.run(products)
        if len(outcomes) != len(products):
            raise ValueError(f"{len(outcomes)} outcomes for {len(products)} products")
        return outcomes
    except Exception as error:
        # An absent model or a dead endpoint fails every row alike: halving would only ask it again.
        if len(products) == 1 or isinstance(error, MissingModelError | EndpointError):
            return [Outcome(error=_told(error)) for _ in products]
    half = len(products) // 2
    return [*_isolated(step, products[:half]), *_isolated(step, products[half:])]


def _told(error: Exception) -> str:
    text = str(error) if isinstance(error, ShopclerkError) else f"{type(error).__name__}: {error}"
    return clip(text, MAX_ERROR_CHARS)
