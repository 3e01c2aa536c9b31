"""The tool `check_listing`."""

from collections.abc import Callable
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shopclerk.catalog.product import Product
from shopclerk.errors import TryAgainError
from shopclerk.models.quality.checker import ListingChecker
from shopclerk.models.quality.finding import Verdict
from shopclerk.tools.result import ToolResult, model_errors

NAME = "check_listing"
DRAFT_ID = "draft"
SHOWN = 8

DESCRIPTION = """Say what is wrong with a listing, how bad, and how to mend it; the score is 0 to 100.
Give the id of a product in the catalogue (it looks like shoe-001), or the fields of a draft.
Do not use it to find products."""


class CheckArguments(BaseModel):
    """A product by its id, or a draft by its fields."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = Field(default=None, description="A product of the catalogue.")
    title: str | None = Field(default=None, max_length=50_000)
    description: str | None = Field(default=None, max_length=200_000)
    brand: str | None = None
    category: str | None = Field(default=None, description="A path, A > B > C.")
    price: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    attributes: dict[str, str | list[str]] = {}


def check_listing_tool(
    checker: Callable[[], ListingChecker], find_product: Callable[[str], Product]
) -> BaseTool:
    """Return the tool.

    Args:
        checker: Opens the checker at first use: it reads the whole catalogue for its norms.
        find_product: A product by its id; raises `UnknownProductError`.
    """

    @model_errors
    def check_listing(**given: Any) -> tuple[str, ToolResult]:
        arguments = CheckArguments(**given)
        listing = find_product(arguments.id) if arguments.id else _draft(arguments)
        verdict = checker().check(listing)
        return verdict_text(verdict), ToolResult(verdict=verdict.record())

    return StructuredTool.from_function(
        check_listing,
        name=NAME,
        description=DESCRIPTION,
        args_schema=CheckArguments,
        response_format="content_and_artifact",
    )


def _draft(arguments: CheckArguments) -> Product:
    if not (arguments.title or "").strip():
        raise TryAgainError("Give the id of a product, or at least the title of a draft.")
    fields = arguments.model_dump(exclude={"id"}, exclude_none=True)
    try:
        return Product(id=DRAFT_ID, **fields)
    except ValidationError as error:
        raise TryAgainError(
            f"The draft is no listing: {error.errors()[0]['msg']}. Mend that field and try again."
        ) from error


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict in a few lines, the worst first."""
    lines = [f"Score {verdict.score} of 100."]
    for finding in verdict.findings[:SHOWN]:
        lines.append(
            f"{finding.severity}, {finding.field}: {finding.message} {finding.mend.advice}"
        )
    if len(verdict.findings) > SHOWN:
        lines.append(f"And {len(verdict.findings) - SHOWN} more.")
    lines += [f"Not checked: {reason}." for reason in verdict.unchecked]
    return "\n".join(lines)
