"""The folder of a run that is under way: what the run is, its finished chunks, and a journal of them.

A chunk is written beside, flushed to disk, renamed, and then named in the journal, which is flushed too. A
process that is killed at any point leaves whole chunks that are in the journal, and perhaps one that is not
and is made again: no row is lost, none doubled. The folder lies beside the output, on the same disk.
"""

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from shopclerk.errors import SettingError, StorageError

JOB_FILE, JOURNAL_FILE, LOCK_FILE, REJECT_FILE = (
    "job.json",
    "journal.jsonl",
    "run.lock",
    "rejects.jsonl",
)


def parts_folder(target: Path) -> Path:
    """Return where the parts of an output are kept while it is being made."""
    return target.with_name(f"{target.name}.parts")


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished chunk.

    Attributes:
        chunk: Its number.
        bytes: Length of its file.
        rows: Its rows.
        errors: Column of errors to the number of rows that have one.
    """

    chunk: int
    bytes: int
    rows: int
    errors: dict[str, int]


def refuse_existing(target: Path, *, resume: bool, overwrite: bool) -> None:
    """Refuse an output or an unfinished run that is there, where nothing says what to do with it.

    Raises:
        SettingError: There is one.
    """
    if overwrite:
        return
    folder = parts_folder(target)
    unfinished = (folder / JOB_FILE).exists()
    if unfinished and not resume:
        raise SettingError(
            f"'{folder}' holds a run that was not finished. --resume carries it on, --overwrite begins anew."
        )
    if not unfinished and target.exists():
        raise SettingError(
            f"'{target}' is there already, and there is no unfinished run to resume. "
            "--overwrite replaces it, or name another output."
        )


class Journal:
    """The parts of one output; a `with` block holds the lock on them.

    Args:
        target: The output file.
        facts: What must be the same for a run to be carried on: input, options, models.
        resume: Carry on what is there.
        overwrite: Drop what is there, and the output too once the new one is whole.
    """

    def __init__(
        self, target: Path, facts: Mapping[str, Any], *, resume: bool, overwrite: bool
    ) -> None:
        self.folder = parts_folder(target)
        self.done: dict[int, Entry] = {}
        self._target, self._facts = target, json.loads(json.dumps(facts))
        self._resume, self._overwrite = resume, overwrite
        self._lock = FileLock(self.folder / LOCK_FILE, timeout=0)

    def __enter__(self) -> Self:
        """Take the folder for this run and read which chunks are done.

        Raises:
            SettingError: The output or an unfinished run is there and nothing says what to do with it, or
                the unfinished run is another one.
            StorageError: Another process is at it, or the folder cannot be written.
        """
        refuse_existing(self._target, resume=self._resume, overwrite=self._overwrite)
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout:
                raise StorageError(
                    f"Another process is writing '{self._target}'. Wait for it, or name another output."
                ) from None
        try:
            self._settle()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the folder go; its parts stay for a later run, where there are any."""
        self._lock.release()
        if error is not None and not self.done:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _settle(self) -> None:
        job = self.folder / JOB_FILE
        if self._overwrite or not job.exists():
            with storage_errors(self.folder):
                for path in self.folder.iterdir():
                    if path.name != LOCK_FILE:
                        path.unlink()
                _write(job, json.dumps(self._facts, indent=1, ensure_ascii=False).encode())
            return
        self._refuse_other_run(job)
        self._read_done()

    def _refuse_other_run(self, job: Path) -> None:
        try:
            before = json.loads(job.read_text("utf-8"))
        except (OSError, ValueError):
            before = {}
        names = sorted(
            name for name in {*before, *self._facts} if before.get(name) != self._facts.get(name)
        )
        if names:
            told = "; ".join(
                f"{name}: then {_short(before.get(name))}, now {_short(self._facts.get(name))}"
                for name in names
            )
            raise SettingError(
                f"The run in '{self.folder}' is another one and cannot be carried on. {told}. "
                "Give what it was begun with, or --overwrite to begin anew."
            )

    def _read_done(self) -> None:
        """Keep the journal's whole lines whose chunk is there in full length; drop what is torn."""
        path = self.folder / JOURNAL_FILE
        lines = path.read_bytes().split(b"\n") if path.exists() else []
        for line in lines:
            with suppress(ValueError, TypeError, OSError):
                entry = Entry(**json.loads(line))
                if self.chunk_path(entry.chunk).stat().st_size == entry.bytes:
                    self.done[entry.chunk] = entry
        kept = "".join(json.dumps(asdict(entry)) + "\n" for entry in self.done.values())
        with storage_errors(self.folder):
            _write(path, kept.encode())

    def chunk_path(self, number: int) -> Path:
        """Return where a chunk lies."""
        return self.folder / f"{number:07d}.parquet"

    def add(self, number: int, table: pa.Table, errors: Mapping[str, int]) -> None:
        """Keep a finished chunk for good.

        Args:
            number: The chunk's number.
            table: All its columns.
            errors: Column of errors to the number of rows that have one.

        Raises:
            StorageError: The disk is full or the folder gone; what was kept before stays.
        """
        path = self.chunk_path(number)
        with storage_errors(self.folder):
            sink = pa.BufferOutputStream()
            pq.write_table(table, sink, compression="zstd")
            data = sink.getvalue()
            _write(path, data)
            entry = Entry(number, len(data), table.num_rows, dict(errors))
            with (self.folder / JOURNAL_FILE).open("ab") as stream:
                stream.write((json.dumps(asdict(entry)) + "\n").encode())
                _flush(stream)
        self.done[number] = entry

    def tables(self) -> Iterator[pa.Table]:
        """Read the chunks in the order of their rows."""
        for number in sorted(self.done):
            with storage_errors(self.folder):
                table = pq.read_table(self.chunk_path(number))
            yield table

    def finish(self) -> None:
        """Drop the parts: the output is whole."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def _short(value: object) -> str:
    text = "nothing" if value in (None, [], {}) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"


@contextmanager
def storage_errors(place: Path) -> Iterator[None]:
    """Turn a failure to write into words; what is done is kept and said so."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "The disk is full" if full else (error.strerror or str(error))
        raise StorageError(
            f"'{place}' cannot be written. {reason}. The chunks finished before are kept: "
            f"{'free space' if full else 'mend this'} and run the command again with --resume."
        ) from error


def _write(path: Path, data: bytes | pa.Buffer) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(path.name + ".tmp")
    try:
        with beside.open("wb") as stream:
            stream.write(data)
            _flush(stream)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def _flush(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Flush a folder's names to disk, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
