"""A pool of processes, each with its own models, that outlives the death of any of them.

The standard pools either hang or give up when a worker is killed. Here a worker has one chunk at a time: when
it dies, that chunk is known, is given to a new worker once, and carries an error after that.
"""

import signal
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from shopclerk.agents.batch.engines import WORKER_DIED, Answered
from shopclerk.agents.batch.source import Chunk
from shopclerk.agents.batch.steps import Opener, answer, failed
from shopclerk.errors import ModelError, SettingError, ShopclerkError

MAX_WORKERS = 256
_GRACE_S = 5.0
_OPEN, _OPENING = "open", -1


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    chunk: Chunk | None = None


class PoolEngine:
    """Works in several processes on this machine.

    Args:
        opener: Opens the steps; must be picklable, as the processes begin anew (spawn).
        workers: How many processes.

    Raises:
        SettingError: Fewer than one or more than 256 processes.
    """

    def __init__(self, opener: Opener, workers: int) -> None:
        if not 1 <= workers <= MAX_WORKERS:
            raise SettingError(f"--workers {workers} is not allowed. Allowed: 1 to {MAX_WORKERS}.")
        self._opener, self._count = opener, workers

    def run(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        """Return every chunk with its answers, as they are done; memory holds a chunk for each worker.

        Raises:
            ModelError: The workers cannot open the steps.
        """
        todo = iter(chunks)
        first = list(islice(todo, self._count))
        run = _Run(self._opener, chain(first, todo))
        run.workers += [run.started() for _ in first]
        try:
            while run.workers:
                for worker in _ready(run.workers):
                    yield from run.heard(worker)
        finally:
            for worker in run.workers:
                _end(worker)


class _Run:
    """The workers of one run and what is still to be done."""

    def __init__(self, opener: Opener, todo: Iterator[Chunk]) -> None:
        self.workers: list[_Worker] = []
        self._opener, self._todo = opener, todo
        self._again: list[Chunk] = []
        self._deaths: Counter[int] = Counter()
        self._context = get_context("spawn")

    def started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._opener), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def heard(self, worker: _Worker) -> Iterator[Answered]:
        """Take what a worker says, or its death, and give it or its successor the next chunk."""
        try:
            if not worker.connection.poll():
                raise EOFError
            said = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._bury(worker)
            return
        if isinstance(said, ShopclerkError):
            raise said
        if worker.chunk is not None:
            yield Answered(worker.chunk, said)
        self._give(worker)

    def _give(self, worker: _Worker) -> None:
        worker.chunk = self._again.pop() if self._again else next(self._todo, None)
        if worker.chunk is None:
            self.workers.remove(worker)
            _end(worker)
            return
        with suppress(OSError):  # dead already: that is heard next, and the chunk is given on
            worker.connection.send(worker.chunk.requests)

    def _bury(self, worker: _Worker) -> Iterator[Answered]:
        self.workers.remove(worker)
        _end(worker)
        chunk = worker.chunk
        key = _OPENING if chunk is None else chunk.number
        self._deaths[key] += 1
        if self._deaths[key] == 1:
            self._again += [chunk] if chunk else []
        elif chunk is None:
            raise ModelError(
                "The worker processes die while they open the models; memory may be short. "
                "Try fewer --workers."
            )
        else:
            yield Answered(chunk, failed(chunk.requests, WORKER_DIED))
        self.workers.append(self.started())


def _ready(workers: list[_Worker]) -> list[_Worker]:
    """Wait until a worker has something to say or has died."""
    signs: list[Any] = [worker.connection for worker in workers]
    found = wait(signs + [worker.process.sentinel for worker in workers])
    return [
        worker
        for worker in workers
        if worker.connection in found or worker.process.sentinel in found
    ]


def _end(worker: _Worker) -> None:
    worker.connection.close()
    worker.process.terminate()
    worker.process.join(_GRACE_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.process.close()


def _work(connection: Connection, opener: Opener) -> None:
    """Be a worker: open the steps, answer chunk after chunk, end with the parent."""
    from shopclerk.settings import quiet_libraries

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends us
    quiet_libraries()
    try:
        steps = opener()
    except ShopclerkError as error:
        connection.send(error)
        return
    except Exception as error:
        connection.send(ModelError(f"A worker cannot open the steps. {error}"))
        return
    with suppress(EOFError, OSError):  # the parent is gone
        connection.send(_OPEN)
        while True:
            connection.send(answer(connection.recv(), steps))
