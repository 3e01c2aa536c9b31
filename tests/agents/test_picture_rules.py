"""Messages about pictures: which picture is meant, and what to do with it."""

import dataclasses

import pytest

from shopclerk.agents.assistant import assistant_speller
from shopclerk.agents.context import Context
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.picture_rules import meant_picture, picture_plan
from shopclerk.agents.plan import Plan
from shopclerk.agents.reading import read_message
from shopclerk.shop import Shop
from tests.fakes import HashEncoder
from tests.pictured import pictured_catalog

SENT = Context(images=["one", "two"])
ASKED = dataclasses.replace(SENT, looked_at="two")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory):
    """The pictured shop, its pictures left alone."""
    folder = tmp_path_factory.mktemp("pictured")
    given = {"home": folder, "image_encoder": "none"}
    with Shop.open(pictured_catalog(folder), encoder=HashEncoder(), **given) as opened:
        yield opened


@pytest.fixture(scope="module")
def plan(shop: Shop):
    """Plan for a message that comes with the picture `one`."""
    lexicon, speller = Lexicon.of(shop.store), assistant_speller(shop.searcher)

    def make(message: str, *, count: int = 5) -> Plan:
        reading = read_message(message, lexicon, speller)
        reading.image = "one"
        return picture_plan(reading, lambda _: count)

    return make


# -- which picture -----------------------------------------------------------------------------------

POINTING = {
    "the picture from before": "two",
    "like in the picture": "two",
    "go back to that photo": "two",
    "the photo i sent, but in blue": "two",
    "more like my photo": "two",
    "the same image again please": "two",
    "anything like the earlier picture under 50?": "two",
    "back to the first picture": "one",
    "the earliest photo was better": "one",
    "do you have picture frames?": None,
    "a photo album": None,
    "i need a frame for my photos": None,
    "the picture book": None,
    "show me pictures of the boxes": None,
    "is the picture of the second one real?": None,
    "in blue": None,
    "": None,
}


@pytest.mark.parametrize(("text", "name"), POINTING.items(), ids=POINTING)
def test_which_earlier_picture_is_pointed_at(text: str, name: str | None) -> None:
    assert meant_picture(text, None, SENT) == name


def test_the_attached_picture_goes_first() -> None:
    assert meant_picture("the picture from before", "three", SENT) == "three"
    assert meant_picture("", "three", Context()) == "three"


def test_without_pictures_none_is_meant() -> None:
    assert meant_picture("the picture from before", None, Context()) is None


@pytest.mark.parametrize("text", ["yes please", "something like it", "anything similar?", "ok"])
def test_after_a_description_its_like_is_wanted(text: str) -> None:
    assert meant_picture(text, None, ASKED) == "two"
    assert meant_picture(text, None, SENT) is None


@pytest.mark.parametrize("text", ["no thanks", "hello", "a green box"])
def test_after_a_description_other_things_may_be_said(text: str) -> None:
    assert meant_picture(text, None, ASKED) is None


# -- what to do --------------------------------------------------------------------------------------

DESCRIBE = [
    "describe this",
    "What is this?",
    "what's in the picture?",
    "What do you see?",
    "what does this photo show",
    "Can you caption it for me",
]
LOCATE = {
    "where is the ball?": "ball",
    "where's the red ball in this picture": "red ball",
    "Locate the cone on the left": "cone",
    "point to the box, please": "box",
    "what objects are in the picture?": None,
    "list all the things in it": None,
}
SEARCH = {
    "nothing": ("", {}),
    "alike": ("do you have this one?", {}),
    "pointing": ("something similar to this picture", {}),
    "colour": ("like this but in blue", {"filters": {"colour": ["Blue"]}}),
    "not a colour": ("like this but not red", {"exclude": {"colour": ["Red"]}}),
    "price": ("this, under 50", {"price_max": 49.99}),
    "order": ("the cheapest one like this", {"sort": "price_asc"}),
    "category": ("a box like this", {"category": ["Boxes"]}),
    "words": ("like this but striped", {"query": "striped"}),
    "all": (
        "a ball like this in blue, under 50",
        {"category": ["Balls"], "filters": {"colour": ["Blue"]}, "price_max": 49.99},
    ),
}


@pytest.mark.parametrize("message", DESCRIBE)
def test_what_a_picture_shows_is_described(plan, message: str) -> None:
    assert plan(message) == Plan("describe_image", {"image": "one"})


@pytest.mark.parametrize(("message", "phrase"), LOCATE.items(), ids=LOCATE)
def test_where_something_is_is_located(plan, message: str, phrase: str | None) -> None:
    wanted = {"image": "one"} | ({"phrase": phrase} if phrase else {})
    assert plan(message) == Plan("locate_in_image", wanted)


@pytest.mark.parametrize(("message", "arguments"), SEARCH.values(), ids=SEARCH)
def test_anything_else_is_a_search(plan, message: str, arguments: dict) -> None:
    assert plan(message) == Plan("search_catalog", {"image": "one", **arguments})


def test_a_category_that_holds_nothing_alike_only_named_what_is_seen(plan) -> None:
    wanted = plan("a box like this in blue", count=0)
    assert wanted == Plan("search_catalog", {"image": "one", "filters": {"colour": ["Blue"]}})


def test_a_question_of_delivery_is_not_about_the_picture(plan) -> None:
    assert plan("where is my order?") == Plan(reply="policy")


@pytest.mark.parametrize("message", ["which items are on sale?", "where is it from?"])
def test_questions_without_a_place_are_no_search_for_boxes(plan, message: str) -> None:
    assert plan(message).tool != "locate_in_image"
