"""What a benchmark is given and what it returns."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rich.table import Table

from shopclerk.settings import Settings

Cell = str | float | int | None
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Options:
    """What a benchmark is given.

    Attributes:
        data: Search folders (catalog.jsonl, queries.jsonl); the sample shop where there are none.
        settings: The settings in use.
        products: Size of the varied catalogue.
        queries: How many varied queries are timed.
        repeats: How often a cold process is started.
        seed: Seed of everything drawn at random.
    """

    data: tuple[Path, ...]
    settings: Settings
    products: int = 50_000
    queries: int = 200
    repeats: int = 5
    seed: int = 7


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table of results; the first column names the row.

    Attributes:
        name: The benchmark.
        title: What was measured, on what, how often.
        columns: Column names, units included.
        rows: Cells; None where there is nothing to say.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def record(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)

    def rich(self) -> Table:
        """Return the table for a terminal."""
        table = Table(title=self.title, title_justify="left", box=None, pad_edge=False)
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*(_shown(cell) for cell in row))
        return table


Benchmark = Callable[[Options], Iterable[ResultTable]]


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def percentiles(times_ms: Sequence[float]) -> tuple[float, float]:
    """Return p50 and p95 of some milliseconds, rounded to a tenth."""
    p50, p95 = np.percentile(times_ms, [50, 95])
    return round(float(p50), 1), round(float(p95), 1)


def time_each(work: Callable[[Item], object], items: Sequence[Item]) -> list[float]:
    """Return the milliseconds that the work takes on each item."""
    times = []
    for item in items:
        started = time.perf_counter()
        work(item)
        times.append((time.perf_counter() - started) * 1000)
    return times


def peak_memory_mb() -> float:
    """Return the greatest resident size of this process so far, in 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # VmHWM begins anew with the program; ru_maxrss is inherited from whoever started it.
        line = next(line for line in status.read_text("ascii").splitlines() if "VmHWM" in line)
        return int(line.split()[1]) * 1024 / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
