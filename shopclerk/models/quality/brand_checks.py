"""Brands that look like others: letters of foreign alphabets, digits for letters, a letter changed."""

import re
import unicodedata
from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from shopclerk.models.quality.finding import Finding, Listing, Mend
from shopclerk.models.quality.language_checks import texts_of
from shopclerk.models.quality.norms import ShopNorms
from shopclerk.models.quality.policy import Policy

LOOKS = {
    pair[0]: pair[1]
    for pair in "аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw вb кk мm нh тt гr αa βb εe ηn ιi κk μm νv οo ρp τt υu χx ζz  "
    "0o 1l 3e 4a 5s 7t 8b $s @a |l".split()
}
"""A letter or digit to the Latin letter it is taken for (a part of the confusables of Unicode TS 39)."""
_TABLE = str.maketrans(LOOKS)
MIN_CHARS = 4
RARER = 10
"""A brand must have this many times fewer listings than the one it resembles."""
HEAD_WORDS = 3
"""Words at the head of a title that may be a brand."""
_WORD = re.compile(r"[^\W_][\w'’&-]*")


def bare(text: str) -> str:
    """Return letters and digits alone, folded, without accents."""
    # Letters of mathematics become plain capitals only here, so they are folded after it.
    plain = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFKD", plain)
    return re.sub(
        r"[\W_]+", "", "".join(char for char in folded if not unicodedata.combining(char))
    )


def skeleton(text: str) -> str:
    """Return what a name looks like: letters and digits alone, those that are taken for Latin letters made so."""
    return bare(text).translate(_TABLE).replace("rn", "m").replace("vv", "w")


class LookAlikes:
    """Finds names that are nearly those of far better known brands.

    Args:
        norms: The shop's own brands and words.
        policy: Names that are protected in any shop.
    """

    def __init__(self, norms: ShopNorms, policy: Policy) -> None:
        self._norms = norms
        self._known: dict[str, tuple[str, int]] = {}
        for count, name in norms.brands.values():
            self._add(name, count)
        for name in policy.protected_brands:
            self._add(name, max(norms.count, 1_000))
        self._plain = {bare(name) for name, _ in self._known.values()}

    def _add(self, name: str, count: int) -> None:
        shape = skeleton(name)
        if len(shape) >= MIN_CHARS and count > self._known.get(shape, ("", 0))[1]:
            self._known[shape] = (name, count)

    def check(self, listing: Listing) -> Iterator[Finding]:
        """Yield look-alikes in the brand and at the head of the title, and words of mixed alphabets anywhere."""
        for field, name, span in self._names(listing):
            real = self.resembled(name)
            if real is not None:
                # At the head of a title an ordinary word may be a letter away from a brand.
                guess = field == "title" and skeleton(name) != skeleton(real)
                yield Finding(
                    "look-alike",
                    "hint" if guess else "error",
                    "safety",
                    field,
                    f"'{name}' looks like the brand '{real}' and is not.",
                    Mend(f"Write '{real}' if it is theirs; else take the listing down."),
                    name,
                    span,
                )
        for field, text in texts_of(listing):
            yield from _mixed(field, text)

    def _names(self, listing: Listing) -> Iterator[tuple[str, str, tuple[int, int]]]:
        brand = (listing.brand or "").strip()
        if brand:
            yield "brand", brand, (0, len(brand))
        for match in list(_WORD.finditer(listing.title))[:HEAD_WORDS]:
            word = match[0]
            if word.casefold() not in brand.casefold() and word.casefold() not in self._norms.words:
                yield "title", word, match.span()

    def resembled(self, name: str) -> str | None:
        """Return the brand that a name is nearly and is not, None where there is none."""
        shape, plain = skeleton(name), bare(name)
        if len(shape) < MIN_CHARS or plain in self._plain:
            return None
        if shape in self._known:
            return self._known[shape][0]
        if len(shape) == MIN_CHARS or any(char.isdigit() for char in plain):
            return None
        own = self._norms.brands.get(name.casefold(), (0, ""))[0]
        near = process.extract(
            shape, self._known.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=5
        )
        for other, _, _ in near:
            real, count = self._known[other]
            if len(other) > MIN_CHARS and other[0] == shape[0] and count >= RARER * max(1, own):
                return real
        return None


def _mixed(field: str, text: str) -> Iterator[Finding]:
    """Yield words that mix Latin letters with Greek or Cyrillic ones."""
    for match in _WORD.finditer(text[:20_000]):
        word = match[0]
        if word.isascii():
            continue
        scripts = {unicodedata.name(char, "").partition(" ")[0] for char in word if char.isalpha()}
        unit = any(char in word for char in "µμΩ")
        if "LATIN" in scripts and scripts & {"GREEK", "CYRILLIC"} and not unit:
            yield Finding(
                "look-alike",
                "error",
                "safety",
                field,
                f"'{word}' mixes alphabets, as look-alikes do.",
                Mend("Write it in one alphabet."),
                word,
                match.span(),
            )
