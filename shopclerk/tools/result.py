"""What a catalogue tool returns: a short text for the model, records for the program."""

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from pydantic import BaseModel, ConfigDict

from shopclerk.catalog.money import format_price
from shopclerk.catalog.product import Product
from shopclerk.errors import (
    CatalogError,
    FilterError,
    ModelError,
    PictureError,
    ToolFailedError,
    TryAgainError,
    UnknownPictureError,
    UnknownProductError,
)

P = ParamSpec("P")


class FoundBox(BaseModel):
    """A region of a picture that a locator found.

    Attributes:
        box: x0, y0, x1, y1 in pixels of the original picture.
        label: What it is.
        score: How sure the locator is, 0 to 1.
    """

    model_config = ConfigDict(frozen=True)

    box: tuple[float, float, float, float]
    label: str
    score: float


class FoundTag(BaseModel):
    """A tag suggested for a listing.

    Attributes:
        tag: The tag.
        score: How likely, 0 to 1.
        source: Where it came from: picture, words, picture and words, catalogue words, neighbours, chat model.
    """

    model_config = ConfigDict(frozen=True)

    tag: str
    score: float
    source: str


class FoundMatch(BaseModel):
    """A product that a listing may be.

    Attributes:
        id: The product's id.
        probability: That both are one product, 0 to 1.
        same: Whether that is enough.
        reasons: What speaks for and against it.
        made_by: The matcher's id.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    probability: float
    same: bool
    reasons: tuple[str, ...]
    made_by: str


class ToolResult(BaseModel):
    """The artifact of a catalogue tool, kept whole in the conversation's memory.

    Attributes:
        products: Full records, in order.
        total: How many products fit in all.
        offset: How many products come before these.
        carried: False where the shop has nothing of the kind, whatever the limits.
        again: The page asked for lies past the end; this is the first page once more.
        loose: The words asked for are not all met; these come closest.
        alternatives: What would be found without one of the limits: limit to count.
        corrections: Misspelt words and what was searched instead.
        caption: What a captioner says a picture shows.
        caption_score: How sure it is of its words, 0 to 1.
        caption_by: The captioner's id.
        boxes: Regions found in a picture, the surest first.
        pictured: How many of the products, from the first, show the very picture that was asked with; None
            where no picture was.
        tags: Tags suggested for a listing, the surest first.
        matches: Products that a listing may be, the likeliest first, see `models/product_matcher.py`.
        attributes: Values of attributes found in a listing's texts, see `tools/extract_attributes.py`.
        verdict: What a check of a listing found, see `models/quality/finding.py`.
        mapping: The categories that a listing may belong to, see `models/category_mapper.py`.
        text: A text that was cleaned or a title that was written, and what was changed.
    """

    model_config = ConfigDict(frozen=True)

    products: tuple[Product, ...] = ()
    total: int = 0
    offset: int = 0
    carried: bool = True
    loose: bool = False
    again: bool = False
    alternatives: dict[str, int] = {}
    corrections: dict[str, str] = {}
    caption: str | None = None
    caption_score: float | None = None
    caption_by: str | None = None
    boxes: tuple[FoundBox, ...] = ()
    pictured: int | None = None
    tags: tuple[FoundTag, ...] = ()
    matches: tuple[FoundMatch, ...] = ()
    verdict: dict[str, Any] | None = None
    attributes: dict[str, Any] | None = None
    mapping: dict[str, Any] | None = None
    text: dict[str, Any] | None = None


def one_line(text: str) -> str:
    """Return a seller's text on one line: a break in it could pass for another line of a result."""
    return " ".join(text.split())


def product_line(product: Product) -> str:
    """Return one product as a line: id, title, price, rating, stock."""
    parts = [one_line(product.title)]
    if product.price is not None:
        parts.append(format_price(product.price, product.currency))
    if product.rating is not None:
        parts.append(f"rated {product.rating:g}")
    if product.stock is not None:
        parts.append(f"{product.stock} in stock")
    return f"[{one_line(product.id)}] " + " | ".join(parts)


def model_errors(
    function: Callable[P, tuple[str, ToolResult]],
) -> Callable[P, tuple[str, dict[str, Any]]]:
    """Turn a result into plain data, and errors of catalogue, pictures and models into the two kinds a model understands."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> tuple[str, dict[str, Any]]:
        try:
            content, result = function(*args, **kwargs)
        except (FilterError, UnknownProductError, UnknownPictureError, PictureError) as error:
            raise TryAgainError(f"Try again with other arguments. {error}") from error
        except (CatalogError, sqlite3.Error) as error:
            raise ToolFailedError(f"The catalogue cannot answer now. {error}") from error
        except ModelError as error:
            raise ToolFailedError(f"The model cannot answer now. {error}") from error
        return content, result.model_dump(mode="json")

    return guarded


def artifact_of(message: Any) -> ToolResult | None:
    """Return the result that a tool message carries, None for any other message."""
    artifact = getattr(message, "artifact", None)
    return ToolResult.model_validate(artifact) if isinstance(artifact, dict) else None
