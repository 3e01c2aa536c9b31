"""How good an extractor is on labelled rows: micro F1, precision, recall, and F1 on nulls."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shopclerk.models.attribute_extractor import AttributeExtractor, Listing
from shopclerk.models.attribute_rows import AttributeRow
from shopclerk.models.attribute_schema import AttributeSpec


@dataclass(slots=True)
class Tally:
    """Counts of values and nulls, right, told and wanted.

    Attributes:
        right: Values told that are wanted.
        told: Values told.
        wanted: Values wanted.
        right_nulls: Nulls told that are wanted.
        told_nulls: Nulls told.
        wanted_nulls: Nulls wanted.
    """

    right: int = 0
    told: int = 0
    wanted: int = 0
    right_nulls: int = 0
    told_nulls: int = 0
    wanted_nulls: int = 0

    def add(self, told: Iterable[str] | None, wanted: Iterable[str] | None) -> bool:
        """Count one attribute of one record and tell whether it is wholly right."""
        found, gold = plain(told), plain(wanted)
        self.right += len(found & gold)
        self.told += len(found)
        self.wanted += len(gold)
        self.told_nulls += not found
        self.wanted_nulls += not gold
        self.right_nulls += not found and not gold
        return found == gold

    def metrics(self) -> dict[str, float | None]:
        """Return micro_f1, precision, recall and na_f1, None where nothing was there to count."""
        return {
            "micro_f1": ratio(2 * self.right, self.told + self.wanted),
            "precision": ratio(self.right, self.told),
            "recall": ratio(self.right, self.wanted),
            "na_f1": ratio(2 * self.right_nulls, self.told_nulls + self.wanted_nulls)
            if self.wanted_nulls
            else None,
        }


def plain(values: Iterable[str] | None) -> set[str]:
    """Return values as they are compared: letters lowered, white space folded."""
    return {" ".join(value.lower().split()) for value in values or ()} - {""}


def ratio(part: int, whole: int) -> float | None:
    """Return a quotient to four digits, None of nothing."""
    return round(part / whole, 4) if whole else None


def listing_of(row: AttributeRow, names: Sequence[str] | None = None) -> Listing:
    """Return a row as what an extractor reads, asked for its own names or for some."""
    asked = tuple(AttributeSpec(name) for name in (names or row.values))
    return Listing(row.title, asked, row.description, row.category)


def score(
    extractor: AttributeExtractor,
    rows: Sequence[AttributeRow],
    only: Mapping[str, object] | None = None,
) -> dict[str, float]:
    """Return the metrics of an extractor over rows.

    Args:
        extractor: What is judged.
        rows: Labelled rows.
        only: Count these names alone; all are asked for.
    """
    tally = Tally()
    answers = extractor.extract([listing_of(row) for row in rows])
    for row, found in zip(rows, answers, strict=True):
        for name, wanted in row.values.items():
            if only is None or name in only:
                tally.add(found[name].texts, wanted)
    return {name: value for name, value in tally.metrics().items() if value is not None}
