"""Model numbers, measures and variants read out of listings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.signs import colour_words, first_unit, measures, read_signs


def signs(title, **more):
    return read_signs(Listing.of({"id": "1", "title": title, **more}))


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Sony Cyber-shot DSC-W120 camera", ("dscw120",)),
        ("netgear xav5001-100nas", ("xav5001100nas",)),
        ("vgnaw110j/h notebook", ("vgnaw110jh",)),
        ("hard disk 320gb 1080p", ()),
        ("part 97185", ("97185",)),
        ("edition 2007", ()),
    ],
    ids=["hyphen", "suffix", "slash", "measures", "digits", "year"],
)
def test_codes(title, codes):
    assert signs(title).codes == codes


def test_a_model_attribute_comes_first():
    found = signs("D-Link switch DGS1008", attributes={"modelno": "dgs-1008p"})
    assert found.codes == ("dgs1008p", "dgs1008")


def test_numbers_in_the_description_count_where_the_title_has_none():
    assert signs("speaker", description="model TCH810ZX").codes == ("tch810zx",)


def test_a_model_number_in_several_words():
    assert "dgs1008p" in signs("d-link dgs 1008p switch").spaced


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 tb disk", {"storage": {1000}}),
        ("500GB disk".lower(), {"storage": {500}}),
        ('24" screen', {"length": {60.96}}),
        ("2.26 ghz", {"frequency": {2.26}}),
        ("1,200 mah", {"charge": {1200}}),
        ("2,5 kg", {"weight": {2500}}),
        ("2 in 1", {}),
        ("pack of 3", {}),
    ],
    ids=["blank", "joined", "quote", "point", "thousands", "comma", "word", "nothing"],
)
def test_measures(text, found):
    assert measures(text) == {name: frozenset(values) for name, values in found.items()}


def test_colours_mean_the_same_in_several_languages():
    assert signs("Puma Nero").variants["colour"] == signs("Puma Noir").variants["colour"]
    assert colour_words()["schwarz"] == "black"


def test_every_dimension_has_a_first_unit_of_factor_one():
    assert first_unit("storage") == "gb"
    assert measures("1 gb") == {"storage": frozenset({1})}


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    found = signs(text or "x")
    assert len(found.codes) <= 12
    assert all(code.isalnum() for code in found.codes)
