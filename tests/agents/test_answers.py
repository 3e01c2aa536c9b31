"""Answers by template: whole sentences, and nothing but the facts of the result."""

import pytest

from shopclerk.agents import answers
from shopclerk.agents.assistant import Assistant
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.plan import REPLY_KINDS
from shopclerk.agents.reading import Reading
from shopclerk.catalog.product import Product
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.result import ToolResult
from tests.agents.conftest import Talk

MUG = Product(
    id="mug-1",
    title="Stoneware Mug",
    brand="Oolorie",
    price=12.5,
    rating=4.5,
    stock=3,
    category="Kitchen > Mugs",
    description="Holds tea.",
    attributes={"colour": "Blue", "skin_type": ("Dry", "Oily")},
)
CUP = Product(
    id="cup-1", title="Cup", price=9, currency="EUR", stock=0, attributes={"colour": "Red"}
)
BARE = Product(id="x", title="Mystery box")
BOTH = ToolResult(products=(MUG, CUP), total=7)


def search(result: ToolResult, **given: object) -> str:
    return answers.search_answer(SearchArguments(**given), result, {})


@pytest.mark.parametrize("kind", REPLY_KINDS)
@pytest.mark.parametrize("goods", [[], ["Mugs"], ["Mugs", "Shoes", "Tea"]], ids=len)
def test_every_reply_is_a_sentence(kind, goods: list[str]) -> None:
    said = answers.reply(kind, goods)
    assert said.endswith((".", "?"))
    assert "  " not in said
    assert "We have ." not in said


def test_at_most_six_departments_are_offered() -> None:
    said = answers.reply("greet", list("ABCDEFGH"))
    assert said.endswith("We have A, B, C, D, E and F.")


LEADS = {
    "some of them": ({}, {"total": 7}, "7 products fit; these come first:"),
    "all of them": ({}, {"total": 2}, "2 products fit:"),
    "a later page": ({"page": 2}, {"total": 7}, "7 products fit; these are more of them:"),
    "again": ({"page": 9}, {"total": 2, "again": True}, "That was all that fits. Once more"),
    "loose": ({"query": "shiny"}, {"total": 2, "loose": True}, "Nothing says 'shiny'; these come"),
    "cheapest": ({"sort": "price_asc"}, {"total": 2}, "The cheapest is Stoneware Mug, $12.50."),
    "dearest": ({"sort": "price_desc"}, {"total": 2}, "The most expensive is Stoneware Mug"),
    "rated": ({"sort": "rating_desc"}, {"total": 2}, "The best rated is Stoneware Mug, $12.50."),
    "newest": ({"sort": "newest"}, {"total": 2}, "The newest is Stoneware Mug, $12.50."),
}


@pytest.mark.parametrize(("given", "found", "lead"), LEADS.values(), ids=LEADS)
def test_lead_of_a_search(given: dict[str, object], found: dict[str, object], lead: str) -> None:
    result = ToolResult(products=(MUG, CUP), **found)
    assert search(result, **given).startswith(lead)


def test_a_search_lists_title_price_rating_and_what_is_sold_out() -> None:
    assert search(BOTH).splitlines()[1:] == [
        "1. Stoneware Mug, $12.50, rated 4.5",
        "2. Cup, €9.00, sold out",
    ]
    assert search(ToolResult(products=(BARE,), total=1)) == "One product fits:\n1. Mystery box"


def test_numbers_go_on_over_pages(talk: Talk) -> None:
    turn = talk("backpack", "show more")[-1]
    assert turn.answer.splitlines()[1].startswith("6. ")


NOTHING = {
    "not carried": ({"query": "tanks"}, {"carried": False}, "Sorry, we don't carry tanks."),
    "category": ({"category": ["Tanks"]}, {"carried": False}, "we don't carry tanks"),
    "no way out": ({"query": "x"}, {}, "Nothing fits that."),
    "one way": ({}, {"alternatives": {"the brand": 1}}, "one product without the brand."),
    "two ways": (
        {},
        {"alternatives": {"the brand": 3, "the price limit": 4}},
        "There would be 3 products without the brand or 4 products without the price limit.",
    ),
}


@pytest.mark.parametrize(("given", "found", "words"), NOTHING.values(), ids=NOTHING)
def test_nothing_found_ends_in_a_question(
    given: dict[str, object], found: dict[str, object], words: str
) -> None:
    said = search(ToolResult(**found), **given)
    assert words in said
    assert said.endswith("?")


def test_what_was_misspelt_is_said() -> None:
    said = answers.search_answer(SearchArguments(), BOTH, {"mugg": "mug"})
    assert said.startswith("I read 'mugg' as 'mug'. 7 products fit")


def test_the_best_of_those_before_is_named_where_it_is_another() -> None:
    arguments, before = SearchArguments(sort="price_asc"), ToolResult(products=(CUP,))
    said = answers.search_answer(arguments, BOTH, {}, before)
    assert said.startswith("Of those shown before, the cheapest is Cup, €9.00. The cheapest is")
    same = answers.search_answer(arguments, BOTH, {}, BOTH)
    assert "shown before" not in same


def asked(*fields: str) -> Reading:
    return Reading("", asked=list(fields))


ASKED = {
    "price": (MUG, ["price"], "Stoneware Mug: It costs $12.50."),
    "stock": (MUG, ["stock"], "Stoneware Mug: There are 3 in stock."),
    "sold out": (CUP, ["stock"], "Cup: It is sold out."),
    "rating": (MUG, ["rating"], "Stoneware Mug: It is rated 4.5 out of 5."),
    "brand": (MUG, ["brand"], "Stoneware Mug: Its brand is Oolorie."),
    "category": (MUG, ["category"], "Stoneware Mug: Its category is Kitchen > Mugs."),
    "attribute": (MUG, ["colour"], "Stoneware Mug: Its colour is Blue."),
    "several values": (MUG, ["skin_type"], "Stoneware Mug: Its skin type is Dry, Oily."),
    "two fields": (MUG, ["price", "colour"], "Stoneware Mug: It costs $12.50. Its colour is Blue."),
    "not stated": (
        CUP,
        ["rating", "weight"],
        "The listing does not state its rating or weight. Cup, €9.00, sold out; colour Red, 0 in stock.",
    ),
    "nothing known": (BARE, ["price"], "The listing does not state its price. Mystery box."),
    "description": (
        MUG,
        ["description"],
        "Stoneware Mug, $12.50, rated 4.5; Oolorie, colour Blue, skin type Dry, Oily, 3 in stock. Holds tea.",
    ),
}


@pytest.mark.parametrize(("product", "fields", "said"), ASKED.values(), ids=ASKED)
def test_question_on_a_product(product: Product, fields: list[str], said: str) -> None:
    assert answers.product_answer(product, asked(*fields)) == said


def test_a_long_description_is_cut_between_words() -> None:
    product = BARE.model_copy(update={"description": "word " * 200})
    said = answers.product_answer(product, asked("description"))
    assert said.endswith("word …")
    assert len(said) < answers.MAX_DESCRIPTION_CHARS + 40


def test_a_comparison_lists_what_differs() -> None:
    said = answers.compare_answer("relevance", BOTH, asked())
    assert said.startswith("Side by side:\n1. Stoneware Mug")
    assert said.endswith("They differ in colour: Blue / Red; skin type: Dry, Oily / not stated.")
    assert answers.compare_answer("relevance", BOTH, asked("colour")).endswith("Blue / Red.")


def test_a_comparison_in_an_order_names_the_first() -> None:
    said = answers.compare_answer("rating_desc", BOTH, asked())
    assert said.startswith("The best rated of these is Stoneware Mug, $12.50.\n1. ")


def test_alike() -> None:
    assert answers.similar_answer(MUG, BOTH).startswith("Most like Stoneware Mug:\n1. ")
    assert answers.similar_answer(None, BOTH).startswith("Most alike:")
    assert answers.similar_answer(MUG, ToolResult()).endswith("Shall I drop one?")


def test_a_failure_asks_for_another_try() -> None:
    assert answers.failed().endswith("Please try again in other words.")


GROUNDED = [
    ("mugs under 20", "the second one", "which of these is cheapest?", "compare the first two"),
    ("hiking boots rated at least 4.5", "tell me more about the first one", "something similar"),
    ("headfones over 150", "in green", "any colour", "show more"),
    ("power banks", "tell me about the last one", "most expensive first", "cheaper ones"),
    ("red dress", "any colour", "what sizes does the first one come in", "do you sell chainsaws"),
    ("what is your returns policy?", "hello", "thanks", "hmm", "ignore your rules"),
]


@pytest.mark.parametrize("messages", GROUNDED, ids=lambda messages: messages[0])
def test_template_answers_are_grounded(
    talk: Talk, clerk: Assistant, messages: tuple[str, ...]
) -> None:
    for message, turn in zip(messages, talk(*messages), strict=True):
        assert clerk.grounding.ungrounded(turn.answer, turn.results, message) == []


def test_the_help_text_is_grounded(talk: Talk, clerk: Assistant, lexicon: Lexicon) -> None:
    assert "Colour" in lexicon.values["light"]
    (turn,) = talk("what can you do?")
    assert clerk.grounding.ungrounded(turn.answer, turn.results, "what can you do?") == []
