"""The loss over groups of labels and labels that stand alone."""

import numpy as np
import pytest

from shopclerk.finetune.grouped_loss import GroupedLoss
from shopclerk.models.tag_groups import TagGroup

GROUPS = [TagGroup(np.array([0, 1, 2]), True), TagGroup(np.array([3, 4]), False)]
TARGETS = np.array([[1, 0, 0, 1, 0, 1], [0, 0.9, 0.1, 0, 0, 0], [0, 0, 0, 0, 1, 1]], np.float32)


def made(weights=(1.0, 0.5, 1.5), offset=0.0):
    offsets = np.full(6, offset, np.float32) * np.arange(6, dtype=np.float32)
    return GroupedLoss(TARGETS, GROUPS, np.array(weights, np.float32), offsets)


@pytest.mark.parametrize("offset", [0.0, 0.3], ids=["plain", "adjusted"])
def test_the_gradient_is_the_slope(offset):
    loss = made(offset=offset)
    # A listing without a label of a group that is always there teaches nothing, so the loss is flat there.
    logits = np.random.default_rng(4).normal(size=TARGETS.shape).astype(np.float32)
    _, gradient = loss(logits)
    for row, column in np.ndindex(logits.shape):
        step = np.zeros_like(logits)
        step[row, column] = 1e-2
        slope = (loss(logits + step)[0] - loss(logits - step)[0]) / 2e-2
        assert gradient[row, column] == pytest.approx(slope, abs=2e-3)


def test_the_right_logits_lose_least():
    loss = made()
    assert loss((TARGETS * 20 - 10).astype(np.float32))[0] < loss(np.zeros_like(TARGETS))[0]


def test_a_part_of_the_listings():
    logits = np.random.default_rng(4).normal(size=TARGETS.shape).astype(np.float32)
    loss = made(weights=(1.0, 1.0, 1.0))
    each = [loss.take(np.array([row]))(logits[[row]])[0] for row in range(3)]
    assert loss(logits)[0] == pytest.approx(np.mean(each), rel=1e-4)
