"""A listing on its way as HTML: where each field came from, how good it is, what is like it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from shopclerk.agents.listing.draft import Made

MOST_ALTERNATIVES = 4
WHY_CHARS = 200
LEAST_SHOWN = 0.01


def note(made: Made | None, *, alternatives: bool = False) -> str:
    """Return how sure a step is and what made its value, with other values to click where wanted."""
    if made is None:
        return ""
    if made.error:
        return f'<p class="note problem">{escape(made.error)}</p>'
    sure = f"<b>{made.confidence:.0%}</b> " if made.confidence is not None else ""
    told = " · ".join(escape(part[:WHY_CHARS]) for part in (made.by, made.why) if part)
    chips = "".join(_chip(value, chance) for value, chance in _others(made)) if alternatives else ""
    return f'<p class="note">{sure}{told}</p>' + (f'<p class="chips">{chips}</p>' if chips else "")


def _others(made: Made) -> Sequence[tuple[Any, float]]:
    return [other for other in made.alternatives if other[0] != made.value][:MOST_ALTERNATIVES]


def _chip(value: Any, chance: float) -> str:
    text = escape(str(value))
    sure = f" <small>{chance:.0%}</small>" if chance >= LEAST_SHOWN else ""
    return f'<button type="button" data-value="{text}">{text}{sure}</button>'


def quality(verdict: Mapping[str, Any] | None) -> str:
    """Return the score as a ring, its parts, and each finding with its mend; what can be mended has a button."""
    if not verdict:
        return '<p class="empty">The checks come last.</p>'
    score = int(verdict["score"])
    parts = "".join(
        f"<span>{escape(name)} {part}</span>" for name, part in verdict["parts"].items()
    )
    findings = "".join(_finding(number, each) for number, each in enumerate(verdict["findings"]))
    return (
        f'<div class="score"><div class="ring" style="--share:{score}" role="img" '
        f'aria-label="Quality {score} of 100">{score}</div><div class="parts">{parts}</div></div>'
        f'<ul class="findings">{findings or "<li>Nothing to mend.</li>"}</ul>'
    )


def _finding(number: int, finding: Mapping[str, Any]) -> str:
    mend = finding["mend"]
    button = (
        f'<button type="button" data-number="{number}">Apply</button>'
        if mend["field"] and mend["value"] is not None
        else ""
    )
    return (
        f'<li class="{escape(finding["severity"])}">{escape(finding["message"])} '
        f'<span class="mend">{escape(mend["advice"])}</span>{button}</li>'
    )


def attribute_rows(attributes: Mapping[str, Any] | None) -> list[list[str]]:
    """Return attributes as rows of name and value."""
    return [
        [name, value if isinstance(value, str) else ", ".join(value)]
        for name, value in (attributes or {}).items()
    ]


def attributes_of(rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Return rows of name and value, edited by hand, as attributes; rows without both are left out."""
    cells = [[str(cell or "").strip() for cell in row[:2]] for row in rows]
    return {row[0]: row[1] for row in cells if len(row) == 2 and all(row)}
