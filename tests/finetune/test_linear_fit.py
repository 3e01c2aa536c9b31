"""Fitting linear heads."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from shopclerk.finetune.fusion_fit import FitNumbers, falling, split
from shopclerk.finetune.grouped_loss import GroupedLoss
from shopclerk.finetune.linear_fit import fit_head
from shopclerk.models.linear_heads import Inputs
from shopclerk.models.tag_groups import TagGroup


@pytest.fixture
def problem():
    """Two hundred listings of two labels, told by the first number and the first term."""
    random = np.random.default_rng(1)
    truth = random.integers(2, size=200)
    picture = random.normal(size=(200, 5)).astype(np.float32)
    picture[:, 0] += 3 * truth
    terms = csr_array(np.eye(3, dtype=np.float32)[truth])
    seen = np.ones(200, bool)
    inputs = Inputs(picture, terms, np.zeros((200, 2), np.float32), seen, seen)
    loss = GroupedLoss(
        np.eye(2, dtype=np.float32)[truth],
        [TagGroup(np.arange(2), True)],
        np.ones(200, np.float32),
        np.zeros(2, np.float32),
    )
    return inputs, loss, truth


@pytest.mark.parametrize("parts", [("picture",), ("terms", "meaning")], ids=["dense", "sparse"])
def test_labels_are_told_apart(problem, parts):
    inputs, loss, truth = problem
    head, _ = fit_head(inputs, parts, loss, 2, decays=[0.01], iterations=50)
    assert (head.logits(inputs).argmax(axis=1) == truth).mean() > 0.9
    assert set(head.weights) == set(parts)


def test_a_larger_penalty_makes_smaller_weights(problem):
    inputs, loss, _ = problem
    sizes = [
        np.abs(
            fit_head(inputs, ("picture",), loss, 2, decays=[decay], iterations=50)[0].weights[
                "picture"
            ]
        ).sum()
        for decay in (1.0, 0.01)
    ]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize(
    ("heights", "chosen"),
    [([3.0, 1.0, 2.0], 0.1), ([1.0, 2.0], 1.0), ([3.0, 2.0, 1.0], 0.01)],
    ids=["in the middle", "the first", "the last"],
)
def test_the_penalty_that_judges_best_is_kept(problem, heights, chosen):
    inputs, loss, _ = problem
    left = iter(heights)
    _, decay = fit_head(
        inputs,
        ("picture",),
        loss,
        2,
        decays=[1.0, 0.1, 0.01],
        iterations=3,
        judge=lambda _: next(left),
    )
    assert decay == chosen


@pytest.mark.parametrize(
    ("decays", "good"),
    [((0.1, 0.01), True), ([0.1], True), ((0.01, 0.1), False), ((), False), ("0.1", False)],
)
def test_penalties_fall(decays, good):
    assert falling(decays) is good


def test_a_split_has_every_listing_once():
    learned, held = split(100, FitNumbers())
    assert sorted([*learned, *held]) == list(range(100))
    assert len(held) == 20
    assert len(split(10, FitNumbers())[1]) == 0
