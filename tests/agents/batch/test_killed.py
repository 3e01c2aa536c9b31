"""Runs that are killed for good, at random points, again and again."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shopclerk.agents.batch.journal import parts_folder
from tests.agents.batch.conftest import make_rows, read_rows, write_rows

ROOT = Path(__file__).parents[3]
RUN = """
import sys
from functools import partial
from pathlib import Path
from shopclerk.agents.batch.engines import open_engine
from shopclerk.agents.batch.job import Job, run_job
from shopclerk.agents.batch.source import Selection
from tests.agents.batch.made_steps import open_upper

if __name__ == "__main__":
    source, target, engine = sys.argv[1:]
    opener = partial(open_upper, 0.005)
    steps = opener()
    run_job(
        Job(Selection(Path(source)), Path(target), steps, chunk_rows=2),
        open_engine(engine, opener, steps, workers=2),
        "resume",
        lambda *_: None,
    )
"""
ROWS, PATIENCE_S = 200, 60


def start(tmp_path: Path, source: Path, target: Path, engine: str) -> subprocess.Popen[bytes]:
    script = tmp_path / "run.py"
    script.write_text(RUN, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, str(script), str(source), str(target), engine],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )


def wait_for_progress(process: subprocess.Popen[bytes], journal: Path) -> None:
    """Wait until the run has kept another chunk, or has ended."""
    before, until = journal.stat().st_size if journal.exists() else 0, time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        if journal.exists() and journal.stat().st_size > before:
            return
        time.sleep(0.002)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize(
    ("engine", "suffix", "kills"), [("inline", "csv", 3), ("pool", "parquet", 1)]
)
def test_no_row_is_lost_or_doubled(tmp_path: Path, engine: str, suffix: str, kills: int) -> None:
    source = write_rows(tmp_path / "in.csv", make_rows(ROWS))
    target = tmp_path / f"out.{suffix}"
    draw, killed = random.Random(f"{engine} {suffix}"), 0
    for _ in range(kills):
        with start(tmp_path, source, target, engine) as process:
            wait_for_progress(process, parts_folder(target) / "journal.jsonl")
            time.sleep(draw.uniform(0, 0.1))
            process.kill()
        killed += process.returncode == -signal.SIGKILL
        if target.exists():
            break
    if parts_folder(target).exists():
        with start(tmp_path, source, target, engine) as process:
            _, told = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, told.decode()
    assert killed
    assert [row["id"] for row in read_rows(target)] == [f"p{number}" for number in range(ROWS)]
    assert all(row["new_title"] == row["title"].upper() for row in read_rows(target))
    assert not parts_folder(target).exists()
