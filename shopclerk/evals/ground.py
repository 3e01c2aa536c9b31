"""Task `ground`: where a picture shows what a phrase names.

File: test.jsonl with `image, phrase, boxes`, boxes in pixels. Metrics: iou@0.5, the share of records where the
intersection over union of the surest box found and the best of `boxes` is 0.5 at least (Everingham et al. 2010,
The Pascal VOC Challenge, section 4.2), and mean_iou, its mean.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.catalog.text import content_terms
from shopclerk.errors import DataFormatError, PictureError
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.gallery import shipped_head
from shopclerk.models.address import EMBEDDED
from shopclerk.models.eye import Eye
from shopclerk.models.image_encoder import open_image_encoder
from shopclerk.models.locator import Locator, open_locator
from shopclerk.models.picture_head import PictureHead
from shopclerk.models.proposals import overlap
from shopclerk.models.region_scorer import SpaceScorer, open_scorer
from shopclerk.models.text_encoder import open_text_encoder
from shopclerk.pictures import PictureLimits, open_picture
from shopclerk.settings import Settings

REQUIRED = ("image", "phrase", "boxes")
ENOUGH = 0.5


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    records = read_records(data / "test.jsonl", REQUIRED)
    for number, record in enumerate(records, 1):
        _check(record, number, data)
    return judge(records, data, open_locator(settings.locator, lambda: shop_scorer(settings)))


def shop_scorer(settings: Settings) -> SpaceScorer:
    """Return what scores regions without a catalogue: the head of the settings, if a folder, else the shipped one."""
    # A shop may do without picture search; its locator still needs an eye.
    address = EMBEDDED if settings.image_encoder == "none" else settings.image_encoder
    texts = open_text_encoder(
        settings.text_encoder, settings.models_folder, threads=settings.threads
    )
    encoder = open_image_encoder(address, settings.models_folder, threads=settings.threads)
    eye = Eye(encoder, texts, settings.models_folder)
    return open_scorer(eye, texts, content_terms, settings.models_folder, _head(settings))


def _head(settings: Settings) -> PictureHead | None:
    if settings.picture_head == "none":
        return None
    if settings.picture_head in ("auto", "shipped"):
        return shipped_head()
    return PictureHead.load(Path(settings.picture_head))


def judge(records: Sequence[Mapping[str, Any]], data: Path, locator: Locator) -> Report:
    """Look for the phrases of some records one by one and compare.

    Args:
        records: Lines of test.jsonl.
        data: The folder that pictures are relative to.
        locator: What is judged.
    """
    watch = Stopwatch()
    overlaps: list[float] = []
    misses: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    for record in records:
        try:
            picture = open_picture(record["image"], PictureLimits(), folder=data)
        except PictureError as error:
            rejected.append({"image": record["image"], "error": str(error)})
            continue
        with watch.lap():
            found = locator.locate(picture.image, record["phrase"], limit=1)
        box = [edge / picture.scale for edge in found[0].box] if found else None
        overlaps.append(float(overlap([box], record["boxes"]).max()) if box else 0.0)
        if overlaps[-1] < ENOUGH:
            misses.append({**record, "found": box, "iou": round(overlaps[-1], 3)})
    return Report(
        "ground",
        len(overlaps),
        ground_metrics(overlaps),
        watch.latency_ms(),
        watch.per_second(),
        {"locator": locator.id},
        _notes(overlaps, rejected),
        (*rejected, *misses),
    )


def ground_metrics(overlaps: Sequence[float]) -> dict[str, Metric]:
    """Return the metrics from the intersection over union of each record, None where there are none."""
    if not overlaps:
        return {"iou@0.5": None, "mean_iou": None}
    enough = sum(value >= ENOUGH for value in overlaps)
    return {
        "iou@0.5": round(enough / len(overlaps), 4),
        "mean_iou": round(sum(overlaps) / len(overlaps), 4),
    }


def _notes(overlaps: Sequence[float], rejected: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    notes = []
    if rejected:
        notes.append(f"{len(rejected)} records were left out. The first: {rejected[0]['error']}")
    if not overlaps:
        notes.append(
            "No metric could be computed: there is no record with a picture that can be read."
        )
    return tuple(notes)


def _check(record: Mapping[str, Any], number: int, data: Path) -> None:
    boxes, phrase = record["boxes"], record["phrase"]
    if not (isinstance(phrase, str) and phrase.strip()):
        raise DataFormatError(
            f"{data / 'test.jsonl'}, line {number}: 'phrase' is {phrase!r}; it takes words."
        )
    good = isinstance(boxes, list) and bool(boxes) and all(_is_box(box) for box in boxes)
    if not good:
        raise DataFormatError(
            f"{data / 'test.jsonl'}, line {number}: 'boxes' is {str(boxes)[:80]}; it takes a list of one or "
            "more [x0, y0, x1, y1], in pixels, with x0 below x1 and y0 below y1."
        )


def _is_box(box: Any) -> bool:
    numbers = isinstance(box, list) and len(box) == 4
    if not numbers or not all(type(edge) in (int, float) for edge in box):
        return False
    return bool(box[0] < box[2] and box[1] < box[3])
