"""Planning where a message means a picture: search by it, say what it shows, or say where something is in it."""

import re

from shopclerk.agents.context import Context
from shopclerk.agents.plan import Plan, search_plan
from shopclerk.agents.reading import Reading
from shopclerk.agents.refinement import refined
from shopclerk.agents.search_rules import Count
from shopclerk.tools.arguments import SearchArguments

_POINTS = re.compile(
    r"\b(?:the|this|that|these|those|(?<!for )my|same|first|earliest|second|last|latest|earlier|previous|other)\s+"
    r"(?:pictures?|photos?|images?|pics?|snapshots?|screenshots?)"
    r"(?=\W*$|\s*[,.;:!?]|\s+(?:from|before|i|we|you|above|again|but|in|with|without|and|or|that|which|please|under|below"
    r"|over|for|only|just|is|was|shows?|sent|earlier|at|on|to|cost|instead|ago|now|then)\b)"
)
_LIKE_IT = re.compile(
    r"^\W*(?:yes|yeah|yep|sure|ok|okay|please|go ahead|do that|do it)\b|\b(?:like|as) (?:it|this|that|these)\b"
    r"|\b(?:similar|alike)\b"
)
_FIRST = re.compile(r"\b(?:first|earliest)\s+(?:picture|photo|image|pic)\b")
_DESCRIBE = re.compile(
    r"\bdescribe\b|\bcaption\b|\bwhat do you see\b|\bwhat (?:can|does) .{0,30}\b(?:see|show)\b"
    r"|\bwhat(?:'s| is| are)(?: in)? (?:this|that|it|these|those|(?:in |on )?(?:the|my|this|that) "
    r"(?:picture|photo|image|pic))\b(?! (?:cost|price))"
)
_LOCATE = re.compile(
    r"\bwhere(?:'s| is| are)\s+(?P<where>(?!.*\bfrom\b)[^?.!,]+)|\blocate\s+(?P<locate>[^?.!,]+)"
    r"|\bpoint (?:out|to|at)\s+(?P<point>[^?.!,]+)|\b(?P<all>(?:what|which|list|all)(?: the| all)? "
    r"(?:objects|things|items|products))\b.*\b(?:in|on) (?:it|here|there|the|this|that|my)\b"
)
_PLACE = re.compile(r"\s+(?:in|on|at) (?:it|the|this|that|my|here)\b.*$|^(?:the|a|an|my)\s+")
_PICTURE_WORDS = frozenset(
    "picture pictures photo photos image images pic pics same similar like alike one ones thing yes yeah yep sure".split()
)


def meant_picture(text: str, attached: str | None, context: Context) -> str | None:
    """Return the name of the picture that a message means.

    That is the one attached, an earlier one it points at, or the one just described, of which it wants the like.
    """
    if attached:
        return attached
    if context.images and _POINTS.search(text):
        return context.images[0 if _FIRST.search(text) else -1]
    return context.looked_at if _LIKE_IT.search(text) else None


def picture_plan(reading: Reading, count: Count) -> Plan:
    """Return what to do with the picture that a message means.

    Args:
        reading: What the message says; `reading.image` is the picture's name.
        count: Tells how many products fit some search arguments.
    """
    if "policy" in reading.cues and not reading.has_limits:
        return Plan(reply="policy")
    if not reading.has_limits and _DESCRIBE.search(reading.text):
        return Plan("describe_image", {"image": reading.image})
    if located := _LOCATE.search(reading.text):
        phrase = located["where"] or located["locate"] or located["point"] or ""
        wanted = _PLACE.sub("", _PLACE.sub("", phrase).strip()).strip()
        return Plan(
            "locate_in_image", {"image": reading.image} | ({"phrase": wanted} if wanted else {})
        )
    return search_plan(_search(reading, count))


def _search(reading: Reading, count: Count) -> SearchArguments:
    words = [word for word in reading.rest if word not in _PICTURE_WORDS]
    search = refined(SearchArguments(image=reading.image), reading)
    search = search.model_copy(update={"query": " ".join(words)})
    if not search.category or count(search):
        return search
    # A category that holds nothing fitting was a word for what the picture shows, and the picture shows it.
    return search.model_copy(update={"category": []})
