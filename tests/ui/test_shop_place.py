"""What the conversation does when something goes wrong in the middle, and whose it is."""

import asyncio
from types import SimpleNamespace

import gradio as gr
import pytest

from shopclerk.agents.assistant import Step
from shopclerk.settings import load_settings
from shopclerk.ui.errors import UNFORESEEN
from shopclerk.ui.shop_place import ShopPlace
from shopclerk.ui.shopfront import OpenShop, Shopfront


class BrokenAssistant:
    """Says the beginning of an answer, then its model is gone."""

    sight = None

    def stream(self, text, *, thread, image=None):
        yield Step("tool", "search_catalog")
        yield Step("text", "Three mugs ")
        raise ConnectionError("the model is gone")


@pytest.fixture
def place(shop, tmp_path):
    front = Shopfront(load_settings(planner="rules"))
    front._open.append(OpenShop(shop(planner="rules"), tmp_path / "memory.sqlite"))

    async def build():  # gradio makes an event loop and leaves it open where none runs
        with gr.Blocks():
            return ShopPlace(front, gr.BrowserState(None))

    yield asyncio.run(build())
    front._open.clear()  # the fixture closes the shop
    front.close()


def visitor(name=None, session="s1"):
    return SimpleNamespace(username=name, session_hash=session)


def ask(place, words, thread="t1", who="browser-1", **more):
    message = {"text": words, "files": more.pop("files", [])}
    return place._ask(message, thread, who, more.pop("request", visitor()))


def kept(place, owner="browser browser-1", thread="t1"):
    return place._front.conversations.messages(owner, thread)


def test_a_turn_is_shown_kept_and_counted(place):
    told = list(ask(place, "hello"))
    assert "hello" in told[0][place.chat][0]["content"]
    assert [m.role for m in kept(place)] == ["user", "assistant"]
    assert 'shopclerk_turns_total{planned_by="rules"} 1.0' in place._front.metrics.text().decode()


def test_the_model_is_gone_in_the_middle_and_the_conversation_is_kept(place, monkeypatch):
    monkeypatch.setattr(
        place._front.now, "__class__", type("Broken", (OpenShop,), {"assistant": BrokenAssistant()})
    )
    told = list(ask(place, "mugs"))
    assert told[-1][place.chat][-1]["content"].startswith("Three mugs")
    assert [m.text for m in kept(place)] == ["mugs", "Three mugs "]
    assert "shopclerk_errors_total 1.0" in place._front.metrics.text().decode()


def test_a_turn_that_fails_at_once_says_so(place, monkeypatch):
    class Failing:
        sight = None

        def stream(self, text, *, thread, image=None):
            raise ConnectionError("down")

    monkeypatch.setattr(
        place._front.now, "__class__", type("Broken", (OpenShop,), {"assistant": Failing()})
    )
    list(ask(place, "mugs"))
    assert kept(place)[-1].text == UNFORESEEN


def test_a_connection_lost_in_the_middle_keeps_what_was_said(place):
    answer = ask(place, "hello")
    next(answer)
    answer.close()
    assert [m.role for m in kept(place)] == ["user", "assistant"]


def test_nothing_said_is_no_turn(place):
    assert list(ask(place, "   ")) == []


def test_who_signed_in_owns_it_whatever_the_browser_says(place):
    list(ask(place, "hello", who="browser-9", request=visitor("anna")))
    assert kept(place, "user anna")
    assert kept(place, "browser browser-9") == []
    reopened = place._reopen("t1", "browser-9", visitor("ben"))
    assert reopened[place.chat] == []


def test_browsers_without_a_name_do_not_share_one(place):
    list(ask(place, "hello", who=None))
    assert kept(place, "session s1")
    assert kept(place, "browser None") == []


def test_a_conversation_is_forgotten_by_its_owner_alone(place):
    list(ask(place, "hello"))
    place._forget("t1", "browser-2", visitor())
    assert kept(place)
    place._forget("t1", "browser-1", visitor())
    assert kept(place) == []


def test_an_upload_is_removed_when_it_is_read(place):
    folder = place._front.uploads.folder
    folder.mkdir()
    photo = folder / "photo.jpg"
    photo.write_bytes(b"no picture")
    list(ask(place, "like this", files=[str(photo)]))
    assert not photo.exists()
