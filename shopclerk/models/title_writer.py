"""Title writers: a seller's text and fields to a clean title, a short one, and what was changed.

The rules clean the text and set its order (`titles/`); whatever writes, `titles/checker.py` holds the result to the
input: every number, unit, model and brand survives and nothing is invented. A title that fails is mended by rule and
says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED
from shopclerk.models.text_normaliser import TextNormaliser
from shopclerk.models.titles.edits import Change
from shopclerk.models.titles.listing import Listing, OwnWords, TitleInput
from shopclerk.models.titles.length import shorten
from shopclerk.models.titles.order import reorder

__all__ = [
    "Change",
    "Listing",
    "RuleTitleWriter",
    "Title",
    "TitleInput",
    "TitleWriter",
    "open_title_writer",
    "write_titles",
]

MAX_TITLE_CHARS = 150
MAX_SHORT_CHARS = 70


@dataclass(frozen=True, slots=True)
class Title:
    """A written title.

    Attributes:
        title: At most 150 characters.
        short_title: At most 70 characters, for search engines.
        changes: What was done to the seller's title, in order; `undo_all` takes it back.
        writer: The rules or the model that wrote it.
        confidence: How sure the writer is, 0 to 1.
        repaired: Whether the writer's title failed the check and was mended by rule.
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


class RuleTitleWriter:
    """Writes titles by rule alone.

    Args:
        normaliser: Cleans the text.
    """

    id = "rules-1"

    def __init__(self, normaliser: TextNormaliser | None = None) -> None:
        self._normaliser = normaliser or TextNormaliser()

    def write(self, products: Sequence[Listing]) -> list[Title]:
        """Return one title a listing, in the order given."""
        return [self._write(product) for product in products]

    def _write(self, product: Listing) -> Title:
        own = OwnWords(product)
        clean = self._normaliser.clean(product, own)
        title = shorten(reorder(clean.text, own), own, MAX_TITLE_CHARS)
        return Title(title, shorten(title, own, MAX_SHORT_CHARS), clean.changes, self.id, 1.0)


def open_title_writer(
    address: str = EMBEDDED,
    models_folder: Path | None = None,
    *,
    threads: int | None = None,
) -> TitleWriter:
    """Return the writer at an address: `embedded`, `rules`, or a folder.

    Args:
        address: Which writer.
        models_folder: Where exported models are kept.
        threads: Threads for batches.

    Raises:
        MissingModelError: There is none.
    """
    if address in (EMBEDDED, "rules"):
        return RuleTitleWriter()
    raise MissingModelError(
        f"There is no title writer at '{address}'. Set title_writer to 'embedded' or 'rules'."
    )


@lru_cache(maxsize=1)
def _rules() -> RuleTitleWriter:
    return RuleTitleWriter()


def write_titles(rows: Sequence[Listing], writer: TitleWriter | None = None) -> list[Title]:
    """Return one title a row, in the order given; by rule where no writer is given."""
    return (writer or _rules()).write(rows)
