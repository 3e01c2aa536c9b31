"""The product record that everything else reads and writes."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MAX_ID_CHARS = 200
MAX_TITLE_CHARS = 50_000
MAX_TEXT_CHARS = 200_000
MAX_PRICE = 1e12
MAX_EMBEDDING_CHARS = 2_000
MAX_FACET_CHARS = 80

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT_CHARS)]
Part = Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARS)]
"""With a constraint pydantic refuses lone surrogates too, which neither SQLite nor tokenizers take."""

AttributeValue = Part | tuple[Part, ...]


class Product(BaseModel):
    """One listing, as the seller wrote it.

    Attributes:
        id: Unique in the catalogue.
        title: As the seller wrote it.
        category: A path, `Apparel > Shoes > Sneakers`, or None.
        price: Major units of `currency`, not negative, or None.
        currency: ISO 4217 code.
        rating: 0 to 5.
        stock: Units on hand.
        images: File paths or URLs, the main one first.
        attributes: Name to one value or several.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID_CHARS)
    ]
    title: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE_CHARS)
    ]
    description: Text | None = None
    brand: Text | None = None
    url: Text | None = None
    category: Text | None = None
    price: Annotated[float, Field(ge=0, le=MAX_PRICE, allow_inf_nan=False)] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    rating: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] | None = None
    stock: Annotated[int, Field(ge=0, le=10**12)] | None = None
    images: tuple[Part, ...] = ()
    attributes: Mapping[Part, AttributeValue] = Field(default_factory=dict)
    tags: tuple[Part, ...] = ()

    def attribute_values(self, name: str) -> tuple[str, ...]:
        """Return the values of one attribute as a tuple, empty where it is not given."""
        value = self.attributes.get(name, ())
        return (value,) if isinstance(value, str) else tuple(value)

    def category_levels(self) -> tuple[str, ...]:
        """Return the category path as its parts, the department first."""
        if not self.category:
            return ()
        return tuple(part.strip() for part in self.category.split(">") if part.strip())

    def search_texts(self) -> dict[str, str]:
        """Return the texts that full-text search weighs, by column."""
        values = [value for name in self.attributes for value in self.attribute_values(name)]
        return {
            "title": self.title,
            "brand": self.brand or "",
            "category": self.category or "",
            "attributes": " ".join((*values, *self.tags)),
            "description": self.description or "",
        }

    def embedding_text(self) -> str:
        """Return the text a sentence encoder sees, the telling parts first."""
        texts = self.search_texts()
        order = ("title", "brand", "category", "attributes", "description")
        return ". ".join(texts[column] for column in order if texts[column])[:MAX_EMBEDDING_CHARS]

    def facets(self) -> Iterator[tuple[str, str]]:
        """Yield (field, value) pairs to filter and count by: brand, category, attributes, tags.

        An attribute or tag longer than `MAX_FACET_CHARS` is prose, found by words only.
        """
        if self.brand:
            yield "brand", self.brand
        if self.category:
            yield "category", " > ".join(self.category_levels())
        for name in self.attributes:
            for value in self.attribute_values(name):
                if len(value) <= MAX_FACET_CHARS:
                    yield name.strip().casefold(), value.strip()
        for tag in self.tags:
            if len(tag) <= MAX_FACET_CHARS:
                yield "tags", tag

    def record(self) -> dict[str, Any]:
        """Return the product as plain JSON data without the empty fields."""
        data = self.model_dump(mode="json")
        return {key: value for key, value in data.items() if value not in (None, [], {}, "")}

    def content_hash(self) -> bytes:
        """Return 16 bytes that change when any field changes."""
        return _digest(json.dumps(self.record(), sort_keys=True, ensure_ascii=False))

    def text_hash(self) -> bytes:
        """Return 16 bytes that change when the text for the encoder changes."""
        return _digest(self.embedding_text())


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
