"""Reading a message: what it says in terms of the catalogue, without deciding what to do.

The same reading serves the rules, which decide by it, and the chat model, whose grammar offers only the
values and numbers that were read.
"""

import re
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from shopclerk.agents.asides import aside_spans, rules_out, within
from shopclerk.agents.cues import (
    asked_fields,
    asking_tokens,
    clause_of,
    find_cues,
    find_positions,
    find_sort,
    is_for,
    is_question,
    limit_word,
    negated_tokens,
    negating_tokens,
    purpose_start,
    relaxed_fields,
    says_want,
    wants_stock,
    without_cues,
    without_injection,
)
from shopclerk.agents.fields import (
    FieldName,
    bare_values,
    beside_names,
    field_names,
    freed_fields,
    pointed_fields,
    repeated_fields,
)
from shopclerk.agents.lexicon import Lexicon, Link, Strength
from shopclerk.agents.numbers import Numbers, digits_for_words, read_numbers
from shopclerk.agents.takebacks import allowed, let_go
from shopclerk.agents.wording import FILLER, Token, recipients, tokens
from shopclerk.catalog.search import Sort
from shopclerk.catalog.spelling import Speller
from shopclerk.catalog.text import fold

COMPARATIVES = "less more cheaper under over lower higher greater smaller dearer fewer".split()
SPELLED = {"colour": ("color", "colours", "main colour", "shade"), "size": ("sizes",)}
"""Other names of fields that shoppers call by the first."""

_BEFORE_THAN = re.compile(r"\b([a-z]{2,8})(?= th[ae]n\b)")

BEFORE_NOUN = frozenset(
    "a an any some the your another need want sell carry stock have find buy get got see me for "
    "of about please hello hi and or no switch".split()
)
"""Words after which the thing wanted is likely to be named."""


@dataclass(slots=True)
class Reading:
    """What one message says.

    Attributes:
        text: The message, folded, spelling mended, without what was aimed at the assistant's rules.
        wanted: Field to values that are asked for; `category` holds level names.
        unwanted: Field to values that are ruled out.
        numbers: Price and rating limits.
        rest: Words with content that name no facet value, in order.
        nouns: Those of them that stand where the thing wanted is named.
        purpose: Words that say what the thing is for.
        category_phrases: The stems of the words that named a category.
        sort: An order asked for, or None.
        in_stock: Only what is on hand.
        positions: Places in the list shown last, from 0; -1 is the last.
        question: It asks rather than orders.
        asked: Fields of a product that the message asks about.
        relaxed: Fields whose limit the message takes back; `*` means all of them.
        let_go: Field to values that need no longer hold, whatever the conversation holds.
        allowed: Field to values that may hold as well.
        repeated: Fields that are to stay what they were: 'in the same size'.
        cues: Names of the turns of speech found, see `CUES`.
        injected: Part of the message tried to change the assistant's rules.
        corrections: Misspelt words and what was read instead.
        guessed: The category was not named outright, but by a related word.
        image: Name of the picture that is meant: attached to the message, or pointed at by it.
    """

    text: str
    wanted: dict[str, list[str]] = field(default_factory=dict)
    unwanted: dict[str, list[str]] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)
    rest: list[str] = field(default_factory=list)
    nouns: list[str] = field(default_factory=list)
    purpose: list[str] = field(default_factory=list)
    category_phrases: list[tuple[str, ...]] = field(default_factory=list)
    sort: Sort | None = None
    in_stock: bool = False
    positions: list[int] = field(default_factory=list)
    question: bool = False
    asked: list[str] = field(default_factory=list)
    relaxed: set[str] = field(default_factory=set)
    let_go: dict[str, list[str]] = field(default_factory=dict)
    allowed: dict[str, list[str]] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    cues: set[str] = field(default_factory=set)
    injected: bool = False
    corrections: dict[str, str] = field(default_factory=dict)
    guessed: bool = False
    image: str | None = None

    @property
    def has_limits(self) -> bool:
        """Whether the message narrows anything down."""
        numbers = self.numbers != Numbers()
        return bool(self.wanted or self.unwanted or self.in_stock or numbers)


def read_message(message: str, lexicon: Lexicon, speller: Speller | None = None) -> Reading:
    """Read a message in terms of a catalogue."""
    folded = digits_for_words(fold(message).replace("’", "'"))
    kept = without_injection(folded)
    mended, corrections = _mend(kept, lexicon, speller)
    reading = Reading(mended, injected=kept != folded, corrections=corrections)
    reading.cues = find_cues(mended)
    reading.question = is_question(mended)
    reading.sort = find_sort(mended)
    reading.in_stock = wants_stock(mended)
    if reading.sort is None and reading.cues & {"those", "which"}:
        reading.sort = "price_asc" if "cheaper" in reading.cues else None
        reading.sort = "price_desc" if "dearer" in reading.cues else reading.sort
    reading.numbers, rest = read_numbers(mended)
    reading.positions, rest = find_positions(rest, sorting=reading.sort is not None)
    reading.relaxed = {_known_field(name, lexicon) for name in relaxed_fields(mended)}
    _link(without_cues(rest), lexicon, reading)
    _read_bare_values(lexicon, reading)
    named = {name for name in reading.wanted if beside_its_name(mended, reading, name)}
    reading.asked = [name for name in asked_fields(rest, lexicon) if name not in named]
    if reading.numbers.price_min is not None or reading.numbers.price_max is not None:
        reading.relaxed.discard("price")
    return reading


def beside_its_name(text: str, reading: Reading, name: str) -> bool:
    """Tell whether a field's name only stands there beside its value: 'intermediate level'."""
    field = re.escape(name.replace("_", " ").casefold())
    values = "|".join(re.escape(value.casefold()) for value in reading.wanted[name])
    return bool(re.search(rf"\b(?:{values}) {field}\b|\b{field} (?:{values})\b", text))


def _known_field(name: str, lexicon: Lexicon) -> str:
    """Return what this catalogue calls a field: color where it has no colour."""
    if name in lexicon.values:
        return name
    return next((other for other in SPELLED.get(name, ()) if other in lexicon.values), name)


def _read_bare_values(lexicon: Lexicon, reading: Reading) -> None:
    message = tokens(reading.text)
    pairs = zip(message, negated_tokens(message, reading.text), strict=True)
    negated = {token.start for token, ruled_out in pairs if ruled_out}
    for name, value, (start, end) in bare_values(reading.text, lexicon):
        if name in reading.relaxed:
            continue
        target = reading.unwanted if start in negated else reading.wanted
        known = target.setdefault(name, [])
        known.extend([value] if value not in known else [])
        said = {token.text for token in tokens(reading.text[start:end])}
        reading.rest = [word for word in reading.rest if word not in said]


def _mend(text: str, lexicon: Lexicon, speller: Speller | None) -> tuple[str, dict[str, str]]:
    corrections: dict[str, str] = _mended_comparatives(text)
    for token in tokens(text) if speller else ():
        if token.text in FILLER or token.stem in lexicon.words() or token.text in corrections:
            continue
        if speller and (better := speller.correct(token.text)):
            corrections[token.text] = better
    pattern = re.compile(r"[^\W_]+")
    return pattern.sub(
        lambda match: corrections.get(match.group(), match.group()), text
    ), corrections


def _mended_comparatives(text: str) -> dict[str, str]:
    """Return the words before 'than' and 'then' a number that must be misspelt: 'lss than 60'."""
    found: dict[str, str] = {}
    for match in _BEFORE_THAN.finditer(text):
        near = process.extractOne(
            match[1], COMPARATIVES, scorer=OSA.distance, score_cutoff=1 if len(match[1]) < 6 else 2
        )
        if near and near[0] != match[1]:
            found[match[1]] = near[0]
    return found


def _link(text: str, lexicon: Lexicon, reading: Reading) -> None:
    message = tokens(text)
    free = free_tokens(message, text, lexicon)
    asking = asking_tokens(message, text, lexicon)
    names = field_names(message, lexicon)
    for name in names:
        if name.field in (freed := freed_fields(text, message, [name])):
            free[name.start : name.end] = [False] * (name.end - name.start)
            reading.relaxed |= freed
    links = lexicon.link(message, free, asking)
    links = beside_names(sure_links(links), names, message, free, lexicon)
    said = links
    links = asked_clauses(wanted_clauses(links, message, text), message, text)
    for link in links:
        if let_go(link, message, text):
            reading.let_go.setdefault(link.field, []).extend(link.values)
        _take(link, message, text, lexicon, reading)
        if allowed(link, message, text):
            reading.allowed.setdefault(link.field, []).extend(link.values)
    if "category" in reading.wanted:
        reading.wanted["category"] = lexicon.most_specific(reading.wanted["category"])
    _link_negated_fields(message, text, lexicon, reading, free)
    _read_field_names(names, said, message, text, reading, free)
    unused = zip(message, free, asking, negating_tokens(message, text), strict=True)
    rest = [token for token, *used in unused if used == [True, False, False] and _is_content(token)]
    if reading.relaxed:
        rest = [token for token in rest if not limit_word(token)]
    _keep_rest(rest, message, links, text, reading)


def free_tokens(message: list[Token], text: str, lexicon: Lexicon) -> list[bool]:
    """Return for each token whether it may name a value.

    Words for people do only after 'for', or where they are a value themselves; parts of longer field names never do.
    """
    free = [
        token.stem not in recipients() or is_for(text, token) or lexicon.is_name(token.stem)
        for token in message
    ]
    for name in field_names(message, lexicon):
        if name.end - name.start > 1:
            free[name.start : name.end] = [False] * (name.end - name.start)
    return free


def sure_links(links: list[Link]) -> list[Link]:
    """Leave out categories known by their head noun alone, where another is named in full."""
    sure = any(link.field == "category" and link.strength is not Strength.HEAD for link in links)
    return [
        link
        for link in links
        if not (sure and link.field == "category" and link.strength is Strength.HEAD)
    ]


def asked_clauses(links: list[Link], message: list[Token], text: str) -> list[Link]:
    """Leave out what is named in passing, 'my floor is already black', where anything else is named."""
    asides = aside_spans(text)
    kept = [link for link in links if not within(message[link.start].start, asides)]
    return kept or links


def _read_field_names(
    names: list[FieldName],
    links: list[Link],
    message: list[Token],
    text: str,
    reading: Reading,
    free: list[bool],
) -> None:
    """Take in what is said of whole fields: set free, kept, or pointing back ('avoid that brand')."""
    reading.repeated = repeated_fields(text, message, names)
    negated = negated_tokens(message, text)
    for name in pointed_fields(text, message, names):
        before = [link for link in links if link.field == name.field and link.end <= name.start]
        if before and (negated[name.start] or rules_out(text, message[name.start].start)):
            values = list(before[-1].values)
            reading.unwanted[name.field] = values
            reading.wanted.pop(name.field, None)
    for name in names:
        if name.field in reading.repeated or reading.has_limits:
            free[name.start : name.end] = [False] * (name.end - name.start)


def _keep_rest(
    rest: list[Token], message: list[Token], links: list[Link], text: str, reading: Reading
) -> None:
    """Sort the words that name no value: wanted, ruled out, or only telling what the thing is for.

    Where a category is named, words of other clauses are asides.
    """
    linked = {index for link in links for index in range(link.start, link.end)}
    named = [message[link.start] for link in links if link.field == "category"]
    asides = aside_spans(text)
    rest = [token for token in rest if not within(token.start, asides)]
    clauses = {clause_of(token, text) for token in named}
    negated = dict(zip(message, negated_tokens(message, text), strict=True))
    wanted = [token for token in rest if not negated[token]]
    border = purpose_start(text)
    wanted = [token for token in wanted if clause_of(token, text) in clauses] if clauses else wanted
    before = [token for token in wanted if token.start < border]
    if before or reading.wanted:
        reading.purpose = [token.text for token in wanted if token.start >= border]
        wanted = before
    reading.rest = [token.text for token in wanted]
    reading.nouns = [token.text for token in wanted if _names_thing(token, message, linked)]
    if ruled_out := [token.text for token in rest if negated[token]]:
        reading.unwanted.setdefault("any", []).extend(ruled_out)


def wanted_clauses(links: list[Link], message: list[Token], text: str) -> list[Link]:
    """Keep the categories of the clauses that say 'need', 'find' and the like, where some do."""
    wanting = {
        clause_of(message[link.start], text)
        for link in links
        if link.field == "category" and says_want(clause_of(message[link.start], text), text)
    }
    return [
        link
        for link in links
        if link.field != "category"
        or not wanting
        or clause_of(message[link.start], text) in wanting
    ]


def _names_thing(token: Token, message: list[Token], linked: set[int]) -> bool:
    """Tell whether a word stands where the thing wanted is named: 'a sofa', 'blue sofa', or alone."""
    index = message.index(token)
    if index == 0:
        return not linked
    return index - 1 in linked or message[index - 1].text in BEFORE_NOUN


def _take(link: Link, message: list[Token], text: str, lexicon: Lexicon, reading: Reading) -> None:
    negated = negated_tokens(message, text)[link.start]
    if negated and link.field == "category" and link.strength is not Strength.NAME:
        return
    if negated and (absent := lexicon.absent_value(link.field)) and _is_yes(link):
        target, values = reading.wanted, [absent]
    else:
        target, values = (reading.unwanted if negated else reading.wanted), list(link.values)
    if target is reading.unwanted:
        values = [other for value in values for other in lexicon.containing(link.field, value)]
    if link.field == "category" and not negated:
        reading.category_phrases.append(tuple(t.stem for t in message[link.start : link.end]))
    reading.guessed |= link.field == "category" and link.strength is Strength.SYNONYM
    known = target.setdefault(link.field, [])
    known.extend(value for value in values if value not in known)


def _is_yes(link: Link) -> bool:
    return all(value.casefold() in {"yes", "true"} for value in link.values)


def _link_negated_fields(
    message: list[Token], text: str, lexicon: Lexicon, reading: Reading, free: list[bool]
) -> None:
    """'no caffeine' asks for the value None where the field caffeine has one."""
    negated = negated_tokens(message, text)
    for index, name in lexicon.fields_in(message):
        absent = lexicon.absent_value(name)
        if free[index] and negated[index] and absent:
            reading.wanted[name] = [absent]
            free[index] = False


def _is_content(token: Token) -> bool:
    return (token.text not in FILLER and len(token.text) > 1) or bool(
        re.search(r"[^\x00-\x7f]", token.text)
    )
