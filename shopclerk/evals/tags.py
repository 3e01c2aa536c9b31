"""Task `tags`: a picture, a title or both to a shop's tags.

Files: train.jsonl, which a tagger is trained on and whose tags are the vocabulary, and test.jsonl, which it is judged on;
records of `image` or null, `title`, `description` and `tags`. Metrics: precision@5 and recall@5 of the five likeliest tags
(means over the records with tags), micro_f1 over all tags said, and macro_f1, the mean over the tags that stand in
test.jsonl or were said. The same micro_f1 for records with a picture only, with words only and with both as they are, and
for all records with their words, or their pictures, taken away.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shopclerk.errors import DataFormatError, TrainingError
from shopclerk.evals.classify import encoders, read_listing
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.finetune.listing_rows import read_listings
from shopclerk.finetune.tagger import TaggerReport, train_tagger
from shopclerk.models.linear_heads import Inputs
from shopclerk.models.tag_decisions import ranked
from shopclerk.models.tagger import Tagger
from shopclerk.settings import Settings

REQUIRED = ("tags",)
AT = 5
Said = tuple[frozenset[str], tuple[str, ...], frozenset[str]]
"""The right tags, the likeliest tags in order, and the tags said."""


def run(data: Path, settings: Settings) -> Report:
    """Run the task: train, then judge."""
    records = read_records(data / "test.jsonl", REQUIRED)
    for path, known in ((data / "test.jsonl", records), (data / "train.jsonl", None)):
        _check_tags(path, known if known is not None else read_records(path, REQUIRED))
    pictures, texts = encoders(settings)
    try:
        listings = read_listings(data / "train.jsonl", "tags")
        tagger, report = train_tagger(listings, pictures, texts)
    except TrainingError as error:
        raise DataFormatError(str(error)) from error
    return judge(records, data, tagger, report)


def _check_tags(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    for number, record in enumerate(records, 1):
        tags = record["tags"]
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise DataFormatError(f"{path}, record {number}: 'tags' must be a list of texts.")


def judge(
    records: Sequence[Mapping[str, Any]],
    data: Path,
    tagger: Tagger,
    training: TaggerReport | None = None,
) -> Report:
    """Tag some records one by one and compare.

    Args:
        records: Lines of test.jsonl.
        data: The folder that pictures are relative to.
        tagger: What is judged.
        training: What training came to, for the notes.
    """
    watch, unreadable = Stopwatch(), list[str]()
    inputs: list[Inputs] = []
    judged: list[Said] = []
    for record in records:
        with watch.lap():
            read = tagger.features.read([read_listing(record, data, unreadable)])
            judged.append(_said(tagger, read, record))
        inputs.append(read)
    failures = [
        {
            "image": record.get("image"),
            "title": record.get("title"),
            "missing": sorted(right - said),
            "wrong": sorted(said - right),
        }
        for record, (right, _, said) in zip(records, judged, strict=True)
        if said != right
    ]
    return Report(
        "tags",
        len(judged),
        tag_metrics(judged) | _by_what_is_read(records, inputs, tagger),
        watch.latency_ms(),
        watch.per_second(),
        {"tagger": tagger.id, **tagger.features.ids},
        tuple(_notes(judged, tagger, unreadable, training)),
        tuple(failures),
    )


def _said(tagger: Tagger, inputs: Inputs, record: Mapping[str, Any]) -> Said:
    chances, said = tagger.judge(inputs)
    right = frozenset(" ".join(tag.split()) for tag in record["tags"] if tag.strip())
    if not tagger.heads.can_judge(inputs)[0]:
        return right, (), frozenset()
    order = ranked(chances, said)[0][:AT]
    names = frozenset(tagger.tags[place] for place in np.flatnonzero(said[0]))
    return right, tuple(tagger.tags[place] for place in order), names


def tag_metrics(judged: Sequence[Said]) -> dict[str, Metric]:
    """Return the metrics, None where nothing was judged."""
    tagged = [each for each in judged if each[0]]
    if not tagged:
        return dict.fromkeys((f"precision@{AT}", f"recall@{AT}", "micro_f1", "macro_f1"))
    hits = [len(right & set(order)) for right, order, _ in tagged]
    recall = [hit / len(right) for hit, (right, _, _) in zip(hits, tagged, strict=True)]
    return {
        f"precision@{AT}": round(sum(hits) / len(tagged) / AT, 4),
        f"recall@{AT}": round(sum(recall) / len(tagged), 4),
        "micro_f1": micro_f1(judged),
        "macro_f1": macro_f1(judged),
    }


def micro_f1(judged: Sequence[Said]) -> Metric:
    """Return the F1 over all tags of all records together, None without any."""
    right = sum(len(right & said) for right, _, said in judged)
    total = sum(len(right) + len(said) for right, _, said in judged)
    return round(2 * right / total, 4) if total else None


def macro_f1(judged: Sequence[Said]) -> float:
    """Return the mean F1 over the tags that are right somewhere or were said."""
    names = {name for right, _, said in judged for name in right | said}
    scores = []
    for name in names:
        hits = sum(name in right and name in said for right, _, said in judged)
        total = sum((name in right) + (name in said) for right, _, said in judged)
        scores.append(2 * hits / total)
    return round(sum(scores) / len(scores), 4)


def _by_what_is_read(
    records: Sequence[Mapping[str, Any]], inputs: Sequence[Inputs], tagger: Tagger
) -> dict[str, Metric]:
    """Return micro_f1 of parts of the records, and of all with their words or pictures taken away."""
    found: dict[str, list[Said]] = {}
    for record, read in zip(records, inputs, strict=True):
        yes, no = np.array([True]), np.array([False])
        for name, reduced in (
            ("picture only", read.without(no, yes)),
            ("words only", read.without(yes, no)),
        ):
            if tagger.heads.can_judge(reduced)[0]:
                found.setdefault(name, []).append(_said(tagger, reduced, record))
        kinds = {(True, True): "both", (True, False): "no words", (False, True): "no picture"}
        kind = kinds.get((bool(read.has_picture[0]), bool(read.has_text[0])), "nothing")
        found.setdefault(f"records with {kind}", []).append(_said(tagger, read, record))
    return {f"micro_f1, {name}": micro_f1(said) for name, said in sorted(found.items())}


def _notes(
    judged: Sequence[Said],
    tagger: Tagger,
    unreadable: Sequence[str],
    report: TaggerReport | None,
) -> list[str]:
    notes = []
    if report is not None:
        notes.append(
            f"Trained on {report.listings} tagged listings in {report.seconds:.0f} s; {report.groups} groups of tags that "
            "rule each other out were found."
        )
        if report.left_out:
            notes.append(f"{report.left_out} training records have no tags or nothing to read.")
    if strange := {tag for right, _, _ in judged for tag in right} - set(tagger.tags):
        notes.append(
            f"{len(strange)} tags of test.jsonl are not in train.jsonl ({min(strange)}); they count as missed."
        )
    if unreadable:
        notes.append(f"{len(unreadable)} pictures could not be read. The first: {unreadable[0]}")
    if empty := sum(not order for _, order, _ in judged):
        notes.append(f"{empty} records have nothing to read and were given no tags.")
    if not judged:
        notes.append("Nothing could be computed: test.jsonl holds no record.")
    return notes
