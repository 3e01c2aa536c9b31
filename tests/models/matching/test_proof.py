"""What settles a pair whatever else is weighed."""

import numpy as np
import pytest

from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.proof import IDENTICAL, OTHER_MODEL, proven


def settled(a, b, probability):
    known = ListingSet.of([Listing("a", **a), Listing("b", **b)])
    rows = np.array([0]), np.array([1])
    return float(proven(known, *rows, np.array([probability], np.float32))[0])


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ({"title": "Blue mug", "price": 5.0}, {"title": "Blue mug", "price": 5.0}, IDENTICAL),
        ({"title": "Blue mug", "price": 5.0}, {"title": "Blue mug", "price": 6.0}, 0.6),
        ({"title": "Teddy BN-1280"}, {"title": "teddy EN1062"}, OTHER_MODEL),
        ({"title": "Teddy BN-1280"}, {"title": "teddy BN1280 EN-1062"}, 0.6),
        ({"title": "Teddy BN-1280"}, {"title": "teddy KX12-A"}, 0.6),
        ({"title": "Teddy 12800"}, {"title": "teddy 10620"}, 0.6),
        ({"title": "Teddy BN-1280"}, {"title": "teddy"}, 0.6),
    ],
    ids=[
        "identical",
        "another price",
        "one scheme",
        "shared",
        "another scheme",
        "bare numbers",
        "none",
    ],
)
def test_pairs_are_settled_or_left(left, right, wanted):
    assert settled(left, right, 0.6) == settled(right, left, 0.6) == pytest.approx(wanted)


def test_what_is_surer_still_stays():
    assert settled({"title": "Mug"}, {"title": "Mug"}, 0.995) == pytest.approx(0.995)
    assert settled({"title": "Mug AB-12"}, {"title": "Mug AC-13"}, 0.001) == pytest.approx(0.001)
