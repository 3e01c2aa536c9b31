"""Task `taxonomy`: sellers' category texts to the paths of a taxonomy.

Files: taxonomy.txt; test.jsonl with `source, target` and, if wished, `title`; train.jsonl, optional, of the same form: it
plays the part of a shop's confirmed mappings. Metrics: top1 and top5; hierarchical_f1, the overlap of the target's
ancestors, itself included, with those of the path given; unmapped_rate. An unmapped text counts as wrong in top1 and as
empty in hierarchical_f1; top5 counts the five nearest, whether the mapper would have dared or not.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.catalog.mappings import Mapping as Confirmed
from shopclerk.catalog.taxonomy import SEPARATOR, Taxonomy, split_path
from shopclerk.catalog.taxonomy_readers import open_taxonomy
from shopclerk.errors import DataFormatError
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.models.category_mapper import CategoryInput, CategoryMapper, CategoryMapping
from shopclerk.models.label_scores import hierarchical_f1
from shopclerk.settings import Settings
from shopclerk.tools.category_mapping import open_mapper

REQUIRED = ("source", "target")
TIMED = 50
TOP = 5


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    records = _records(data / "test.jsonl")
    taxonomy = open_taxonomy(data / "taxonomy.txt")
    train = data / "train.jsonl"
    learned = [
        Confirmed(source=record["source"], path=record["target"], title=record.get("title"))
        for record in (_records(train) if train.exists() else [])
        if record["source"]
    ]
    mapper = open_mapper(settings, taxonomy, mappings=learned)
    return judge(records, mapper, taxonomy)


def _records(path: Path) -> list[dict[str, Any]]:
    records = read_records(path, REQUIRED)
    for number, record in enumerate(records, 1):
        texts = (record["source"], record.get("title"), record["target"])
        if not all(isinstance(text, str) or text is None for text in texts) or not record["target"]:
            raise DataFormatError(
                f"{path}, record {number}: source, title and target are texts, and target is not empty."
            )
    return records


def judge(
    records: Sequence[Mapping[str, Any]], mapper: CategoryMapper, taxonomy: Taxonomy
) -> Report:
    """Map some records and compare.

    Args:
        records: Lines of test.jsonl.
        mapper: What is judged.
        taxonomy: The taxonomy it maps to.
    """
    listings = [CategoryInput(record["source"], record.get("title")) for record in records]
    watch = Stopwatch()
    for listing in listings[:TIMED]:
        with watch.lap():
            mapper.map([listing], top=TOP)
    mapper.forget()
    started = time.perf_counter()
    mappings = mapper.map(listings, top=TOP)
    seconds = time.perf_counter() - started
    targets = [SEPARATOR.join(split_path(record["target"])) for record in records]
    metrics = mapping_metrics(list(zip(targets, mappings, strict=True)))
    return Report(
        "taxonomy",
        len(records),
        metrics,
        watch.latency_ms(),
        round(len(records) / seconds, 1) if records else None,
        {"category_mapper": mapper.id, "text_encoder": mapper.index.encoder.id},
        _notes(targets, taxonomy, mapper),
        tuple(_misses(records, targets, mappings)),
    )


def mapping_metrics(pairs: Sequence[tuple[str, CategoryMapping]]) -> dict[str, Metric]:
    """Return the metrics of (target, mapping) pairs, None where there are none."""
    if not pairs:
        return dict.fromkeys(("top1", "top5", "hierarchical_f1", "unmapped_rate"))
    given = [(target, mapping.best.path if mapping.best else "") for target, mapping in pairs]
    near = [target in [each.path for each in mapping.suggestions] for target, mapping in pairs]
    count = len(pairs)
    return {
        "top1": round(sum(target == path for target, path in given) / count, 4),
        "top5": round(sum(near) / count, 4),
        "hierarchical_f1": round(hierarchical_f1(given), 4),
        "unmapped_rate": round(sum(not path for _, path in given) / count, 4),
    }


def _notes(targets: Sequence[str], taxonomy: Taxonomy, mapper: CategoryMapper) -> tuple[str, ...]:
    notes = [f"{len(taxonomy)} categories. {taxonomy.version}".strip(), *taxonomy.notes]
    if not targets:
        notes.append("No metric could be computed: test.jsonl has no records.")
    if strange := [target for target in targets if taxonomy.get(target) is None]:
        notes.append(
            f"{len(strange)} targets are no category of taxonomy.txt and count as wrong. The first: {strange[0]}"
        )
    if len(mapper.memory):
        notes.append(f"{len(mapper.memory)} confirmed mappings of train.jsonl were used.")
    return tuple(notes)


def _misses(
    records: Sequence[Mapping[str, Any]],
    targets: Sequence[str],
    mappings: Sequence[CategoryMapping],
) -> list[dict[str, Any]]:
    """Return the records that were mapped wrongly or not at all."""
    return [
        {
            "source": record["source"],
            "title": record.get("title"),
            "target": target,
            "given": mapping.best.path if mapping.best else None,
            "nearest": [[each.path, each.confidence] for each in mapping.suggestions[:3]],
        }
        for record, target, mapping in zip(records, targets, mappings, strict=True)
        if mapping.best is None or mapping.best.path != target
    ]
