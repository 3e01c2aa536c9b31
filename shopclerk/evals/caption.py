"""Task `caption`: pictures to short sentences.

File: test.jsonl with `image, captions` and, if wished, `labels`: words the caption should hold. Metrics: rouge_l, the
F-measure over the longest common subsequence with the best of the captions (Lin 2004, ROUGE: A Package for Automatic
Evaluation of Summaries, section 3.1, beta 1), and label_recall, the share of the labels whose words all occur.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.catalog.text import analyse
from shopclerk.errors import PictureError
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.models.address import EMBEDDED
from shopclerk.models.captioner import Caption, Captioner, open_captioner
from shopclerk.models.image_encoder import open_image_encoder
from shopclerk.pictures import open_picture
from shopclerk.settings import Settings

REQUIRED = ("image", "captions")


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    records = read_records(data / "test.jsonl", REQUIRED)
    # A shop may do without picture search; its captioner still reads the encoder's features.
    address = EMBEDDED if settings.image_encoder == "none" else settings.image_encoder
    encoder = open_image_encoder(address, settings.models_folder, threads=settings.threads)
    captioner = open_captioner(settings.captioner, encoder)
    return judge(records, data, captioner, {"captioner": captioner.id, "image_encoder": encoder.id})


def judge(
    records: Sequence[Mapping[str, Any]],
    data: Path,
    captioner: Captioner,
    models: Mapping[str, str],
) -> Report:
    """Caption the pictures of some records one by one and compare.

    Args:
        records: Lines of test.jsonl.
        data: The folder that pictures are relative to.
        captioner: What is judged.
        models: Role to model, for the report.
    """
    watch = Stopwatch()
    captioned: list[tuple[Mapping[str, Any], Caption]] = []
    rejected: list[dict[str, Any]] = []
    for record in records:
        try:
            with watch.lap():
                picture = open_picture(record["image"], folder=data)
                caption = captioner.caption([picture.image])[0]
        except PictureError as error:
            rejected.append({"image": record["image"], "error": str(error)})
        else:
            captioned.append((record, caption))
    metrics = caption_metrics([(record, caption.text) for record, caption in captioned])
    return Report(
        "caption",
        len(captioned),
        metrics,
        watch.latency_ms(),
        watch.per_second(),
        models,
        _notes(metrics, rejected),
        (*rejected, *_misses(captioned)),
    )


def _notes(metrics: Mapping[str, Metric], rejected: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    notes = []
    if rejected:
        notes.append(f"{len(rejected)} records were left out. The first: {rejected[0]['error']}")
    if metrics["rouge_l"] is None:
        notes.append("rouge_l could not be computed: no record has a caption to compare with.")
    if metrics["label_recall"] is None:
        notes.append("label_recall could not be computed: no record has labels.")
    return tuple(notes)


def _misses(captioned: Sequence[tuple[Mapping[str, Any], Caption]]) -> list[dict[str, Any]]:
    """Return the records whose caption lacks a label."""
    return [
        {"image": record["image"], "caption": caption.text, "missing": missing}
        for record, caption in captioned
        if (missing := [label for label in _labels(record) if not holds(caption.text, label)])
    ]


def caption_metrics(pairs: Sequence[tuple[Mapping[str, Any], str]]) -> dict[str, Metric]:
    """Return the mean metrics of some records with the caption each was given, None where there are none."""
    likeness = [
        max(rouge_l(text, reference) for reference in record["captions"])
        for record, text in pairs
        if record["captions"]
    ]
    found = [holds(text, label) for record, text in pairs for label in _labels(record)]
    return {"rouge_l": _mean(likeness), "label_recall": _mean(found)}


def _labels(record: Mapping[str, Any]) -> list[str]:
    return list(record.get("labels") or ())


def _mean(values: Sequence[float]) -> Metric:
    return round(sum(values) / len(values), 4) if values else None


def rouge_l(text: str, reference: str) -> float:
    """Return the F-measure of two texts' longest common subsequence of words, 0 to 1; case does not matter."""
    words, wanted = analyse(text), analyse(reference)
    common = longest_common(words, wanted)
    return 2 * common / (len(words) + len(wanted)) if common else 0.0


def longest_common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for word in left:
        above_left = 0
        for place, other in enumerate(right, 1):
            above = row[place]
            row[place] = above_left + 1 if word == other else max(above, row[place - 1])
            above_left = above
    return row[-1]


def holds(text: str, label: str) -> bool:
    """Tell whether all words of a label occur in a text; case, and singular or plural, do not matter."""
    said = {form for word in analyse(text) for form in _forms(word)}
    return all(_forms(word) & said for word in analyse(label))


def _forms(word: str) -> set[str]:
    """Return a word with what may be its singular: `shoes` gives shoe and sho, `berries` gives berry."""
    forms = {word}
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        forms.add(word[:-1])
        if word.endswith("es"):
            forms.add(word[:-2])
        if word.endswith("ies"):
            forms.add(word[:-3] + "y")
        if word.endswith("ves"):
            forms |= {word[:-3] + "f", word[:-3] + "fe"}
    return forms
