"""What a message takes back of what was said before: 'forget oak', 'leather is fine too', 'in the same material'.

The reading only sees the words; what they come to depends on the search in effect.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from shopclerk.agents.wording import Token

if TYPE_CHECKING:
    from shopclerk.agents.context import Context
    from shopclerk.agents.lexicon import Link
    from shopclerk.agents.reading import Reading

_LET_GO_BEFORE = re.compile(
    r"\b(?:(?:does|do|need|must|has|have)(?:n'?t| not)(?: really)? (?:have to be|need to be|be)|needn'?t be|need not be"
    r"|(?:forget|never ?mind|let go of|drop|scrap|lose|ignore|skip)(?: about)?|not (?:only|just|necessarily)|no need for)"
    r"(?: (?:the|a|an|that|any|being|in))* $"
)
_LET_GO_AFTER = re.compile(
    r"^\W{0,2}(?:ones? |part )?(?:(?:is|are)(?:n'?t| not) (?:really )?(?:needed|necessary|important|a must|required|essential)"
    r"|(?:does|do)(?:n'?t| not) matter|or not\b|is optional)"
)
_ALLOWED_AFTER = re.compile(
    r"^\W{0,2}(?:ones? )?(?:(?:is|are|would be|will be|'s|being)(?: also| actually| totally| perfectly| quite)? "
    r"(?:ok|okay|fine|alright|all right|good|acceptable|possible|allowed|welcome)(?: with me| by me)?"
    r"|(?:will|would) do)\b(?P<too> (?:too|as well|after all|again|then))?"
)


def let_go(link: "Link", message: Sequence[Token], text: str) -> bool:
    """Tell whether a value need no longer hold: 'doesn't have to be slate'."""
    start, end = message[link.start].start, message[link.end - 1].end
    return bool(_LET_GO_BEFORE.search(text[:start]) or _LET_GO_AFTER.search(text[end:].lstrip()))


def allowed(link: "Link", message: Sequence[Token], text: str) -> bool:
    """Tell whether a value may hold as well: 'leather is ok too'."""
    return bool(_ALLOWED_AFTER.search(text[message[link.end - 1].end :].lstrip()))


def settled(reading: "Reading", context: "Context") -> "Reading":
    """Return the reading with what it takes back and repeats worked out for the conversation.

    What was taken back stays in `let_go`, what a field is widened to in `allowed`.
    """
    search = context.search
    wanted = {name: list(values) for name, values in reading.wanted.items()}
    unwanted = {name: list(values) for name, values in reading.unwanted.items()}
    relaxed = set(reading.relaxed)
    filters = search.filters if search else {}
    exclude = search.exclude if search else {}
    released: dict[str, list[str]] = {}
    for name, values in reading.let_go.items():
        held = _holding(values, filters) | _holding(values, exclude)
        if name == "category" or not held:
            continue
        relaxed |= held
        released[name] = values
        _without(wanted, name, values)
        _without(unwanted, name, values)
    extended: dict[str, list[str]] = {}
    for name, values in reading.allowed.items():
        if banned := _holding(values, exclude):
            relaxed |= banned
            released[name] = values
            _without(wanted, name, values)
        elif carried := filters.get(name):
            wanted[name] = list(dict.fromkeys([*carried, *wanted.get(name, values)]))
            extended[name] = wanted[name]
    for name in reading.repeated:
        if name not in wanted and (values := _before(name, context)):
            wanted[name] = values
    for name in relaxed & wanted.keys():
        # 'brown is fine as well, any colour': what is set free is not asked for in the same breath.
        if name in reading.relaxed and set(wanted[name]) <= set(reading.allowed.get(name, ())):
            del wanted[name]
    return replace(
        reading,
        wanted=wanted,
        unwanted=unwanted,
        relaxed=relaxed,
        allowed=extended,
        let_go=released,
    )


def _holding(values: Iterable[str], fields: Mapping[str, list[str]]) -> set[str]:
    """Return the fields that hold one of some values; a shop may have a value in several."""
    return {name for name, held in fields.items() if set(held) & set(values)}


def _without(fields: dict[str, list[str]], name: str, values: Iterable[str]) -> None:
    left = [value for value in fields.pop(name, []) if value not in values]
    if left:
        fields[name] = left


def _before(name: str, context: "Context") -> list[str]:
    """Return the values that a field had: those searched for, or those of the product last spoken of."""
    if context.search and name in context.search.filters:
        return list(context.search.filters[name])
    by_id = {product.id: product for product in context.shown}
    product = next((by_id[key] for key in context.focus if key in by_id), None)
    return [value for field, value in product.facets() if field == name] if product else []
