"""Writes titles by rule: cleans, orders by pattern, adds what is missing, shortens, and checks."""

from collections.abc import Sequence
from dataclasses import replace

from shopclerk.models.text_normaliser import Normalised, TextNormaliser
from shopclerk.models.titles.casing import recase
from shopclerk.models.titles.checker import broken_rules
from shopclerk.models.titles.edits import Change, EditedText
from shopclerk.models.titles.length import short_form, shorten
from shopclerk.models.titles.listing import Listing, OwnWords
from shopclerk.models.titles.order import reorder
from shopclerk.models.titles.patterns import (
    Pattern,
    compose,
    find_pattern,
    missing_values,
    shipped_patterns,
)
from shopclerk.models.titles.promotion import without_promotion
from shopclerk.models.titles.punctuation import tidy, without_repeats
from shopclerk.models.titles.title import MAX_SHORT_CHARS, MAX_TITLE_CHARS, Title
from shopclerk.models.titles.words import fold, squash

DOUBT = {
    "spelling": 0.97,
    "short form": 0.98,
    "glued words": 0.97,
    "split word": 0.97,
    "order": 0.93,
    "length": 0.95,
    "fields": 0.8,
}
"""What each change by a rule leaves of the confidence."""


class RuleTitleWriter:
    """Writes titles by rule alone.

    Args:
        normaliser: Cleans the text.
        patterns: Orders of parts by category; None for those that come along.
    """

    id = "title-rules-1"

    def __init__(
        self,
        normaliser: TextNormaliser | None = None,
        patterns: Sequence[Pattern] | None = None,
    ) -> None:
        self.normaliser = normaliser or TextNormaliser()
        self._patterns = shipped_patterns() if patterns is None else patterns

    def write(self, products: Sequence[Listing]) -> list[Title]:
        """Return one title a listing, in the order given."""
        return [self._write(product) for product in products]

    def _write(self, product: Listing) -> Title:
        own = OwnWords(product)
        return self.finish(product, own, self.normaliser.clean(product, own))

    def finish(self, product: Listing, own: OwnWords, clean: Normalised) -> Title:
        """Return the title of a listing whose text is clean.

        Args:
            product: The listing.
            own: The words of its fields.
            clean: Its title, clean, with what was done.
        """
        edited = EditedText(clean.text)
        edited.changes = list(clean.changes)
        pattern = find_pattern(self._patterns, product.category)
        if not _says_something(edited.text):
            edited.become(recase(compose(own, product.category), own), "fields")
        edited.become(reorder(edited.text, own, pattern.order), "order")
        edited.become(_with_brand(edited.text, own), "brand")
        edited.become(_with_missing(edited.text, own, pattern), "fields")
        whole = edited.text
        edited.become(shorten(whole, own, MAX_TITLE_CHARS), "length")
        if broken_rules(edited.text, product):
            edited.become(_mended(edited.text, own), "rules")
            whole = edited.text
        title = titled(edited.text, edited.changes, own, self.id, confidence(edited.changes))
        # The marks that a long title loses tell best what may be left out of a short one.
        return replace(title, short_title=short_form(whole, own, MAX_SHORT_CHARS))


def titled(text: str, changes: Sequence[Change], own: OwnWords, writer: str, sure: float) -> Title:
    """Return a title with its short form; nothing at all is sure of nothing."""
    short = short_form(text, own, MAX_SHORT_CHARS)
    return Title(text, short, tuple(changes), writer, sure if text else 0.0)


def confidence(changes: Sequence[Change]) -> float:
    """Return how sure the rules are: 1 where they guessed nothing."""
    sure = 1.0
    for change in changes:
        sure *= DOUBT.get(change.rule, 1.0)
    return round(sure, 3)


def _says_something(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _with_brand(text: str, own: OwnWords) -> str:
    """Put the brand first where no word of it stands in the title."""
    if not own.brand or squash(own.brand) in squash(text):
        return text
    words = {fold(word) for word in own.brand_words}
    if any(word.strip(",;:.()").casefold() in words for word in text.split()):
        return text
    return f"{own.brand[:1].upper()}{own.brand[1:]} {text}".strip()


def _with_missing(text: str, own: OwnWords, pattern: Pattern) -> str:
    missing = missing_values(text, own, pattern.add)
    return ", ".join([text, *missing]) if text else text


def _mended(text: str, own: OwnWords) -> str:
    """Apply the rules once more to a title that breaks one: dropping words has brought others together."""
    for _ in range(3):
        again = tidy(without_promotion(text), noisy=True)
        again = recase(without_repeats(again), own)
        if again == text:
            break
        text = again
    return shorten(text, own, MAX_TITLE_CHARS)
