"""A sheet of suggested category mappings, CSV, that a person decides on and hands back.

The column `decision` is empty when the sheet is made. What a person may write there: `ok` (the suggestion), a number (that
alternative), a path or an id of the taxonomy, `none` (nothing fits). Empty stays undecided.
"""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shopclerk.catalog.mappings import Mapping
from shopclerk.catalog.readers import read_header, read_raw_rows
from shopclerk.catalog.taxonomy import Taxonomy
from shopclerk.catalog.text import fold
from shopclerk.cells import bare, guarded
from shopclerk.errors import StorageError, TaxonomyError, UnreadableFileError

COLUMNS = (
    "source", "title", "products", "suggested", "confidence", "why", "alternatives", "decision",
)  # fmt: skip
SOURCE_COLUMNS = ("source", "seller category", "seller_category", "category text")
MOST_TITLES = 3
NOTHING = ("none", "-", "unmapped", "no", "x")
ACCEPTED = ("ok", "yes", "y", "1", "accept", "accepted")
ALTERNATIVES_MARK = " | "


@dataclass(frozen=True, slots=True)
class SellerText:
    """One text of a seller, with what carries it.

    Attributes:
        source: The category text; empty where a product has none.
        titles: Some titles of its products.
        products: How many products carry it.
    """

    source: str
    titles: tuple[str, ...]
    products: int

    @property
    def context(self) -> str:
        """The titles as one text."""
        return "; ".join(self.titles)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet.

    Attributes:
        text: What was mapped.
        suggested: The suggested path; empty where it was left unmapped.
        confidence: How likely the suggestion is right, 0 to 1.
        why: Why it was suggested.
        alternatives: Further paths, the likeliest first.
    """

    text: SellerText
    suggested: str
    confidence: float
    why: str
    alternatives: tuple[str, ...]


def read_seller_texts(path: Path, column: str | None = None) -> list[SellerText]:
    """Read the distinct category texts of a file, in order of their first row.

    Args:
        path: Any product file, or a table with a column `source` or `category`; titles help.
        column: The column of the category text, where it has another name.

    Raises:
        UnreadableFileError: The file cannot be read, or has neither category text nor title.
    """
    if path.suffix.lower() not in (".parquet",) and column is None:
        header = {fold(name): name for name in read_header(path)}
        column = next((header[name] for name in SOURCE_COLUMNS if name in header), None)
    columns = {"category": column} if column else None
    found: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    for row in read_raw_rows(path, columns=columns, needed=()):
        source = _text(row.fields.get("category"))
        title = _text(row.fields.get("title"))
        if row.error or not (source or title):
            continue
        key = source or f"\0{title}"
        counts[key] = counts.get(key, 0) + 1
        titles = found.setdefault(key, [])
        if title and title not in titles and len(titles) < MOST_TITLES:
            titles.append(title)
    if not found:
        raise UnreadableFileError(
            f"{path} has no row with a category text or a title. Name the column by --column."
        )
    return [
        SellerText("" if key.startswith("\0") else key, tuple(titles), counts[key])
        for key, titles in found.items()
    ]


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return " > ".join(str(part) for part in value)
    return " ".join(str(value or "").split())


def write_sheet(path: Path, rows: Iterable[SheetRow]) -> int:
    """Write a sheet, which appears whole or not at all; return how many rows it has.

    Raises:
        StorageError: It cannot be written.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    count = 0
    try:
        with partial.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for row in rows:
                writer.writerow([guarded(cell) for cell in _cells(row)])
                count += 1
        partial.replace(path)
    except OSError as error:
        raise StorageError(f"Cannot write the sheet {path}: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return count


def _cells(row: SheetRow) -> list[str]:
    return [
        row.text.source,
        row.text.context,
        str(row.text.products),
        row.suggested,
        f"{row.confidence:.2f}",
        row.why,
        ALTERNATIVES_MARK.join(row.alternatives),
        "",
    ]


def read_sheet(
    path: Path, taxonomy: Taxonomy, *, accept_from: float | None = None
) -> tuple[list[Mapping], int]:
    """Read a sheet back; return its decisions and how many rows are undecided.

    Args:
        path: The sheet.
        taxonomy: What it decides on.
        accept_from: Take suggestions of undecided rows that are at least so sure.

    Raises:
        UnreadableFileError: It is no sheet, or a decision names no category; the message names the line.
    """
    decided: list[Mapping] = []
    undecided = 0
    for line, row in _sheet_rows(path):
        source = bare(row["source"])
        path_chosen = _decision(path, line, row, taxonomy, accept_from)
        if path_chosen is None:
            undecided += 1
        else:
            # A product without a category text is decided for its title alone.
            title = None if source else bare(row["title"])
            decided.append(
                Mapping(source=source or bare(row["title"]), path=path_chosen, title=title)
            )
    return decided, undecided


def _sheet_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
                raise UnreadableFileError(
                    f"{path} is no mapping sheet: the columns {', '.join(missing)} are missing. "
                    "Make one with 'shopclerk map FILE -o sheet.csv'."
                )
            for row in rows:
                yield rows.line_num, {name: (row[name] or "").strip() for name in COLUMNS}
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"Cannot read the sheet {path}: {error}.") from error


def _decision(
    path: Path, line: int, row: dict[str, str], taxonomy: Taxonomy, accept_from: float | None
) -> str | None:
    """Return the path that a row decides on, empty for nothing fits, None where it is undecided."""
    said = bare(row["decision"])
    if not said:
        sure = accept_from is not None and row["suggested"] and _number(row) >= accept_from
        return row["suggested"] if sure else None
    if fold(said) in NOTHING:
        return ""
    choices = _choices(row)
    if fold(said) in ACCEPTED or said.isdigit():
        place = int(said) - 1 if said.isdigit() else 0
        if place < len(choices) and (place or row["suggested"]):
            return choices[place]
        raise UnreadableFileError(
            f"{path}, line {line}: '{said}' chooses what is not there: the row has {len(choices)} suggestions."
        )
    try:
        return taxonomy.find(said).full_name
    except TaxonomyError as error:
        raise UnreadableFileError(f"{path}, line {line}: {error}") from error


def _choices(row: dict[str, str]) -> Sequence[str]:
    others = [part.strip() for part in row["alternatives"].split(ALTERNATIVES_MARK.strip())]
    return [row["suggested"], *(part for part in others if part)]


def _number(row: dict[str, str]) -> float:
    try:
        return float(row["confidence"])
    except ValueError:
        return 0.0
