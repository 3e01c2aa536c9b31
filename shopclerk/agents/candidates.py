"""Candidates: everything in a message that may name a condition, before anyone decides whether it does.

The reading decides by rules what is wanted, ruled out or said in passing. A trained planner decides that
itself, one candidate at a time; it needs them all, with the places they stand at.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from shopclerk.agents.cues import asking_tokens, find_positions, without_cues
from shopclerk.agents.fields import FieldName, bare_values, beside_names, field_names
from shopclerk.agents.lexicon import Lexicon, Link, Strength
from shopclerk.agents.numbers import read_numbers
from shopclerk.agents.reading import Reading, free_tokens, sure_links
from shopclerk.agents.wording import FILLER, Token, tokens
from shopclerk.catalog.product import Product
from shopclerk.catalog.text import fold

MAX_CANDIDATES = 12
MAX_WORDS_A_RUN = 5

Kind = Literal["value", "words", "number", "sort", "stock"]

_PAUSE = re.compile(r"[,.;:!?/()]")
_UNSPEAKABLE = re.compile(r"[^\w .,+-]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be a condition.

    Attributes:
        key: How prompt and answer call it, `colour red`; unique within a message.
        kind: What it is.
        field: The facet field of a value, the argument of a number.
        values: The facet values named, the words, the number, or the order.
        span: Where it stands in the reading's text, None where that is not known.
        strength: How surely a value is named.
        absent: The field was named, and its value says that it is to be absent, should it be ruled out.
    """

    key: str
    kind: Kind
    field: str
    values: tuple[Any, ...]
    span: tuple[int, int] | None = None
    strength: Strength = Strength.NAME
    absent: bool = False

    def fit(self, product: Product) -> int:
        """Return how well a product fits: 1 for the value, or how many of the words it holds."""
        if self.kind == "words":
            said = " ".join((product.title, *(value for _, value in product.facets())))
            held = {token.stem for token in tokens(fold(said))}
            return sum(token.stem in held for token in tokens(" ".join(self.values)))
        if self.kind != "value":
            return 0
        if self.field == "category":
            return int(bool(set(self.values) & set(product.category_levels())))
        facets = set(product.facets())
        return int(any((self.field, value) in facets for value in self.values))


def find_candidates(reading: Reading, lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates of a message, in the order they stand in it; limits and orders last.

    Of more than twelve, the last of the plain words are left out.
    """
    unique: dict[str, Candidate] = {}
    for candidate in (*_named(reading, lexicon), *_limits(reading)):
        unique.setdefault(candidate.key, candidate)
    found = list(unique.values())
    spare = [candidate for candidate in reversed(found) if candidate.kind == "words"]
    cut = {candidate.key for candidate in spare[: max(0, len(found) - MAX_CANDIDATES)]}
    return [candidate for candidate in found if candidate.key not in cut]


def _named(reading: Reading, lexicon: Lexicon) -> list[Candidate]:
    text = reading.text
    _, rest = read_numbers(text)
    _, rest = find_positions(rest, sorting=reading.sort is not None)
    rest = without_cues(rest)
    message = tokens(rest)
    free = free_tokens(message, rest, lexicon)
    asking = asking_tokens(message, rest, lexicon)
    # Whether a value is asked about or asked for is not for the words alone to say.
    links = lexicon.link(message, free, [False] * len(message))
    names = field_names(message, lexicon)
    links = beside_names(sure_links(links), names, message, free, lexicon)
    named = {index for name in names for index in range(name.start, name.end)}
    # 'colour and material?' asks about fields, whatever else has a value of that name.
    own = {(name.start, name.end): name.field for name in names}
    links = [link for link in links if not _means_field(link, own, reading)]
    found = [_value(link, message) for link in links]
    for field, value, span in bare_values(text, lexicon):
        found.append(Candidate(_key(f"{field} {value.casefold()}"), "value", field, (value,), span))
    found += [
        Candidate(
            _key(f"{name.field} {values[0].casefold()}"),
            "value",
            name.field,
            tuple(values),
            _span(name, message),
        )
        for name in names
        if name.field in reading.repeated and (values := reading.wanted.get(name.field))
    ]
    for index, name in ((name.start, name.field) for name in names):
        absent = lexicon.absent_value(name)
        if free[index] and absent and reading.wanted.get(name) == [absent]:
            span = (message[index].start, message[index].end)
            found.append(Candidate(_key(f"no {name}"), "value", name, (absent,), span, absent=True))
            free[index] = False
    left = [
        index
        for index, token in enumerate(message)
        if free[index] and index not in named and not asking[index] and _is_content(token)
    ]
    found += [_words([message[index] for index in run]) for run in _runs(left, message, rest)]
    return sorted(found, key=lambda candidate: candidate.span or (0, 0))


def _value(link: Link, message: list[Token]) -> Candidate:
    said = " ".join(token.text for token in message[link.start : link.end])
    span = (message[link.start].start, message[link.end - 1].end)
    key = _key(f"{link.field} {said}")
    return Candidate(key, "value", link.field, link.values, span, link.strength)


def _means_field(link: Link, own: dict[tuple[int, int], str], reading: Reading) -> bool:
    """Whether what names a value only names a field here, set free or asked about."""
    field = own.get((link.start, link.end))
    if field is None:
        return False
    return field in reading.relaxed or (reading.question and field != link.field)


def _span(name: FieldName, message: list[Token]) -> tuple[int, int]:
    return message[name.start].start, message[name.end - 1].end


def _words(run: list[Token]) -> Candidate:
    texts = tuple(token.text for token in run)
    key = _key(f"words {' '.join(texts)}")
    return Candidate(key, "words", "query", texts, (run[0].start, run[-1].end))


def _runs(left: list[int], message: list[Token], text: str) -> list[list[int]]:
    """Cut the words that name no value into runs of neighbours without a pause between them."""
    runs: list[list[int]] = []
    for index in left:
        last = runs[-1][-1] if runs else -2
        near = index == last + 1 and len(runs[-1]) < MAX_WORDS_A_RUN
        if near and not _PAUSE.search(text[message[last].end : message[index].start]):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _limits(reading: Reading) -> list[Candidate]:
    found = [
        Candidate(f"{name} {number:g}", "number", name, (number,))
        for name in ("price_min", "price_max", "rating_min")
        if (number := getattr(reading.numbers, name)) is not None
    ]
    if reading.in_stock:
        found.append(Candidate("in_stock", "stock", "in_stock", (True,)))
    if reading.sort:
        found.append(Candidate(f"sort {reading.sort}", "sort", "sort", (reading.sort,)))
    return found


def _key(text: str) -> str:
    return _UNSPEAKABLE.sub(" ", text).strip()[:48]


def _is_content(token: Token) -> bool:
    return token.text not in FILLER and (len(token.text) > 1 or not token.text.isascii())
