"""Task `classify`: a picture, words or both to one label of a tree.

Files: train.jsonl, which a classifier is trained on, and test.jsonl, which it is judged on; records of `image` or null,
`title`, `description` and `label`. Metrics: top1, top5, macro_f1 (over the labels of test.jsonl and those given), and
hierarchical_f1, the overlap of a label's ancestors, itself included, with those of the label given.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.errors import DataFormatError, PictureError, TrainingError
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.finetune.classifier import ClassifierReport, train_classifier
from shopclerk.finetune.listing_rows import read_listings
from shopclerk.models.label_scores import accuracy, hierarchical_f1, macro_f1
from shopclerk.models.listing_features import Listing, listing_text
from shopclerk.models.picture_levels import PictureFeatures, open_picture_features
from shopclerk.models.product_classifier import FALLBACK, Classified, ProductClassifier
from shopclerk.models.text_encoder import TextEncoder, open_text_encoder
from shopclerk.pictures import open_picture
from shopclerk.settings import Settings

REQUIRED = ("image", "label")
Judged = tuple[str, Classified]
"""The right label, and what was said."""


def run(data: Path, settings: Settings) -> Report:
    """Run the task: train, then judge."""
    records = read_records(data / "test.jsonl", REQUIRED)
    read_records(data / "train.jsonl", REQUIRED)
    pictures, texts = encoders(settings)
    try:
        listings = read_listings(data / "train.jsonl", "label")
        classifier, report = train_classifier(listings, pictures, texts)
    except TrainingError as error:
        raise DataFormatError(str(error)) from error
    return judge(records, data, classifier, report)


def encoders(settings: Settings) -> tuple[PictureFeatures | None, TextEncoder]:
    """Return what reads pictures and texts, as the settings name it."""
    cache, threads = settings.models_folder, settings.threads
    off = settings.image_encoder == "none"
    pictures = (
        None if off else open_picture_features(settings.image_encoder, cache, threads=threads)
    )
    return pictures, open_text_encoder(settings.text_encoder, cache, threads=threads)


def judge(
    records: Sequence[Mapping[str, Any]],
    data: Path,
    classifier: ProductClassifier,
    training: ClassifierReport | None = None,
) -> Report:
    """Classify some records one by one and compare.

    Args:
        records: Lines of test.jsonl.
        data: The folder that pictures are relative to.
        classifier: What is judged.
        training: What training came to, for the notes.
    """
    watch, judged, unreadable = Stopwatch(), list[Judged](), list[str]()
    for record in records:
        with watch.lap():
            listing = read_listing(record, data, unreadable)
            judged.append((label_of(record), classifier.classify([listing])[0]))
    failures = [
        {"image": record["image"], "title": record.get("title"), "label": right, "said": said.label}
        for record, (right, said) in zip(records, judged, strict=True)
        if said.label != right
    ]
    return Report(
        "classify",
        len(judged),
        classify_metrics(judged),
        watch.latency_ms(),
        watch.per_second(),
        {"classifier": classifier.id, **classifier.features.ids},
        (*_training_notes(training), *_notes(judged, classifier, unreadable)),
        tuple(failures),
    )


def read_listing(record: Mapping[str, Any], data: Path, unreadable: list[str]) -> Listing:
    """Return a record as a listing; without its picture where that cannot be read, which is noted."""
    image = None
    if record.get("image"):
        try:
            image = open_picture(record["image"], folder=data).image
        except PictureError as error:
            unreadable.append(str(error))
    return Listing(image, listing_text(record))


def label_of(record: Mapping[str, Any]) -> str:
    """Return a record's label with blanks as training folds them."""
    return " ".join(str(record["label"]).split())


def classify_metrics(judged: Sequence[Judged]) -> dict[str, Metric]:
    """Return the metrics, None where nothing was judged."""
    if not judged:
        return dict.fromkeys(("top1", "top5", "macro_f1", "hierarchical_f1"))
    pairs = [(right, said.label) for right, said in judged]
    in_five = [right in [guess.label for guess in said.guesses[:5]] for right, said in judged]
    return {
        "top1": round(accuracy(pairs), 4),
        "top5": round(sum(in_five) / len(in_five), 4),
        "macro_f1": round(macro_f1(pairs), 4),
        "hierarchical_f1": round(hierarchical_f1(pairs), 4),
    }


def _training_notes(report: ClassifierReport | None) -> list[str]:
    if report is None:
        return []
    notes = [f"Trained on {report.listings} listings in {report.seconds:.0f} s."]
    if report.scores:
        scores = ", ".join(f"{read} {each['top1']:.3f}" for read, each in report.scores.items())
        notes.append(f"top1 on {report.held} held-out training listings by what is read: {scores}.")
    if report.left_out:
        notes.append(f"{report.left_out} training records have no label or nothing to read.")
    if report.single:
        notes.append(f"{report.single} labels have one training record only.")
    return notes


def _notes(
    judged: Sequence[Judged], classifier: ProductClassifier, unreadable: Sequence[str]
) -> list[str]:
    notes = []
    if strange := {right for right, _ in judged} - set(classifier.labels):
        notes.append(
            f"{len(strange)} labels of test.jsonl are not in train.jsonl ({min(strange)}); their records count as wrong."
        )
    if unreadable:
        notes.append(f"{len(unreadable)} pictures could not be read. The first: {unreadable[0]}")
    if guessed := sum(said.made_by == FALLBACK for _, said in judged):
        notes.append(f"{guessed} records have nothing to read and were given the {FALLBACK}.")
    if not judged:
        notes.append("Nothing could be computed: test.jsonl holds no record.")
    return notes
