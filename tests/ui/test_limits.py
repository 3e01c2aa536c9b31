import asyncio
import json

import pytest

from shopclerk.settings import load_settings
from shopclerk.ui.limits import Limits
from shopclerk.ui.metrics import Metrics


def answer(limits, method="POST", client="10.0.0.1", length="10"):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "client": (client, 1),
        "headers": [(b"content-length", length.encode())],
    }
    asyncio.run(limits(scope, None, send))
    return sent[0]["status"], sent[-1].get("body", b"")


@pytest.fixture
def limited():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    settings = load_settings(ui_requests_per_minute=3, ui_max_upload_mb=1)
    return Limits(app, settings=settings, metrics=Metrics())


def test_one_client_too_often_is_told_to_wait_others_go_on(limited):
    assert [answer(limited)[0] for _ in range(4)] == [200, 200, 200, 429]
    assert "wait a minute" in json.loads(answer(limited)[1])["detail"]
    assert answer(limited, client="10.0.0.2")[0] == 200
    assert answer(limited, method="GET")[0] == 200


@pytest.mark.parametrize(
    ("length", "status"), [("1048576", 200), ("2000000", 413), ("nonsense", 200)]
)
def test_what_is_too_large_is_refused_by_its_header(limited, length, status):
    got, body = answer(limited, length=length)
    assert got == status
    if status == 413:
        assert "1 MB at most" in json.loads(body)["detail"]
