"""What may harm buyers, the shop or its agents: contact data, links, prohibited goods, orders to agents."""

import re
from collections.abc import Iterator

from shopclerk.models.quality.finding import Finding, Listing, Mend
from shopclerk.models.quality.language_checks import texts_of
from shopclerk.models.quality.policy import Policy, find_prohibited, patterns

MAX_SCANNED_CHARS = 20_000
"""A text longer than this is read to here; patterns take time that grows with it."""
_HOST = re.compile(r"(?:[a-z]+://)?(?:www\.)?([\w.-]+)", re.IGNORECASE)
_HIDDEN = re.compile(
    "[\u200b\u200c\u200d\u2060\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]{2,}"
)


def everything(listing: Listing) -> Iterator[tuple[str, str]]:
    """Yield (field, text) of all that a listing says, attributes and tags too, cut at a bound."""
    for field, text in texts_of(listing):
        yield field, text[:MAX_SCANNED_CHARS]
    for field in ("brand", "category"):
        text = getattr(listing, field)
        if text:
            yield field, text[:MAX_SCANNED_CHARS]
    for name, value in listing.attributes.items():
        values = (value,) if isinstance(value, str) else value
        yield "attributes", f"{name}: {', '.join(values)}"[:MAX_SCANNED_CHARS]
    if listing.tags:
        yield "tags", ", ".join(listing.tags)[:MAX_SCANNED_CHARS]


def contact(listing: Listing) -> Iterator[Finding]:
    """Yield telephone numbers, mail addresses and names in messengers."""
    for field, text in everything(listing):
        for span in _spans(text, "contact"):
            yield _removable(
                "contact", field, text, span, "Contact data leads buyers off the platform"
            )


def links(listing: Listing, policy: Policy) -> Iterator[Finding]:
    """Yield links to hosts that the policy does not allow."""
    allowed = {host.casefold() for host in policy.allowed_hosts}
    for field, text in everything(listing):
        for start, end in _spans(text, "link"):
            if text[max(0, start - 1) : start] == "@":
                continue
            host = _HOST.match(text[start:end])
            name = host[1].casefold() if host else ""
            if any(name == each or name.endswith("." + each) for each in allowed):
                continue
            yield _removable(
                "link", field, text, (start, end), "A link leads buyers off the platform"
            )


def prohibited(listing: Listing, policy: Policy) -> Iterator[Finding]:
    """Yield goods that the policy does not allow."""
    for field, text in everything(listing):
        for found in find_prohibited(text, policy):
            start, end = found.span
            yield Finding(
                "prohibited",
                "error",
                "safety",
                field,
                f"'{text[start:end]}' may not be sold here ({found.name}).",
                Mend("Take the listing down, or have the policy changed."),
                text[start:end],
                found.span,
                "policy",
            )


def injection(listing: Listing) -> Iterator[Finding]:
    """Yield text that gives orders to agents, and letters that people cannot see."""
    for field, text in everything(listing):
        for span in _spans(text, "injection"):
            yield _removable("injection", field, text, span, "This text gives orders to an agent")
        for match in _HIDDEN.finditer(text):
            yield _removable(
                "injection", field, text, match.span(), "Letters that nobody can see stand here"
            )


def _removable(kind: str, field: str, text: str, span: tuple[int, int], message: str) -> Finding:
    start, end = span
    mended = " ".join((text[:start] + " " + text[end:]).split())
    whole = field in ("title", "description") and len(text) < MAX_SCANNED_CHARS
    return Finding(
        kind,
        "error",
        "safety",
        field,
        f"{message}: '{text[start:end][:60]}'.",
        Mend("Take it out.", field if whole and mended else None, mended if whole else None),
        text[start:end],
        span,
    )


def _spans(text: str, name: str) -> list[tuple[int, int]]:
    """Return where the patterns of a name match, those that overlap joined."""
    spans = sorted(match.span() for pattern in patterns()[name] for match in pattern.finditer(text))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
