"""Keeps requests from naming files or addresses that were not uploaded here.

Gradio takes a record with a `path` for an upload: it copies the file into its own folder, or fetches the address. Its own check
of such paths is off where an app is mounted (6.31), so every request is looked through before it gets there.
"""

import json
from collections.abc import Iterator
from typing import Any

from shopclerk.errors import SettingError
from shopclerk.ui.limits import App, Receive, Scope, Send, refuse
from shopclerk.ui.workplace import Uploads

MOST_JSON_BYTES = 4 * 2**20
FORMS = (b"multipart/form-data", b"application/x-www-form-urlencoded")
"""How uploads and signing in come; anything else may be read as JSON."""


class OwnFilesOnly:
    """ASGI middleware that refuses JSON in which a `path` is no upload.

    Args:
        app: What answers.
        uploads: Where uploads lie.
    """

    def __init__(self, app: App, *, uploads: Uploads) -> None:
        self._app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        form = headers.get(b"content-type", b"").lower().startswith(FORMS)
        if scope["type"] != "http" or scope["method"] != "POST" or form:
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        if body is None:
            await refuse(send, 413, "That request is too large.")
        elif not self._harmless(body):
            await refuse(send, 400, "A file was named that was not uploaded here.")
        else:
            await self._app(scope, _replayed(body, receive), send)

    def _harmless(self, body: bytes) -> bool:
        try:
            given = json.loads(body or b"null")
        except (ValueError, RecursionError):
            return True  # refused by whoever reads it
        try:
            for path in _paths(given):
                self._uploads.path(path)
        except (SettingError, ValueError, OSError):
            return False
        return True


def _paths(given: Any) -> Iterator[Any]:
    """Yield every `path` in some JSON, however deep."""
    left = [given]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if value.get("path") is not None:
                yield value["path"]
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)


async def _whole(receive: Receive) -> bytes | None:
    """Return the body of a request, None where it is too large."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_JSON_BYTES:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read already, then what comes after it."""
    left = [body]

    async def again() -> Any:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return again
