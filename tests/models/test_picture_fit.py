"""How well a space fits a catalogue, told from the catalogue alone."""

import numpy as np
import pytest

from shopclerk.models.picture_fit import Listings, agreement, agreements
from shopclerk.models.picture_space import PictureSpace
from tests.eyes import random_head, unit

PLAIN = PictureSpace("class names", 6)
"""Finds by the look alone."""


def listings(seed=0, each=12, noise=0.3):
    """Three kinds of things: their pictures and their texts are alike within a kind."""
    random = np.random.default_rng(seed)
    kinds = np.repeat(np.arange(3), each)
    looks, texts = unit(3, 6, 1)[kinds], unit(3, 5, 2)[kinds]

    def noisy(rows):
        rows = rows + noise * random.normal(size=rows.shape)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    return Listings(noisy(looks), noisy(texts), [[f"kind{kind}"] for kind in kinds])


def shuffled(given, seed=1):
    """Pictures with the listings of others."""
    order = np.random.default_rng(seed).permutation(len(given))
    return Listings(given.vectors, given.texts[order], [given.terms[at] for at in order])


def test_a_part_keeps_pictures_and_listings_together():
    given = listings()
    part = given.part([5, 0, 30])
    assert (len(given), len(part)) == (36, 3)
    np.testing.assert_array_equal(part.vectors, given.vectors[[5, 0, 30]])
    np.testing.assert_array_equal(part.texts, given.texts[[5, 0, 30]])
    assert part.terms == [["kind0"], ["kind0"], ["kind2"]]


def test_listings_that_look_alike_agree_where_pictures_belong_to_them():
    given = listings()
    by_space, by_look = agreement(PLAIN, given, given)
    assert by_space == by_look > 0.3


@pytest.mark.parametrize(
    "head", [None, random_head(size=6, meaning=5)], ids=["look", "random head"]
)
def test_nothing_agrees_where_listings_are_those_of_others(head):
    space = PictureSpace("own head" if head else "class names", 6, head)
    found = [shuffled(listings(seed, 40), seed) for seed in range(5)]
    told = np.concatenate([agreements(space, given, given) for given in found])
    error = told.std(axis=0) / np.sqrt(len(told))
    assert (np.abs(told.mean(axis=0)) < 4 * error).all()


def test_what_all_listings_share_counts_nothing():
    given = listings()
    alike = Listings(given.vectors, np.repeat(given.texts[:1], 36, axis=0), given.terms)
    np.testing.assert_allclose(agreements(PLAIN, alike, alike), 0.0, atol=1e-6)


@pytest.mark.parametrize("count", [2, 3, 10])
def test_a_picture_does_not_find_itself(count):
    texts = np.eye(count, dtype=np.float32)
    given = Listings(unit(count, 6), texts, [[]] * count)
    found = agreements(PLAIN, given, given)
    np.testing.assert_allclose(found, -1 / count, atol=1e-6)  # only itself would have been like it


def test_pictures_that_are_all_one_find_nothing():
    given = Listings(np.repeat(unit(1, 6), 4, axis=0), unit(4, 5), [[]] * 4)
    assert agreement(PLAIN, given, given) == (0.0, 0.0)


def test_order_does_not_matter():
    given, order = listings(), np.random.default_rng(2).permutation(36)
    space = PictureSpace("own head", 6, random_head(("kind0", "kind1"), size=6, meaning=5))
    straight = agreements(space, given, given)
    permuted = agreements(space, given.part(reversed(range(36))), given.part(order))
    np.testing.assert_allclose(permuted, straight[order], atol=1e-5)


def test_nothing_asked_nothing_told():
    given = listings()
    assert agreement(PLAIN, given, given.part([])) == (0.0, 0.0)
