"""What a message takes back depends on the search in effect."""

import pytest

from shopclerk.agents.context import Context
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.reading import Reading, read_message
from shopclerk.agents.takebacks import settled
from shopclerk.catalog.product import Product
from shopclerk.tools.arguments import SearchArguments

FACETS = {
    "category": {"Tiles": 3, "Watches": 3},
    "material": {"Slate": 3, "Oak": 2, "Leather": 2},
    "strap": {"Leather": 2},
    "colour": {"Red": 2, "Blue": 2},
}
LEXICON = Lexicon(FACETS)


def settle(text: str, search: SearchArguments | None, shown: tuple[Product, ...] = ()) -> Reading:
    focus = [shown[0].id] if shown else []
    return settled(
        read_message(text, LEXICON), Context(shown=list(shown), search=search, focus=focus)
    )


@pytest.mark.parametrize(
    "text",
    ["doesn't have to be slate", "then forget slate", "slate isn't needed", "need not be slate"],
)
def test_a_value_held_is_let_go(text: str) -> None:
    reading = settle(text, SearchArguments(filters={"material": ["Slate"]}))
    assert reading.relaxed == {"material"}
    assert not reading.wanted
    assert not reading.unwanted


def test_a_value_not_held_is_not_let_go() -> None:
    reading = settle("forget oak", SearchArguments(filters={"material": ["Slate"]}))
    assert not reading.relaxed


def test_a_value_ruled_out_is_allowed_again_in_whatever_field_it_was() -> None:
    reading = settle("actually leather is ok too", SearchArguments(exclude={"strap": ["Leather"]}))
    assert reading.relaxed == {"strap"}
    assert not reading.wanted


def test_a_value_is_allowed_beside_the_one_held() -> None:
    reading = settle("blue is fine too", SearchArguments(filters={"colour": ["Red"]}))
    assert reading.wanted == {"colour": ["Red", "Blue"]}
    assert reading.allowed == reading.wanted


def test_a_value_allowed_is_wanted_where_there_was_none() -> None:
    assert settle("blue is fine", None).wanted == {"colour": ["Blue"]}


def test_the_same_is_what_was_searched_for_or_else_what_was_spoken_of() -> None:
    text = "watches in the same material"
    held = SearchArguments(filters={"material": ["Oak"]})
    assert settle(text, held).wanted["material"] == ["Oak"]
    slate = Product(id="1", title="Tile", attributes={"material": "Slate"})
    assert settle(text, None, (slate,)).wanted["material"] == ["Slate"]
    assert "material" not in settle(text, None).wanted
