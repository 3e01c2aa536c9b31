"""Task `quality`: damage done to clean listings in known ways, and how much of it the checks find.

Files: catalog.jsonl, clean listings; test.jsonl where there is one, `{"listing": product, "damage": kind or null}`.
Without it, complete listings (every field is filled) drawn with a fixed seed are damaged by `damage.py`, `PER_KIND` of
each kind, and as many are left clean as there are kinds times that; where fewer than `PER_KIND` are complete, all are used. Metrics: recall_KIND, the share of a kind's damages that are found as that kind;
mean_recall and worst_recall over the kinds; false_alarm_rate, the share of clean listings with an error or a warning.
"""

import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shopclerk.catalog.product import Product
from shopclerk.errors import DataFormatError
from shopclerk.evals.damage import DAMAGES, Workshop
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.models.quality.checker import KINDS, ListingChecker
from shopclerk.models.quality.finding import Verdict
from shopclerk.models.quality.norms import FIELDS, is_filled
from shopclerk.settings import Settings

PER_KIND = 20
SEED = 11
Case = tuple[Product, str | None]


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    from shopclerk.shop import Shop

    with tempfile.TemporaryDirectory(prefix="shopclerk-quality-") as scratch:
        home = settings.model_copy(
            update={"home": Path(scratch) / "home", "catalog": str(data / "catalog.jsonl")}
        )
        with Shop(home) as shop:
            shop.refresh()
            products = list(shop.store.products())
            if not products:
                raise DataFormatError(
                    f"{data / 'catalog.jsonl'} holds no listing; name clean ones."
                )
            pictures = Path(scratch) / "pictures"
            pictures.mkdir()
            test = data / "test.jsonl"
            cases = list(
                read_cases(test) if test.exists() else made_cases(products, data, pictures)
            )
            return judge(cases, shop.listing_checker(), made=not test.exists())


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the listings of test.jsonl with their damage.

    Raises:
        DataFormatError: A record is no listing, or its damage is none of those known.
    """
    for number, record in enumerate(read_records(path, ("listing", "damage")), 1):
        if record["damage"] is not None and record["damage"] not in KINDS:
            raise DataFormatError(
                f"{path}, record {number}: 'damage' is {record['damage']!r}; it takes null or one of {', '.join(KINDS)}."
            )
        try:
            yield Product.model_validate(record["listing"]), record["damage"]
        except ValidationError as error:
            raise DataFormatError(
                f"{path}, record {number}: 'listing' is none: {error.errors()[0]['msg']}."
            ) from error


def made_cases(products: Sequence[Product], folder: Path, scratch: Path) -> Iterator[Case]:
    """Yield listings damaged in each known way, and clean ones."""
    chance = random.Random(SEED)
    shop = Workshop(chance, products, folder, scratch)
    complete = [each for each in products if all(is_filled(each, name) for name in FIELDS)]
    clean = complete if len(complete) >= PER_KIND else products
    for kind, damage in DAMAGES.items():
        done = 0
        for product in chance.sample(clean, len(clean)):
            damaged = damage(product, shop)
            if damaged is not None:
                yield damaged, kind
                done += 1
            if done == PER_KIND:
                break
    for product in chance.sample(clean, min(len(clean), PER_KIND * len(DAMAGES))):
        yield product, None


def judge(cases: Sequence[Case], checker: ListingChecker, *, made: bool = False) -> Report:
    """Check listings and compare with what was done to them."""
    watch = Stopwatch()
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    failures: list[Mapping[str, Any]] = []
    clean = false = 0
    unchecked: Counter[str] = Counter()
    for listing, kind in cases:
        with watch.lap():
            verdict = checker.check(listing)
        unchecked.update(verdict.unchecked)
        if kind is None:
            clean += 1
            grave = _grave(verdict)
            false += bool(grave)
            alarms.update(grave)
        else:
            total[kind] += 1
            found[kind] += any(each.kind == kind for each in verdict.findings)
        if (kind is None and _grave(verdict)) or (kind is not None and not found_as(verdict, kind)):
            failures.append({"damage": kind, "listing": listing.record(), **verdict.record()})
    notes = [
        f"Clean listings with '{name}': {times} of {clean}." for name, times in alarms.most_common()
    ]
    notes += [
        f"Not checked in {times} listings: {reason}." for reason, times in unchecked.most_common(3)
    ]
    if made:
        notes.append(
            "There is no test.jsonl: listings of the catalogue were damaged by 'damage.py'."
        )
    return Report(
        "quality",
        len(cases),
        quality_metrics(found, total, false, clean),
        watch.latency_ms(),
        watch.per_second(),
        {"checks": "rules"},
        tuple(notes),
        tuple(failures),
    )


def found_as(verdict: Verdict, kind: str) -> bool:
    """Say whether a verdict names a kind of damage."""
    return any(finding.kind == kind for finding in verdict.findings)


def _grave(verdict: Verdict) -> list[str]:
    return sorted({each.kind for each in verdict.findings if each.severity != "hint"})


def quality_metrics(
    found: Mapping[str, int], total: Mapping[str, int], false: int, clean: int
) -> dict[str, Metric]:
    """Return the metrics; None where no listing had a kind of damage, or none was clean."""
    recalls: dict[str, Metric] = defaultdict(lambda: None)
    for kind in DAMAGES:
        if total.get(kind):
            recalls[kind] = round(found.get(kind, 0) / total[kind], 4)
    known = [value for value in recalls.values() if value is not None]
    return {
        "mean_recall": round(sum(known) / len(known), 4) if known else None,
        "worst_recall": min(known) if known else None,
        "false_alarm_rate": round(false / clean, 4) if clean else None,
        **{f"recall_{kind}": recalls[kind] for kind in DAMAGES},
    }
