"""A listing on its way: what was given, what each step made, what the seller changed."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shopclerk.catalog.product import MAX_TITLE_CHARS, Product
from shopclerk.errors import SettingError

Step = Literal[
    "caption", "category", "attributes", "tags", "title", "description", "checks", "duplicates"
]
SIDE_BY_SIDE: tuple[Step, ...] = ("caption", "category", "attributes", "tags")
IN_ORDER: tuple[Step, ...] = ("title", "description", "checks", "duplicates")
STEPS: tuple[Step, ...] = SIDE_BY_SIDE + IN_ORDER

DRAFT_ID = "draft"
UNTITLED = "Untitled"
BRAND_NAMES = ("brand", "brand name", "manufacturer")
"""Attributes that hold the brand, which has a field of its own."""


class Given(BaseModel):
    """What the seller hands in.

    Attributes:
        id: The listing's id, where it has one.
        text: Rough words.
        images: Files or URLs.
        fields: What is known already: brand, price, category, description and the like.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = DRAFT_ID
    text: str = ""
    images: tuple[str, ...] = ()
    fields: dict[str, Any] = {}


class Made(BaseModel):
    """What a step made.

    Attributes:
        value: The field's value, None where the step has none.
        confidence: 0 to 1, None where the step does not say.
        by: The model or rules behind it; `seller` where a person set it.
        why: What it rests on.
        alternatives: Other values, the likeliest first, each with its confidence.
        error: Why there is no value.
        ms: How long it took.
    """

    model_config = ConfigDict(frozen=True)

    value: Any = None
    confidence: float | None = None
    by: str = ""
    why: str = ""
    alternatives: tuple[tuple[Any, float], ...] = ()
    error: str | None = None
    ms: float = 0.0


class Draft(BaseModel):
    """A listing on its way, as the steps see it."""

    model_config = ConfigDict(frozen=True)

    given: Given
    made: dict[Step, Made] = {}

    def value(self, step: Step) -> Any:
        """Return what a step made, None where it made nothing."""
        made = self.made.get(step)
        return made.value if made else None

    @property
    def words(self) -> str:
        """The seller's words, or what the picture shows where there are none."""
        return self.given.text.strip() or self.value("caption") or ""

    def product(self) -> Product:
        """Return the listing as it stands.

        Raises:
            SettingError: A field that was given or set is not allowed.
        """
        fields: dict[str, Any] = {
            "id": self.given.id,
            "title": self.value("title") or self.words[:MAX_TITLE_CHARS] or UNTITLED,
            "images": self.given.images,
            **self.given.fields,
        }
        fields["category"] = self.value("category") or fields.get("category")
        fields["description"] = self.value("description") or fields.get("description")
        fields["tags"] = self.value("tags") or fields.get("tags") or ()
        attributes = dict(fields.get("attributes") or {}) | dict(self.value("attributes") or {})
        fields["brand"] = fields.get("brand") or _brand_of(attributes)
        fields["attributes"] = {
            name: value
            for name, value in attributes.items()
            if name.casefold() not in BRAND_NAMES or value != fields["brand"]
        }
        if self.value("title"):
            fields["title"] = self.value("title")
        try:
            return Product.model_validate({k: v for k, v in fields.items() if v is not None})
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise SettingError(
                f"The field '{name}' of the listing cannot be {str(first['input'])[:60]!r}: {first['msg']}."
            ) from error

    def record(self) -> dict[str, Any]:
        """Return the finished listing as plain JSON data, with where each field came from."""
        return {
            "listing": self.product().record(),
            "steps": {
                name: made.model_dump(mode="json", exclude_defaults=True)
                for name, made in self.made.items()
            },
        }


def _brand_of(attributes: Mapping[str, Any]) -> str | None:
    for name, value in attributes.items():
        if name.casefold() in BRAND_NAMES:
            return value if isinstance(value, str) else (value[0] if value else None)
    return None
