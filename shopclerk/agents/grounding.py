"""Grounding: does an answer name anything that its sources do not hold?

Checked are numbers (prices, ratings, counts), and names: every facet value of the catalogue (brands,
colours, materials, ...) and every product title that occurs in the answer must occur in the sources. What the
shopper wrote counts as a source for numbers and values, so that a limit may be repeated, but a product or
a price must come from a tool.
"""

import re
from collections.abc import Iterable, Sequence

from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.wording import FILLER, stems

_NUMBER = re.compile(r"\d[\d.,]*")
_MONEY = re.compile(
    r"(?:[$€£¥₹₱]|\b[A-Z]{3}\s)\s*(\d[\d.,]*\d|\d)|(\d[\d.,]*\d|\d)\s*(?:[$€£¥₹₱]|USD|EUR|GBP)"
)
SMALL = 20.0
"""Counts and positions up to here are not facts of a product."""


def numbers_in(text: str) -> set[float]:
    """Return the numbers of a text; 1,299.00 and 1299 are one number."""
    return {value for found in _NUMBER.findall(text) if (value := _value(found)) is not None}


def money_in(text: str) -> list[tuple[str, float]]:
    """Return the amounts of money of a text, as written and as numbers."""
    found = ((match.group().strip(), match[1] or match[2]) for match in _MONEY.finditer(text))
    return [(written, value) for written, digits in found if (value := _value(digits)) is not None]


def _value(digits: str) -> float | None:
    bare = digits.strip(".,")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    try:
        return float(bare.replace(",", "."))
    except ValueError:
        return None


class Grounding:
    """Checks answers against their sources, for one catalogue."""

    def __init__(self, lexicon: Lexicon) -> None:
        categories = {
            phrase[i:j]
            for phrase in map(stems, lexicon.values["category"])
            for i in range(len(phrase))
            for j in range(i + 1, len(phrase) + 1)
        }
        self._values = {
            phrase
            for field, values in lexicon.values.items()
            if field != "category"
            for value in values
            if (phrase := stems(value)) and any(len(word) > 2 and word.isalpha() for word in phrase)
        } - categories
        self._longest = max(map(len, self._values), default=0)

    def ungrounded(self, answer: str, results: Sequence[str], request: str = "") -> list[str]:
        """Return what the answer names without ground, empty when it is grounded.

        Args:
            answer: What would be said.
            results: The texts of the tool results of the turn.
            request: What the shopper wrote, limits included.
        """
        found = "\n".join(results)
        return [*self._prices(answer, found, request), *self._named(answer, f"{found}\n{request}")]

    def _prices(self, answer: str, found: str, request: str) -> Iterable[str]:
        known, asked = numbers_in(found), numbers_in(request)
        for match in _MONEY.finditer(answer):
            value = _value(match[1] or match[2])
            if value is not None and value not in known | asked:
                yield match.group().strip()
        for value in numbers_in(_MONEY.sub(" ", answer)):
            if value not in known | asked and not (value <= SMALL and value == int(value)):
                yield f"{value:g}"

    def _named(self, answer: str, sources: str) -> Iterable[str]:
        given, said = stems(sources), stems(answer)
        known = {
            given[i : i + width]
            for width in range(1, self._longest + 1)
            for i in range(len(given) - width + 1)
        }
        for width in range(self._longest, 0, -1):
            for i in range(len(said) - width + 1):
                phrase = said[i : i + width]
                if phrase in self._values and phrase not in known and phrase not in _PLAIN:
                    yield " ".join(phrase)


_PLAIN = frozenset(stems(word) for word in FILLER)
"""Words of plain speech that may also be a brand or another value somewhere."""
