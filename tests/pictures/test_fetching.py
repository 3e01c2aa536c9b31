"""Pictures from the web: what is allowed, what is refused, and that nothing lasts for ever."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from shopclerk.errors import PictureError
from shopclerk.pictures import PictureLimits, decode_many, fetching, open_picture
from shopclerk.pictures.addresses import is_public
from shopclerk.pictures.fetching import fetch
from tests.pictures.web import PNG, Web, serve

WEB = PictureLimits(allow_urls=True, timeout_s=5.0)
HASTY = PictureLimits(allow_urls=True, timeout_s=0.4)
HOSTS = {
    "shop.example": ["127.0.0.1"],
    "inner.example": ["10.0.0.7"],
    "mixed.example": ["127.0.0.1", "10.0.0.7"],
    "empty.example": [],
}
REDIRECTS = {
    "/moved": "/shoe.png",
    "/far": "http://shop.example:{port}/moved",
    "/loop": "/loop",
    "/to_inner": "http://inner.example:{port}/shoe.png",
    "/to_private": "http://10.0.0.7:{port}/shoe.png",
    "/to_metadata": "http://169.254.169.254/latest/meta-data",
    "/to_ipv6_loopback": "http://[::1]:{port}/shoe.png",
    "/to_file": "file:///etc/passwd",
    "/to_user": "http://me:secret@shop.example:{port}/shoe.png",
    "/to_nonsense": "http://[",
    "/to_bad_name": "http://xn--.example/",
    "/to_bad_port": "http://shop.example:70000/",
}


def resolve(host: str, port: int) -> list[str]:
    """Know the hosts of the tests; what is an address already stays as it is."""
    if host in HOSTS:
        return HOSTS[host]
    return [entry[4][0] for entry in socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)]


@pytest.fixture
def web() -> Iterator[Web]:
    with serve(REDIRECTS) as server:
        yield server


@pytest.fixture
def as_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take 127.0.0.1, where the server of the tests runs, for an address of the internet."""
    monkeypatch.setattr(fetching, "is_public", lambda each: each == "127.0.0.1" or is_public(each))


def test_urls_are_off_by_default() -> None:
    with pytest.raises(PictureError, match="set allow_picture_urls = true"):
        open_picture("https://shop.example/shoe.png")


def test_a_message_holds_neither_password_nor_query() -> None:
    with pytest.raises(PictureError) as caught:
        open_picture("https://me:secret@shop.example/shoe.png?token=hidden")
    assert "'https://shop.example/shoe.png'" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "hidden" not in str(caught.value)


@pytest.mark.usefixtures("as_public")
def test_a_picture_from_the_web(web: Web) -> None:
    picture = open_picture(f"http://127.0.0.1:{web.port}/shoe.png", WEB)
    assert (picture.size_px, picture.name) == ((40, 20), f"http://127.0.0.1:{web.port}/shoe.png")


@pytest.mark.usefixtures("as_public")
@pytest.mark.parametrize("path", ["shoe.png", "octets", "untyped", "moved", "far", "shoe.png?x=1"])
def test_what_is_fetched(path: str, web: Web) -> None:
    assert fetch(f"http://shop.example:{web.port}/{path}", WEB, resolve=resolve) == PNG


@pytest.mark.usefixtures("as_public")
def test_the_connection_goes_to_the_address_that_was_checked(web: Web) -> None:
    answers = [["127.0.0.1"], ["10.0.0.7"]]

    def rebind(host: str, port: int) -> list[str]:
        return answers.pop(0)

    assert fetch(f"http://shop.example:{web.port}/shoe.png", WEB, resolve=rebind) == PNG
    assert answers == [["10.0.0.7"]]
    assert web.asked == [("/shoe.png", f"shop.example:{web.port}")]


@pytest.mark.usefixtures("as_public")
def test_a_redirect_is_resolved_and_checked_anew(web: Web) -> None:
    answers = [["127.0.0.1"], ["10.0.0.7"]]
    with pytest.raises(PictureError, match=r"leads to 10\.0\.0\.7"):
        fetch(f"http://a.example:{web.port}/moved", WEB, resolve=lambda *_: answers.pop(0))
    assert [path for path, _ in web.asked] == ["/moved"]


def test_the_next_address_is_tried_where_one_does_not_answer(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = ["::1", "127.0.0.1"]  # the server listens on the second alone
    monkeypatch.setattr(fetching, "is_public", lambda address: True)
    assert fetch(f"http://a.example:{web.port}/shoe.png", WEB, resolve=lambda *_: both) == PNG


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
        "[::]", "0.0.0.0", "0", "inner.example", "mixed.example", "empty.example", "169.254.169.254",
    ],
)  # fmt: skip
def test_addresses_inside_are_refused_before_anything_is_sent(host: str, web: Web) -> None:
    with pytest.raises(PictureError, match=r"not on the public internet|not known|no valid URL"):
        fetch(f"http://{host}:{web.port}/shoe.png", WEB, resolve=resolve)
    assert web.asked == []


def test_loopback_is_refused_by_name_too(web: Web) -> None:
    with pytest.raises(PictureError, match="which is not on the public internet"):
        open_picture(f"http://localhost:{web.port}/shoe.png", WEB)
    assert web.asked == []


@pytest.mark.usefixtures("as_public")
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("to_inner", r"leads to 10\.0\.0\.7, which is not on the public internet"),
        ("to_private", r"leads to 10\.0\.0\.7, which is not on the public internet"),
        ("to_metadata", r"leads to 169\.254\.169\.254, which is not on the public internet"),
        ("to_ipv6_loopback", "leads to ::1, which is not on the public internet"),
        ("to_file", "asks for 'file'; allowed are http and https"),
        ("to_user", "holds a user name or password"),
        ("to_nonsense", r"which is not known|Invalid URL"),
        ("to_bad_name", "could not be fetched: Malformed"),
        ("to_bad_port", "a port that there is not"),
        ("loop", "is redirected more than 3 times"),
        ("nowhere", "is answered with status 302"),
    ],
)
def test_redirects_that_are_refused(path: str, message: str, web: Web) -> None:
    with pytest.raises(PictureError, match=message) as caught:
        fetch(f"http://shop.example:{web.port}/{path}", WEB, resolve=resolve)
    assert "secret" not in str(caught.value)
    assert {asked for asked, _ in web.asked} == {f"/{path}"}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://shop.example/shoe.png", "asks for 'ftp'"),
        ("file:///etc/passwd", "asks for 'file'"),
        ("http:///shoe.png", "names no host|no valid URL"),
        ("http://me@shop.example/", "holds a user name"),
        ("http://shop.example:99999/", "a port that there is not"),
        ("http://shop.example/\x00", "no valid URL"),
        ("http://shop.example/\udc80", "no valid URL"),
        ("http://" + "a" * 70_000 + ".example/", "no valid URL"),
        ("http://nobody.example/", "'nobody.example', which is not known"),
        ("http://" + "a" * 64 + ".example/", "not known|no valid URL"),
        ("http://xn--.example/", "not known|no valid URL"),
    ],
)
def test_urls_that_are_refused(url: str, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        fetch(url, WEB, resolve=resolve)


@pytest.mark.usefixtures("as_public")
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("page", "is of the type 'text/html', not a picture"),
        ("packed", "came packed as 'gzip'"),
        ("huge", r"is larger than the 20 MiB allowed"),
        ("long", "could not be fetched"),
        ("broken", "could not be fetched"),
        ("gone", "is answered with status 404"),
        ("no_content", "is answered with status 204"),
        ("nothing", "is empty"),
        ("short", "a damaged or unusual PNG"),
        ("drawing", "an SVG drawing"),
    ],
)
def test_answers_that_are_refused(path: str, message: str, web: Web) -> None:
    with pytest.raises(PictureError, match=message):
        open_picture(f"http://127.0.0.1:{web.port}/{path}", WEB)


@pytest.mark.usefixtures("as_public")
def test_an_endless_answer_is_cut_off(web: Web) -> None:
    limits = PictureLimits(allow_urls=True, max_bytes=2**20)
    with pytest.raises(PictureError, match="is larger than the 1 MiB allowed"):
        fetch(f"http://shop.example:{web.port}/endless", limits, resolve=resolve)
    assert web.sent_bytes < 32 * 2**20


@pytest.mark.usefixtures("as_public")
@pytest.mark.parametrize("path", ["slow_head", "slow_body", "slow_end"])
def test_the_time_limit_holds_however_slowly_it_drips(path: str, web: Web) -> None:
    start = time.monotonic()
    with pytest.raises(PictureError, match=r"did not arrive within 0\.4 s"):
        fetch(f"http://shop.example:{web.port}/{path}", HASTY, resolve=resolve)
    assert 0.35 < time.monotonic() - start < 3.0


def test_the_time_limit_holds_for_the_look_up() -> None:
    done = threading.Event()

    def wait(host: str, port: int) -> list[str]:
        done.wait(20)
        return ["1.1.1.1"]

    start = time.monotonic()
    try:
        with pytest.raises(PictureError, match=r"did not arrive within 0\.4 s"):
            fetch("http://shop.example/", HASTY, resolve=wait)
    finally:
        done.set()
    assert time.monotonic() - start < 3.0


@pytest.mark.usefixtures("as_public")
def test_a_server_that_says_nothing() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(PictureError, match=r"did not arrive within 0\.4 s"),
    ):
        fetch(f"http://shop.example:{server.getsockname()[1]}/", HASTY, resolve=resolve)


@pytest.mark.usefixtures("as_public")
def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PictureError, match=r"could not be fetched: .*refused"):
        fetch(f"http://shop.example:{port}/", WEB, resolve=resolve)


@pytest.mark.usefixtures("as_public")
def test_https_names_the_host_not_the_address() -> None:
    greeting = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            connection, _ = server.accept()
            with connection:
                greeting.extend(connection.recv(4096))

        thread = threading.Thread(target=listen)
        thread.start()
        with pytest.raises(PictureError, match="could not be fetched"):
            fetch(f"https://shop.example:{server.getsockname()[1]}/", WEB, resolve=resolve)
        thread.join()
    assert greeting[:1] == b"\x16"
    assert b"shop.example" in greeting


@pytest.mark.usefixtures("as_public")
def test_proxies_of_the_environment_are_not_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetch(f"http://shop.example:{web.port}/shoe.png", WEB, resolve=resolve) == PNG


@pytest.mark.usefixtures("as_public")
def test_a_batch_may_come_from_the_web(web: Web) -> None:
    urls = [f"http://127.0.0.1:{web.port}/{path}" for path in ("shoe.png", "gone", "moved")]
    kinds = [type(each).__name__ for each in decode_many(urls, WEB)]
    assert kinds == ["Picture", "PictureError", "Picture"]


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("shopclerk", ["PIL", "numpy", "imagehash", "scipy", "httpx"]),
        ("shopclerk.pictures", ["imagehash", "scipy", "pywt", "httpx", "torch"]),
    ],
)
def test_importing_is_light(module: str, absent: list[str]) -> None:
    probe = f"import sys, {module}; print([m for m in {absent!r} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
