"""The order of a title's words, by a pattern: brand, for whom, …, colour, product.

Only what stands out of place is moved. A brand belongs to the start. A colour or a product's name before the word for
whom it is, and words before the brand, were moved by somebody; the rest of the title keeps its order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shopclerk.models.titles.casing import brand_places
from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.patterns import DEFAULT_ORDER
from shopclerk.models.titles.tables import audience_words, colour_words, units
from shopclerk.models.titles.words import edges, fold, inflected

MAX_BRAND_WORDS = 6
MAX_VALUE_WORDS = 5
MAX_LEAD = 3
"""So many words before the brand may have been moved there; more are a title that names the brand last."""
MAX_NAME = 3
"""Words of a product's name, with what stands before it."""
MAX_MOVED_TOKENS = 14
"""In a longer title nothing but the brand is moved."""
MAX_TOKENS = 40
"""A longer title is prose; its order is left alone."""

TAIL_WORDS = frozenset("with for from by pack set size avec für mit para con per voor med".split())
"""What begins with one of these belongs behind the product's name."""


@dataclass
class _Slots:
    """Tokens by the place they belong to."""

    brand: list[str] = field(default_factory=list)
    audience: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    colour: list[str] = field(default_factory=list)
    type: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


def reorder(text: str, own: OwnWords, order: Sequence[str] = DEFAULT_ORDER) -> str:
    """Return a title with its brand first and whole, and with what had been moved back in place.

    Args:
        text: A clean title.
        own: The words of the listing's other fields.
        order: The places in a title: brand, audience, rest, colour, type, tail.
    """
    tokens = text.split()
    if not 1 < len(tokens) <= MAX_TOKENS or not own.strong:
        return text
    slots = _Slots()
    lead, tokens = _take_brand(tokens, own, slots)
    tokens = _values_gathered(_phrases_mended(tokens, own), own)
    lead = _take_lead(lead, tokens, own, slots)
    tokens = _take_misplaced([*lead, *tokens], own, slots)
    if slots.audience and not slots.brand:
        # Nobody knows where the brand ends, so the audience stays where it was.
        tokens, slots.audience = _audience_kept(tokens, slots.audience), []
    if slots.colour or slots.type:
        _split_off_product(tokens, own, slots)
    else:
        slots.rest = tokens
    parts = {
        "brand": slots.brand,
        "audience": slots.audience,
        "rest": slots.rest,
        "colour": slots.colour,
        "type": slots.type,
        "tail": slots.tail,
    }
    return " ".join(token for name in order for token in parts[name]).rstrip(" ,;:|-–")


def _key(token: str) -> str:
    return fold(edges(token)[1]) or token


def _take_brand(tokens: list[str], own: OwnWords, slots: _Slots) -> tuple[list[str], list[str]]:
    """Put the brand's tokens into their slot; return the tokens before the brand and those behind it."""
    wanted = [fold(edges(word)[1]) or fold(word) for word in own.brand_words]
    if not wanted or len(wanted) > MAX_BRAND_WORDS:
        return [], tokens
    there = sorted(brand_places(tokens, own))[: len(wanted)] or _scattered(tokens, wanted)
    if not there or (
        there[0] and tokens[there[0] - 1].lower() in ("by", "for", "von", "de", "par")
    ):
        return [], tokens
    slots.brand = [tokens[place] for place in there]
    if there[-1] != len(tokens) - 1 and there != list(range(len(there))):
        slots.brand = [token.rstrip(",;:") for token in slots.brand]
    first = there[0]
    gone = set(there)
    return tokens[:first], [t for p, t in enumerate(tokens) if p > first and p not in gone]


def _scattered(tokens: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return one place for each word of the brand, empty where one is not there."""
    keys = [_key(token) for token in tokens]
    places: list[int] = []
    for word in wanted:
        found = [place for place, key in enumerate(keys) if key == word and place not in places]
        if not found:
            return []
        places.append(found[0])
    return places


def _phrases_mended(tokens: list[str], own: OwnWords) -> list[str]:
    """Put the words of a value of two words in order where they stand side by side: `Flops Flip`, `Blue Navy`."""
    for role in ("colour", "type"):
        for value in own.values.get(role, ()):
            words = [fold(word) for word in value.split()]
            if len(words) != 2:
                continue
            for place in range(len(tokens) - 1):
                left, right = _key(tokens[place]), _key(tokens[place + 1])
                if [right, left] == words and tokens[place][-1:].isalnum():
                    tokens[place], tokens[place + 1] = tokens[place + 1], tokens[place]
    return tokens


def _values_gathered(tokens: list[str], own: OwnWords) -> list[str]:
    """Bring the words of a value together where they all stand in the title but apart: `Cast XF8938 Iron`."""
    for values in own.values.values():
        for value in values:
            words = [fold(word) for word in value.split()]
            if 2 <= len(words) <= MAX_VALUE_WORDS:
                tokens = _gathered(tokens, words)
    return tokens


def _gathered(tokens: list[str], words: list[str]) -> list[str]:
    keys = [_key(token) for token in tokens]
    if any(keys.count(word) != 1 or words.count(word) != 1 for word in words):
        return tokens
    places = [keys.index(word) for word in words]
    if places == list(range(places[0], places[0] + len(words))):
        return tokens
    span = tokens[min(places) : max(places)]
    if any(token[-1] in ",;:()|" for token in span) or any(t in "-–|/" for t in span):
        return tokens
    # The longest run of them stays, the others come to it; of runs of one, the last.
    runs = [
        sum(1 for k in range(i, len(places)) if places[k] - places[i] == k - i)
        for i in range(len(places))
    ]
    anchor = max(range(len(places)), key=lambda i: (runs[i], i))
    stays = places[anchor]
    value = [tokens[place] for place in places]
    rest = [token for place, token in enumerate(tokens) if place not in places]
    at = stays - sum(place < stays for place in places)
    return [*rest[:at], *value, *rest[at:]]


def _is_colour(token: str, own: OwnWords) -> bool:
    key = _key(token)
    return key in colour_words() or own.role_of.get(key) == "colour"


def _is_type(token: str, own: OwnWords) -> bool:
    key = _key(token)
    return any(role == "type" and inflected(key, word) for word, role in own.role_of.items())


def _is_audience(token: str) -> bool:
    return _key(token) in audience_words()


def _is_measure(token: str) -> bool:
    return any(map(str.isdigit, token)) or _key(token) in units()


def _take_lead(lead: list[str], tokens: Sequence[str], own: OwnWords, slots: _Slots) -> list[str]:
    """Sort what stands before the brand: colours, product words and for whom to their slots; return the others."""
    if not slots.brand:
        return lead
    others: list[str] = []
    if len(lead) > MAX_LEAD:
        return lead
    for token in lead:
        bare = token.rstrip(",;:")
        if _is_colour(token, own):
            slots.colour.append(bare)
        elif _is_type(token, own):
            slots.type.append(bare)
        elif _is_audience(token):
            slots.audience.append(bare)
        else:
            others.append(token)
    return others


def _take_misplaced(tokens: list[str], own: OwnWords, slots: _Slots) -> list[str]:
    """Take colours and product words that stand before the word for whom, and that word; return the others."""
    at = next((place for place, token in enumerate(tokens) if _is_audience(token)), None)
    if (
        not at
        or len(tokens) > MAX_MOVED_TOKENS
        or any(token[-1] in ",;:()" for token in tokens[:at])
    ):
        return tokens
    if _key(tokens[at - 1]) in ("for", "für", "pour", "para", "per", "voor", "and", "&", "+"):
        return tokens
    before = tokens[:at]
    types = [place for place, token in enumerate(before) if _is_type(token, own)]
    # A colour that no field names may be part of a name, unless the product's name has moved with it.
    named = "colour" in own.values and not types
    colours = [
        place
        for place, token in enumerate(before)
        if (own.role_of.get(_key(token)) == "colour" if named else _is_colour(token, own))
    ]
    if not types and not colours:
        return tokens
    later_type = any(_is_type(token, own) for token in tokens[at + 1 :])
    taken = set(colours)
    if types and not later_type:
        # What stands between the brand and the product's name belongs to the name.
        first = max(0 if slots.brand else 1, types[-1] + 1 - MAX_NAME)
        name = [p for p in range(min(first, types[0]), types[-1] + 1) if p not in taken]
        slots.type += [before[place] for place in name]
        taken |= set(name)
    slots.colour += [before[place] for place in colours]
    slots.audience += [tokens[at]]
    kept = [token for place, token in enumerate(before) if place not in taken]
    if not slots.brand:
        return [*kept, tokens[at], *tokens[at + 1 :]]
    return [*kept, *tokens[at + 1 :]]


def _audience_kept(tokens: list[str], audience: list[str]) -> list[str]:
    return tokens if audience[0] in tokens else [*audience, *tokens]


def _split_off_product(tokens: list[str], own: OwnWords, slots: _Slots) -> None:
    """Cut the rest where colour and product words that were taken go: before the product's name, or at the tail."""
    tail = next((p for p, t in enumerate(tokens) if p and _key(t) in TAIL_WORDS), len(tokens))
    measures = tail
    while measures and _is_measure(tokens[measures - 1]):
        measures -= 1
    if measures and _is_type(tokens[measures - 1], own):
        tail = measures
    slots.tail = tokens[tail:]
    tokens = tokens[:tail]
    name = len(tokens)
    while name and _is_type(tokens[name - 1], own):
        name -= 1
    slots.type += tokens[name:]
    slots.rest = tokens[:name]
