"""Memory does not grow with the number of rows."""

import gc
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pytest

from tests.agents.batch.conftest import Runner, make_rows, write_rows

FEW, MANY, CHUNK_ROWS = 120, 1_200, 40
ROW_BYTES, SPARE_BYTES = 8_000, 5_000_000
"""All rows held but once would take 10 MB twice. Parquet notes each group; the interpreter grows a table of its own now and then."""


@pytest.mark.parametrize(("source", "target"), [("csv", "jsonl"), ("parquet", "parquet")])
def test_ten_times_the_rows_take_the_same_memory(
    tmp_path: Path, run: Runner, source: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shopclerk.agents.batch.assembly.GROUP_ROWS", FEW)
    monkeypatch.setattr("shopclerk.agents.batch.parquet_source.ROWS_A_READ", CHUNK_ROWS)
    peaks = {}
    for count in (10, FEW, MANY):  # the first run pays for imports and caches
        rows = [{**row, "description": "x" * ROW_BYTES} for row in make_rows(count)]
        path = write_rows(tmp_path / f"{count}.{source}", rows)
        peaks[count] = _peak(run, path, tmp_path / f"out-{count}.{target}")
    assert peaks[MANY] < peaks[FEW] + SPARE_BYTES


def _peak(run: Runner, source: Path, target: Path) -> int:
    gc.collect()
    arrow = [0]

    def progress(*_: object) -> None:
        arrow[0] = max(arrow[0], pa.total_allocated_bytes())

    before = pa.total_allocated_bytes()
    tracemalloc.start()
    try:
        run(source, target, chunk_rows=CHUNK_ROWS, progress=progress)
        return tracemalloc.get_traced_memory()[1] + arrow[0] - before
    finally:
        tracemalloc.stop()
