"""The order of a title's words: brand, for whom, …, colour, product; only where something stands out of place."""

from collections.abc import Sequence

from shopclerk.models.titles.casing import brand_places
from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.tables import audience_words, colour_words
from shopclerk.models.titles.words import edges, fold, inflected

MAX_BRAND_WORDS = 6
TAIL_WORDS = frozenset("with for from in by of and & pack set size".split())
"""What follows one of these belongs behind the product's name."""


def reorder(text: str, own: OwnWords) -> str:
    """Return a title with its brand first and whole, and, where words had been moved, audience and product in place."""
    tokens = text.split()
    if not own.brand or len(tokens) < 2 or len(own.brand_words) > MAX_BRAND_WORDS:
        moved, rest, head = _product_moved(tokens, own, 0), tokens, []
    else:
        head, rest = _brand_first(tokens, own)
        moved = rest != tokens[len(head) :] or _product_moved(rest, own, 0)
    if not moved:
        return text
    rest = _audience_first(rest, own) if head else rest
    return " ".join([*head, *_product_last(rest, own)])


def _key(token: str) -> str:
    return fold(edges(token)[1]) or token


def _brand_first(tokens: list[str], own: OwnWords) -> tuple[list[str], list[str]]:
    """Return the brand's tokens and the others; the brand stays where not all of its words are there."""
    wanted = [fold(edges(word)[1]) or fold(word) for word in own.brand_words]
    there = brand_places(tokens, own)
    if there:
        first = sorted(there)[: len(wanted)]
    else:
        first = _scattered(tokens, wanted)
        if not first:
            return [], tokens
    head = [tokens[place].rstrip(",;:") for place in first]
    return head, [token for place, token in enumerate(tokens) if place not in first]


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


def _audience_first(tokens: list[str], own: OwnWords) -> list[str]:
    """Put the word for whom the product is first, where it stands behind colour or product."""
    for place, token in enumerate(tokens[1:], 1):
        key = _key(token)
        if key in audience_words() and (own.role_of.get(key, "audience") == "audience"):
            if _key(tokens[place - 1]) in ("for", "for"):
                return tokens
            return [token, *tokens[:place], *tokens[place + 1 :]]
    return tokens


def _product_places(tokens: Sequence[str], own: OwnWords) -> list[int]:
    """Return the places of the product's name: the last run of words of its type, without repeats."""
    types = [word for word, role in own.role_of.items() if role == "type"]
    places = [
        place
        for place, token in enumerate(tokens)
        if any(inflected(_key(token), kind) for kind in types)
    ]
    if not places:
        return []
    run = [places[-1]]
    while run[0] - 1 in places:
        run.insert(0, run[0] - 1)
    return run


def _product_moved(tokens: Sequence[str], own: OwnWords, start: int) -> bool:
    """Tell whether the product's name stands before its own colour or audience, at the end of the title."""
    run = _product_places(tokens, own)
    if not run or run[-1] == len(tokens) - 1 or tokens[run[-1]][-1] in ",;:":
        return False
    after = [_key(token) for token in tokens[run[-1] + 1 :]]
    if TAIL_WORDS & set(after) or len(after) > 3:
        return False
    roles = {own.role_of.get(key, "") for key in after}
    return bool(roles & {"audience", "colour"}) and start <= run[0]


def _product_last(tokens: list[str], own: OwnWords) -> list[str]:
    """Put the product's name last, before what begins with `with`, `for` or a number."""
    run = _product_places(tokens, own)
    if not run or run[-1] == len(tokens) - 1:
        return tokens
    after = tokens[run[-1] + 1 :]
    if any(_key(token) in TAIL_WORDS or any(map(str.isdigit, token)) for token in after):
        return tokens
    name = [tokens[place] for place in run]
    rest = [token for place, token in enumerate(tokens) if place not in run]
    return [*rest, *name]


def colours_in(tokens: Sequence[str]) -> list[int]:
    """Return the places of colour words."""
    return [place for place, token in enumerate(tokens) if _key(token) in colour_words()]
