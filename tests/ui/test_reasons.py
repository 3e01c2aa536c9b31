from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Hit
from shopclerk.tools.arguments import SearchArguments
from shopclerk.ui.reasons import reasons_for, reasons_of

SHOE = Product(
    id="s1",
    title="Trail running shoe",
    brand="Fell",
    category="Footwear > Running Shoes",
    price=89,
    rating=4.5,
    attributes={"Colour": "Blue"},
)


def test_what_is_met_is_named():
    asked = SearchArguments(
        query="trail", category=["Running Shoes"], filters={"colour": ["blue"]}, price_max=100
    )
    assert reasons_for(SHOE, asked) == ("blue", "Running Shoes", "under $100.00", "has trail")


def test_what_is_not_met_is_not():
    asked = SearchArguments(query="kettle", category=["Mugs"], filters={"colour": ["red"]})
    assert reasons_for(SHOE, asked) == ()


def test_pictures_and_ratings():
    asked = SearchArguments(rating_min=4, image="picture-1")
    assert reasons_for(SHOE, asked) == ("rated 4 or better", "looks like your photo")


def test_a_hit_without_words_in_common_tells_its_meaning():
    assert reasons_of(Hit(SHOE, semantic=0.61), {"query": "jogging"}) == ("near in meaning (61%)",)
    assert reasons_of(Hit(SHOE, same_picture=True), {})[0] == "the very picture"
