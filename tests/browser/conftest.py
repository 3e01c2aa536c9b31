"""A real browser on a real server: Debian's Chromium on `shopclerk ui` over the sample shop."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from shopclerk.settings import default_home

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WIDE, NARROW = {"width": 1360, "height": 900}, {"width": 360, "height": 760}
START_S = 120
PATIENCE_MS = 20_000
KNOWN_NOISE = ("Method not implemented.", "ERR_ABORTED")
"""What gradio's own scripts say whatever happens."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests here; without Chromium they are skipped."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.models)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed."))


@dataclass
class Served:
    """A running app."""

    url: str
    home: Path
    process: "subprocess.Popen[str]" = field(repr=False)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Start apps: `serve(UI_PASSWORD="…")`; all are stopped at the end."""
    running: list[subprocess.Popen[str]] = []

    def start(catalog: str = "sample", **settings: str) -> Served:
        home = tmp_path_factory.mktemp("home")
        models = default_home() / "models"
        if models.exists():  # exported once, not once a test
            (home / "models").symlink_to(models)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SHOPCLERK_")}
        environment |= {f"SHOPCLERK_{name}": value for name, value in settings.items()}
        environment |= {"SHOPCLERK_HOME": str(home), "SHOPCLERK_THREADS": "1"}
        command = [sys.executable, "-m", "shopclerk", "ui", "--port", "0", "--catalog", catalog]
        process = subprocess.Popen(
            command, env=environment, cwd=home, text=True, stdout=subprocess.PIPE
        )
        running.append(process)
        assert process.stdout
        line = process.stdout.readline()
        assert " at http" in line, "the server did not start"
        url = line.split(" at ")[1].split(" ")[0]
        assert httpx.get(f"{url}health", timeout=START_S).json()["status"] == "ok"
        return Served(url, home, process)

    yield start
    for process in running:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="session")
def app(serve: Callable[..., Served]) -> Served:
    """The app over the sample shop, open to this machine."""
    return serve()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages in sessions of their own; an error in the console or a request to elsewhere fails the test."""
    problems: list[str] = []
    pages: list[Page] = []

    def open_page(
        url: str, *, size: dict[str, int] = WIDE, dark: bool = False, noisy: bool = False
    ) -> Page:
        scheme = "dark" if dark else "light"
        page = chromium.new_context(
            viewport=size, color_scheme=scheme, accept_downloads=True
        ).new_page()
        if not noisy:
            page.on("pageerror", lambda error: problems.append(f"script: {error}"))
            page.on("console", lambda said: said.type == "error" and problems.append(said.text))
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith(("http:", "https:"))
                and "://127.0.0.1" not in asked.url
                and problems.append(f"asked the network: {asked.url}")
            ),
        )
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert [each for each in problems if not any(n in each for n in KNOWN_NOISE)] == []


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    """Keep a picture of a page in the folder that `SCREENSHOTS` names; nothing where it is not set."""
    folder = os.environ.get("SCREENSHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(800)
            path = Path(folder) / f"web-{name}.jpg"
            page.screenshot(path=path, type="jpeg", quality=82)

    return take
