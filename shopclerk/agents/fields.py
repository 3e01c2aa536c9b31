"""Field names in a message: beside a value ('ash handle'), set free ('any strap will do'), or meant again ('the same size').

A shop's own fields are read like those that every shop has. What follows is read off the words around a name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from shopclerk.agents.lexicon import Lexicon, Link
from shopclerk.agents.wording import Token

MAX_BARE_VALUES = 200
NUMBER_WORDS = dict(
    zip("123456789", "one two three four five six seven eight nine".split(), strict=True)
)

_FREE_BEFORE = re.compile(
    r"\b(?:(?:any|whichever|whatever|every|other|all|different|open to any|no preference(?: on| about| for| in| as to)?"
    r"|(?:do(?:es)?n'?t|do not|not|never) (?:really |much )?(?:care|bother|mind|worry|picky|fussy|fussed)(?: about| which| what)?"
    r"|(?:forget|drop|ignore|never ?mind|remove|scrap|lift|lose|let go of|disregard|don'?t mind)(?: about)?)"
    r"(?: (?:the|a|old|that|its|my|on|about))*) $"
)
_FREE_AFTER = re.compile(
    r"^s?\W{0,3}(?:(?:really|also|actually|i|just) )*(?:(?:(?:does|do|is|are)(?:n'?t| not)|needn'?t)(?: \w+){0,2}? (?:matter|important|relevant|picky|fixed)"
    r"|(?:is|are) (?:not important|irrelevant|unimportant|open|up to you|optional|all (?:fine|ok|okay|the same)|negotiable)"
    r"|(?:can|could|may|might) be (?:anything|any|whatever|open|different)|(?:was|were) open"
    r"|(?:do(?:es)?n'?t|do not|does not) (?:really )?(?:care|mind|matter)|no matter|matters not|whatever|you choose|is your choice)\b"
)
_SAME_BEFORE = re.compile(
    r"\b(?:same|in that|of that|with that|that same|identical|equal|matching) $"
)
_THIS_BEFORE = re.compile(r"\b(?:that|this|the said|said|their) $")
_BARE = re.compile(r"\w|[\d.,]+")


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field's name in a message, by token index."""

    start: int
    end: int
    field: str


def field_names(message: Sequence[Token], lexicon: Lexicon) -> list[FieldName]:
    """Return the field names in a message, the longest first at each place."""
    found: list[FieldName] = []
    index = 0
    while index < len(message):
        for width in (3, 2, 1):
            part = tuple(token.stem for token in message[index : index + width])
            if len(part) == width and (name := lexicon.field_named(part)):
                found.append(FieldName(index, index + width, name))
                index += width
                break
        else:
            index += 1
    return found


def beside_names(
    links: Iterable[Link],
    names: Iterable[FieldName],
    message: list[Token],
    free: list[bool],
    lexicon: Lexicon,
) -> list[Link]:
    """Give each value to the field whose name stands beside it, where that field has such a value.

    The names are used up by that: 'ash handle' says nothing but handle Ash. `free` is changed in place.
    """
    at = {name.start: name for name in names} | {-name.end: name for name in names}
    settled: list[Link] = []
    used: set[int] = set()
    for link in links:
        phrase = tuple(token.stem for token in message[link.start : link.end])
        for name in (at.get(link.end), at.get(-link.start) if link.start else None):
            if name is None or link.field == "category" or not _near(name, link, message):
                continue
            values = lexicon.values_named(phrase, name.field)
            if values or name.field == link.field:
                link = replace(link, field=name.field, values=values or link.values)
                free[name.start : name.end] = [False] * (name.end - name.start)
                used |= set(range(name.start, name.end))
                break
        settled.append(link)
    # 'a steel strap' names no straps where strap is a field as well as a category.
    return [link for link in settled if not set(range(link.start, link.end)) <= used]


def _near(name: FieldName, link: Link, message: Sequence[Token]) -> bool:
    first, then = (
        (link.end - 1, name.start) if name.start >= link.end else (name.end - 1, link.start)
    )
    return message[then].start - message[first].end <= 2


def freed_fields(text: str, message: Sequence[Token], names: Iterable[FieldName]) -> set[str]:
    """Return the fields that a message sets free: 'any strap', 'the length can be anything'."""
    return {
        name.field
        for name in names
        if _FREE_BEFORE.search(text[: message[name.start].start])
        or _FREE_AFTER.search(text[message[name.end - 1].end :].lstrip())
    }


def repeated_fields(text: str, message: Sequence[Token], names: Iterable[FieldName]) -> list[str]:
    """Return the fields whose value is to stay what it was: 'in the same material', 'in that finish'."""
    return [name.field for name in names if _SAME_BEFORE.search(text[: message[name.start].start])]


def pointed_fields(
    text: str, message: Sequence[Token], names: Iterable[FieldName]
) -> list[FieldName]:
    """Return the names that point back at a value said before: 'avoid that brand'."""
    return [name for name in names if _THIS_BEFORE.search(text[: message[name.start].start])]


def bare_values(text: str, lexicon: Lexicon) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield (field, value, span) of values too short to stand alone, beside their field: 'size L', 'strength 2.0'.

    A number with a decimal point names a value without its field, too.
    """
    for name, values in lexicon.values.items():
        if name == "category" or len(values) > MAX_BARE_VALUES:
            continue
        field = re.escape(name.replace("_", " ").casefold())
        for value in values:
            if not _BARE.fullmatch(value):
                continue
            bare = re.escape(value.casefold())
            bare = f"{bare}|{NUMBER_WORDS[value]}" if value in NUMBER_WORDS else bare
            ways = rf"\b{field}s? (?:is |of |in |should be |must be )?({bare})(?![\w.,]*\w)"
            ways += rf"|(?<![\w.,$€£])({bare}) {field}\b" if value.isdigit() else ""
            if "." in value:
                ways += rf"|(?<![\w.,$€£])({bare})(?![\w.,]*\w)"
            if match := re.search(ways, text):
                last = match.lastindex or 0
                yield name, value, match.span(last)
