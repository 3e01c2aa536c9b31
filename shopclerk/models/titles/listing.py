"""What a title is written from: a listing's own fields, and the words they hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from shopclerk.models.titles.tables import attribute_roles, no_brands
from shopclerk.models.titles.words import fold

MAX_DESCRIPTION_CHARS = 4_000
"""Words of a description are taken from its first so many characters."""
MAX_VALUES = 200

_WORD = re.compile(r"[^\W_]+(?:[.'’&/-][^\W_]+)*")

Values = Mapping[str, str | Sequence[str]]


class Listing(Protocol):
    """Anything with a product's texts: a `Product` of the catalogue, or a `TitleInput`."""

    @property
    def id(self) -> str:
        """Unique in its file."""
        ...

    @property
    def title(self) -> str:
        """As the seller wrote it."""
        ...

    @property
    def description(self) -> str | None:
        """Prose, if there is any."""
        ...

    @property
    def brand(self) -> str | None:
        """The maker's name, if it is known."""
        ...

    @property
    def category(self) -> str | None:
        """A path, `Apparel > Shoes`."""
        ...

    @property
    def attributes(self) -> Values:
        """Name to one value or several."""
        ...


@dataclass(frozen=True, slots=True)
class TitleInput:
    """A listing for which a title is wanted.

    Attributes:
        id: Unique in its file.
        title: As the seller wrote it.
        description: Prose, if there is any.
        brand: The maker's name, if it is known.
        category: A path, `Apparel > Shoes`.
        attributes: Name to one value or several.
    """

    id: str
    title: str
    description: str | None = None
    brand: str | None = None
    category: str | None = None
    attributes: Values = field(default_factory=dict)


class OwnWords:
    """The words that a listing's fields hold beside its title: what a noisy word may have been.

    Args:
        listing: The listing.
    """

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self.values: dict[str, list[str]] = {}
        for name, value in listing.attributes.items():
            role = attribute_roles().get(fold(name), "")
            given = [value] if isinstance(value, str) else list(value or ())
            self.values.setdefault(role, []).extend(str(v) for v in given[:MAX_VALUES] if v)

    @cached_property
    def brand(self) -> str | None:
        """The maker's name, from the field or an attribute; None for 'unbranded' and the like."""
        named = self._listing.brand or next(iter(self.values.get("brand", ())), None)
        named = " ".join(named.split()) if named else ""
        return None if not named or fold(named) in no_brands() else named

    @cached_property
    def brand_words(self) -> list[str]:
        """The brand's words, as it writes them."""
        return self.brand.split() if self.brand else []

    @cached_property
    def strong(self) -> dict[str, str]:
        """Folded word to its form, from brand and attributes: what is sure to be meant."""
        found: dict[str, str] = {}
        for text in [*self.brand_words, *(v for vs in self.values.values() for v in vs)]:
            for word in _WORD.findall(text[:MAX_DESCRIPTION_CHARS]):
                found.setdefault(fold(word), word)
        return found

    @cached_property
    def words(self) -> dict[str, str]:
        """Folded word to its form, from all fields but title and category, which names a kind and not this product."""
        found = dict(self.strong)
        text = (self._listing.description or "")[:MAX_DESCRIPTION_CHARS]
        for word in _WORD.findall(text):
            found.setdefault(fold(word), word)
        return found

    @cached_property
    def role_of(self) -> dict[str, str]:
        """Folded word to the role of the attribute that holds it: colour, audience, type, material, size."""
        roles: dict[str, str] = {}
        for role in ("colour", "audience", "type", "material", "size"):
            for value in self.values.get(role, ()):
                for word in _WORD.findall(value):
                    roles.setdefault(fold(word), role)
        for word in _WORD.findall((self._listing.category or "").rpartition(">")[2]):
            roles.setdefault(fold(word), "type")
        return roles

    @cached_property
    def spoken_capitals(self) -> set[str]:
        """Folded words that the brand or a model field writes in capitals."""
        fields = [*self.brand_words, *self.values.get("model", ())]
        words = (word for text in fields for word in _WORD.findall(text))
        return {fold(word) for word in words if word.isupper()}
