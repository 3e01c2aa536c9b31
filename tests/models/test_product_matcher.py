"""The matcher: probabilities, reasons, files."""

import json
from dataclasses import replace

import numpy as np
import pytest

from shopclerk.errors import MissingModelError
from shopclerk.models.matching.listing import Listing
from shopclerk.models.product_matcher import (
    FACTS_FILE,
    WEIGHTS_FILE,
    ProductMatcher,
    open_matcher,
)
from tests.matching import invented_pairs, small_matcher

OFFER = Listing("a", "Fellwind camera AK-123 black", price=50.0)
SAME = Listing("b", "fellwind ak123 camera", price=48.0)
OTHER = Listing("c", "fellwind ak124 camera", price=49.0)


def judged(matcher, *listings):
    known = matcher.read(list(listings))
    count = len(listings) - 1
    return matcher.matches(known, np.zeros(count, np.int64), np.arange(1, count + 1))


@pytest.mark.parametrize("matcher", [small_matcher, open_matcher], ids=["trained", "shipped"])
def test_the_same_and_another_model(matcher):
    same, other = judged(matcher(), OFFER, SAME, OTHER)
    assert (same.same, other.same) == (True, False)
    assert same.reasons[0] == "same model number AK123"
    assert other.reasons[0] == "model numbers differ: AK123 and AK124"
    assert "price differs by 4%" in same.reasons
    assert same.made_by == matcher().id


def test_other_weights_of_the_same_id_have_another_fingerprint():
    matcher = small_matcher()
    trees = {**matcher.alone.tensors, "value": matcher.alone.tensors["value"] * 2}
    other = replace(matcher, alone=replace(matcher.alone, tensors=trees))
    assert matcher.id == other.id
    assert matcher.fingerprint == small_matcher().fingerprint != other.fingerprint


def test_no_pairs():
    matcher = small_matcher()
    nothing = np.zeros(0, np.int64)
    assert matcher.matches(matcher.read([OFFER]), nothing, nothing) == []


def test_a_pair_given_twice_or_turned_round_is_judged_alike():
    matcher = small_matcher()
    known = matcher.read([OFFER, SAME, OTHER])
    found = matcher.probabilities(known, np.array([0, 1, 0, 0]), np.array([1, 0, 2, 1]))
    assert found[0] == found[1] == found[3]


def test_some_pairs_asked_for_have_all_as_rivals():
    matcher = small_matcher()
    known = matcher.read([OFFER, SAME, OTHER])
    left, right = np.array([0, 0]), np.array([1, 2])
    features = matcher.features(known, left, right)
    every = matcher.from_features(features, left, right)
    assert matcher.from_features(features, left, right, only=slice(1, 2)) == every[1:]


def test_a_saved_matcher_says_the_same(tmp_path):
    matcher = small_matcher()
    matcher.save(tmp_path)
    again = ProductMatcher.load(tmp_path)
    assert [each.probability for each in judged(again, OFFER, SAME, OTHER)] == [
        each.probability for each in judged(matcher, OFFER, SAME, OTHER)
    ]
    assert again.threshold == matcher.threshold


def broken_weights(folder):
    (folder / WEIGHTS_FILE).write_bytes(b"nonsense")


def other_features(folder):
    facts = json.loads((folder / FACTS_FILE).read_text())
    facts["features"]["alone"][0] = "something else"
    (folder / FACTS_FILE).write_text(json.dumps(facts))


def no_facts(folder):
    (folder / FACTS_FILE).unlink()


@pytest.mark.parametrize("damage", [broken_weights, other_features, no_facts])
def test_a_damaged_matcher_is_refused(tmp_path, damage):
    small_matcher().save(tmp_path)
    damage(tmp_path)
    with pytest.raises(MissingModelError, match="finetune match"):
        ProductMatcher.load(tmp_path)


def test_the_shipped_matcher_tells_goods_of_other_shops_apart():
    matcher, right = open_matcher(), 0
    records = invented_pairs(20, seed=11)
    for record in records:
        two = [Listing.of(record[side]) for side in ("left", "right")]
        right += judged(matcher, *two)[0].same == bool(record["label"])
    assert right / len(records) > 0.8


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        ({"title": "disk 500gb"}, {"title": "disk 1tb"}, "storage differs: 500 gb and 1000 gb"),
        ({"title": "shoe red"}, {"title": "shoe noir"}, "colour differs: red and black"),
        ({"title": "x", "price": 5}, {"title": "x", "price": 5}, "same price"),
        (
            {"title": "x", "price": 5},
            {"title": "x", "price": 5, "currency": "EUR"},
            "prices are in USD and EUR",
        ),
        ({"title": "x", "brand": "A"}, {"title": "x", "brand": "a"}, "same brand A"),
        ({"title": "x y"}, {"title": "y x"}, "same words in the title"),
        ({"title": "lamp"}, {"title": "lamp upgrade"}, "only one says upgrade"),
        (
            {"title": "x", "attributes": {"size": "8"}},
            {"title": "x", "attributes": {"Size": "9"}},
            "size differs: 8 and 9",
        ),
    ],
    ids=lambda value: value.split(":")[0] if isinstance(value, str) else "",
)
def test_reasons(left, right, reason):
    two = [Listing.of({"id": name, **each}) for name, each in (("a", left), ("b", right))]
    assert reason in judged(small_matcher(), *two)[0].reasons
