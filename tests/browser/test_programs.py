"""Programs that call the app's endpoints by name."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file

from shopclerk.terminal import sample_photo
from tests.browser.conftest import Served

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def client(app: Served) -> Client:
    return Client(app.url, verbose=False)


def test_each_place_has_an_endpoint_and_clicks_have_none(client: Client) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert set(named) == {"/search", "/ask", "/make_listing", "/rewrite_title", "/catalogue"}


def test_search(client: Client) -> None:
    found = client.predict({"query": "hiking boots", "price_max": 120}, 3, api_name="/search")
    assert 0 < len(found) <= 3
    assert all(product["price"] <= 120 for product in found)


def test_a_conversation_goes_on_by_its_thread(client: Client) -> None:
    first = client.predict("waterproof hiking boots under $120", None, None, api_name="/ask")
    assert first["shown"]
    again = client.predict("which is the cheapest?", first["thread"], None, api_name="/ask")
    assert again["shown"][0] in first["shown"]
    photo = handle_file(sample_photo("mug_on_desk.jpg"))
    assert client.predict("like this", None, photo, api_name="/ask")["shown"]


def test_a_listing_and_a_title(client: Client) -> None:
    made = client.predict("red mug 300 ml", None, {"price": 9}, api_name="/make_listing")
    assert made["listing"]["price"] == 9
    assert "images" not in made["listing"]
    title = client.predict("!!SALE!! red MUG 300ml", api_name="/rewrite_title")
    assert "SALE" not in title["title"]
    assert title["writer"]


def test_errors_are_told(client: Client) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match="Give a title"):
        client.predict("  ", api_name="/rewrite_title")


def test_eight_chats_at_once(app: Served) -> None:
    """None fails, and each has its own answer."""

    def talk(number: int) -> tuple[float, int]:
        own = Client(app.url, verbose=False)
        turn = own.predict(f"running shoes under ${60 + number}", None, None, api_name="/ask")
        return turn["tool_calls"][0]["args"]["price_max"], number

    with ThreadPoolExecutor(8) as pool:
        for limit, number in pool.map(talk, range(8)):
            assert limit == pytest.approx(60 + number, abs=0.02)


@pytest.mark.parametrize("meta", [{}, {"meta": {"_type": "gradio.FileData"}}])
@pytest.mark.parametrize("endpoint", ["ask", "make_listing"])
def test_no_file_of_the_server_can_be_named(
    app: Served, tmp_path: Path, endpoint: str, meta: dict[str, Any]
) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(sample_photo("mug_on_desk.jpg").read_bytes())
    photo = {"path": str(secret), **meta}
    data = ["like this", None, photo] if endpoint == "ask" else ["", photo, None]
    called = httpx.post(f"{app.url}gradio_api/call/{endpoint}", json={"data": data})
    assert called.status_code == 400
    assert "not uploaded here" in called.json()["detail"]
    assert secret.exists()


def test_no_file_of_the_server_is_served(app: Served, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    own = next((app.home / "web").glob("*.sqlite"))
    for path in (secret, own, Path("/etc/passwd")):
        answer = httpx.get(f"{app.url}gradio_api/file={path}")
        assert answer.status_code in {403, 404}
