"""Signing in, and what is refused at the door."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served

Visit = Callable[..., Page]
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def locked(serve: Callable[..., Served]) -> Served:
    return serve(
        UI_PASSWORD=PASSWORD, UI_MAX_UPLOAD_MB="0.5", PLANNER="rules", UI_PLACES='["shop", "batch"]'
    )


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("username").fill("shop")
    page.get_by_label("password").fill(password)
    page.get_by_role("button", name="Login").click()


def test_a_wrong_password_stays_outside(locked: Served, visit: Visit) -> None:
    page = visit(locked.url, noisy=True)
    sign_in(page, "guess")
    expect(page.get_by_text("Incorrect Credentials")).to_be_visible()
    assert page.locator(".card").count() == 0
    sign_in(page, PASSWORD)
    expect(page.locator(".card").first).to_be_visible()
    assert page.get_by_role("tab").all_inner_texts() == ["Shop", "Batch"]


def test_metrics_need_the_password(locked: Served) -> None:
    assert httpx.get(f"{locked.url}metrics").status_code == 401
    assert httpx.get(f"{locked.url}metrics", auth=("shop", PASSWORD)).status_code == 200
    assert httpx.get(f"{locked.url}health").status_code == 200


def test_an_upload_too_big_is_refused(locked: Served, visit: Visit, tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    big.write_text("id,title\n" + "1,A mug\n" * 200_000, encoding="utf-8")
    page = visit(locked.url, noisy=True)
    sign_in(page, PASSWORD)
    page.get_by_role("tab", name="Batch").click()
    page.locator("#batch-file input[type=file]").set_input_files(big)
    expect(page.locator(".toast-body").first).to_be_visible()
    uploads = [p for p in (locked.home / "web" / "work").rglob("big*") if p.is_file()]
    assert uploads == []
