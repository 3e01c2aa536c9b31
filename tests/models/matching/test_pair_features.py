"""Pairs of listings as numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.models.matching.directions import feature_directions
from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.pair_features import pair_features

CAMERA = {"id": "a", "title": "Sony DSC-W120 camera black", "brand": "Sony", "price": 100}


def feature(left, right, name):
    records = [{"id": str(number), **each} for number, each in enumerate((left, right))]
    known = ListingSet.of([Listing.of(record) for record in records])
    return float(pair_features(known, np.array([0]), np.array([1])).column(name)[0])


@pytest.mark.parametrize(
    ("left", "right", "name", "value"),
    [
        (CAMERA, {"title": "sony dscw120"}, "code_shared", 1),
        (CAMERA, {"title": "sony dsc w120"}, "code_shared", 1),
        (CAMERA, {"title": "sony dsc-w130"}, "code_conflict", 1),
        (CAMERA, {"title": "x", "price": 200}, "price_ratio", np.log(2)),
        (CAMERA, {"title": "x", "brand": "SONY"}, "brand_same", 1),
        (CAMERA, {"title": "a sony camera"}, "brand_named", 1),
        (CAMERA, {"title": "a camera"}, "brand_named", -1),
        (CAMERA, {"title": "camera noir"}, "variant_colour", 1),
        (CAMERA, {"title": "camera red"}, "variant_colour", -1),
        (CAMERA, {"title": "camera"}, "variant_colour", -0.5),
        ({"title": "disk 500gb"}, {"title": "disk 0.5 tb"}, "measures_agree", 1),
        ({"title": "disk 500gb"}, {"title": "disk 1 tb"}, "measures_conflict", 1),
        (
            {"title": "x", "attributes": {"Size": "8"}},
            {"title": "x", "attributes": {"size": ["9", "10"]}},
            "attributes_conflict",
            1,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_features(left, right, name, value):
    assert feature(left, right, name) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    ("left", "right", "name"),
    [
        (CAMERA, {"title": "x"}, "price_ratio"),
        (CAMERA, {"title": "x", "price": 100, "currency": "EUR"}, "price_ratio"),
        (CAMERA, {"title": "x"}, "brand_same"),
        (CAMERA, {"title": "x"}, "picture_alike"),
        ({"title": "x", "price": 0}, {"title": "x", "price": 0}, "price_ratio"),
    ],
    ids=["no price", "currency", "no brand", "no picture", "free"],
)
def test_what_is_not_known_is_no_number(left, right, name):
    assert np.isnan(feature(left, right, name))


def test_one_picture_saved_twice():
    records = [{"id": name, "title": "x"} for name in "ab"]
    prints = ["00000000000000ff-aa", "00000000000000fe-bb"]
    known = ListingSet.of([Listing.of(*pair) for pair in zip(records, prints, strict=True)])
    found = pair_features(known, np.array([0]), np.array([1])).column("picture_alike")
    assert found[0] == pytest.approx(63 / 64)


TITLES = st.text("abc 12-/x中é", min_size=0, max_size=20)


@settings(max_examples=40, deadline=None)
@given(st.lists(TITLES, min_size=2, max_size=4))
def test_features_do_not_depend_on_which_comes_first(titles):
    known = ListingSet.of([Listing(str(n), title) for n, title in enumerate(titles)])
    rows = np.arange(len(titles))
    there = pair_features(known, rows, rows[::-1])
    back = pair_features(known, rows[::-1], rows)
    assert np.allclose(there.values, back.values, equal_nan=True, atol=1e-4)


def test_no_pairs():
    known = ListingSet.of([Listing("1", "x")])
    nothing = np.zeros(0, np.int64)
    assert len(pair_features(known, nothing, nothing).values) == 0


def test_directions_of_the_features():
    found = feature_directions(("title_cosine", "price_ratio", "shorter", "alone_rank_more"))
    assert found == {"title_cosine": 1, "price_ratio": -1, "alone_rank_more": -1}
