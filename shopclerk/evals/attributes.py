"""Task `attributes`: values of attributes out of titles and descriptions.

Files: test.jsonl and, where there is one, train.jsonl, with `id, title, description, category, attributes`. The extractor
that ships learns from train.jsonl first, by the recipe `attributes-minilm-lora`; one that the setting `extractor` names
is judged as it is. Asked for are the keys of a record's `attributes`. Metrics: micro_f1, precision and recall over
values, na_f1 over nulls; values are compared letters lowered, white space folded.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shopclerk.errors import DataFormatError, TrainingError
from shopclerk.evals.frame import Report, Stopwatch, read_records
from shopclerk.finetune.attribute_data import read_rows
from shopclerk.finetune.attribute_score import Tally, listing_of
from shopclerk.models.address import EMBEDDED
from shopclerk.models.attribute_extractor import AttributeExtractor, Extracted, open_extractor
from shopclerk.models.attribute_model import ADAPTER, shipped_folder
from shopclerk.models.attribute_rows import AttributeRow
from shopclerk.settings import Settings

REQUIRED = ("title", "category", "attributes")
RECIPE = "attributes-minilm-lora"
CHANGES = ("training.eval_share=0.02", "data.source=file")


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    records, rows = read_labelled(data / "test.jsonl")
    with extractor_for(data, settings) as (extractor, notes):
        return judge(records, rows, extractor, notes)


def read_labelled(path: Path) -> tuple[list[dict[str, Any]], list[AttributeRow]]:
    """Return a file's records, and the same as labelled rows.

    Raises:
        DataFormatError: The file breaks the format.
    """
    records = read_records(path, REQUIRED)
    if not records:
        raise DataFormatError(f"{path} holds no record.")
    try:
        return records, read_rows(path)
    except TrainingError as error:
        raise DataFormatError(str(error)) from error


@contextmanager
def extractor_for(
    data: Path, settings: Settings
) -> Iterator[tuple[AttributeExtractor, tuple[str, ...]]]:
    """Yield the extractor to judge, trained on the folder's train.jsonl where there is one, and notes on it."""
    train = data / "train.jsonl"
    if settings.extractor != EMBEDDED or not train.exists():
        why = "judged as it is" if settings.extractor != EMBEDDED else "there is no train.jsonl"
        extractor = open_extractor(
            settings.extractor, settings.models_folder, threads=settings.threads
        )
        yield extractor, (f"The extractor learned nothing here: {why}.",)
        return
    with tempfile.TemporaryDirectory() as folder:
        seconds = _learn(train, Path(folder), settings)
        extractor = open_extractor(folder, Path(folder), threads=settings.threads)
        yield extractor, (f"Learned from {train.name} in {seconds:.0f} s.",)


def _learn(train: Path, folder: Path, settings: Settings) -> float:
    """Train on a file by the recipe and return how long the loop took."""
    from shopclerk.finetune.attributes import train as learn
    from shopclerk.finetune.recipe import load_recipe

    read_labelled(train)
    start = EMBEDDED if (shipped_folder() / ADAPTER).is_dir() else "none"
    changes = (
        f"options.start={start}",
        f"data.file={train}",
        f"training.threads={settings.threads or 1}",
        *CHANGES,
    )
    facts = learn(load_recipe(RECIPE, changes), folder)
    return float(facts["seconds"])


def judge(
    records: Sequence[dict[str, Any]],
    rows: Sequence[AttributeRow],
    extractor: AttributeExtractor,
    notes: tuple[str, ...] = (),
) -> Report:
    """Extract the attributes of some records and compare.

    Args:
        records: Lines of test.jsonl.
        rows: The same as labelled rows.
        extractor: What is judged.
        notes: What a reader must know of it.
    """
    watch, tally, failures = Stopwatch(), Tally(), []
    for record, row, found in zip(records, rows, answers(extractor, rows, watch), strict=True):
        for name, wanted in row.values.items():
            told = found[name].texts
            if not tally.add(told, wanted):
                failures.append(_failure(record, name, wanted, found[name]))
    metrics = tally.metrics()
    if metrics["na_f1"] is None:
        notes += ("na_f1 could not be computed: no record states null.",)
    return Report(
        "attributes",
        len(rows),
        metrics,
        watch.latency_ms(),
        watch.per_second(),
        {"extractor": extractor.id},
        notes,
        tuple(failures),
    )


def answers(
    extractor: AttributeExtractor, rows: Sequence[AttributeRow], watch: Stopwatch
) -> Iterator[dict[str, Extracted]]:
    """Yield what an extractor finds, record by record, timed."""
    for row in rows:
        with watch.lap():
            found = extractor.extract([listing_of(row)])[0]
        yield found


def _failure(
    record: dict[str, Any], name: str, wanted: Sequence[str] | None, told: Extracted
) -> dict[str, Any]:
    return {
        "id": record.get("id"),
        "title": record["title"],
        "attribute": name,
        "wanted": list(wanted) if wanted else None,
        "told": told.texts,
        "confidence": round(told.confidence, 3),
    }
