"""The listing helper's graph: what runs, in what order, what an edit runs again, and what stays."""

import threading

import pytest

from shopclerk.agents.listing.draft import IN_ORDER, SIDE_BY_SIDE, STEPS, Given, Made
from shopclerk.agents.listing.helper import ListingHelper
from shopclerk.agents.memory import open_memory
from shopclerk.errors import ModelError, SettingError

VALUES = {
    "caption": "a red shoe",
    "category": "Apparel > Shoes",
    "attributes": {"colour": "red", "brand": "Nike"},
    "tags": ["running"],
    "title": "Nike Running Shoes, Red",
    "description": "Red shoes.",
    "checks": {"score": 90},
    "duplicates": [],
}
WORDS = Given(text="nike runing shoes red")


class Log:
    """Skills that write down when they ran."""

    def __init__(self, **other):
        self.ran = []
        self.skills = {step: other.get(step) or self._skill(step) for step in STEPS}

    def _skill(self, step):
        def skill(draft):
            self.ran.append(step)
            return Made(value=VALUES[step], confidence=0.9, by="fake")

        return skill


def test_four_steps_side_by_side_then_the_rest_in_order():
    log = Log()
    done = [each.step for each in ListingHelper(log.skills).stream(WORDS)]
    assert set(done[:4]) == set(SIDE_BY_SIDE)
    assert tuple(done[4:]) == IN_ORDER
    assert log.ran.count("title") == 1


def test_side_by_side_means_at_once():
    meeting = threading.Barrier(4, timeout=10)

    def meets(draft):
        meeting.wait()
        return Made(value=None)

    log = Log(**dict.fromkeys(SIDE_BY_SIDE, meets))
    draft = ListingHelper(log.skills).make(WORDS)
    assert not [made.error for made in draft.made.values() if made.error]


def test_the_finished_listing():
    product = ListingHelper(Log().skills).make(Given(text="x", fields={"price": "59.90"})).product()
    assert product.title == "Nike Running Shoes, Red"
    assert (product.brand, product.category, product.price) == ("Nike", "Apparel > Shoes", 59.9)
    assert product.attributes == {"colour": "red"}
    assert product.tags == ("running",)


def test_a_maker_that_is_not_the_brand_stays_among_the_attributes():
    given = Given(text="x", fields={"brand": "Puma", "attributes": {"manufacturer": "Ace"}})
    product = ListingHelper(Log().skills).make(given).product()
    assert product.brand == "Puma"
    assert product.attributes == {"manufacturer": "Ace", "colour": "red", "brand": "Nike"}


@pytest.mark.parametrize(
    ("step", "value", "again"),
    [
        ("category", "Toys", list(IN_ORDER)),
        ("title", "My title", list(IN_ORDER[1:])),
        ("description", "Mine.", ["checks", "duplicates"]),
        ("duplicates", [], []),
    ],
)
def test_an_edit_runs_the_later_steps_again(step, value, again):
    log = Log()
    helper = ListingHelper(log.skills)
    helper.make(WORDS)
    log.ran.clear()
    assert [each.step for each in helper.edit(step, value)] == again == log.ran
    made = helper.draft().made[step]
    assert (made.value, made.by) == (value, "seller")


def test_what_a_seller_set_stands_when_an_earlier_step_is_set():
    helper = ListingHelper(Log().skills)
    helper.make(WORDS)
    list(helper.edit("title", "My own title"))
    list(helper.edit("category", "Toys"))
    assert helper.draft().product().title == "My own title"
    list(helper.again("title"))
    assert helper.draft().product().title == VALUES["title"]


def test_listings_do_not_meet_and_a_new_one_forgets_the_old(tmp_path):
    helper = ListingHelper(Log().skills, open_memory(tmp_path / "listings.sqlite"))
    helper.make(WORDS, thread="a")
    helper.make(Given(text="other"), thread="b")
    list(helper.edit("title", "Mine", thread="a"))
    assert helper.draft("b").product().title == VALUES["title"]
    helper.make(Given(text="new"), thread="a")
    assert helper.draft("a").product().title == VALUES["title"]


def test_a_listing_on_its_way_outlives_the_process(tmp_path):
    ListingHelper(Log().skills, open_memory(tmp_path / "l.sqlite")).make(WORDS, thread="a")
    log = Log()
    helper = ListingHelper(log.skills, open_memory(tmp_path / "l.sqlite"))
    list(helper.edit("description", "Mine.", thread="a"))
    assert log.ran == ["checks", "duplicates"]


def test_a_step_that_fails_leaves_its_error_and_the_others_go_on():
    def fails(draft):
        raise ModelError("The mapper is gone. Install it.")

    draft = ListingHelper(Log(category=fails).skills).make(WORDS)
    assert draft.made["category"].error == "The mapper is gone. Install it."
    assert draft.product().title == VALUES["title"]
    assert draft.product().category is None


def test_a_step_without_a_skill_says_so():
    assert "set up" in ListingHelper({}).make(WORDS).made["tags"].error


@pytest.mark.parametrize(
    ("given", "match"),
    [
        (Given(), "words or a picture"),
        (Given(text="  "), "words or a picture"),
        (Given(text="x", fields={"price": "cheap"}), "price"),
        (Given(text="x", fields={"currency": "dollars"}), "currency"),
    ],
    ids=["nothing", "blank", "price", "currency"],
)
def test_what_cannot_be_a_listing(given, match):
    with pytest.raises(SettingError, match=match):
        ListingHelper(Log().skills).make(given)


def test_an_edit_that_is_not_allowed_changes_nothing():
    helper = ListingHelper(Log().skills)
    helper.make(WORDS)
    with pytest.raises(SettingError, match="category"):
        list(helper.edit("category", 7))
    assert helper.draft().value("category") == "Apparel > Shoes"


def test_what_is_known_can_be_given_later_and_taken_back():
    log = Log()
    helper = ListingHelper(log.skills)
    helper.make(WORDS)
    log.ran.clear()
    assert [each.step for each in helper.give({"price": 59.0})] == list(IN_ORDER)
    assert log.ran == list(IN_ORDER)
    assert helper.draft().product().price == 59.0
    list(helper.give({"price": None}))
    assert helper.draft().product().price is None


def test_what_is_known_must_be_allowed():
    helper = ListingHelper(Log().skills)
    helper.make(WORDS)
    with pytest.raises(SettingError, match="price"):
        list(helper.give({"price": -1}))
    assert helper.draft().product().price is None


def test_a_listing_can_be_forgotten():
    helper = ListingHelper(Log().skills)
    helper.make(WORDS, thread="one")
    helper.make(WORDS, thread="two")
    helper.forget("one")
    helper.forget("none")
    with pytest.raises(SettingError, match="no listing 'one'"):
        helper.draft("one")
    assert helper.draft("two").value("title")


def test_unknown_step_and_listing():
    helper = ListingHelper(Log().skills)
    with pytest.raises(SettingError, match="no listing 'gone'"):
        helper.draft("gone")
    helper.make(WORDS)
    with pytest.raises(SettingError, match="Known here: caption"):
        list(helper.edit("titel", "x"))


def test_a_picture_alone_is_enough():
    draft = ListingHelper(Log().skills).make(Given(images=("shoe.jpg",)))
    assert draft.words == "a red shoe"
    assert draft.product().images == ("shoe.jpg",)


def test_the_record_says_who_made_what():
    record = ListingHelper(Log().skills).make(WORDS).record()
    assert record["listing"]["title"] == VALUES["title"]
    assert record["steps"]["title"]["by"] == "fake"
