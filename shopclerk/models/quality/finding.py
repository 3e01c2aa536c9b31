"""What a check finds, and the listing it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

from shopclerk.models.titles.listing import Listing as Texts

Severity = Literal["error", "warning", "hint"]
Part = Literal["content", "language", "safety", "price", "pictures", "agreement", "duplicates"]

PENALTY: dict[Severity, int] = {"error": 30, "warning": 12, "hint": 4}
"""Points a finding costs of 100."""


class Listing(Texts, Protocol):
    """What the checks read of a listing; a `Product` is one."""

    @property
    def price(self) -> float | None:
        """Major units of `currency`."""
        ...

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        ...

    @property
    def images(self) -> Sequence[str]:
        """Files or URLs."""
        ...

    @property
    def tags(self) -> Sequence[str]:
        """Short labels."""
        ...


@dataclass(frozen=True, slots=True)
class Mend:
    """How to mend a finding.

    Attributes:
        advice: What to do, for a person.
        field: The field that `value` belongs in, None where only a person can mend it.
        value: What the field should hold.
    """

    advice: str
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        kind: What it is, for instance `shouting`; `KINDS` in `checker.py` lists them.
        severity: `error` (do not publish), `warning`, `hint`.
        part: The part of the score that it counts against.
        field: The listing's field it is in.
        message: What is wrong, for a person.
        mend: How to mend it.
        evidence: The words or figures that prove it.
        span: Where they stand in the field, start and end in characters, None where it is not in a text.
        by: The rule or model that found it.
    """

    kind: str
    severity: Severity
    part: Part
    field: str
    message: str
    mend: Mend
    evidence: str = ""
    span: tuple[int, int] | None = None
    by: str = "rules"

    def record(self) -> dict[str, Any]:
        """Return the finding as plain JSON data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is wrong with a listing.

    Attributes:
        score: 0 to 100.
        parts: Score of each part, 0 to 100.
        findings: The worst first.
        unchecked: What could not be checked, and why.
    """

    score: int
    parts: Mapping[Part, int]
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return the verdict as plain JSON data."""
        return {
            "score": self.score,
            "parts": dict(self.parts),
            "findings": [finding.record() for finding in self.findings],
            "unchecked": list(self.unchecked),
        }


PARTS: tuple[Part, ...] = (
    "content",
    "language",
    "safety",
    "price",
    "pictures",
    "agreement",
    "duplicates",
)
_ORDER: tuple[Severity, ...] = ("error", "warning", "hint")


def judge(findings: Sequence[Finding], unchecked: Sequence[str] = ()) -> Verdict:
    """Return the verdict on some findings: each kind costs its penalty once a field."""
    worst: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        key = (finding.kind, finding.field)
        if key not in worst or PENALTY[finding.severity] > PENALTY[worst[key].severity]:
            worst[key] = finding
    lost = dict.fromkeys(PARTS, 0)
    for finding in worst.values():
        lost[finding.part] += PENALTY[finding.severity]
    ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
    parts = {part: max(0, 100 - points) for part, points in lost.items()}
    return Verdict(max(0, 100 - sum(lost.values())), parts, tuple(ordered), tuple(unchecked))
