"""A web server on loopback that answers well, badly, slowly or with lies."""

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.pictures.drawn import quarters, saved

PNG = saved(quarters(), "PNG")
DRIP_S = 0.05


class Web:
    """The server's port, and what it was asked for: `(path, Host header)`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, str]] = []
        self.sent_bytes = 0


class Server(ThreadingHTTPServer):
    """Holds what its handlers need to know."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.web = Web(self.server_address[1])
        self.redirects: dict[str, str] = {}


class Handler(BaseHTTPRequestHandler):
    """Answers by path: a redirect, a ready answer, or a method of that name."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.web.asked.append((self.path, self.headers["Host"]))
        self.close_connection = True
        # The client hangs up early where a test wants it to.
        with contextlib.suppress(OSError):
            self.answer(self.path.partition("?")[0])

    def answer(self, path: str) -> None:
        if path in self.server.redirects:
            self.head(302, {"Location": self.server.redirects[path], "Content-Length": "0"})
        elif path in ANSWERS:
            status, headers, body = ANSWERS[path]
            self.head(status, headers)
            self.wfile.write(body)
        else:
            getattr(self, path[1:])()

    def head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def endless(self) -> None:
        self.head(200, {"Content-Type": "image/png", "Transfer-Encoding": "chunked"})
        while self.server.web.sent_bytes < 64 * 2**20:
            self.wfile.write(b"10000\r\n" + bytes(2**16) + b"\r\n")
            self.server.web.sent_bytes += 2**16

    def slow_head(self) -> None:
        self.drip(b"HTTP/1.1 200 OK\r\n" + b"X-Wait: 1\r\n" * 50)

    def slow_body(self) -> None:
        self.head(200, {"Content-Type": "image/png", "Content-Length": "900"})
        self.drip(bytes(900))

    def slow_end(self) -> None:
        self.head(200, {"Content-Type": "image/png", "Connection": "close"})
        self.drip(bytes(900))

    def drip(self, data: bytes) -> None:
        for byte in data:
            self.wfile.write(bytes([byte]))
            time.sleep(DRIP_S)

    def log_message(self, *arguments: object) -> None:
        pass


def _picture(kind: str | None, body: bytes = PNG, **more: str) -> tuple[int, dict[str, str], bytes]:
    headers = {} if kind is None else {"Content-Type": kind}
    lengths = {"Content-Length": str(len(body))}
    return 200, {**headers, **lengths, **{key.replace("_", "-"): more[key] for key in more}}, body


ANSWERS = {
    "/shoe.png": _picture("image/png"),
    "/octets": _picture("application/octet-stream"),
    "/untyped": _picture(None),
    "/page": _picture("text/html; charset=utf-8", b"<html>no</html>"),
    "/drawing": _picture("image/svg+xml", b"<svg></svg>"),
    "/packed": _picture("image/png", Content_Encoding="gzip"),
    "/huge": _picture("image/png", Content_Length=str(10**12)),
    "/long": _picture("image/png", Content_Length=str(len(PNG) + 50)),
    "/short": _picture("image/png", Content_Length=str(len(PNG) - 50)),
    "/nothing": _picture("image/png", b""),
    "/gone": (404, {"Content-Length": "0"}, b""),
    "/no_content": (204, {}, b""),
    "/nowhere": (302, {"Content-Length": "0"}, b""),
    "/broken": (200, {"Content-Length": "many"}, b""),
}


@contextlib.contextmanager
def serve(redirects: dict[str, str] | None = None) -> Iterator[Web]:
    """Run the server; `{port}` in a redirect is its port."""
    with Server() as server:
        for path, target in (redirects or {}).items():
            server.redirects[path] = target.replace("{port}", str(server.web.port))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.web
        finally:
            server.shutdown()
            thread.join()
