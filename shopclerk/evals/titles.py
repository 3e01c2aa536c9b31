"""Task `titles`: noisy titles to clean ones.

File: test.jsonl with `id, title, description, brand, attributes, facts, reference`. Metrics: fact_recall, the share of
facts whose words stand in order in the output, with or without blanks between them; invented_rate, the share of
outputs with a word or number that no input field holds; rule_pass_rate, the share that keeps all title rules of
docs/formats.md; chrf (Popović 2015, chrF2: characters to order 6, beta 2, over the whole set as sacrebleu counts it)
and rouge_l against the reference.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from shopclerk.errors import DataFormatError
from shopclerk.evals.caption import rouge_l
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.models.title_writer import (
    MAX_TITLE_CHARS,
    TitleInput,
    TitleWriter,
    settings_title_writer,
)
from shopclerk.models.titles.checker import broken_rules, invented_words
from shopclerk.settings import Settings

REQUIRED = ("id", "title", "description", "brand", "attributes", "facts", "reference")
_FACT_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
CHRF_ORDER = 6
CHRF_BETA = 2


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    records = read_records(data / "test.jsonl", REQUIRED)
    return judge(records, settings_title_writer(settings))


def judge(records: Sequence[Mapping[str, Any]], writer: TitleWriter) -> Report:
    """Write the titles of some records one by one and judge them.

    Args:
        records: Lines of test.jsonl.
        writer: What is judged.
    """
    watch = Stopwatch()
    judged = []
    for record in records:
        listing = as_input(record)
        with watch.lap():
            title = writer.write([listing])[0]
        judged.append(judge_title(record, listing, title.title))
    metrics = title_metrics(judged)
    return Report(
        "titles",
        len(judged),
        metrics,
        watch.latency_ms(),
        watch.per_second(),
        {"title_writer": writer.id},
        tuple(_notes(metrics)),
        tuple(entry for entry in judged if entry["lost"] or entry["invented"] or entry["broken"]),
    )


def as_input(record: Mapping[str, Any]) -> TitleInput:
    """Return a record as the writer's input.

    Raises:
        DataFormatError: A field is of another kind.
    """
    title, attributes, facts = record["title"], record["attributes"] or {}, record["facts"] or []
    fits = isinstance(title, str) and isinstance(attributes, dict) and isinstance(facts, list)
    if not fits:
        raise DataFormatError(
            f"titles, record '{record['id']}': title must be text, attributes an object, facts a list of text."
        )
    values = {str(name): value for name, value in attributes.items() if value}
    return TitleInput(
        str(record["id"]),
        title,
        record["description"],
        record["brand"],
        None,
        values,
    )


def judge_title(record: Mapping[str, Any], listing: TitleInput, title: str) -> dict[str, Any]:
    """Return what is right and wrong with one title, ready to be listed."""
    facts = [fact for fact in record["facts"] or [] if fact.strip()]
    lost = [fact for fact in facts if not fact_survives(fact, title, listing.title)]
    counted = len(facts)
    if len(listing.title) > MAX_TITLE_CHARS:
        counted = min(counted, facts_that_fit(facts, MAX_TITLE_CHARS))
    return {
        "id": record["id"],
        "title": record["title"],
        "written": title,
        "reference": record["reference"],
        "facts": counted,
        "kept": min(len(facts) - len(lost), counted),
        "lost": lost if len(facts) - len(lost) < counted else [],
        "invented": invented_words(title, listing),
        "broken": broken_rules(title, listing),
    }


def fact_survives(fact: str, title: str, source: str = "") -> bool:
    """Tell whether a fact's words stand in order in a title, case folded, with or without blanks between them.

    Args:
        fact: What must survive.
        title: The written title.
        source: The seller's title; a fact that is part of a longer word there (`Capsule` of `Capsules`) may be so here.
    """
    whole, part = _fact_patterns(fact)
    plain = _plain(title)
    if whole.search(plain):
        return True
    given = _plain(source)
    return bool(part.search(given) and not whole.search(given) and part.search(plain))


@lru_cache(maxsize=16_384)
def _fact_patterns(fact: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a fact between word borders, and anywhere."""
    words = _FACT_WORD.findall(_plain(fact))
    # A fact of marks alone, `+`, is sought as it is; marks between words are no words.
    inner = r"[\W_]*".join(map(re.escape, words)) or re.escape(_plain(fact).strip())
    return re.compile(rf"(?<!\w){inner}(?!\w)"), re.compile(inner)


def _plain(text: str) -> str:
    text = html.unescape(text).casefold().replace("’", "'").replace("'", "")
    return re.sub("[\u200b-\u200d\u2060\ufeff\u00ad]", "", text)


def facts_that_fit(facts: Sequence[str], limit: int) -> int:
    """Return how many facts fit into so many characters, the shortest first, a blank between two."""
    used, count = -1, 0
    for length in sorted(len(fact.strip()) for fact in facts):
        used += length + 1
        if used > limit:
            break
        count += 1
    return count


def title_metrics(judged: Sequence[Mapping[str, Any]]) -> dict[str, Metric]:
    """Return the metrics of judged titles, None where there is nothing to compute one from."""
    facts = sum(entry["facts"] for entry in judged)
    pairs = [(e["written"], e["reference"]) for e in judged if e["reference"]]
    return {
        "fact_recall": round(sum(e["kept"] for e in judged) / facts, 4) if facts else None,
        "invented_rate": _share([bool(entry["invented"]) for entry in judged]),
        "rule_pass_rate": _share([not entry["broken"] for entry in judged]),
        "chrf": chrf(pairs),
        "rouge_l": _share([rouge_l(written, wanted) for written, wanted in pairs]),
    }


def _share(values: Sequence[float]) -> Metric:
    return round(sum(values) / len(values), 4) if values else None


def _notes(metrics: Mapping[str, Metric]) -> Iterator[str]:
    if metrics["fact_recall"] is None:
        yield "fact_recall could not be computed: no record has facts."
    if metrics["chrf"] is None:
        yield "chrf and rouge_l could not be computed: no record has a reference."


def chrf(pairs: Sequence[tuple[str, str]]) -> Metric:
    """Return chrF2 of (written, reference) pairs, 0 to 100: counts summed over the set, case kept, blanks dropped.

    Popović 2015, chrF: character n-gram F-score for automatic MT evaluation, section 2; orders that either side
    lacks are left out, as in sacrebleu.
    """
    if not pairs:
        return None
    totals = [[0, 0, 0] for _ in range(CHRF_ORDER)]
    for written, reference in pairs:
        left, right = "".join(written.split()), "".join(reference.split())
        for order in range(1, CHRF_ORDER + 1):
            a, b = _ngrams(left, order), _ngrams(right, order)
            total = totals[order - 1]
            total[0] += (a & b).total()
            total[1] += a.total()
            total[2] += b.total()
    scores = [(m / w, m / r) for m, w, r in totals if w and r]
    if not scores:
        return 0.0
    precision = sum(p for p, _ in scores) / len(scores)
    recall = sum(r for _, r in scores) / len(scores)
    if not precision + recall:
        return 0.0
    beta = CHRF_BETA**2
    return round(100 * (1 + beta) * precision * recall / (beta * precision + recall), 2)


def _ngrams(text: str, order: int) -> Counter[str]:
    return Counter(text[i : i + order] for i in range(len(text) - order + 1))
