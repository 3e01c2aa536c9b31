"""A whole catalogue checked: a table of all findings, and a page with plots and the worst listings."""

import base64
import csv
import heapq
import io
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from shopclerk.catalog.product import Product
from shopclerk.cells import guarded
from shopclerk.models.quality.checker import ListingChecker
from shopclerk.models.quality.finding import PARTS, Verdict

WORST = 100
COLUMNS = (
    "id",
    "score",
    "severity",
    "kind",
    "field",
    "message",
    "evidence",
    "start",
    "end",
    "mend",
    "by",
)

Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class Audit:
    """What was found in a catalogue.

    Attributes:
        count: Listings checked.
        scores: Score to how many listings have it.
        kinds: Kind of finding to how many listings have it.
        parts: Sum of each part's scores.
        departments: Department to (listings, sum of scores).
        worst: (score, id, title, verdict) of the worst listings, the worst first.
    """

    count: int = 0
    scores: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    departments: dict[str, tuple[int, int]] = field(default_factory=dict)
    worst: list[tuple[int, str, str, Verdict]] = field(default_factory=list)

    @property
    def mean_score(self) -> float:
        """The mean score, 100 where nothing was checked."""
        total = sum(score * times for score, times in self.scores.items())
        return total / self.count if self.count else 100.0


def audit_catalog(
    products: Iterable[Product],
    total: int,
    checker: ListingChecker,
    sheet: Path,
    *,
    progress: Progress = lambda *_: None,
) -> Audit:
    """Check listings one after the other and write all findings to a CSV sheet.

    Args:
        products: The listings.
        total: How many there are.
        checker: Checks them.
        sheet: The file to write.
        progress: Called as the work goes on.
    """
    audit = Audit()
    heap: list[tuple[int, int, str, str, Verdict]] = []
    with sheet.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        for product in products:
            verdict = checker.check(product)
            _count(audit, product, verdict)
            _write(rows, product, verdict)
            entry = (-verdict.score, -audit.count, product.id, product.title, verdict)
            if len(heap) < WORST:
                heapq.heappush(heap, entry)
            else:
                heapq.heappushpop(heap, entry)
            progress("Checking listings", audit.count, total)
    ordered = sorted(heap, key=lambda entry: (-entry[0], -entry[1]))
    audit.worst = [(-low, each, title, verdict) for low, _, each, title, verdict in ordered]
    return audit


def _count(audit: Audit, product: Product, verdict: Verdict) -> None:
    audit.count += 1
    audit.scores[verdict.score] += 1
    audit.kinds.update({finding.kind for finding in verdict.findings})
    audit.parts.update(verdict.parts)
    department = (product.category_levels() or ("(none)",))[0]
    count, points = audit.departments.get(department, (0, 0))
    audit.departments[department] = (count + 1, points + verdict.score)


def _write(rows: Any, product: Product, verdict: Verdict) -> None:
    for finding in verdict.findings:
        start, end = finding.span or ("", "")
        cells = (
            product.id,
            verdict.score,
            finding.severity,
            finding.kind,
            finding.field,
            finding.message,
            finding.evidence[:500],
            start,
            end,
            finding.mend.advice,
            finding.by,
        )
        rows.writerow([guarded(cell) for cell in cells])


def write_page(audit: Audit, path: Path, name: str) -> None:
    """Write an audit as one HTML page that needs nothing beside it."""
    from jinja2 import Environment

    template = files("shopclerk").joinpath("agents", "audit.html").read_text("utf-8")
    page = Environment(autoescape=True).from_string(template)
    means = {part: audit.parts[part] / audit.count for part in PARTS} if audit.count else {}
    path.write_text(
        page.render(audit=audit, name=name, means=means, plots=_plots(audit)), encoding="utf-8"
    )


def _plots(audit: Audit) -> list[tuple[str, str]]:
    """Return (what it shows, PNG as base64) of each plot."""
    departments = {
        name: points / count
        for name, (count, points) in sorted(
            audit.departments.items(), key=lambda item: -item[1][0]
        )[:15]
    }
    tens = Counter({low: 0 for low in range(0, 100, 10)})
    for score, times in audit.scores.items():
        tens[min(90, score // 10 * 10)] += times
    return [
        (
            "Listings by score",
            _bars({f"{low} to {low + 9 + (low == 90)}": n for low, n in sorted(tens.items())}),
        ),
        ("Listings with a finding, by kind", _bars(dict(audit.kinds.most_common(15)))),
        ("Mean score by department", _bars(departments)),
    ]


def _bars(values: dict[str, float] | dict[str, int]) -> str:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 0.4 + 0.26 * max(1, len(values))), dpi=160, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    names = [name if len(name) <= 32 else name[:31] + "…" for name in values]
    # Dollar signs in a seller's words would be read as formulas.
    places = range(len(names))
    bars = axes.barh(places, list(values.values()), color="#3b6ea5")
    axes.set_yticks(places, [name.replace("$", r"\$") for name in names])
    axes.bar_label(bars, fmt="{:.0f}", padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="x", bottom=False, labelbottom=False)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return base64.b64encode(out.getvalue()).decode()
