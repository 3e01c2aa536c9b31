"""Training of the span scorer: labelled rows made into numbers, and the loop over them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from shopclerk.finetune.attribute_data import own_counts
from shopclerk.finetune.attribute_net import Item, SpanModel
from shopclerk.finetune.run import Progress, silent
from shopclerk.models.attribute_features import Evidence, span_features
from shopclerk.models.attribute_gazetteer import Gazetteer, Labelled
from shopclerk.models.attribute_prompt import MAX_NAMES, PromptWriter
from shopclerk.models.attribute_spans import find_value


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
        loss = model.losses(batch, keep)
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
