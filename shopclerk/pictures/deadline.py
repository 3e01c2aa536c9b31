"""A time limit on a transfer as a whole, however slowly the other side drips."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from shopclerk.errors import PictureError


class Deadline:
    """Ends a transfer at a fixed moment; a context manager.

    The timeouts of a socket begin anew with every byte; so at the deadline the connection is shut down
    from a thread of its own.

    Args:
        timeout_s: Seconds from now on.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._ends = time.monotonic() + timeout_s
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(timeout_s, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        """Start the clock that cuts the connection."""
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """Stop the clock."""
        self._timer.cancel()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Note the socket of each new connection, as httpx tells of it."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")
            if time.monotonic() >= self._ends:
                self._cut()

    def left_s(self, name: str) -> float:
        """Return the seconds left, more than none."""
        self.check(name)
        return max(self._ends - time.monotonic(), 0.001)

    def check(self, name: str) -> None:
        """Raise if the time is up."""
        if time.monotonic() >= self._ends:
            raise self.error(name)

    def error(self, name: str) -> PictureError:
        """The error for a fetch that took too long."""
        return PictureError(
            f"Picture '{name}' did not arrive within {self._timeout_s:g} s. "
            "Try again later, or give a file."
        )

    def run(self, resolve: Callable[[], list[str]], name: str) -> list[str]:
        """Look a host up in a thread that is left behind when the time is up: it cannot be stopped."""
        outcome: list[list[str] | OSError | UnicodeError] = []

        def look_up() -> None:
            try:
                outcome.append(resolve())
            except (OSError, UnicodeError) as error:
                outcome.append(error)

        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(self.left_s(name))
        if not outcome:
            raise self.error(name)
        if isinstance(outcome[0], list):
            return outcome[0]
        raise outcome[0]

    def _cut(self) -> None:
        if self._socket is not None:
            # The plain socket's own method: that of a TLS socket would also drop its TLS state, which
            # the thread that waits for data still uses.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
