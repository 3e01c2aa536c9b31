"""Makes a seller's text clean and keeps every change.

`normalize` mends encodings and characters, drops tags, promotion, prices, contact data and emoji, separators that
separate nothing and repeated words; opens short forms and glued words, mends spelling from the product's own fields and
the shop's vocabulary, and sets capitals. It invents nothing: a word enters only where a field or the table of short
forms states it. Word order is the title writer's business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shopclerk.models.titles.casing import recase
from shopclerk.models.titles.characters import legible, without_emoji, without_tags
from shopclerk.models.titles.edits import Change, EditedText, undo_all, undo_one
from shopclerk.models.titles.listing import Listing, OwnWords, TitleInput
from shopclerk.models.titles.promotion import (
    without_contacts,
    without_hashtags,
    without_prices,
    without_promotion,
    without_spaced_letters,
)
from shopclerk.models.titles.punctuation import tidy, without_repeats
from shopclerk.models.titles.repair import Speller, mend_words, shop_speller

__all__ = [
    "Change",
    "Normalised",
    "TextNormaliser",
    "TitleInput",
    "undo_all",
    "undo_one",
]

MAX_CHARS = 2_000
"""A title is cut here before anything else is done: none that means something is longer."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A clean text.

    Attributes:
        text: The text.
        changes: What was done, in order; `undo_all` and `undo_one` take it back.
        noise: The kinds of noise that were found.
    """

    text: str
    changes: tuple[Change, ...]
    noise: frozenset[str]


class TextNormaliser:
    """Cleans titles and other short texts.

    Args:
        vocabulary: Folded words of the shop's own titles with the number of listings that hold each; words that the
            listing itself cannot tell are spelt by it. None corrects by the listing alone.
    """

    id = "rules-1"

    def __init__(self, vocabulary: Mapping[str, int] | None = None) -> None:
        self._speller: Speller | None = shop_speller(vocabulary) if vocabulary else None

    def normalize(self, listing: Listing) -> Normalised:
        """Return a listing's title, clean."""
        return self.clean(listing, OwnWords(listing))

    def clean(self, listing: Listing, own: OwnWords) -> Normalised:
        """Return a listing's title, clean.

        Args:
            listing: The listing.
            own: The words of its other fields.
        """
        edited, noise = self._legible(listing, own)
        for text, rule in mend_words(edited.text, own, self._speller):
            edited.become(text, rule)
        edited.become(without_repeats(edited.text), "repeated words")
        edited.become(recase(edited.text, own), "capitals")
        return Normalised(edited.text, tuple(edited.changes), noise)

    def legible(self, listing: Listing, own: OwnWords) -> Normalised:
        """Return a listing's title with clean characters, its words as they were: what models read."""
        edited, noise = self._legible(listing, own)
        return Normalised(edited.text, tuple(edited.changes), noise)

    def _legible(self, listing: Listing, own: OwnWords) -> tuple[EditedText, frozenset[str]]:
        edited, noise = EditedText(listing.title), set()
        if len(listing.title) > MAX_CHARS:
            edited.become(_beginning(listing.title), "length")
        for rule, step in _character_steps(own):
            if edited.become(step(edited.text), rule):
                noise.add(rule)
        # Where fields say what the product is, bars and dashes of the title tell nothing more.
        noisy = bool(noise & SELLING_NOISE) or bool(own.strong)
        edited.become(tidy(edited.text, noisy=noisy), "punctuation")
        edited.become(without_repeats(edited.text), "repeated words")
        return edited, frozenset(noise)


def _beginning(text: str) -> str:
    """Return the first whole words of a long text, or of a word without end its beginning."""
    whole, space, _ = text[: MAX_CHARS + 1].rpartition(" ")
    return whole if space and whole.strip() else text[:MAX_CHARS]


SELLING_NOISE = frozenset({"promotion", "emoji", "tags", "contact", "price", "hashtag"})
"""Kinds of noise that tell a title whose separators mean nothing either."""

Step = Callable[[str], str]


def _character_steps(own: OwnWords) -> tuple[tuple[str, Step], ...]:
    return (
        ("encoding", legible),
        ("tags", lambda text: without_tags(text, own)),
        ("emoji", without_emoji),
        ("contact", without_contacts),
        ("price", without_prices),
        ("hashtag", without_hashtags),
        ("spaced letters", without_spaced_letters),
        ("promotion", without_promotion),
    )
