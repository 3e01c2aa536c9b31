"""A shop's confirmed category mappings, JSON Lines of `source`, `path` and, if wished, `title`; later lines win."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shopclerk.catalog.text import fold
from shopclerk.errors import StorageError, UnreadableFileError

MAPPINGS_FILE = "mappings.jsonl"


class Mapping(BaseModel):
    """One decision of a person.

    Attributes:
        source: The seller's category text.
        path: The category's path; empty where nothing fits.
        title: A product title that the decision holds for; None for every product of that text.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str = Field(min_length=1)
    path: str
    title: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes two decisions be about the same thing."""
        return fold(self.source), fold(self.title or "")


def read_mappings(path: Path) -> list[Mapping]:
    """Read the decisions of a file, the latest of each text; none where there is no file.

    Raises:
        UnreadableFileError: A line is no decision; the message names it.
    """
    if not path.exists():
        return []
    latest: dict[tuple[str, str], Mapping] = {}
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"Cannot read the mappings in {path}: {error}.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            mapping = _mapping(line, path, number)
            latest[mapping.key] = mapping
    return list(latest.values())


def _mapping(line: str, path: Path, number: int) -> Mapping:
    try:
        return Mapping.model_validate(json.loads(line))
    except (ValueError, ValidationError) as error:
        raise UnreadableFileError(
            f"{path}, line {number}: a mapping is an object with the texts source and path, not {line[:60]!r}."
        ) from error


def save_mappings(path: Path, mappings: Iterable[Mapping]) -> int:
    """Join decisions to those of a file, which appears whole or not at all; return how many it holds.

    Raises:
        StorageError: The file cannot be written.
    """
    latest = {each.key: each for each in (*read_mappings(path), *mappings)}
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text("".join(_lines(latest.values())), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise StorageError(f"Cannot write the mappings to {path}: {error.strerror}.") from error
    return len(latest)


def _lines(mappings: Iterable[Mapping]) -> Iterator[str]:
    for each in mappings:
        yield json.dumps(each.model_dump(exclude_none=True), ensure_ascii=False) + "\n"
