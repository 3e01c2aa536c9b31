"""How a listing speaks: shouting, stuffing, words twice."""

import re
from collections import defaultdict
from collections.abc import Iterator

from shopclerk.models.quality.finding import Finding, Listing, Mend
from shopclerk.models.quality.norms import SHOUTED, ShopNorms
from shopclerk.models.titles.edits import EditedText
from shopclerk.models.titles.promotion import without_promotion

MANY_MARKS = re.compile(r"[!?]{2,}|!(?=.*!)|[*~_=#]{3,}|\.{4,}")
MAX_READ_CHARS = 4_000
"""Promotion is sought up to here; a longer text is cut."""
MAX_TITLE_CHARS = 200
REPEATED = 3
"""A word of content this often in a title is stuffing."""
REPEATED_IN_TEXT = 6
NEAR_WORDS = 20
"""Among so many words of content in a row a word of a description must stand `REPEATED_IN_TEXT` times to be stuffing."""
PLAIN_WORDS = 2
"""Words in capitals that a text may hold before it shouts, where it has others too."""

_DISCOUNT = re.compile(
    r"(?<![\w.,])-?\s?\d{1,2}\s?%\s*(?:off|discount|rabatt|reduziert|descuento|dto|sconto|de r[ée]duction|korting)\b"
    r"|\bsave\s+(?:up to\s+)?\d{1,2}\s?%",
    re.IGNORECASE,
)
_ALNUM = re.compile(r"[^\W_]+")
_CONTENT = re.compile(r"[^\W\d_]{3,}")
_MODEL = re.compile(r"[\s-]?\d")
"""Follows a name in a list of models, `Hot 9, Hot 9 Play`: no stuffing."""
_SMALL = frozenset(
    "and for the with from this that these those are was were has have had not but all our your its can will you "
    "into per und der die das mit für les des pour avec una para con los las del een van met het".split()
)


def texts_of(listing: Listing) -> Iterator[tuple[str, str]]:
    """Yield (field, text) of what buyers read."""
    yield "title", listing.title
    if listing.description:
        yield "description", listing.description


def shouting(listing: Listing, norms: ShopNorms) -> Iterator[Finding]:
    """Yield texts in capitals and marks in rows; names that the shop itself writes so do not count."""
    known = norms.capitals | {word for word in SHOUTED.findall(listing.brand or "")}
    for field, text in texts_of(listing):
        words = [match for match in SHOUTED.finditer(text) if match[0] not in known]
        loud = [match for match in words if match[0].isupper()]
        if len(loud) > PLAIN_WORDS or (loud and len(loud) >= 0.5 * len(words)):
            calm = text
            for match in reversed(loud):
                calm = calm[: match.start()] + match[0].capitalize() + calm[match.end() :]
            yield Finding(
                "shouting",
                "warning",
                "language",
                field,
                f"Words in capitals: {', '.join(match[0] for match in loud[:4])}.",
                Mend("Write them in small letters.", field, calm),
                loud[0][0],
                loud[0].span(),
            )
        marks = MANY_MARKS.search(text)
        if marks:
            yield Finding(
                "shouting",
                "hint",
                "language",
                field,
                f"Marks that shout: {marks[0][:10]}",
                Mend("Leave them out.", field, re.sub(r"\s*(?:!+|[*~_=#]{3,}|\.{4,})", "", text)),
                marks[0][:40],
                marks.span(),
            )


def promotion(listing: Listing) -> Iterator[Finding]:
    """Yield phrases that sell and do not name, from the table of the title writer.

    Single words such as 'original' say something in the sentences of a description.
    """
    for field, text in texts_of(listing):
        edited = EditedText(text[:MAX_READ_CHARS])
        edited.become(without_promotion(edited.text), "promotion")
        edited.become(_DISCOUNT.sub(" ", edited.text), "discount")
        cut = [
            change
            for change in edited.changes
            if len(_ALNUM.findall(change.before)) >= (1 if field == "title" else 2)
        ]
        if not cut:
            continue
        said = [change.before.strip() for change in cut]
        start = text.find(cut[0].before)
        yield Finding(
            "promotion",
            "warning",
            "language",
            field,
            f"Promotion says nothing of the product: {', '.join(said[:3])}.",
            Mend("Leave it out.", field, " ".join((edited.text + text[MAX_READ_CHARS:]).split())),
            said[0],
            (start, start + len(cut[0].before)),
        )


def stuffing(listing: Listing) -> Iterator[Finding]:
    """Yield words said again and again to be found by, and titles of endless length."""
    for field, text in texts_of(listing):
        found = _stuffed(text, field)
        if found:
            match, times = found
            yield Finding(
                "stuffing",
                "warning",
                "language",
                field,
                f"'{match[0]}' stands {times} times in the {field}.",
                Mend("Say it once."),
                match[0],
                match.span(),
            )
    if len(listing.title) > MAX_TITLE_CHARS:
        yield Finding(
            "stuffing",
            "hint",
            "language",
            "title",
            f"The title has {len(listing.title)} characters; most places cut it at 150.",
            Mend("Shorten it; write_title does."),
            span=(MAX_TITLE_CHARS, len(listing.title)),
        )


def _stuffed(text: str, field: str) -> tuple[re.Match[str], int] | None:
    words = [
        match
        for match in _CONTENT.finditer(text)
        if match[0].casefold() not in _SMALL and not _MODEL.match(text, match.end())
    ]
    places: dict[str, list[int]] = defaultdict(list)
    for place, match in enumerate(words):
        places[match[0].casefold()].append(place)
    for own in sorted(places.values(), key=len, reverse=True):
        if field == "title":
            stuffed = len(own) >= REPEATED
        else:
            ends = zip(own, own[REPEATED_IN_TEXT - 1 :], strict=False)
            stuffed = any(last - first < NEAR_WORDS for first, last in ends)
        if stuffed:
            return words[own[1]], len(own)
    return None
