"""A shopper's visit."""

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import Locator, Page, expect

from shopclerk.terminal import sample_photo
from tests.browser.conftest import NARROW, Served

Visit = Callable[..., Page]


def say(page: Page, words: str) -> None:
    box = page.locator("#message textarea")
    expect(box).to_be_enabled()
    box.fill(words)
    box.press("Enter")


def answers(page: Page) -> Locator:
    return page.locator("#conversation .bot .message")


def send_photo(page: Page, name: str, words: str) -> None:
    expect(page.locator("#message textarea")).to_be_enabled()
    page.locator("#message input[type=file]").first.set_input_files(sample_photo(name))
    expect(page.locator("#message img")).to_be_visible()
    say(page, words)


def test_a_whole_conversation_with_a_photo(
    app: Served, visit: Visit, screenshot: Callable[[Page, str], None]
) -> None:
    page = visit(app.url)
    expect(page.locator(".card").first).to_be_visible()
    say(page, "waterproof hiking boots under $120")
    expect(page.locator("#conversation")).to_contain_text("products fit")
    expect(page.locator(".card")).to_have_count(3)
    expect(page.locator(".card .why").first).to_contain_text("under")
    assert all("Boots" in t or "boot" in t for t in page.locator(".card .title").all_inner_texts())
    send_photo(page, "mug_and_plant.jpg", "anything like this?")
    expect(page.locator("#conversation")).to_contain_text("look most like your picture")
    expect(page.locator("#conversation img.photo")).to_be_visible()
    screenshot(page, "shop")
    page.locator("#part button").first.click()
    page.get_by_role("button", name="Find the objects").click()
    expect(page.locator("button.object").first).to_be_visible()
    page.locator("button.object").first.press("Enter")
    expect(page.locator(".cards-heading")).to_contain_text("12 shown")


def test_a_region_is_drawn_with_the_mouse(app: Served, visit: Visit) -> None:
    page = visit(app.url)
    send_photo(page, "mug_and_plant.jpg", "like this")
    expect(page.locator("#conversation")).to_contain_text("look most like your picture")
    page.locator("#part button").first.click()
    frame = page.locator(".frame")
    frame.scroll_into_view_if_needed()
    place = frame.bounding_box()
    assert place
    page.mouse.move(place["x"] + 0.18 * place["width"], place["y"] + 0.4 * place["height"])
    page.mouse.down()
    page.mouse.move(place["x"] + 0.6 * place["width"], place["y"] + 0.78 * place["height"], steps=4)
    page.mouse.up()
    expect(page.locator(".cards-heading")).to_contain_text("12 shown")
    assert "mug" in " ".join(page.locator(".card .title").all_inner_texts()).lower()


def test_a_card_opens_and_leads_to_others_like_it(app: Served, visit: Visit) -> None:
    page = visit(app.url)
    page.locator(".card").first.press("Enter")
    title = page.locator(".details h3")
    expect(title).to_be_visible()
    page.get_by_role("button", name="More like this").click()
    expect(page.locator(".cards-heading")).to_contain_text("More like this")
    expect(page.locator("#product")).to_be_hidden()


def test_filters_narrow_what_is_shown(app: Served, visit: Visit) -> None:
    page = visit(app.url)
    say(page, "running shoes")
    expect(page.locator(".card .why").first).to_be_visible()
    page.locator("#filters button").first.click()
    high = page.get_by_label("Price to")
    dear = "[...document.querySelectorAll('.card .price')].some(p => parseFloat(p.innerText.slice(1)) > 95)"
    for _ in range(6):  # the end of the answer before may still empty the field
        high.fill("95")
        page.wait_for_timeout(500)
        high.press("Enter")
        page.wait_for_timeout(2000)
        if not page.evaluate(dear):
            break
    assert not page.evaluate(dear)
    assert page.locator(".card .price").count() > 0
    assert "running" in page.locator(".card .title").first.inner_text().lower()


def test_conversations_are_kept_and_can_be_left(app: Served, visit: Visit) -> None:
    page = visit(app.url)
    say(page, "a red kettle")
    expect(page.locator(".card .why").first).to_be_visible()
    page.locator(".conversations button").first.click()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#conversation")).to_contain_text("What are you looking for?")
    page.get_by_label("a red kettle").click()
    expect(page.locator("#conversation")).to_contain_text("a red kettle")
    page.reload()
    page.locator(".conversations button").first.click()
    expect(page.get_by_label("a red kettle")).to_be_visible()


def test_a_thumb_is_stored(app: Served, visit: Visit) -> None:
    import sqlite3

    page = visit(app.url)
    say(page, "warm jacket")
    expect(page.locator(".card .why").first).to_be_visible()
    page.locator(
        "#conversation button[title='Like'], #conversation button[aria-label='Like'], #conversation button[title='like']"
    ).last.click()
    with sqlite3.connect(app.home / "web" / "conversations.sqlite") as db:
        for _ in range(50):
            page.wait_for_timeout(200)
            query = "SELECT count(*) FROM message WHERE liked = 1 AND role = 'assistant'"
            if db.execute(query).fetchone()[0]:
                break
        assert db.execute(query).fetchone()[0] == 1
    db.close()


def test_two_sessions_do_not_see_each_other(app: Served, visit: Visit) -> None:
    one, other = visit(app.url), visit(app.url)
    say(one, "purple teapot for my secret aunt")
    expect(answers(one).last).to_be_visible()
    one.wait_for_timeout(500)
    other.reload()
    other.locator(".conversations button").first.click()
    expect(other.locator("#new-conversation")).to_be_visible()
    other.wait_for_timeout(500)
    assert "secret aunt" not in other.content()


def test_a_narrow_dark_screen(app: Served, visit: Visit) -> None:
    page = visit(app.url, size=NARROW, dark=True)
    expect(page.locator(".card").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    background = page.evaluate(
        "getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
    )
    assert max(int(n) for n in re.findall(r"\d+", background)[:3]) < 80
    say(page, "blue mug")
    expect(answers(page).last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_markup_is_shown_as_text(app: Served, visit: Visit) -> None:
    page = visit(app.url)
    say(page, "<img src=x onerror=alert(1)> **red** [mug](javascript:alert(1))")
    shown = page.locator("#conversation .user .message").last
    expect(shown).to_contain_text("<img src=x onerror=alert(1)> **red** [mug](javascript:alert(1))")
    assert page.locator("#conversation a[href^=javascript]").count() == 0


def test_a_picture_that_is_none_gets_an_answer(app: Served, visit: Visit, tmp_path) -> None:
    fake = tmp_path / "photo.jpg"
    fake.write_bytes(b"GIF89a this is no picture")
    page = visit(app.url, noisy=True)
    expect(page.locator("#message textarea")).to_be_enabled()
    page.locator("#message input[type=file]").first.set_input_files(fake)
    page.wait_for_timeout(800)
    say(page, "")
    expect(page.locator("#conversation")).to_contain_text("cannot look at that picture")
    say(page, "hello")
    expect(answers(page).last).to_be_visible()


def test_uploads_are_removed(app: Served, visit: Visit) -> None:
    page = visit(app.url)
    send_photo(page, "yellow_raincoat.jpg", "like this")
    expect(page.locator("#conversation")).to_contain_text("look most like your picture")
    left = [p for p in (app.home / "web" / "work").rglob("yellow_raincoat*") if p.is_file()]
    assert left == []


def test_health_and_metrics(app: Served) -> None:
    assert httpx.get(f"{app.url}health").json()["products"] == 287
    assert "shopclerk_turns_total" in httpx.get(f"{app.url}metrics").text
