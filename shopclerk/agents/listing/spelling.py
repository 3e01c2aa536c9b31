"""A seller's rough words, spelt as the shop spells them.

A word is mended where neither several of the shop's listings nor the language hold it, and one that several listings hold
is near and begins with the same letter. Names of brands stay, and so does a text of mostly unknown words: it is in
another language. A size written together with its short form (`sz10`) comes apart.
"""

import re
from collections.abc import Collection, Mapping

from shopclerk.agents.listing.draft import Draft
from shopclerk.catalog.spelling import Speller, english_words
from shopclerk.catalog.text import fold

LEAST_LISTINGS = 3
"""Listings that must hold a word which others are mended into."""
LEAST_CHARS = 5
KNOWN_SHARE = 0.5
"""Share of a text's words of which more must be known for it to be mended."""
_WORD = re.compile(r"(?<![\w-])[^\W\d_]{2,}(?![\w-])")
_GLUED_SIZE = re.compile(r"(?<!\w)(sz|size)(\d{1,3}(?:[.,]5)?)(?!\w)", re.IGNORECASE)


class RoughWords:
    """Mends sellers' words.

    Args:
        vocabulary: The shop's words with the number of listings that hold each.
        names: Names that are never mended, such as brands.
    """

    def __init__(self, vocabulary: Mapping[str, int], names: Collection[str] = ()) -> None:
        common = {word: count for word, count in vocabulary.items() if count >= LEAST_LISTINGS}
        self._speller = Speller(common)
        self._names = frozenset(part for name in names for part in fold(name).split())

    def mended(self, text: str) -> tuple[str, dict[str, str]]:
        """Return the text mended, and what was mended: word to replacement."""
        words = {match[0] for match in _WORD.finditer(text)}
        unknown = {word for word in words if not self._known(fold(word))}
        found = {word: self._meant(word) for word in unknown} if self._familiar(words) else {}
        changes = {word: better for word, better in found.items() if better}
        spelt = _WORD.sub(lambda match: changes.get(match[0], match[0]), text)
        return _GLUED_SIZE.sub(r"\1 \2", spelt), changes

    def of_draft(self, draft: Draft) -> tuple[Draft, dict[str, str]]:
        """Return a draft with its words mended, and what was mended."""
        text, changes = self.mended(draft.given.text)
        given = draft.given.model_copy(update={"text": text})
        return draft.model_copy(update={"given": given}), changes

    def _known(self, word: str) -> bool:
        return word in self._names or self._speller.knows(word) or word in english_words()

    def _familiar(self, words: Collection[str]) -> bool:
        """Tell whether most words are known or near to known ones."""
        near = [word for word in words if self._known(fold(word)) or self._meant(word)]
        return len(near) > KNOWN_SHARE * len(words)

    def _meant(self, word: str) -> str | None:
        folded = fold(word)
        if len(folded) < LEAST_CHARS:
            return None
        better = self._speller.correct(folded)
        if better is None or better[0] != folded[0]:
            return None
        return better.upper() if word.isupper() else better.title() if word.istitle() else better
