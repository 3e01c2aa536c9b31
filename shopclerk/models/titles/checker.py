"""Holds a written title to the listing it was written from, and to the rules of a clean title."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from shopclerk.models.titles.casing import model_number
from shopclerk.models.titles.characters import legible, without_emoji
from shopclerk.models.titles.listing import Listing, OwnWords
from shopclerk.models.titles.promotion import without_promotion
from shopclerk.models.titles.tables import abbreviations, plain_abbreviations, units
from shopclerk.models.titles.words import edges, fold, squash

MAX_TITLE_CHARS = 150

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_REPEATED_MARK = re.compile(r"([^\w\s()\[\]])\1")
_CAPITALS = re.compile(r"(?<![^\W_])[^\W\d_]{4,}(?![^\W_])")


def plain_words(text: str) -> list[str]:
    """Return a text's words and numbers: entities resolved, invisible characters dropped, case folded."""
    plain = _INVISIBLE.sub("", html.unescape(html.unescape(text)))
    return _WORD.findall(fold(plain).replace("'", ""))


def field_texts(listing: Listing) -> Iterator[str]:
    """Yield the texts of a listing's fields, the title first."""
    yield listing.title
    yield from filter(None, (listing.description, listing.brand, listing.category))
    for value in listing.attributes.values():
        yield from [value] if isinstance(value, str) else map(str, value or ())


def invented_words(title: str, listing: Listing) -> list[str]:
    """Return the words and numbers of a title that no field of its listing holds.

    A word that was glued to another in a field, or split there, is not invented; neither is what the table of short
    forms states for a word of the listing.
    """
    words = plain_words(title)
    texts = list(field_texts(listing))
    known = {word for text in texts for word in (*plain_words(text), *plain_words(legible(text)))}
    unknown = [word for word in dict.fromkeys(words) if word not in known]
    if not unknown:
        return []
    stated = {
        part
        for word in known
        for long in (*abbreviations().get(word, ()), plain_abbreviations().get(word, ""))
        for part in plain_words(long)
    }
    letters = ["".join(plain_words(text)) for text in texts]
    return [
        word
        for word in unknown
        if word not in stated
        and not (len(word) > 1 and any(_in_row(word, known, text) for text in letters))
    ]


def _in_row(word: str, known: Iterable[str], letters: str) -> bool:
    """Tell whether a word's letters stand in a row in a text: glued to a neighbour or split there."""
    return word in letters


def broken_rules(title: str, listing: Listing) -> list[str]:
    """Return the names of the title rules that a title breaks; see docs/formats.md.

    A letter of a script without capitals begins a title as well as a capital does.
    """
    words = [fold(edges(token)[1]) or token for token in title.split()]
    own = OwnWords(listing)
    broken = {
        "empty": not _WORD.search(title),
        "length": len(title) > MAX_TITLE_CHARS,
        "capitals": any(_shouted(title, own)),
        "promotion": without_promotion(title) != title,
        "emoji": without_emoji(title) != title,
        "marks": "!" in title or bool(_REPEATED_MARK.search(title)),
        "repeated word": any(a == b for a, b in pairwise(words)),
        "start": not title[:1].isalnum() or title[:1].islower(),
    }
    return [name for name, is_broken in broken.items() if is_broken]


def _shouted(title: str, own: OwnWords) -> Iterator[bool]:
    for match in _CAPITALS.finditer(title):
        named = fold(match[0]) in own.spoken_capitals or model_number(title, *match.span())
        yield match[0].isupper() and not named


def lost_facts(title: str, by_rule: str, own: OwnWords) -> list[str]:
    """Return what must survive and does not: numbers with their units, model numbers, brand, and values of the fields.

    Args:
        title: The title to check.
        by_rule: The rules' title of the same listing, which holds them.
        own: The words of the listing's fields.
    """
    letters, held = squash(title), squash(by_rule)
    tokens = by_rule.split()
    facts = [edges(token)[1] for token in tokens if any(map(str.isdigit, token))]
    facts += [
        f"{token} {after}"
        for token, after in pairwise(tokens)
        if token[-1:].isdigit() and fold(edges(after)[1]) in units()
    ]
    facts += [own.brand] if own.brand else []
    facts += [value for values in own.values.values() for value in values]
    return [fact for fact in facts if squash(fact) in held and squash(fact) not in letters]
