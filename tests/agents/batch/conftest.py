"""Files of listings and a run over them with made steps."""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shopclerk.agents.batch.engines import Engine, InlineEngine
from shopclerk.agents.batch.job import BatchReport, Job, Mode, run_job
from shopclerk.agents.batch.source import Selection
from shopclerk.agents.batch.steps import Step
from tests.agents.batch.made_steps import UpperStep

Rows = list[dict[str, Any]]
Runner = Callable[..., BatchReport]


def make_rows(count: int) -> Rows:
    """Rows with ids and titles of their own."""
    return [
        {"id": f"p{number}", "title": f"blue mug {number}", "brand": "Brindle"}
        for number in range(count)
    ]


def write_rows(path: Path, rows: Rows) -> Path:
    """Write rows in the format of the extension."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix in (".csv", ".tsv"):
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(
                stream, list(rows[0]), delimiter="\t" if path.suffix == ".tsv" else ","
            )
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read_rows(path: Path) -> Rows:
    """Read rows back; cells of delimited files are texts."""
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix in (".csv", ".tsv"):
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream, delimiter="\t" if path.suffix == ".tsv" else ","))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def run() -> Runner:
    """Run made steps over a file: `run(source, target, mode="resume", …)`."""

    def start(
        source: Path,
        target: Path,
        *,
        mode: Mode = "new",
        steps: Sequence[Step] | None = None,
        engine: Engine | None = None,
        chunk_rows: int = 3,
        progress: Callable[[str, int, int | None], None] = lambda *_: None,
        **selection: Any,
    ) -> BatchReport:
        steps = steps or [UpperStep()]
        job = Job(Selection(source, **selection), target, steps, chunk_rows=chunk_rows)
        return run_job(job, engine or InlineEngine(steps), mode, progress)

    return start
