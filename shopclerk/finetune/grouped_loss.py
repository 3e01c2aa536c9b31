"""The loss over labels: a softmax for each group of labels that rule each other out, a sigmoid for each that stands alone.

A classifier is one group that holds all labels. A tagger may have several groups, learned from its data
(`models/tag_groups.py`), and labels beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.tag_groups import TagGroup, chances

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class GroupedLoss:
    """The mean cross-entropy of logits against targets.

    Attributes:
        targets: `(n, labels) float32`, 0 to 1; in a group that always has a member the rows sum to one.
        groups: Groups of labels that rule each other out.
        weights: `(n,) float32`, how much each listing counts; the mean is one.
        offset: `(labels,) float32`, added to the logits while learning (logit adjustment, Menon et al. 2021,
            equation 10); zeros for none.
    """

    targets: Vectors
    groups: Sequence[TagGroup]
    weights: Vectors
    offset: Vectors

    def __call__(self, logits: Vectors) -> tuple[float, Vectors]:
        """Return the loss and its gradient by the logits, `(n, labels)`."""
        raised = logits + self.offset
        expected = chances(raised, self.groups)
        # Cross-entropy of softmax and sigmoid have one gradient: what is expected less what is so.
        gradient = (expected - self.targets) * self.weights[:, None]
        for group in self.groups:
            if group.always:
                # A listing without a label of the group teaches nothing about it.
                gradient[:, group.columns] *= (
                    self.targets[:, group.columns].sum(1, keepdims=True) > 0
                )
        return self._loss(expected), np.asarray(gradient / len(logits), np.float32)

    def _loss(self, expected: Vectors) -> float:
        kept = np.clip(expected, 1e-7, 1 - 1e-7)
        total = self.targets * np.log(kept)
        alone = np.ones(expected.shape[1], bool)
        for group in self.groups:
            alone[group.columns] = False
            if not group.always:
                none = 1 - self.targets[:, group.columns].sum(1)
                left = np.clip(1 - expected[:, group.columns].sum(1), 1e-7, 1)
                total[:, group.columns[0]] += none * np.log(left)
        total[:, alone] += (1 - self.targets[:, alone]) * np.log(1 - kept[:, alone])
        return -float((total.sum(1) * self.weights).mean())

    def take(self, rows: NDArray[np.intp]) -> "GroupedLoss":
        """Return the loss of some of the listings."""
        return GroupedLoss(self.targets[rows], self.groups, self.weights[rows], self.offset)
