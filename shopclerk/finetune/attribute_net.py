"""The span scorer in torch: an encoder's states and a shop's counts to log-probabilities of spans.

The loss of a name is -log of the probability that the softmax over `not stated` and all candidate spans gives to the
right ones together: wherever the value stands in the text will do. `models/attribute_head.py` computes the same in numpy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from shopclerk.models.attribute_features import (
    ASKED_BEFORE,
    NAME_FEATURES,
    SPAN_FEATURES,
    WITHHELD,
)
from shopclerk.models.attribute_gazetteer import Labelled
from shopclerk.models.attribute_head import PARTS, SHARE
from shopclerk.models.attribute_prompt import Prompt

HIDDEN, WIDTH, STATES = 48, 128, 384


@dataclass(frozen=True, slots=True)
class Item:
    """One window of a text, made into numbers.

    Attributes:
        names: The names asked for.
        features: `(names, spans, SPAN_FEATURES)`.
        about: `(names, NAME_FEATURES)`.
        spans: `(spans, 2)`.
        right: For each name the columns of the right spans, 0 for `not stated`.
        prompt: Its row of tokens, None where no encoder reads it.
        row: The window itself.
    """

    names: tuple[str, ...]
    features: Tensor
    about: Tensor
    spans: Tensor
    right: tuple[tuple[int, ...], ...]
    prompt: Prompt | None
    row: Labelled


class SpanModel(nn.Module):
    """Encoder and head.

    Args:
        encoder: A BERT model, adapters and all; None for counts alone.
    """

    def __init__(self, encoder: Any | None) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.ModuleDict(
            {"span": _network(SPAN_FEATURES), "none": _network(NAME_FEATURES)}
        )
        if encoder is not None:
            for part in PARTS:
                self.head[part] = nn.ModuleDict(
                    {"piece": nn.Linear(STATES, WIDTH), "name": nn.Linear(STATES, WIDTH)}
                )
            self.head["none"]["state"] = nn.Linear(STATES, 1)  # type: ignore[operator]
            self.head["alone"] = nn.ModuleDict(
                {"span": _network(SPAN_FEATURES), "none": _network(NAME_FEATURES)}
            )

    def forward(self, items: Sequence[Item], keep: Sequence[Tensor] | None = None) -> list[Tensor]:
        """Return log-probabilities `(names, 1 + spans)` of each item.

        Args:
            items: The rows.
            keep: For each item `(names,)`, 0 where a name's counts are withheld.
        """
        states = self._states(items) if self.encoder is not None else [None] * len(items)
        kept = keep or [torch.ones(len(item.names)) for item in items]
        read = [self._scores(*each) for each in zip(items, states, kept, strict=True)]
        if self.encoder is None:
            return read
        return [
            _mixed(one, self.counted(item), item) for one, item in zip(read, items, strict=True)
        ]

    def losses(self, items: Sequence[Item], keep: Sequence[Tensor]) -> Tensor:
        """Return the loss of a batch: that of the whole, and that of the network that reads counts alone."""
        states = self._states(items) if self.encoder is not None else [None] * len(items)
        read = [self._scores(*each) for each in zip(items, states, keep, strict=True)]
        loss = loss_of(read, items)
        if self.encoder is not None:
            loss = loss + loss_of([self.counted(item) for item in items], items)
        return loss

    def counted(self, item: Item) -> Tensor:
        """Return what the network that reads counts alone makes of an item."""
        alone: Any = self.head["alone"]
        found = _apply(alone["span"], item.features)[:, :, 0]
        none = _apply(alone["none"], item.about)
        return torch.log_softmax(torch.cat([none, found], dim=1), dim=1)

    def _states(self, items: Sequence[Item]) -> list[Tensor]:
        rows = [item.prompt.ids for item in items if item.prompt]
        longest = max(map(len, rows))
        ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state  # type: ignore[misc]
        return list(hidden.float())

    def _scores(self, item: Item, states: Tensor | None, keep: Tensor) -> Tensor:
        left = torch.maximum(keep[:, None, None], torch.from_numpy(WITHHELD))
        found = _apply(self.head["span"], item.features * left)[:, :, 0]
        none = _apply(self.head["none"], item.about * keep[:, None])
        if states is not None and item.prompt is not None:
            names = torch.stack([states[a:b].mean(0) for a, b in item.prompt.names.tolist()])
            found = found + self._state_scores(states, names, item)
            stated: Any = self.head["none"]
            none = none + stated["state"](names)
        return torch.log_softmax(torch.cat([none, found], dim=1), dim=1)

    def _state_scores(self, states: Tensor, names: Tensor, item: Item) -> Tensor:
        assert item.prompt is not None
        places = torch.from_numpy(item.prompt.pieces)
        first, last = states[places[:, 0]], states[places[:, 1]]
        by_part = {"start": first, "end": last, "inside": (first + last) / 2}
        logits: dict[str, Tensor] = {}
        for part, pieces in by_part.items():
            head: Any = self.head[part]
            logits[part] = head["name"](names) @ head["piece"](pieces).T / WIDTH**0.5
        total = nn.functional.pad(logits["inside"].cumsum(1), (1, 0))
        begin, end = item.spans[:, 0], item.spans[:, 1]
        outer: Tensor = logits["start"][:, begin] + logits["end"][:, end]
        return outer + total[:, end + 1] - total[:, begin]


def _mixed(read: Tensor, counted: Tensor, item: Item) -> Tensor:
    share = SHARE * (item.about[:, ASKED_BEFORE, None] > 0)
    return torch.log_softmax((1 - share) * read + share * counted, dim=1)


def _network(width: int) -> nn.ModuleDict:
    return nn.ModuleDict({"in": nn.Linear(width, HIDDEN), "out": nn.Linear(HIDDEN, 1)})


def _apply(network: Any, x: Tensor) -> Tensor:
    hidden = nn.functional.gelu(network["in"](x), approximate="tanh")
    scores: Tensor = network["out"](hidden)
    return scores


def loss_of(scores: Sequence[Tensor], items: Sequence[Item]) -> Tensor:
    """Return the mean loss of a batch's names."""
    losses = [
        -torch.logsumexp(row[list(right)], 0)
        for matrix, item in zip(scores, items, strict=True)
        for row, right in zip(matrix, item.right, strict=True)
    ]
    return torch.stack(losses).mean()
