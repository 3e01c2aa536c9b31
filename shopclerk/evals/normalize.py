"""Task `normalize`: values out of titles, brought into the shop's own spelling.

Files as for the task `attributes`, with `normalized: {name: [values] or null}` beside `attributes`. Extractor and
normaliser learn from train.jsonl; a test record's own `attributes` are not read, its values come out of its texts.
Metric: micro_f1 over normalised values, compared letters lowered, white space folded. A note tells the same with the
record's raw values given, the normaliser alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.errors import DataFormatError
from shopclerk.evals.attributes import answers, extractor_for, read_labelled
from shopclerk.evals.frame import Report, Stopwatch
from shopclerk.finetune.attribute_score import Tally
from shopclerk.models.attribute_extractor import AttributeExtractor
from shopclerk.models.attribute_rows import AttributeRow
from shopclerk.models.value_normaliser import ValueNormaliser
from shopclerk.models.value_programs import Example
from shopclerk.settings import Settings

Wanted = Mapping[str, list[str] | None]


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    records, rows = read_labelled(data / "test.jsonl")
    wanted = [_normalized(record, data / "test.jsonl") for record in records]
    train = data / "train.jsonl"
    normaliser = ValueNormaliser.of(read_pairs(train) if train.exists() else [])
    with extractor_for(data, settings) as (extractor, notes):
        return judge(records, rows, wanted, (extractor, normaliser), notes)


def read_pairs(path: Path) -> list[Example]:
    """Return the pairs of raw and normalised values of a file.

    Raises:
        DataFormatError: The file breaks the format.
    """
    records, rows = read_labelled(path)
    return [
        pair
        for record, row in zip(records, rows, strict=True)
        for pair in _pairs(row, _normalized(record, path))
    ]


def _normalized(record: Mapping[str, Any], path: Path) -> Wanted:
    found = record.get("normalized")
    good = isinstance(found, dict) and all(
        values is None or (isinstance(values, list) and all(isinstance(v, str) for v in values))
        for values in found.values()
    )
    if not isinstance(found, dict) or not good:
        raise DataFormatError(
            f"{path}, record {record.get('id')}: 'normalized' must map names to lists of texts or null."
        )
    return found


def _pairs(row: AttributeRow, wanted: Wanted) -> Iterator[Example]:
    for name, values in wanted.items():
        raw = row.values.get(name) or ()
        if values and len(raw) == 1:
            yield Example(raw[0], tuple(values), name, row.category)
        elif values and len(raw) == len(values):
            for one, other in zip(raw, values, strict=True):
                yield Example(one, (other,), name, row.category)


def judge(
    records: Sequence[dict[str, Any]],
    rows: Sequence[AttributeRow],
    wanted: Sequence[Wanted],
    models: tuple[AttributeExtractor, ValueNormaliser],
    notes: tuple[str, ...] = (),
) -> Report:
    """Extract and normalise the attributes of some records and compare.

    Args:
        records: Lines of test.jsonl.
        rows: The same as labelled rows.
        wanted: The normalised values of each.
        models: What extracts, and what normalises.
        notes: What a reader must know of them.
    """
    extractor, normaliser = models
    watch, tally, alone, failures = Stopwatch(), Tally(), Tally(), []
    asked = [
        AttributeRow(row.title, row.description, row.category, dict.fromkeys(gold))
        for row, gold in zip(rows, wanted, strict=True)
    ]
    for place, found in enumerate(answers(extractor, asked, watch)):
        row = rows[place]
        for name, gold in wanted[place].items():
            told = normalised(normaliser, found[name].texts, name, row.category)
            given = normalised(normaliser, row.values.get(name), name, row.category)
            alone.add(given, gold)
            if not tally.add(told, gold):
                failures.append(
                    {
                        "id": records[place].get("id"),
                        "attribute": name,
                        "wanted": gold,
                        "found": found[name].texts,
                        "told": told,
                    }
                )
    raw_given = alone.metrics()["micro_f1"]
    return Report(
        "normalize",
        len(rows),
        {"micro_f1": tally.metrics()["micro_f1"]},
        watch.latency_ms(),
        watch.per_second(),
        {"extractor": extractor.id, "normaliser": "tables and what the pairs taught"},
        (*notes, f"With the raw values given, micro_f1 of the normaliser alone: {raw_given}."),
        tuple(failures),
    )


def normalised(
    normaliser: ValueNormaliser, values: Sequence[str] | None, name: str, category: str
) -> list[str] | None:
    """Return values in one spelling, None for none."""
    found = [
        one for value in values or () for one in normaliser.normalise(value, name, category).values
    ]
    return list(dict.fromkeys(found)) or None
