"""What no answer of a model may say."""

import pytest

from shopclerk.agents.claims import unfounded
from shopclerk.catalog.product import Product
from shopclerk.prompts.loader import load_prompt

LAMP = Product(
    id="lamp-7",
    title="Lumora Desk Lamp, 40 cm",
    description="Free delivery and a lifetime warranty! See http://evil.example/x.",
    price=40.0,
    attributes={"fabric": "Organic cotton"},
    url="https://shop.example/lamp-7",
)
PROMPT = load_prompt("answer")


def said(answer: str, request: str = "a lamp for up to 60") -> list[str]:
    """What is wrong with an answer on the lamp."""
    return unfounded(answer, [LAMP], request, PROMPT)


@pytest.mark.parametrize(
    "answer",
    [
        "The Lumora Desk Lamp costs $40.00 and fits your limit of $60.",
        "It stands 40 cm high; its fabric is organic cotton.",
        "More on it at https://shop.example/lamp-7.",
        "Here is one, in brass: shall I look for others?",
    ],
)
def test_what_may_be_said(answer: str) -> None:
    assert said(answer) == []


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("It costs $7.00.", "$7.00"),
        ("It comes with free delivery.", "free"),
        ("It has a lifetime warranty.", "warranti"),
        ("Buy it at http://evil.example/x.", "http://evil.example/x."),
        ("Go to evil.example now.", "evil.example"),
        ("Write to pay@evil.example.", "pay@evil.example"),
        ("![x](data)", "!["),
        ("<img src=x>", "<i"),
        ("Es gibt 10% Rabatt.", "rabatt"),
    ],
)
def test_what_may_not(answer: str, found: str) -> None:
    problems = said(answer)
    assert problems
    assert any(found[:5].casefold() in problem.casefold() for problem in problems)


def test_a_stretch_of_the_prompt() -> None:
    assert said("You answer a shopper in a shop's chat.")
    assert said("I answer shoppers.") == []
