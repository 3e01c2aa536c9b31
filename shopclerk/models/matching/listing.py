"""A listing as matching sees it: plain values, whatever catalogue they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_TITLE_CHARS = 400
MAX_TEXT_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing.

    Attributes:
        id: Unique among those it is matched with.
        title: As the seller wrote it.
        description, brand, category: Empty where not given.
        price: Major units of `currency`, None where not given.
        attributes: Name to values.
        picture: Perceptual hash of the main picture, as `catalog.picture_prints` writes it, None where there is none.
    """

    id: str
    title: str
    description: str = ""
    brand: str = ""
    category: str = ""
    price: float | None = None
    currency: str = "USD"
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    picture: str | None = None

    @classmethod
    def of(cls, record: Mapping[str, Any], picture: str | None = None) -> "Listing":
        """Return the listing of a product record, plain data with the product's keys, and its picture's hash."""
        price = record.get("price")
        return cls(
            id=str(record["id"]),
            title=str(record.get("title") or ""),
            description=str(record.get("description") or ""),
            brand=str(record.get("brand") or ""),
            category=str(record.get("category") or ""),
            price=float(price) if isinstance(price, int | float) else None,
            currency=str(record.get("currency") or "USD"),
            attributes={
                str(name): _values(value)
                for name, value in (record.get("attributes") or {}).items()
            },
            picture=picture,
        )

    @property
    def heading(self) -> str:
        """The title, cut to what a title may be."""
        return self.title[:MAX_TITLE_CHARS]

    @property
    def text(self) -> str:
        """All words of the listing, the telling ones first."""
        values = (value for values in self.attributes.values() for value in values)
        parts = (self.heading, self.brand, *values, self.description)
        return " . ".join(part for part in parts if part)[:MAX_TEXT_CHARS]


def _values(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(each) for each in value)
    return (str(value),)
