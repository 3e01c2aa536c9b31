"""Conversations with pictures: a photo, what follows it, and photos that cannot be read."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shopclerk.agents.assistant import NO_SIGHT, Assistant
from shopclerk.agents.turn import Turn
from shopclerk.models.locator import Located
from shopclerk.shop import Shop
from shopclerk.tools import picture_shelf
from tests.captions import ScriptedCaptioner
from tests.conftest import ShopMaker
from tests.fakes import FakeEye, HashEncoder, ScriptedChatModel
from tests.pictured import painted, pictured_catalog, pictured_products
from tests.pictures.drawn import png_header, saved
from tests.regions import ScriptedLocator

RED, GREEN = saved(painted("red"), "PNG"), saved(painted("green", "box"), "PNG")

Say = Callable[..., Turn]


@pytest.fixture
def pictured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The pictured shop; its captioner and locator say what they are told to."""
    gallery = "shopclerk.gallery.Gallery"
    located = Located((8.0, 8.0, 88.0, 88.0), "ball", 0.9)
    monkeypatch.setattr(f"{gallery}.captioner", lambda _: ScriptedCaptioner("a red ball"))
    monkeypatch.setattr(f"{gallery}.locator", lambda _: ScriptedLocator(located))
    given = {"home": tmp_path, "picture_head": "none", "planner": "rules"}
    path = pictured_catalog(tmp_path)
    with Shop.open(path, encoder=HashEncoder(), eye=FakeEye(), **given) as shop:
        yield shop


@pytest.fixture
def clerk(pictured: Shop) -> Assistant:
    return pictured.assistant()


@pytest.fixture
def say(clerk: Assistant) -> Say:
    """Say something in a conversation, with or without a picture."""

    def one(message: str = "", image: bytes | str | Path | None = None, thread: str = "t") -> Turn:
        return clerk.ask(message, thread=thread, image=image)

    return one


def ids(turn: Turn) -> list[str]:
    return [product.id for product in turn.products]


def call(turn: Turn) -> tuple[str, dict]:
    """The only tool call of a turn, its picture left out."""
    (made,) = turn.tool_calls
    assert made.status == "ok"
    return made.name, {name: value for name, value in made.args.items() if name != "image"}


def image_of(turn: Turn) -> str | None:
    return turn.tool_calls[0].args.get("image")


# -- a picture ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["", "do you have this one?", "anything like this?"])
def test_a_picture_finds_the_very_product(say: Say, message: str) -> None:
    turn = say(message, RED)
    assert ids(turn)[0] == "red-ball"
    assert turn.answer.startswith("The first is the very one in your picture")
    assert (turn.planned_by, call(turn)) == ("rules", ("search_catalog", {}))


def test_a_picture_may_be_a_path(say: Say, tmp_path: Path) -> None:
    path = tmp_path / "images" / "blue-ball.png"
    assert ids(say("", path))[0] == ids(say("", str(path)))[0] == "blue-ball"


def test_words_beside_a_picture_are_limits(say: Say) -> None:
    turn = say("like this but in blue", RED)
    assert call(turn) == ("search_catalog", {"filters": {"colour": ["Blue"]}})
    assert ids(turn) == ["blue-ball"]
    assert turn.answer.startswith("These come closest to your picture with what you asked for")


def test_a_name_of_a_picture_is_never_a_path(say: Say) -> None:
    assert str(image_of(say("", RED))).startswith("picture-")


def test_what_a_picture_shows_is_told(say: Say) -> None:
    turn = say("what is this?", RED)
    assert call(turn) == ("describe_image", {})
    assert "a red ball" in turn.answer


def test_where_something_is_is_told(say: Say) -> None:
    turn = say("where is the ball?", RED)
    assert call(turn) == ("locate_in_image", {"phrase": "ball"})
    assert "ball: from (8, 8) to (88, 88)" in turn.answer


# -- what follows ------------------------------------------------------------------------------------


def test_a_refinement_keeps_the_picture(say: Say) -> None:
    first, blue, cheap = say("", RED), say("in blue"), say("under 6")
    assert image_of(first) == image_of(blue) == image_of(cheap)
    assert ids(blue) == ["blue-ball"]
    assert call(cheap)[1] == {"filters": {"colour": ["Blue"]}, "price_max": 5.99}


def test_a_price_limit_keeps_the_picture(say: Say) -> None:
    first, cheap = say("", RED), say("under 50")
    assert image_of(cheap) == image_of(first)
    assert ids(cheap)[0] == "red-ball"
    assert all((product.price or 0) < 50 for product in cheap.products)


def test_more_of_it_keeps_the_picture(say: Say) -> None:
    first, more = say("", RED), say("show more")
    assert image_of(more) == image_of(first)
    assert more.tool_calls[0].args["page"] == 2


def test_a_question_on_what_was_found_is_answered(say: Say) -> None:
    say("", RED)
    turn = say("how much is the first one?")
    assert call(turn) == ("get_product", {"id": "red-ball"})
    assert "5" in turn.answer


@pytest.mark.parametrize("message", ["a green box", "do you have cones?"])
def test_another_topic_drops_the_picture(say: Say, message: str) -> None:
    say("in blue", RED)
    turn = say(message)
    assert image_of(turn) is None
    assert "blue" not in str(turn.tool_calls[0].args).casefold()


def test_the_picture_from_before_comes_back(say: Say) -> None:
    first = say("", RED)
    assert image_of(say("do you have cones?")) is None
    again = say("back to the picture from before, in blue")
    assert image_of(again) == image_of(first)
    assert ids(again) == ["blue-ball"]


def test_of_two_pictures_the_last_is_meant_unless_the_first_is_named(say: Say) -> None:
    first, second = say("", RED), say("", GREEN)
    assert image_of(say("like the picture but under 50")) == image_of(second)
    assert image_of(say("and like the first picture?")) == image_of(first)


def test_a_new_picture_starts_anew(say: Say) -> None:
    say("in blue", RED)
    turn = say("", GREEN)
    assert call(turn) == ("search_catalog", {})
    assert ids(turn)[0] == "green-box"


def test_after_a_description_yes_finds_its_like(say: Say) -> None:
    told = say("describe this", RED)
    found = say("yes please")
    assert image_of(found) == image_of(told)
    assert ids(found)[0] == "red-ball"


def test_a_chat_model_is_not_asked_what_a_picture_in_effect_means(pictured: Shop) -> None:
    settings = pictured.settings.model_copy(
        update={"planner": "both", "llm_url": "http://127.0.0.1:9/v1"}
    )
    with Shop(settings, encoder=HashEncoder(), eye=FakeEye()) as shop:
        model = ScriptedChatModel()
        clerk = shop.assistant(model=model)
        first = clerk.ask("", thread="t", image=RED)
        blue = clerk.ask("in blue", thread="t")
    assert [each.planned_by for each in (first, blue)] == ["rules", "rules"]
    assert image_of(blue) == image_of(first)


# -- two conversations, and memory -------------------------------------------------------------------


def test_conversations_do_not_see_each_others_pictures(say: Say) -> None:
    first = say("", RED, thread="a")
    other = say("the picture from before", thread="b")
    assert all(made.args.get("image") is None for made in other.tool_calls)
    assert image_of(say("in blue", thread="a")) == image_of(first)


def test_a_name_typed_by_another_shopper_is_only_words(say: Say) -> None:
    name = str(image_of(say("", RED, thread="a")))
    turn = say(f"find things like {name}", thread="b")
    assert all(made.args.get("image") is None for made in turn.tool_calls)


def test_a_conversation_goes_on_with_its_picture_after_a_restart(
    pictured: Shop, tmp_path: Path
) -> None:
    memory = tmp_path / "talk.sqlite"
    first = pictured.assistant(memory=memory).ask("", thread="t", image=RED)
    again = pictured.assistant(memory=memory).ask("the picture from before", thread="t")
    assert image_of(again) == image_of(first)
    assert ids(again)[0] == "red-ball"


def test_a_picture_that_was_forgotten_is_owned_up_to(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_shelf, "MAX_HELD", 1)
    say("", RED)
    say("", GREEN)
    turn = say("a ball like the first picture, in blue")
    assert turn.tool_calls[0].status == "error"
    assert "in words" in turn.answer


# -- pictures that cannot be read --------------------------------------------------------------------

UNREADABLE = {
    "empty": (b"", "empty"),
    "text": (b"hello there, this is no picture", "is text"),
    "truncated": (saved(painted("red"), "JPEG")[:300], "damaged"),
    "bomb": (png_header(20_000, 20_000), "20,000 x 20,000"),
    "missing": ("nowhere.jpg", "nowhere.jpg"),
    "address": ("https://shop.example/a.jpg", "allow_picture_urls"),
}


@pytest.mark.parametrize(("image", "told"), UNREADABLE.values(), ids=UNREADABLE)
def test_without_words_the_picture_is_asked_for_again(say: Say, image, told: str) -> None:
    turn = say("", image)
    assert turn.answer.startswith("I cannot look at that picture.")
    assert told in turn.answer
    assert (turn.tool_calls, turn.products) == ((), ())


@pytest.mark.parametrize(("image", "told"), UNREADABLE.values(), ids=UNREADABLE)
def test_with_words_the_words_are_searched(say: Say, image, told: str) -> None:
    turn = say("a green box", image)
    assert turn.answer.startswith("I cannot look at that picture.")
    assert told in turn.answer
    assert ids(turn)[0] == "green-box"
    assert image_of(turn) is None


def test_after_a_picture_that_could_not_be_read_the_talk_goes_on(say: Say) -> None:
    say("", b"")
    assert ids(say("", RED))[0] == "red-ball"


# -- shops that cannot look --------------------------------------------------------------------------


def test_without_an_encoder_pictures_are_declined(shop: ShopMaker) -> None:
    clerk = shop(planner="rules").assistant()
    assert clerk.ask("", thread="t", image=RED).answer == NO_SIGHT
    turn = clerk.ask("hiking boots", thread="t", image=RED)
    assert turn.answer.startswith(NO_SIGHT)
    assert set(ids(turn)) == {"boot-1", "boot-2"}


@pytest.mark.parametrize("message", ["", "a blue ball like this", "like this, under 50"])
def test_a_shop_without_pictures_says_that_words_are_needed(tmp_path: Path, message: str) -> None:
    bare = [p.model_copy(update={"images": ()}) for p in pictured_products(tmp_path)]
    path = pictured_catalog(tmp_path, bare)
    given = {"home": tmp_path, "planner": "rules"}
    with Shop.open(path, encoder=HashEncoder(), eye=FakeEye(), **given) as shop:
        turn = shop.assistant().ask(message, thread="t", image=RED)
    assert "in words" in turn.answer
    assert turn.products == ()
