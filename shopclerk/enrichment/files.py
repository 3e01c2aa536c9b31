"""Batch work from file to file in one call, as scripts and the command line use it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from shopclerk.agents.batch.engines import EngineName, open_engine
from shopclerk.agents.batch.job import CHUNK_ROWS, BatchReport, Job, Mode, run_job
from shopclerk.agents.batch.source import Selection
from shopclerk.agents.batch.steps import Step
from shopclerk.enrichment.registry import open_steps
from shopclerk.settings import Settings, load_settings

Progress = Callable[[str, int, int | None], None]


def work_on_file(
    selection: Selection | Path,
    target: Path,
    names: Sequence[str] = ("title",),
    *,
    settings: Settings | None = None,
    steps: Sequence[Step] | None = None,
    engine: EngineName = "inline",
    workers: int = 1,
    address: str | None = None,
    mode: Mode = "new",
    chunk_rows: int = CHUNK_ROWS,
    pictures: Path | None = None,
    progress: Progress = lambda *_: None,
) -> BatchReport:
    """Send a file's rows through steps and write them, with what is new, to another file.

    Args:
        selection: The file, or which of its rows and how its columns are named.
        target: The output; its extension says the format.
        names: Names of the steps, in order; see `enriching.STEPS`.
        settings: Which models; None reads them as every command does.
        steps: The steps, where they are open already.
        engine: `inline` (this process), `pool` (processes on this machine) or `ray`.
        workers: Processes of a pool, or CPUs of a Ray started here.
        address: A running Ray cluster; None starts Ray here.
        mode: `new` refuses an output that is there, `resume` carries on, `overwrite` replaces.
        chunk_rows: Rows that are worked on and kept together.
        pictures: The folder that the rows' pictures are relative to; None looks at none.
        progress: Called with the stage, how much is done, and of how much.

    Raises:
        ShopclerkError: The input, the output, a model or an engine cannot be used.
    """
    settings = settings or load_settings()
    if engine != "inline" and settings.threads is None:
        # Several processes with all cores each would only stand in one another's way.
        settings = settings.model_copy(update={"threads": 1})
    opener = partial(open_steps, tuple(names), settings, pictures=pictures)
    if steps is None:
        with opener() as opened:
            return work_on_file(
                selection,
                target,
                names,
                settings=settings,
                steps=opened,
                engine=engine,
                workers=workers,
                address=address,
                mode=mode,
                chunk_rows=chunk_rows,
                pictures=pictures,
                progress=progress,
            )
    if isinstance(selection, Path):
        selection = Selection(selection)
    job = Job(selection, target, steps, chunk_rows=chunk_rows)
    runs = open_engine(engine, opener, steps, workers=workers, address=address)
    return run_job(job, runs, mode, progress)
