import asyncio
import json

import pytest

from shopclerk.ui.own_files import MOST_JSON_BYTES, OwnFilesOnly
from shopclerk.ui.workplace import Uploads


@pytest.fixture
def ask(tmp_path):
    """Send a body and return the status, and the body that the app behind was given."""
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "photo.jpg").write_bytes(b"x")
    got = []

    async def app(scope, receive, send):
        message = await receive()
        got.append(message["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    def send_body(body, method="POST", kind=b"application/json", pieces=1):
        sent = []
        step = max(1, -(-len(body) // pieces))
        parts = [body[i : i + step] for i in range(0, len(body), step)] or [b""]

        async def receive():
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": method, "headers": [(b"content-type", kind)]}
        guarded = OwnFilesOnly(app, uploads=Uploads(tmp_path / "uploads"))
        asyncio.run(guarded(scope, receive, send))
        return sent[0]["status"], got[-1] if got else None

    return send_body


def body(path):
    return json.dumps({"data": ["words", [{"files": [{"path": path}]}]]}).encode()


def test_an_upload_may_be_named_and_the_body_comes_through_whole(ask, tmp_path):
    given = body(str(tmp_path / "uploads" / "photo.jpg"))
    assert ask(given, pieces=3) == (200, given)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "http://127.0.0.1/x.jpg",
        "https://example.com/x.jpg",
        "photo.jpg",
        "",
        5,
        ["a"],
        "a\0b",
    ],
)
def test_nothing_else_may_be(ask, path):
    assert ask(body(path)) == (400, None)


def test_a_path_that_climbs_out_of_the_folder(ask, tmp_path):
    (tmp_path / "secret.txt").write_bytes(b"x")
    assert ask(body(str(tmp_path / "uploads" / ".." / "secret.txt")))[0] == 400


@pytest.mark.parametrize("given", [b"", b"not json", b"[" * 100_000, b'{"data": ["path"]}'])
def test_what_names_no_path_goes_on(ask, given):
    assert ask(given)[0] == 200


def test_too_much_is_refused(ask):
    assert ask(b"[" + b" " * MOST_JSON_BYTES + b"]", pieces=4)[0] == 413


@pytest.mark.parametrize("kind", [b"text/plain", b"", b"application/vnd.api+json"])
def test_a_body_by_another_name_is_looked_through_too(ask, kind):
    assert ask(body("/etc/passwd"), kind=kind)[0] == 400


@pytest.mark.parametrize(
    ("method", "kind"), [("GET", b"application/json"), ("POST", b"multipart/form-data; x")]
)
def test_other_requests_are_not_read(ask, method, kind):
    assert ask(body("/etc/passwd"), method=method, kind=kind)[0] == 200
