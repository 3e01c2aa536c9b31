"""The torch side of the span scorer: MiniLM with LoRA and a head, trained to put a value's spans before all others.

The loss of a name is -log of the probability that the softmax over `not stated` and all candidate spans gives to the
right ones together: wherever the value stands in the text will do. `models/attribute_head.py` computes the same in numpy.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from shopclerk.finetune.attribute_data import own_counts
from shopclerk.finetune.run import Progress, silent
from shopclerk.models.attribute_features import (
    NAME_FEATURES,
    PLAIN,
    SPAN_FEATURES,
    Evidence,
    span_features,
)
from shopclerk.models.attribute_gazetteer import Gazetteer, Labelled
from shopclerk.models.attribute_head import PARTS
from shopclerk.models.attribute_prompt import MAX_NAMES, Prompt, PromptWriter
from shopclerk.models.attribute_spans import find_value

HIDDEN, WIDTH, STATES = 48, 128, 384


@dataclass(frozen=True, slots=True)
class FitNumbers:
    """How to train.

    Attributes:
        epochs: Passes over the rows.
        batch: Rows a step.
        lr: Peak learning rate of the adapters.
        head_lr: That of the head.
        weight_decay: Decoupled weight decay.
        warmup: Share of the steps in which the learning rate rises.
        forget: Share of the names whose counts are withheld, so that the head can do without them.
        seed: Decides order, initial weights and what is withheld.
    """

    epochs: float = 5.0
    batch: int = 16
    lr: float = 1e-3
    head_lr: float = 3e-3
    weight_decay: float = 0.01
    warmup: float = 0.1
    forget: float = 0.15
    seed: int = 7


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
    """

    names: tuple[str, ...]
    features: Tensor
    about: Tensor
    spans: Tensor
    right: tuple[tuple[int, ...], ...]
    prompt: Prompt | None


def make_items(
    rows: Sequence[Labelled],
    gazetteer: Gazetteer,
    writer: PromptWriter | None,
    *,
    counted: bool,
    progress: Progress = silent,
) -> list[Item]:
    """Make rows into numbers.

    Args:
        rows: Windows with their values.
        gazetteer: The counts.
        writer: Writes prompts; None where no encoder reads them.
        counted: Whether the counts hold the rows themselves, whose share is then left out.
        progress: Called as the work goes on.
    """
    items = []
    for done, row in enumerate(rows):
        if done % 100 == 0:
            progress("Counting evidence", done, len(rows))
        own = own_counts(row, gazetteer) if counted else None
        evidence = Evidence(row.pieces, row.category, gazetteer, own)
        columns = {tuple(span): place for place, span in enumerate(row.pieces.spans.tolist(), 1)}
        right = {name: _right(row, name, columns) for name in row.values}
        names = [name for name in row.values if right[name]]
        for start in range(0, len(names), MAX_NAMES):
            some = tuple(names[start : start + MAX_NAMES])
            features, about = span_features(evidence, some)
            items.append(
                Item(
                    some,
                    torch.from_numpy(features),
                    torch.from_numpy(about),
                    torch.from_numpy(row.pieces.spans),
                    tuple(right[name] for name in some),
                    writer.write(row.category, some, row.pieces) if writer else None,
                )
            )
    return items


def _right(row: Labelled, name: str, columns: dict[tuple[int, ...], int]) -> tuple[int, ...]:
    values = row.values[name]
    if values is None:
        return (0,)
    spans = {span for value in values for span in find_value(row.pieces, value)[0]}
    return tuple(sorted(columns[span] for span in spans if span in columns))


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

    def forward(self, items: Sequence[Item], keep: Sequence[Tensor] | None = None) -> list[Tensor]:
        """Return log-probabilities `(names, 1 + spans)` of each item.

        Args:
            items: The rows.
            keep: For each item `(names,)`, 0 where a name's counts are withheld.
        """
        states = self._states(items) if self.encoder is not None else [None] * len(items)
        kept = keep or [torch.ones(len(item.names)) for item in items]
        return [self._scores(*each) for each in zip(items, states, kept, strict=True)]

    def _states(self, items: Sequence[Item]) -> list[Tensor]:
        rows = [item.prompt.ids for item in items if item.prompt]
        longest = max(map(len, rows))
        ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state  # type: ignore[misc]
        return list(hidden.float())

    def _scores(self, item: Item, states: Tensor | None, keep: Tensor) -> Tensor:
        withheld = torch.ones(len(item.names), 1, SPAN_FEATURES)
        withheld[:, :, PLAIN:] = keep[:, None, None]
        found = _apply(self.head["span"], item.features * withheld)[:, :, 0]
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


def fit(
    model: SpanModel, items: Sequence[Item], numbers: FitNumbers, progress: Progress = silent
) -> int:
    """Train a model in place and return the number of steps."""
    torch.manual_seed(numbers.seed)
    draw = random.Random(numbers.seed)
    adapters = [] if model.encoder is None else list(model.encoder.parameters())
    groups = [
        {"params": [p for p in adapters if p.requires_grad], "lr": numbers.lr},
        {"params": list(model.head.parameters()), "lr": numbers.head_lr},
    ]
    optimizer = torch.optim.AdamW(
        [group for group in groups if group["params"]], weight_decay=numbers.weight_decay
    )
    steps = max(1, round(numbers.epochs * len(items) / numbers.batch))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: _rate(s, steps, numbers.warmup)
    )
    model.train()
    for step, batch in zip(range(steps), _batches(items, numbers.batch, draw), strict=False):
        keep = [
            torch.tensor([float(draw.random() >= numbers.forget) for _ in item.names])
            for item in batch
        ]
        loss = loss_of(model(batch, keep), batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        progress("Training", step + 1, steps)
    model.eval()
    return steps


def _rate(step: int, steps: int, warmup: float) -> float:
    rise = max(1.0, warmup * steps)
    fall = 0.5 * (1 + np.cos(np.pi * min(1.0, step / steps)))
    return float(min((step + 1) / rise, 1.0) * fall)


def _batches(items: Sequence[Item], size: int, draw: random.Random) -> Iterator[list[Item]]:
    """Yield batches without end; rows of like length come together, to pad little."""
    while True:
        order = list(items)
        draw.shuffle(order)
        order.sort(key=lambda item: item.prompt is not None and len(item.prompt.ids) // 12)
        cuts = [order[start : start + size] for start in range(0, len(order), size)]
        draw.shuffle(cuts)
        yield from cuts
