"""Fits the scorer of the category mapper: a softmax over each text's candidates and none, by torch."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Progress
from shopclerk.models.category_features import FEATURES, STATISTICS
from shopclerk.models.category_index import Floats, Ints
from shopclerk.models.category_scorer import CategoryScorer

if TYPE_CHECKING:
    from torch import Tensor, nn

HIDDEN = (64, 32)
NONE_HIDDEN = (24,)
SMOOTHING = 0.02
FEATURE_NOISE = 0.02
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Made:
    """An example with its candidates' features.

    Attributes:
        features: `(candidates, FEATURES) float16`.
        statistics: `(STATISTICS,)`.
        target: Which candidate is right, -1 for none.
        lost: The right one is not among the candidates.
    """

    features: "np.typing.NDArray[np.float16]"
    statistics: Floats
    target: int
    lost: bool


@dataclass(frozen=True, slots=True)
class FitReport:
    """What the fit came to: scores on held-out examples, and how it went."""

    metrics: dict[str, float]
    steps: int
    seconds: float
    counts: tuple[int, int]
    left_out: int


def fit_scorer(
    recipe: Recipe, made: Sequence[Made], progress: Progress
) -> tuple[CategoryScorer, FitReport]:
    """Fit the networks, then the temperature on the held-out part."""
    import torch

    started = time.monotonic()
    torch.manual_seed(recipe.seed)
    if recipe.training.threads:
        torch.set_num_threads(recipe.training.threads)
    rng = np.random.default_rng(recipe.seed)
    usable = [each for each in made if not each.lost]
    order = rng.permutation(len(usable))
    cut = max(1, round(len(usable) * recipe.training.eval_share))
    heldout, train = [usable[i] for i in order[:cut]], [usable[i] for i in order[cut:]]
    tensors, steps = _train(recipe, train, rng, progress)
    plain = CategoryScorer("untempered", tensors, 1.0, THRESHOLD)
    temperature = _temperature(plain, heldout)
    digest = f"{recipe.name}-{sum(float(np.abs(t).sum()) for t in tensors.values()):.3f}"
    scorer = CategoryScorer(digest, tensors, temperature, THRESHOLD)
    metrics = held_out_scores(scorer, heldout)
    seconds = time.monotonic() - started
    counts = (len(train), len(heldout))
    return scorer, FitReport(metrics, steps, seconds, counts, len(made) - len(usable))


def _networks() -> "tuple[nn.Sequential, nn.Sequential]":
    from torch import nn

    def network(inputs: int, hidden: Sequence[int]) -> nn.Sequential:
        sizes = [inputs, *hidden]
        layers: list[nn.Module] = []
        for left, right in pairwise(sizes):
            layers += [nn.Linear(left, right), nn.ReLU()]
        return nn.Sequential(*layers, nn.Linear(sizes[-1], 1))

    return network(len(FEATURES), HIDDEN), network(len(STATISTICS), NONE_HIDDEN)


def _train(
    recipe: Recipe, train: Sequence[Made], rng: np.random.Generator, progress: Progress
) -> tuple[dict[str, Floats], int]:
    import torch

    shift = _shift(train)
    fit, none = _networks()
    parameters = [*fit.parameters(), *none.parameters()]
    numbers = recipe.training
    optimiser = torch.optim.AdamW(parameters, lr=numbers.lr, weight_decay=numbers.weight_decay)
    steps = max(1, round(numbers.epochs * len(train) / numbers.batch))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, numbers.lr, total_steps=steps + 1)
    order = np.concatenate([rng.permutation(len(train)) for _ in range(int(numbers.epochs) + 1)])
    for step in range(steps):
        if step % 20 == 0:
            progress("Training", step, steps)
        chosen = order[step * numbers.batch : (step + 1) * numbers.batch]
        loss = _loss(fit, none, [train[i] for i in chosen], shift)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    return _tensors(fit, none, shift), steps


def _shift(train: Sequence[Made]) -> dict[str, Floats]:
    """Return mean and scale of the networks' inputs."""
    some = np.concatenate([each.features for each in train[:4000]]).astype(np.float32)
    statistics = np.stack([each.statistics for each in train])
    return {
        "fit.mean": some.mean(axis=0),
        "fit.scale": some.std(axis=0) + 1e-2,
        "none.mean": statistics.mean(axis=0),
        "none.scale": statistics.std(axis=0) + 1e-2,
    }


def _loss(
    fit: "nn.Sequential", none: "nn.Sequential", batch: Sequence[Made], shift: dict[str, Floats]
) -> "Tensor":
    import torch
    from torch.nn import functional

    longest = max(len(each.features) for each in batch)
    logits = torch.full((len(batch), longest + 1), -1e4)
    rows = np.concatenate([each.features for each in batch]).astype(np.float32)
    rows = (rows - shift["fit.mean"]) / shift["fit.scale"]
    noisy = torch.from_numpy(rows)
    scored = fit(noisy + FEATURE_NOISE * torch.randn_like(noisy))[:, 0]
    lengths = [len(each.features) for each in batch]
    mask = torch.zeros_like(logits, dtype=torch.bool)
    for number, length in enumerate(lengths):
        mask[number, 1 : length + 1] = True
    statistics = np.stack([each.statistics for each in batch])
    statistics = (statistics - shift["none.mean"]) / shift["none.scale"]
    logits = logits.masked_scatter(mask, scored)
    logits = torch.cat([none(torch.from_numpy(statistics)), logits[:, 1:]], dim=1)
    target = torch.tensor([each.target + 1 for each in batch])
    right = functional.cross_entropy(logits, target)
    # Smoothing over real candidates alone; the padding has no probability to give.
    spread = functional.log_softmax(logits, dim=1)
    real = torch.cat([torch.ones(len(batch), 1, dtype=torch.bool), mask[:, 1:]], dim=1)
    even = -(spread.masked_fill(~real, 0.0).sum(dim=1) / real.sum(dim=1)).mean()
    return (1 - SMOOTHING) * right + SMOOTHING * even


def _tensors(
    fit: "nn.Sequential", none: "nn.Sequential", shift: dict[str, Floats]
) -> dict[str, Floats]:
    from torch import nn

    found = {name: values.astype(np.float32) for name, values in shift.items()}
    for name, network in (("fit", fit), ("none", none)):
        linear = [layer for layer in network if isinstance(layer, nn.Linear)]
        for number, layer in enumerate(linear):
            found[f"{name}.{number}.weight"] = layer.weight.detach().numpy().copy()
            found[f"{name}.{number}.bias"] = layer.bias.detach().numpy().copy()
    return found


def _all_probabilities(scorer: CategoryScorer, some: Sequence[Made]) -> list[tuple[Floats, float]]:
    features = np.concatenate([each.features for each in some]).astype(np.float32)
    statistics = np.stack([each.statistics for each in some])
    lengths = [len(each.features) for each in some]
    question: Ints = np.repeat(np.arange(len(some)), lengths)
    fit, none = scorer.probabilities(features, statistics, question)
    parts = np.split(fit, np.cumsum(lengths)[:-1])
    return [(part, float(rest)) for part, rest in zip(parts, none, strict=True)]


def _temperature(scorer: CategoryScorer, heldout: Sequence[Made]) -> float:
    """Return the temperature that makes held-out examples likeliest (Guo et al. 2017, section 4.2)."""
    grid = np.geomspace(0.5, 3.0, 19)
    losses = []
    for temperature in grid:
        tried = CategoryScorer(scorer.id, scorer.tensors, float(temperature), scorer.threshold)
        chances = [
            none if each.target < 0 else float(fit[each.target])
            for each, (fit, none) in zip(heldout, _all_probabilities(tried, heldout), strict=True)
        ]
        losses.append(-np.log(np.maximum(chances, 1e-9)).mean())
    return round(float(grid[int(np.argmin(losses))]), 3)


def held_out_scores(scorer: CategoryScorer, heldout: Sequence[Made]) -> dict[str, float]:
    """Return top1 and top5 of texts that have a category, and how well texts without one are told apart."""
    right, near, kept, left, surest = [], [], [], [], []
    for each, (fit, none) in zip(heldout, _all_probabilities(scorer, heldout), strict=True):
        unmapped = none > scorer.threshold
        if each.target < 0:
            left.append(unmapped)
            continue
        rank = int((fit > fit[each.target]).sum())
        right.append(rank == 0 and not unmapped)
        near.append(rank < 5)
        kept.append(not unmapped)
        surest.append(float(fit.max()))
    wrong = abs(float(np.mean(surest)) - float(np.mean(right)))
    return {
        "top1": float(np.mean(right)),
        "top5": float(np.mean(near)),
        "mapped_of_good": float(np.mean(kept)),
        "unmapped_of_nowhere": float(np.mean(left)) if left else 1.0,
        "confidence_minus_top1": round(wrong, 4),
    }
