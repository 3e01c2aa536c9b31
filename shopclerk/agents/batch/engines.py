"""Where chunks are worked on: in this process, in a pool of processes, or on Ray."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, Protocol

from shopclerk.agents.batch.source import Chunk
from shopclerk.agents.batch.steps import Answer, Opener, Step, answer
from shopclerk.errors import SettingError

EngineName = Literal["inline", "pool", "ray"]
WORKER_DIED = "The worker process died twice over the chunk that holds this row."


class Answered(NamedTuple):
    """A chunk and what is new of its rows."""

    chunk: Chunk
    answers: list[Answer]


class Engine(Protocol):
    """Sends chunks through the steps, in whatever order they come back."""

    def run(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        """Return every chunk with its answers; closing the iterator ends the workers."""


class InlineEngine:
    """Works in this process, one chunk after the other."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps

    def run(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        """Return every chunk with its answers, in order."""
        for chunk in chunks:
            yield Answered(chunk, answer(chunk.requests, self._steps))


def open_engine(
    name: EngineName,
    opener: Opener,
    steps: Sequence[Step],
    *,
    workers: int = 1,
    address: str | None = None,
) -> Engine:
    """Return an engine by its name.

    Args:
        name: `inline`, `pool` or `ray`.
        opener: Opens the steps in another process.
        steps: The steps, open in this one.
        workers: Processes of a pool, or CPUs of a Ray started here.
        address: A Ray cluster; None starts Ray on this machine.

    Raises:
        SettingError: An unknown name, or options that do not fit it.
        MissingModelError: Ray is not installed.
    """
    if address and name != "ray":
        raise SettingError("--address names a Ray cluster: give --engine ray as well.")
    if name == "inline":
        return InlineEngine(steps)
    if name == "pool":
        from shopclerk.agents.batch.pool import PoolEngine

        return PoolEngine(opener, workers)
    if name == "ray":
        from shopclerk.agents.batch.ray_engine import RayEngine

        return RayEngine(opener, workers, address)
    raise SettingError(f"Unknown engine '{name}'. Known here: inline, pool, ray.")
