"""The tool `find_similar`."""

import pytest

from shopclerk.errors import TryAgainError
from shopclerk.tools.result import artifact_of

CASES = {
    "price": ({"price_max": 70}, {"run-3"}),
    "filter": ({"filters": {"gender": ["Women"]}}, {"run-2"}),
    "nothing fits": ({"filters": {"colour": ["Mauve"]}}, set()),
}


def test_the_nearest_come_first_without_the_product_itself(call):
    message = call("find_similar", id="run-1")
    ids = [product.id for product in artifact_of(message).products]
    assert ids[0] == "run-2"
    assert "run-1" not in ids
    assert message.content.startswith("Like [run-1] Fellwind Cadence")


@pytest.mark.parametrize(("limits", "ids"), CASES.values(), ids=CASES)
def test_limits_hold(call, limits, ids):
    result = artifact_of(call("find_similar", id="run-1", **limits))
    assert {product.id for product in result.products} == ids
    assert result.total == len(ids)


def test_an_unknown_id_can_be_mended(call):
    with pytest.raises(TryAgainError, match="No product has the id 'nope'"):
        call("find_similar", id="nope")


def test_similar_to_nothing_can_be_mended(call):
    with pytest.raises(TryAgainError, match="Name a product by its id, or a picture by its name"):
        call("find_similar", price_max=10)


def test_an_unknown_filter_can_be_mended(call):
    with pytest.raises(TryAgainError, match="Unknown field 'flavour'"):
        call("find_similar", id="run-1", filters={"flavour": ["Mint"]})
