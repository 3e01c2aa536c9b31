"""One batch run from file to file: survey, work, assembly, each of which can be killed and carried on."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from shopclerk import __version__
from shopclerk.agents.batch.assembly import assemble, refuse_format
from shopclerk.agents.batch.columns import OutColumn, answer_table, out_columns, out_field
from shopclerk.agents.batch.engines import Answered, Engine
from shopclerk.agents.batch.journal import REJECT_FILE, Journal, refuse_existing, storage_errors
from shopclerk.agents.batch.source import Chunk, Selection, Source, Survey, digest_of, open_source
from shopclerk.agents.batch.steps import Step
from shopclerk.catalog.rejects import RejectFile
from shopclerk.errors import SettingError

CHUNK_ROWS = 500
SURVEYING, WORKING, WRITING = "Reading", "Rows", "Writing"

Mode = Literal["new", "resume", "overwrite"]
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be made of what.

    Attributes:
        selection: The rows.
        target: The output file; its parts lie beside it until it is whole.
        steps: What is done to them.
        options: What else the answers depend on; another value makes another run.
        chunk_rows: Rows that are worked on, kept and, after a crash, repeated together.
    """

    selection: Selection
    target: Path
    steps: Sequence[Step]
    options: dict[str, Any] = field(default_factory=dict)
    chunk_rows: int = CHUNK_ROWS


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a run did.

    Attributes:
        rows: Rows of the output.
        resumed: Rows of them that an earlier run had finished.
        failed: New column of errors to the rows that have one.
        rejected: Rows of the input that could not be read; they are in `reject_file`.
        seconds: Time of this run.
        rows_per_s: Rows that this run worked on a second, without survey and assembly.
    """

    rows: int
    resumed: int
    failed: dict[str, int]
    rejected: int
    reject_file: Path | None
    seconds: float
    rows_per_s: float


def reject_file_of(target: Path) -> Path:
    """Return where the rows of a run that cannot be read are told."""
    return target.with_name(f"{target.name}.rejects.jsonl")


def run_job(job: Job, engine: Engine, mode: Mode, progress: Progress) -> BatchReport:
    """Make the output, or carry on making it.

    Raises:
        UnreadableFileError: The input.
        SettingError: An output that is there already, or a run that cannot be carried on.
        StorageError: The disk is full, or another process writes the same output.
    """
    started = time.monotonic()
    _refuse_target(job.selection.path, job.target)
    source = open_source(job.selection)
    progress(SURVEYING, 0, None)
    with Journal(
        job.target, _facts(job), resume=mode == "resume", overwrite=mode == "overwrite"
    ) as journal:
        with RejectFile(journal.folder / REJECT_FILE) as rejects:
            survey = source.survey(rejects.add)
        columns = out_columns(job.steps, survey.schema.names)
        resumed = sum(entry.rows for entry in journal.done.values())
        working = time.monotonic()
        for done in _work(job, engine, source, survey, columns, journal):
            progress(WORKING, done, survey.rows)
        worked = max(time.monotonic() - working, 1e-9)
        failed = _write(job, survey, columns, journal, progress)
        reject_file = _hand_over(journal, rejects, job.target)
        journal.finish()
    return BatchReport(
        survey.rows,
        resumed,
        failed,
        rejects.count,
        reject_file,
        time.monotonic() - started,
        (survey.rows - resumed) / worked,
    )


def answered_table(answered: Answered, schema: pa.Schema, columns: Sequence[OutColumn]) -> pa.Table:
    """Return a chunk's rows with their new columns."""
    chunk = answered.chunk
    ids = [request.row_id for request in chunk.requests]
    new = answer_table(answered.answers, ids, columns)
    return pa.table([*chunk.table.columns, *new.columns], schema=joined_schema(schema, columns))


def joined_schema(schema: pa.Schema, columns: Sequence[OutColumn]) -> pa.Schema:
    """Return the output's schema: the input's columns, then the new ones."""
    return pa.schema([*schema, *(out_field(column) for column in columns)])


def error_columns(columns: Sequence[OutColumn]) -> list[str]:
    """Return the names of the new columns that hold errors."""
    return [column.name for column in columns if column.keys[-1].endswith("error")]


def refuse_unusable(selection: Selection, target: Path, mode: Mode) -> None:
    """Refuse an input or output that cannot be used, before any model is opened.

    Raises:
        ShopclerkError: What is wrong with it.
    """
    _refuse_target(selection.path, target)
    open_source(selection)
    refuse_existing(target, resume=mode == "resume", overwrite=mode == "overwrite")


def _refuse_target(source: Path, target: Path) -> None:
    refuse_format(target)
    if target.exists() and source.exists() and target.samefile(source):
        raise SettingError(f"'{target}' is the input itself. Name another output.")
    if not target.parent.is_dir():
        raise SettingError(f"There is no folder '{target.parent}'. Make it first.")


def _facts(job: Job) -> dict[str, Any]:
    selection = job.selection
    return {
        "shopclerk": __version__,
        "input": digest_of(selection.path),
        "format": job.target.suffix.lower(),
        "map": dict(selection.columns),
        "where": [f"{one.column}{one.op}{one.value}" for one in selection.where],
        "limit": selection.limit,
        "steps": [f"{step.name}: {step.made_by}" for step in job.steps],
        "chunk_rows": job.chunk_rows,
        **job.options,
    }


def _work(
    job: Job,
    engine: Engine,
    source: Source,
    survey: Survey,
    columns: Sequence[OutColumn],
    journal: Journal,
) -> Iterator[int]:
    """Work on the chunks that are not done, and keep each; yield the number of rows done so far."""
    done = sum(entry.rows for entry in journal.done.values())
    yield done
    if done >= survey.rows:
        return
    errors = error_columns(columns)
    todo = _undone(source.chunks(survey.schema, job.chunk_rows), frozenset(journal.done))
    for answered in engine.run(todo):
        table = answered_table(answered, survey.schema, columns)
        counts = {name: table.num_rows - table[name].null_count for name in errors}
        journal.add(answered.chunk.number, table, counts)
        done += table.num_rows
        yield done


def _undone(chunks: Iterator[Chunk], done: Collection[int]) -> Iterator[Chunk]:
    return (chunk for chunk in chunks if chunk.number not in done)


def _write(
    job: Job,
    survey: Survey,
    columns: Sequence[OutColumn],
    journal: Journal,
    progress: Progress,
) -> dict[str, int]:
    rows = sum(entry.rows for entry in journal.done.values())
    if rows != survey.rows:
        raise SettingError(
            f"'{job.selection.path}' changed while it was worked on: it had {survey.rows:,} rows, now "
            f"{rows:,}. Run the command again with --overwrite."
        )
    schema = joined_schema(survey.schema, columns)
    assemble(
        job.target,
        schema,
        journal.tables(),
        lambda written: progress(WRITING, written, survey.rows),
    )
    return {
        name: sum(entry.errors.get(name, 0) for entry in journal.done.values())
        for name in error_columns(columns)
    }


def _hand_over(journal: Journal, rejects: RejectFile, target: Path) -> Path | None:
    """Put the reject file beside the output, where there is anything in it."""
    place = reject_file_of(target)
    with storage_errors(place):
        if not rejects.count:
            place.unlink(missing_ok=True)
            return None
        (journal.folder / REJECT_FILE).replace(place)
    return place
