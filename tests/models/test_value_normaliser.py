"""Values in one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.value_normaliser import ValueNormaliser, kind_of
from shopclerk.models.value_programs import Example, learn

TABLES = {
    "shade": ("navy blue", "Main Color", "Navy", "colour"),
    "another language": ("schwarz", "Farbe", "Black", "colour"),
    "size": ("Extra Large", "Size", "XL", "size"),
    "measure of a size": ("12 inches", "size", "12 in", "size"),
    "gender": ("Women's", "Gender", "Women", "gender"),
    "material": ("SS", "Material", "Stainless Steel", "material"),
    "brand": ("HP", "Brand Name", "Hewlett-Packard", "brand"),
    "weight": ("16-Ounce", "Item weight", "16 oz", "quantity"),
    "unknown": ("Sparkly  Dream", "Mood", "Sparkly Dream", "as it is"),
}


def pairs(name, *given, category=""):
    return [Example(raw, (wanted,), name, category) for raw, wanted in given]


CAPACITY = pairs(
    "Capacity", ("500GB", "500"), ("1 TB", "1000"), ("2TB", "2000"), ("80 GB", "80"), ("64GB", "64")
)
MODEL = pairs("Model", ("ab-12", "AB12"), ("x_33 4", "X334"), ("q.9", "Q9"))
WIDTH = pairs("Width", ("27 in", "68.6 cm"), ('32"', "81.3 cm"), ("10 cm", "10.0 cm"))
LEARNED = {
    "to one unit": (CAPACITY, "4 TB", "Capacity", "4000"),
    "in the commonest unit": (CAPACITY, "250", "Capacity", "250"),
    "letters and digits": (MODEL, "zz-7/8", "Model", "zz78"),
    "with unit and decimals": (WIDTH, "24 inch", "Width", "61.0 cm"),
    "seen": (pairs("Type", ("SAS disk", "Hard Drive")), "sas  DISK", "type", "Hard Drive"),
    "similar": (
        pairs(
            "Type",
            ("SAS disk 15K", "Disk"),
            ("SAS disk 10K", "Disk"),
            ("USB cable", "Cable"),
            ("HDMI cable", "Cable"),
        ),
        "SAS disk 7K",
        "Type",
        "Disk",
    ),
}


@pytest.mark.parametrize(("value", "name", "wanted", "by"), TABLES.values(), ids=TABLES)
def test_tables_and_library(value, name, wanted, by):
    found = ValueNormaliser().normalise(value, name)
    assert found.values == (wanted,)
    assert found.raw == value
    assert found.by in (by, "quantity")


@pytest.mark.parametrize(("examples", "value", "name", "wanted"), LEARNED.values(), ids=LEARNED)
def test_a_shops_own_way_is_learned(examples, value, name, wanted):
    found = ValueNormaliser.of(examples).normalise(value, name)
    assert (found.values, found.by) == ((wanted,), "learned")


def test_a_category_has_its_own_way():
    examples = [
        *pairs("Size", ("M", "Medium"), category="Shirts"),
        *pairs("Size", ("M", "Metric"), category="Screws"),
    ]
    normaliser = ValueNormaliser.of(examples)
    assert normaliser.normalise("M", "Size", "Shirts").values == ("Medium",)
    assert normaliser.normalise("M", "Size", "Screws").values == ("Metric",)


def test_one_value_may_become_several():
    normaliser = ValueNormaliser.of([Example("Black/Red", ("Black", "Red"), "Color")])
    assert normaliser.normalise("black/red", "Color").values == ("Black", "Red")


def test_a_brand_is_spelt_as_the_shop_spells_it():
    normaliser = ValueNormaliser.of((), ["K-Way", "Dr. Martens"])
    assert normaliser.normalise("DR MARTENS", "brand").values == ("Dr. Martens",)


def test_a_way_that_is_mostly_wrong_is_not_used():
    rule = learn(pairs("Code", ("a", "Q1"), ("zz", "W8"), ("13", "E6"))).rules["", "code"]
    assert rule.apply("nothing like it") is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Frame Colour", "colour"), ("Manufacturer", "brand"), ("Weight", None), ("", None)],
)
def test_what_a_name_tells(name, kind):
    assert kind_of(name) == kind


@given(st.text(max_size=80), st.sampled_from(["Color", "Size", "Weight", "Brand", ""]))
def test_any_value_is_taken_and_kept(value, name):
    found = ValueNormaliser().normalise(value, name)
    assert found.raw == value
    assert bool(found.values) == bool(value.strip())


@given(st.sampled_from(sorted(TABLES)))
def test_normalising_twice_changes_nothing(case):
    _, name, wanted, _ = TABLES[case]
    assert ValueNormaliser().normalise(wanted, name).values == (wanted,)
