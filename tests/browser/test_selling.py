"""A seller's visit."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from shopclerk.terminal import sample_photo
from tests.browser.conftest import Served

Visit = Callable[..., Page]


def rewrite(page: Page, title: str) -> None:
    """Type another title and leave the field, as slowly as fingers do."""
    box = page.locator("#listing-title textarea")
    box.fill(title)
    page.wait_for_timeout(300)
    box.press("Tab")


def test_a_listing_is_made_edited_and_exported(
    app: Served, visit: Visit, screenshot: Callable[[Page, str], None]
) -> None:
    page = visit(app.url)
    page.get_by_role("tab", name="Sell").click()
    photo = page.locator("#listing-photo input[type=file]")
    photo.set_input_files(sample_photo("blue_running_shoe.jpg"))
    page.locator("#rough textarea").fill("fellwind runing shoes blue sz10")
    page.get_by_label("Price, if known").fill("79")
    page.locator("#make-listing").click()
    ready = page.locator("#listing-status")
    expect(ready).to_contain_text("ready", timeout=60_000)
    title = page.locator("#listing-title textarea")
    expect(title).to_have_value("Fellwind Running Shoes Blue Size 10")
    category = page.locator("#listing-category input")
    assert "Running Shoes" in category.input_value()
    expect(page.locator("#quality .ring")).to_be_visible()
    screenshot(page, "sell")

    before = page.locator("#quality .ring").inner_text()
    rewrite(page, "BEST SHOES!!! call 555-010-9999 NOW")
    expect(page.locator("#quality .ring")).not_to_have_text(before, timeout=20_000)
    expect(ready).to_contain_text("ready")
    rewrite(page, "Fellwind Running Shoes, Blue")
    expect(page.locator("#quality .ring")).to_have_text(before)
    expect(ready).to_contain_text("ready")
    page.locator("#export").click()
    expect(page.locator("#exported")).to_contain_text("Fellwind Running Shoes, Blue")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").first.click()
    listing = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert listing["title"] == "Fellwind Running Shoes, Blue"
    assert listing["price"] == 79
    assert listing["images"] == ["photo.jpg"]

    page.locator("#accept").click()
    expect(ready).to_contain_text("Accepted")
    accepted = next(app.home.rglob("accepted.jsonl"))
    assert json.loads(accepted.read_text("utf-8").splitlines()[-1])["title"] == listing["title"]


def test_nothing_given_is_told(app: Served, visit: Visit) -> None:
    page = visit(app.url, noisy=True)
    page.get_by_role("tab", name="Sell").click()
    page.locator("#make-listing").click()
    expect(page.locator(".toast-body")).to_contain_text("needs words or a picture")
