"""What one client may ask of the server: requests a minute, and bytes of one of them."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shopclerk.settings import Settings
from shopclerk.ui.metrics import Metrics

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SLACK_BYTES = 64 * 1024
"""What the form around an upload may add to it."""


class Limits:
    """ASGI middleware that refuses too many or too large requests with words a person understands.

    Requests that change or compute something (POST) are counted by the client's address; behind a proxy that is the
    address it forwards.
    """

    def __init__(self, app: App, *, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._most_bytes = int(settings.ui_max_upload_mb * 2**20) + SLACK_BYTES
        self._megabytes = settings.ui_max_upload_mb
        self._rate = RateLimitItemPerMinute(settings.ui_requests_per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        client = scope["client"][0] if scope.get("client") else "unknown"
        if not self._limiter.hit(self._rate, client):
            self._metrics.refused.labels("too many requests").inc()
            await refuse(send, 429, "That was a lot at once. Please wait a minute and go on.")
        elif _length(scope) > self._most_bytes:
            self._metrics.refused.labels("too large").inc()
            await refuse(send, 413, f"The file is too large: {self._megabytes:g} MB at most.")
        else:
            await self._app(scope, receive, send)


def _length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def refuse(send: Send, status: int, reason: str) -> None:
    """Answer a request with a status and words."""
    body = json.dumps({"detail": reason}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    if status == 429:
        headers.append((b"retry-after", b"60"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
