"""Long work beside a page: it runs in a thread, tells how far it is, and can be stopped."""

import threading
from collections.abc import Callable, Iterator
from html import escape
from typing import Generic, TypeVar

from shopclerk.errors import ShopclerkError

Result = TypeVar("Result")
Report = Callable[[str, int, int | None], None]

TOLD_EVERY_S = 0.25


class StoppedError(ShopclerkError):
    """Somebody stopped the work."""


class Work(Generic[Result]):
    """One piece of work.

    Args:
        run: Does it; it is given what to call as it goes on, which ends it by an error once it was stopped.
    """

    def __init__(self, run: Callable[[Report], Result]) -> None:
        self._run = run
        self._stop = threading.Event()
        self._done = threading.Event()
        self._told: tuple[str, int, int | None] = ("Starting", 0, None)
        self._result: Result | None = None
        self._error: BaseException | None = None

    def progress(self) -> Iterator[str]:
        """Do the work; yield its progress as HTML a few times a second.

        Where nobody listens any more (the page was closed) the work is stopped.
        """
        thread = threading.Thread(target=self._work, daemon=True)
        thread.start()
        try:
            while not self._done.wait(TOLD_EVERY_S):
                yield progress_html(*self._told)
        finally:
            self._stop.set()
        thread.join()

    def _work(self) -> None:
        try:
            self._result = self._run(self._report)
        except BaseException as error:
            self._error = error
        finally:
            self._done.set()

    def _report(self, stage: str, done: int, total: int | None) -> None:
        if self._stop.is_set():
            raise StoppedError("Stopped. What was done so far was thrown away.")
        self._told = (stage, done, total)

    def stop(self) -> None:
        """End the work at its next step."""
        self._stop.set()

    def result(self) -> Result:
        """Return what came of it, or raise what went wrong."""
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # set where there was no error


class Jobs:
    """The work under way, by a name that its page knows."""

    def __init__(self) -> None:
        self._works: dict[str, Work[object]] = {}

    def start(self, name: str, work: "Work[Result]") -> "Work[Result]":
        """Note a piece of work."""
        self._works[name] = work  # type: ignore[assignment]  # only ever stopped through here
        return work

    def stop(self, name: str) -> None:
        """Stop a piece of work, if it is under way."""
        if (work := self._works.pop(name, None)) is not None:
            work.stop()


def progress_html(stage: str, done: int, total: int | None) -> str:
    """Return progress as a bar with words."""
    share = 100 * done / total if total else 0
    words = f"{stage}: {done:,} of {total:,}" if total else f"{stage}: {done:,}" if done else stage
    return (
        f'<p class="note" role="status">{escape(words)}</p><div class="progress" role="progressbar" '
        f'aria-valuenow="{share:.0f}" aria-valuemax="100" aria-label="{escape(stage)}">'
        f'<span style="width:{share:.1f}%"></span></div>'
    )
