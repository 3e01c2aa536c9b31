"""A catalogue team's visit: a batch, and an import."""

import csv
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Served

Visit = Callable[..., Page]

ROWS = """code,Name,maker
1,!!HOT SALE!! FELLWIND cadence 2 RUNNING SHOES mens BLUE free shipping,Fellwind
2,<script>alert(1)</script> red mug 300 ml L@@K,
3,,Acme
"""


def test_a_preview_of_messy_titles(
    app: Served, visit: Visit, screenshot: Callable[[Page, str], None]
) -> None:
    page = visit(app.url)
    page.get_by_role("tab", name="Batch").click()
    titles = Path(str(files("shopclerk").joinpath("sample", "messy_titles.csv")))
    page.locator("#batch-file input[type=file]").set_input_files(titles)
    page.locator("#batch-preview").click()
    expect(page.locator("#batch-shown tbody tr")).to_have_count(12, timeout=30_000)
    screenshot(page, "batch")


def test_a_batch_is_looked_at_run_and_downloaded(app: Served, visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "listings.csv"
    file.write_text(ROWS, encoding="utf-8")
    page = visit(app.url)
    page.get_by_role("tab", name="Batch").click()
    page.locator("#batch-file input[type=file]").set_input_files(file)
    expect(page.locator("#batch-status")).to_contain_text("3 columns")
    page.locator("#columns button").first.click()
    for label, column in (("Title", "Name"), ("Id", "code")):
        picked = page.locator("#columns").get_by_label(label, exact=True)
        picked.fill(column)
        picked.press("Enter")
    page.locator("#batch-preview").click()
    shown = page.locator("#batch-shown")
    expect(shown.locator("del").first).to_contain_text("HOT SALE", timeout=30_000)
    page.locator("#batch-run").click()
    expect(page.locator("#batch-status")).to_contain_text("3 rows done", timeout=60_000)
    with page.expect_download() as download:
        page.locator("#batch-download").click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as out:
        rows = list(csv.DictReader(out))
    assert [row["code"] for row in rows] == ["1", "2", "3"]
    assert "HOT SALE" not in rows[0]["new_title"]
    assert "Running Shoes" in rows[0]["new_title"]
    assert rows[2]["error"]


def test_an_import_with_rejects(
    serve: Callable[..., Served],
    visit: Visit,
    tmp_path: Path,
    screenshot: Callable[[Page, str], None],
) -> None:
    own = serve()
    page = visit(own.url)
    page.get_by_role("tab", name="Catalogue").click()
    expect(page.locator("#stats")).to_contain_text("287")
    screenshot(page, "catalogue")
    file = tmp_path / "lamps.csv"
    good = [f"lamp-{n},Desk lamp {n},{10 + n},Lighting > Desk Lamps" for n in range(12)]
    file.write_text(
        "\n".join(["id,title,price,category", *good, "x,,5,", "y,Broken lamp,cheap,"]), "utf-8"
    )
    page.locator("#import-file input[type=file]").set_input_files(file)
    page.wait_for_timeout(800)
    page.locator("#import").click()
    expect(page.locator("#import-status")).to_contain_text(
        "12 products of lamps.csv", timeout=60_000
    )
    expect(page.locator("#import-rejects")).to_contain_text("2 rows were left out")
    expect(page.locator("#stats")).to_contain_text("12")
    page.locator("#taxonomy button").first.click()
    page.locator("#taxonomy-words textarea, #taxonomy-words input").first.fill("desk lamp")
    expect(page.locator("#taxonomy-tree")).to_contain_text("Table Lamps")
    page.get_by_role("tab", name="Shop").click()
    expect(page.locator(".cards-heading")).to_contain_text("12 of 12 products")
    expect(page.locator("#message textarea")).to_be_enabled()
    page.locator("#message textarea").fill("desk lamps")
    page.locator("#message textarea").press("Enter")
    expect(page.locator(".card .title").first).to_contain_text("Desk lamp")


def test_a_file_that_is_no_table_is_told(app: Served, visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "listings.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page = visit(app.url, noisy=True)
    page.get_by_role("tab", name="Batch").click()
    page.locator("#batch-file input[type=file]").set_input_files(file)
    expect(page.locator(".toast-body").first).to_contain_text("PNG")
