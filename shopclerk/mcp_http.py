"""The MCP server over HTTP: streamable, stateless, behind a token.

A request needs the token, a Host header that is meant for this server (a page that resolves its own name to this
machine is refused) and, where a browser sends one, an Origin that was allowed.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shopclerk.errors import SettingError
from shopclerk.hosts import is_loopback

PATH = "/mcp"
MIN_TOKEN_CHARS = 16
TOKEN_BYTES = 32
MAX_TEXT_BYTES = 2**20
"""Bytes of a request beside its picture."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens.

    Attributes:
        host: A name or an IP address.
        port: 1 to 65535.
    """

    host: str
    port: int

    @classmethod
    def of(cls, text: str) -> "Address":
        """Read `HOST:PORT`.

        Raises:
            SettingError: It is none.
        """
        host, _, port = text.rpartition(":")
        host = host.strip("[]")
        if not host or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 2**16:
            raise SettingError(
                f"--http takes HOST:PORT, for instance 127.0.0.1:8765, not '{text}'."
            )
        return cls(host, int(port))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)


def find_token(given: str | None, file: Path | None, kept: Path, address: Address) -> str:
    """Return the token that clients must show.

    Args:
        given: The setting `mcp_token`.
        file: A file that holds it; goes before the setting.
        kept: Where a token made here is kept, for a server that only this machine reaches.
        address: Where the server listens.

    Raises:
        SettingError: There is none and others reach the server, it is short, or its file cannot be read.
    """
    if file is not None:
        token = _read(file)
    elif given:
        token = given.strip()
    elif address.is_loopback:
        token = _read(kept) if kept.exists() else _make(kept)
    else:
        raise SettingError(
            f"{address.host} can be reached from other machines, and there is no token. Name a file that holds one "
            "with --token-file, or set SHOPCLERK_MCP_TOKEN; 'openssl rand -hex 32' makes one."
        )
    if len(token) < MIN_TOKEN_CHARS:
        raise SettingError(
            f"The token has {len(token)} characters; it needs {MIN_TOKEN_CHARS} at least. "
            "'openssl rand -hex 32' makes a good one."
        )
    return token


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"The token file {file} cannot be read: {error}.") from error


def _make(kept: Path) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(made, "w", encoding="utf-8") as file:
            file.write(token)
    except OSError as error:
        raise SettingError(f"The token cannot be kept in {kept}: {error}.") from error
    return token


class TokenGuard:
    """Lets requests through that show the token.

    Args:
        app: What answers them.
        token: The token.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._expected = app, _digest(token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with 401."""
        if scope["type"] != "http" or self._shows_token(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        refusal = JSONResponse(
            {"error": "Send the header 'Authorization: Bearer TOKEN' with the server's token."},
            status_code=401,
            headers={"WWW-Authenticate": "Bearer"},
        )
        await refusal(scope, receive, send)

    def _shows_token(self, headers: Headers) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        # Digests are of one length, so that the comparison takes the same time whatever was sent.
        shown = hmac.compare_digest(_digest(given.strip()), self._expected)
        return shown and scheme.lower() == "bearer"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class _Endpoint:
    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


def build_app(
    server: Server[Any, Any],
    token: str,
    address: Address,
    *,
    hosts: Sequence[str] = (),
    origins: Sequence[str] = (),
    max_picture_bytes: int,
) -> ASGIApp:
    """Return the ASGI app that serves MCP at `/mcp`.

    Args:
        server: The MCP server.
        token: What clients must show.
        address: Where it listens.
        hosts: Names by which clients reach it, such as that of a proxy before it.
        origins: Web pages whose scripts may ask, for instance `https://shop.example`.
        max_picture_bytes: Bytes of a picture at most.
    """
    own = ["127.0.0.1", "localhost", "[::1]"] if address.is_loopback else [address.host]
    allowed = [form for host in (*own, *hosts) for form in (host, f"{host}:*")]
    manager = StreamableHTTPSessionManager(
        server,
        json_response=True,
        stateless=True,
        security_settings=TransportSecuritySettings(
            allowed_hosts=allowed, allowed_origins=list(origins)
        ),
        max_request_body_size=MAX_TEXT_BYTES + max_picture_bytes * 4 // 3,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with manager.run():
            yield

    app = Starlette(routes=[Route(PATH, endpoint=_Endpoint(manager))], lifespan=lifespan)
    return TokenGuard(app, token)


def serve_http(app: ASGIApp, address: Address) -> None:
    """Serve until interrupted."""
    import uvicorn

    uvicorn.run(
        app,
        host=address.host,
        port=address.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=128,
    )
