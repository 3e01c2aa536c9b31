from shopclerk.catalog.facets import FacetCount
from shopclerk.ui.filters import MOST_FIELDS, conditions, joined, offered

FACETS = {
    "colour": [FacetCount("Blue", 6), FacetCount("Red", 3)],
    "brand": [FacetCount("Fell", 9)],
    "category": [FacetCount("Shoes", 9)],
    "rare": [FacetCount("x", 1), FacetCount("y", 0)],
    "same": [FacetCount("only", 10)],
    "empty": [],
}


def test_categories_and_brands_come_first_then_what_tells_apart():
    fields = offered(FACETS, 20)
    assert [name for name, _ in fields] == ["category", "brand", "colour"]
    assert fields[2][1] == [("Blue (6)", "Blue"), ("Red (3)", "Red")]


def test_never_more_than_there_are_places():
    many = {f"f{n}": [FacetCount("a", 5), FacetCount("b", 5)] for n in range(9)}
    assert len(offered(many, 10)) == MOST_FIELDS
    assert offered({}, 0) == []


def test_what_is_picked_becomes_conditions():
    assert conditions({"category": ["Shoes"], "colour": ["Red"], "brand": []}, 5, None) == {
        "category": {"under": ["Shoes"]},
        "colour": {"in": ["Red"]},
        "price": {">=": 5},
    }


def test_both_sets_of_conditions_hold():
    one, other = {"price": {"<=": 50}, "brand": {"in": ["A"]}}, {"price": {">=": 5}}
    assert joined(one, other) == {"price": {"<=": 50, ">=": 5}, "brand": {"in": ["A"]}}
    assert joined({}, {}) == {}
