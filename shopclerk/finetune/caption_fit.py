"""The training loop of the embedded captioner: captions as numbers, epochs, and the weights of the best one."""

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from shopclerk.errors import TrainingError, unknown
from shopclerk.finetune.caption_data import Captioned
from shopclerk.finetune.caption_model import CaptionModel
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Progress, silent
from shopclerk.models.caption_decoder import BEGIN, END, DecoderShape, Vocabulary
from shopclerk.models.image_encoder import Vectors

IGNORED = -100


@dataclass(frozen=True, slots=True)
class CaptionNumbers:
    """What decides a training run.

    Attributes:
        seed: Decides the held-out pictures, the order and the first weights.
        epochs: Passes over the pictures at most.
        batch: Captions a step.
        lr: Peak learning rate; it rises at the start and falls along a cosine.
        warmup: Share of the steps in which it rises.
        weight_decay: Decoupled weight decay of the matrices.
        heldout: Share of the pictures held out.
        patience: Stop after so many epochs without getting better on them; 0 never stops early.
        min_count: A word in fewer captions is not learned, and never said.
        dropout: Dropout in the decoder; twice as much on the picture's hidden layer.
        input_dropout: Share of the features hidden at a time.
        noise: Standard deviation of noise on the standardised features.
        smoothing: Label smoothing.
        prefix: Places that hold the picture.
        width: Width of the decoder.
        layers: Its blocks.
        heads: Its heads of attention.
        hidden: Width between features and prefix.
        threads: CPU threads; 0 for the library's choice.
    """

    seed: int = 7
    epochs: int = 16
    batch: int = 128
    lr: float = 1e-3
    warmup: float = 0.1
    weight_decay: float = 0.05
    heldout: float = 0.1
    patience: int = 6
    min_count: int = 3
    dropout: float = 0.2
    input_dropout: float = 0.2
    noise: float = 0.1
    smoothing: float = 0.1
    prefix: int = 2
    width: int = 128
    layers: int = 2
    heads: int = 4
    hidden: int = 256
    threads: int = 0

    @classmethod
    def of(cls, recipe: Recipe, options: dict[str, Any]) -> "CaptionNumbers":
        """Read the numbers out of a recipe and what its options hold beside the data's.

        Raises:
            TrainingError: An option is not known, or a number cannot be one.
        """
        given = {
            "seed": recipe.seed,
            "epochs": max(1, round(recipe.training.epochs)),
            "heldout": recipe.training.eval_share,
        }
        for name in ("batch", "lr", "warmup", "weight_decay", "patience", "threads"):
            given[name] = getattr(recipe.training, name)
        own = [name for name in cls.__dataclass_fields__ if name not in given]
        for name, value in options.items():
            if name not in own:
                raise TrainingError(
                    f"Recipe {recipe.name}: "
                    + unknown("option", name, ["where", "plain", "catalog_weight", *own])
                )
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise TrainingError(
                    f"Recipe {recipe.name}: the option '{name}' is {value!r}. It takes a number "
                    "that is not negative."
                )
        return cls(**{**given, **options})


@dataclass(frozen=True, slots=True)
class Rows:
    """Captions as numbers, each with its picture's features.

    Attributes:
        features: `(captions, inputs) float32`.
        words: `(captions, words) int64`, what is read.
        targets: The same shape: the word after each, `IGNORED` where there is none.
    """

    features: Tensor
    words: Tensor
    targets: Tensor


@dataclass(frozen=True, slots=True)
class Sides:
    """Pictures, their features, and the places of those to learn from and those held out."""

    pictures: Sequence[Captioned]
    features: Vectors
    kept: Sequence[int]
    held: Sequence[int]

    def rows(self, places: Sequence[int], vocabulary: Vocabulary) -> Rows:
        """Return the captions of some pictures as numbers."""
        said = [
            (place, [BEGIN, *vocabulary.numbers(text), END])
            for place in places
            for text in self.pictures[place].captions
        ]
        numbers = np.full((len(said), max(len(words) for _, words in said)), IGNORED)
        for row, (_, words) in enumerate(said):
            numbers[row, : len(words)] = words
        # A word not known is learned as such: the search never says it, and so sees how little the rest fits.
        targets = numbers[:, 1:].copy()
        read = np.where(numbers == IGNORED, END, numbers)[:, :-1]
        features = self.features[[place for place, _ in said]]
        return Rows(*(torch.from_numpy(part) for part in (features, read, targets)))


def fit(
    shape: DecoderShape,
    vocabulary: Vocabulary,
    sides: Sides,
    numbers: CaptionNumbers,
    progress: Progress = silent,
) -> tuple[CaptionModel, int]:
    """Train, and return the model with the weights of its best epoch, and the steps taken."""
    torch.manual_seed(numbers.seed)
    rows, held = (sides.rows(places, vocabulary) for places in (sides.kept, sides.held))
    model = CaptionModel(
        shape,
        len(vocabulary),
        dropout=numbers.dropout,
        input_dropout=numbers.input_dropout,
        noise=numbers.noise,
    )
    model.standardise(rows.features)
    best, best_score, best_epoch, steps = model.state_dict(), (-1.0, 0.0), 0, 0
    with _threads(numbers.threads):
        for epoch, taken in enumerate(_epochs(model, rows, numbers), 1):
            steps += taken
            score = next_word_score(model, held)
            progress("Learning to caption", epoch, numbers.epochs)
            if score[0] > best_score[0]:
                best_epoch = epoch
            if score > best_score:
                best, best_score = copy.deepcopy(model.state_dict()), score
            if numbers.patience and epoch - best_epoch >= numbers.patience:
                break
    model.load_state_dict(best)
    return model.eval(), steps


def _epochs(model: CaptionModel, rows: Rows, numbers: CaptionNumbers) -> Iterator[int]:
    """Train for an epoch each time the next item is drawn: the steps it took."""
    a_pass = math.ceil(len(rows.words) / numbers.batch)
    matrices = [each for each in model.parameters() if each.dim() > 1]
    others = [each for each in model.parameters() if each.dim() < 2]
    groups = [
        {"params": matrices, "weight_decay": numbers.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=numbers.lr)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, _warm_cosine(numbers.epochs * a_pass, numbers.warmup)
    )
    for _ in range(numbers.epochs):
        model.train()
        for chosen in torch.randperm(len(rows.words)).split(numbers.batch):  # type: ignore[no-untyped-call]  # the library's own
            loss = functional.cross_entropy(
                model(rows.features[chosen], rows.words[chosen]).flatten(0, 1),
                rows.targets[chosen].flatten(),
                ignore_index=IGNORED,
                label_smoothing=numbers.smoothing,
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # the library's own
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        yield a_pass


def _warm_cosine(steps: int, warmup: float) -> Callable[[int], float]:
    rising = max(1, round(steps * warmup))

    def share(step: int) -> float:
        if step < rising:
            return (step + 1) / rising
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rising) / max(1, steps - rising))))

    return share


def next_word_score(model: CaptionModel, rows: Rows) -> tuple[float, float]:
    """Return the share of next words said right when what comes before is given, then the loss, negative.

    The share comes first: it goes on rising when the model has become too sure of itself for the loss.
    """
    model.eval()
    with torch.inference_mode():
        logits = model(rows.features, rows.words).flatten(0, 1)
    targets = rows.targets.flatten()
    counted = targets != IGNORED
    if not counted.any():
        return 0.0, 0.0
    right = (logits.argmax(-1) == targets)[counted].float().mean()
    return float(right), -float(functional.cross_entropy(logits[counted], targets[counted]))


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
