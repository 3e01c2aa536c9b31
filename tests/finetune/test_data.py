"""Invented shops and shoppers: varied, reproducible, and true to what they say."""

import random
from collections import Counter

import pytest

from shopclerk.finetune.data.conversations import Shopper
from shopclerk.finetune.data.shops import goods_file, invent_shop, singular
from shopclerk.finetune.data.turns import INTENTIONS, Moment
from shopclerk.finetune.data.wordings import (
    Piece,
    intentions,
    is_held_out,
    message_text,
    templates,
    word_turn,
)
from shopclerk.tools.arguments import SearchArguments


def test_a_shop_is_made_anew_from_its_seed() -> None:
    assert invent_shop(5) == invent_shop(5)
    assert invent_shop(5).products != invent_shop(6).products


def test_shops_differ_in_goods_brands_and_fields() -> None:
    shops = [invent_shop(seed) for seed in range(30)]
    goods = {p.category_levels()[-1] for shop in shops for p in shop.products}
    brands = {p.brand for shop in shops for p in shop.products}
    fields = {name for shop in shops for p in shop.products for name in p.attributes}
    assert len(goods) > 150
    assert len(brands) > 120
    assert len(fields) > 25
    known = {name for d in goods_file()["departments"].values() for name in d["goods"]}
    assert goods - known, "some goods do not exist"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_products_are_whole(seed: int) -> None:
    products = invent_shop(seed, products=60).products
    assert len({product.id for product in products}) == 60
    assert all(p.category and p.title and (p.price or 0) > 0 for p in products)


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("Wall Clocks", "Wall Clock"),
        ("Cherries", "Cherry"),
        ("Brushes", "Brush"),
        ("Glass", "Glass"),
    ],
)
def test_singular(name: str, one: str) -> None:
    assert singular(name) == one


def test_the_splits_share_no_template() -> None:
    for name in intentions():
        train, heldout = set(templates(name, "train")), set(templates(name, "heldout"))
        held = {t for t in train | heldout if is_held_out(t)}
        assert train
        assert heldout
        if held and held != train | heldout:
            assert not train & heldout, name


def test_every_intention_has_wordings_and_every_wording_an_intention() -> None:
    assert set(INTENTIONS) == set(intentions())


def test_pieces_carry_what_is_meant() -> None:
    fill = {"val": "red", "brand": "acme", "cat": "shoes", "oldcat": "boots"}.get
    seen = set()
    for seed in range(200):
        pieces = word_turn("exclude", "train", lambda slot, role: fill(slot), random.Random(seed))
        if pieces:
            seen |= {(piece.text, piece.role) for piece in pieces}
    assert ("red", "not") in seen
    assert ("acme", "not") in seen
    assert ("red", "want") not in seen


def test_a_slot_that_cannot_be_filled_gives_no_message() -> None:
    assert word_turn("ask_name", "train", lambda slot, role: None, random.Random(1)) is None


def test_the_message_is_its_pieces() -> None:
    assert message_text([Piece("not ", "skip"), Piece("red", "not")]) == "not red"


def test_a_shopper_says_what_fits_the_moment() -> None:
    shop = invent_shop(3)
    start = Counter(
        turn.action for n in range(60) if (turn := Shopper(shop, "train", n).next(Moment()))
    )
    assert set(start) <= {"new", "reply"}
    shown = tuple(shop.products[:5])
    search = SearchArguments(category=[shown[0].category_levels()[0]])
    later = [Shopper(shop, "train", n).next(Moment(search, shown, 1)) for n in range(400)]
    actions = Counter(turn.action for turn in later if turn)
    assert {"refine", "product", "compare", "similar", "more", "cheaper", "new"} <= set(actions)
    for turn in later:
        if turn and turn.action in ("product", "similar"):
            assert 1 <= turn.numbers[0] <= 5


def test_a_shopper_repeats_itself_from_its_seed() -> None:
    shop = invent_shop(3)
    assert Shopper(shop, "train", 1).next(Moment()) == Shopper(shop, "train", 1).next(Moment())
