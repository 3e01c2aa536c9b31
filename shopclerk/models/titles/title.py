"""A written title, and what writes one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shopclerk.models.titles.edits import Change
from shopclerk.models.titles.listing import Listing

MAX_TITLE_CHARS = 150
MAX_SHORT_CHARS = 70


@dataclass(frozen=True, slots=True)
class Title:
    """A written title.

    Attributes:
        title: At most 150 characters; empty where neither title nor fields say anything.
        short_title: At most 70 characters, for search engines.
        changes: What was done to the seller's title, in order; `undo_all` and `undo_one` take it back.
        writer: The rules or the model that wrote it.
        confidence: How sure the writer is, 0 to 1.
        repaired: Whether the writer's title failed the check and the rules' was taken.
    """

    title: str
    short_title: str
    changes: tuple[Change, ...]
    writer: str
    confidence: float
    repaired: bool = False


class TitleWriter(Protocol):
    """Writes titles for listings."""

    @property
    def id(self) -> str:
        """Names the rules or weights."""
        ...

    def write(self, products: Sequence[Listing]) -> list[Title]:
        """Return one title a listing, in the order given."""
        ...
