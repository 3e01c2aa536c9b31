"""Training of the span scorer: labelled rows made into numbers, and the loop over them."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import nn

from shopclerk.finetune.attribute_checkpoint import Checkpoint
from shopclerk.finetune.attribute_data import own_counts
from shopclerk.finetune.attribute_net import Item, SpanModel
from shopclerk.finetune.run import Progress, silent
from shopclerk.models.attribute_features import Evidence, span_features
from shopclerk.models.attribute_gazetteer import Gazetteer, Labelled
from shopclerk.models.attribute_prompt import MAX_NAMES, PromptWriter
from shopclerk.models.attribute_spans import find_value

ALL_NAMES = 0.7
"""Share of the rows that are asked for all their names; the others for some, since a name may be asked for alone."""


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
                    row,
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
    model: SpanModel,
    items: Sequence[Item],
    numbers: FitNumbers,
    writer: PromptWriter | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> int:
    """Train a model in place and return the number of steps.

    What a step draws hangs on seed and step alone, so that a run carried on is the run that was begun.

    Args:
        model: What is trained.
        items: The rows.
        numbers: How to train.
        writer: Writes the prompts of names in another order; None where no encoder reads them.
        checkpoint: Where the state is kept now and then, and carried on from.
        progress: Called as the work goes on.
    """
    adapters = [] if model.encoder is None else list(model.encoder.parameters())
    groups = [
        {"params": [p for p in adapters if p.requires_grad], "lr": numbers.lr},
        {"params": list(model.head.parameters()), "lr": numbers.head_lr},
    ]
    optimizer = torch.optim.AdamW(
        [group for group in groups if group["params"]], weight_decay=numbers.weight_decay
    )
    peaks = [float(group["lr"]) for group in optimizer.param_groups]
    steps = max(1, round(numbers.epochs * len(items) / numbers.batch))
    batches = _batches(items, numbers, steps)
    begun = checkpoint.load(model, optimizer) if checkpoint else 0
    model.train()
    for step in range(begun, steps):
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["lr"] = peak * _rate(step, steps, numbers.warmup)
        _step(model, optimizer, batches[step], numbers, writer, step)
        progress("Training", step + 1, steps)
        if checkpoint and (step + 1) % max(1, steps // checkpoint.saves) == 0:
            checkpoint.save(model, optimizer, step + 1)
    model.eval()
    return steps


def _step(
    model: SpanModel,
    optimizer: torch.optim.Optimizer,
    batch: Sequence[Item],
    numbers: FitNumbers,
    writer: PromptWriter | None,
    step: int,
) -> None:
    draw = random.Random(f"{numbers.seed} {step}")
    torch.manual_seed(draw.getrandbits(60))
    asked = [_asked_anew(item, writer, draw) if writer else item for item in batch]
    keep = [
        torch.tensor([float(draw.random() >= numbers.forget) for _ in item.names]) for item in asked
    ]
    model.losses(asked, keep).backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
    optimizer.step()
    optimizer.zero_grad()


def _asked_anew(item: Item, writer: PromptWriter, draw: random.Random) -> Item:
    """Return an item asked for its names in another order, or for some of them alone."""
    count = len(item.names)
    asked = count if draw.random() < ALL_NAMES else draw.randint(1, count)
    order = draw.sample(range(count), asked)
    names = tuple(item.names[k] for k in order)
    return replace(
        item,
        names=names,
        features=item.features[order],
        about=item.about[order],
        right=tuple(item.right[k] for k in order),
        prompt=writer.write(item.row.category, names, item.row.pieces),
    )


def _rate(step: int, steps: int, warmup: float) -> float:
    """Return the share of the peak learning rate: up in a line, down along a cosine."""
    rise = max(1.0, warmup * steps)
    fall = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
    return min((step + 1) / rise, 1.0) * fall


def _batches(items: Sequence[Item], numbers: FitNumbers, steps: int) -> list[list[Item]]:
    """Return the batch of every step; rows of like length come together, to pad little."""
    draw, size = random.Random(numbers.seed), numbers.batch
    batches: list[list[Item]] = []
    while len(batches) < steps:
        order = list(items)
        draw.shuffle(order)
        order.sort(key=lambda item: item.prompt is not None and len(item.prompt.ids) // 12)
        cuts = [order[start : start + size] for start in range(0, len(order), size)]
        draw.shuffle(cuts)
        batches += cuts
    return batches[:steps]
