"""Scores title models on held-out pairs: the mean likeness of written and clean titles."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz.distance import Indel

from shopclerk.finetune.data.title_pairs import Pair
from shopclerk.models.titles.checked_writer import CheckedTitleWriter
from shopclerk.models.titles.rule_writer import RuleTitleWriter
from shopclerk.models.titles.tagger import TitleTagger
from shopclerk.models.titles.title import TitleWriter

THRESHOLDS = (0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
NEVER = 1.01


def likeness(writer: TitleWriter, pairs: Sequence[Pair]) -> float:
    """Return the mean normalised Indel similarity, 0 to 1, of the titles that a writer makes and the clean ones."""
    titles = writer.write([listing for listing, _ in pairs])
    values = [
        Indel.normalized_similarity(title.title, clean)
        for title, (_, clean) in zip(titles, pairs, strict=True)
    ]
    return sum(values) / len(values) if values else 0.0


def best_threshold(folder: Path, pairs: Sequence[Pair]) -> tuple[float, float, float]:
    """Return how sure a tagger must be to change a word, and the likeness without and with it."""
    rules = RuleTitleWriter()
    before = likeness(rules, pairs)
    with TemporaryDirectory() as cache:
        tagger = TitleTagger(folder, Path(cache))
        scores = {NEVER: before}
        for sure in THRESHOLDS:
            tagger.sure = sure
            scores[sure] = likeness(CheckedTitleWriter(tagger, rules), pairs)
    best = max(scores, key=lambda sure: (scores[sure], sure))
    return best, before, scores[best]
