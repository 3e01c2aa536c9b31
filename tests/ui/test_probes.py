import httpx
import pytest
from fastapi import FastAPI

from shopclerk.ui.access import Access
from shopclerk.ui.metrics import Metrics
from shopclerk.ui.probes import add_probes


class Front:
    """A shop front of which only the shop is looked at."""

    def __init__(self, shop):
        self.metrics = Metrics()
        self.shop = shop

    @property
    def now(self):
        if self.shop is None:
            raise RuntimeError("Call open() first.")
        return self


def client(shop, access):
    app = FastAPI()
    add_probes(app, Front(shop), access)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def fetched(shop, access, path, auth=None):
    async with client(shop, access) as http:
        return await http.get(path, auth=auth)


@pytest.fixture
def get(shop):
    import asyncio

    def fetch(path, *, open_shop=True, secrets=None, auth=None):
        opened = shop() if open_shop else None
        return asyncio.run(fetched(opened, Access(secrets or {}), path, auth))

    return fetch


def test_health_counts_products(get):
    answer = get("/health")
    assert answer.json()["status"] == "ok"
    assert answer.json()["products"] == 12


def test_health_is_down_without_a_shop(get):
    assert get("/health", open_shop=False).status_code == 503


def test_metrics_are_for_those_who_may_sign_in(get):
    assert "shopclerk_turns" in get("/metrics").text
    secrets = {"anna": "a long token"}
    assert get("/metrics", secrets=secrets).status_code == 401
    assert get("/metrics", secrets=secrets, auth=("anna", "wrong")).status_code == 401
    assert get("/metrics", secrets=secrets, auth=("anna", "a long token")).status_code == 200
