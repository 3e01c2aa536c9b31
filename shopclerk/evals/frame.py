"""The evaluation frame: tasks, their data files and their reports."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from shopclerk.errors import DataFormatError, unknown
from shopclerk.settings import Settings

TASKS = (
    "match",
    "search",
    "caption",
    "ground",
    "agent",
    "titles",
    "quality",
    "classify",
    "tags",
    "attributes",
    "normalize",
    "taxonomy",
)

Metric = float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a task measured; `--json` prints it as it is.

    Attributes:
        task: The task's name.
        n: How many records were judged.
        metrics: Name to value, None where it could not be computed (`notes` says why).
        latency_ms: p50 and p95 of one record.
        throughput_per_s: Records a second, one after the other.
        models: Role to model in use.
        notes: Anything a reader must know.
    """

    task: str
    n: int
    metrics: Mapping[str, Metric]
    latency_ms: Mapping[str, Metric]
    throughput_per_s: Metric
    models: Mapping[str, str]
    notes: tuple[str, ...] = ()
    failures: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    def record(self) -> dict[str, Any]:
        """Return the report as plain data, without the list of failures."""
        data = asdict(self)
        del data["failures"]
        return data


@dataclass(slots=True)
class Stopwatch:
    """Collects how long each record took, in milliseconds."""

    times_ms: list[float] = field(default_factory=list)

    @contextmanager
    def lap(self) -> Iterator[None]:
        """Time one record."""
        started = time.perf_counter()
        yield
        self.times_ms.append((time.perf_counter() - started) * 1000)

    def latency_ms(self) -> dict[str, Metric]:
        """Return p50 and p95, None where nothing was timed."""
        if not self.times_ms:
            return {"p50": None, "p95": None}
        p50, p95 = np.percentile(self.times_ms, [50, 95])
        return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}

    def per_second(self) -> Metric:
        """Return records a second, None where nothing was timed."""
        total = sum(self.times_ms)
        return round(len(self.times_ms) * 1000 / total, 1) if total else None


Task = Callable[[Path, Settings], Report]


def read_records(path: Path, required: tuple[str, ...]) -> list[dict[str, Any]]:
    """Read a JSON Lines file of an evaluation folder.

    Raises:
        DataFormatError: The file is missing, a line is not a JSON object, or a required key is missing.
    """
    try:
        lines = path.read_text("utf-8").split("\n")  # splitlines would cut at U+2028 in a text
    except (OSError, UnicodeDecodeError) as error:
        raise DataFormatError(f"Cannot read {path}: {error}.") from error
    return [
        _record(path, number, line, required)
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]


def _record(path: Path, number: int, line: str, required: tuple[str, ...]) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise DataFormatError(f"{path}, line {number}: not JSON ({error}).") from error
    if not isinstance(record, dict):
        raise DataFormatError(f"{path}, line {number}: a JSON object is needed, not {line[:40]!r}.")
    for key in required:
        if key not in record:
            raise DataFormatError(f"{path}, line {number}: the required key '{key}' is missing.")
    return record


def tasks() -> dict[str, Task]:
    """Return the tasks by name, each the `run` of the module of that name beside this one."""
    return {name: import_module(f"shopclerk.evals.{name}").run for name in TASKS}


def run_task(name: str, data: Path, settings: Settings) -> Report:
    """Run a task over a folder.

    Raises:
        DataFormatError: No such task or folder, or a file breaks its format.
    """
    known = tasks()
    if name not in known:
        raise DataFormatError(unknown("task", name, known))
    if not data.is_dir():
        raise DataFormatError(f"There is no folder {data}. Name the folder with the task's files.")
    return known[name](data, settings)
