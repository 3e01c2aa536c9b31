"""The sheet on which a person accepts or drops weak tags, and what is read back from it.

A row for each listing and tag: `id, title, tag, score, evidence, keep`. An empty `keep` drops the tag, as does a no.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from shopclerk.cells import bare, guarded
from shopclerk.errors import DataFormatError
from shopclerk.models.weak_tags import WeakTag

COLUMNS = ("id", "title", "tag", "score", "evidence", "keep")
YES = frozenset({"yes", "y", "x", "1", "true", "keep", "ok"})
NO = frozenset({"", "no", "n", "0", "false", "drop"})


def write_sheet(
    path: Path, rows: Iterable[tuple[str, str, Sequence[WeakTag]]], *, keep_from: float
) -> int:
    """Write a sheet and return how many tags it holds.

    Args:
        path: The CSV file.
        rows: Id, title and weak tags of each listing.
        keep_from: Tags of this score or more are marked as kept beforehand.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for name, title, tags in rows:
            for tag in tags:
                keep = "yes" if tag.score >= keep_from else ""
                cells = (name, title, tag.tag, f"{tag.score:.2f}", tag.evidence, keep)
                writer.writerow([guarded(cell) for cell in cells])
                count += 1
    return count


def read_sheet(path: Path) -> dict[str, list[str]]:
    """Return the kept tags of each listing by its id, in the sheet's order.

    Raises:
        DataFormatError: The file cannot be read, a column is missing, or `keep` is neither yes nor no.
    """
    kept: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"id", "tag", "keep"} - set(reader.fieldnames or ())
            if missing:
                raise DataFormatError(
                    f"{path} lacks the column '{min(missing)}'. A sheet has {', '.join(COLUMNS)}."
                )
            for row in reader:
                answer = (row["keep"] or "").strip().casefold()
                if answer not in YES | NO:
                    raise DataFormatError(
                        f"{path}, line {reader.line_num}: 'keep' is '{row['keep']}'. Write yes or no."
                    )
                if answer in YES:
                    kept.setdefault(bare(row["id"]), []).append(bare(row["tag"]))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFormatError(f"Cannot read {path}: {error}.") from error
    return kept
