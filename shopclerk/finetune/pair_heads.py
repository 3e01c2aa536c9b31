"""Heads over pairs of texts: the cross-encoder, which reads both together, and the dual encoder, which reads each alone."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from shopclerk.finetune.examples import Example
from shopclerk.finetune.recipe import Recipe

DEFAULT_TEMPERATURE = 0.05

Encoded = dict[str, Any]
Loss = Callable[[nn.Module, Mapping[str, Any]], Tensor]

# -- read together ------------------------------------------------------------------------------------------


def pair_encoder(recipe: Recipe, tokenizer: Any) -> Callable[[Example], Encoded]:
    """Return what turns an example of a cross-encoder into token ids.

    A right text with `negatives` beside it is one to choose among them; without, `label` says how right it is.
    """

    def ids(left: str, right: str) -> Encoded:
        found = tokenizer(
            left, right, truncation="longest_first", max_length=recipe.training.max_length
        )
        return dict(found)

    def encode(example: Example) -> Encoded:
        rights = [example["right"], *example.get("negatives", [])]
        return {
            "pairs": [ids(example["left"], right) for right in rights],
            "label": float(example["label"]),
        }

    return encode


@dataclass(frozen=True, slots=True)
class TogetherCollator:
    """Puts the pairs of all examples in one batch, each example's right text first."""

    tokenizer: Any

    def __call__(self, features: list[Encoded]) -> dict[str, Any]:
        """Return the batch; `labels` is `(examples, 2)`: how right the first text is, how many there are."""
        rows = [pair for feature in features for pair in feature["pairs"]]
        batch: dict[str, Any] = dict(self.tokenizer.pad(rows, return_tensors="pt"))
        batch["labels"] = torch.tensor([[f["label"], len(f["pairs"])] for f in features])
        return batch


def together_loss(model: nn.Module, batch: Mapping[str, Any]) -> Tensor:
    """Return the mean loss of a batch of examples.

    With negatives: cross-entropy over the example's own candidates (localised contrastive estimation, Gao, Dai and
    Callan 2021, section 3). Without: binary cross-entropy with the label.
    """
    inputs = {name: value for name, value in batch.items() if name != "labels"}
    logits = model(**inputs).logits.squeeze(-1).float()
    counts = [int(count) for count in batch["labels"][:, 1]]
    losses = [
        _one_of(scores) if count > 1 else _how_right(scores, label)
        for scores, count, label in zip(
            logits.split(counts), counts, batch["labels"][:, 0], strict=True
        )
    ]
    return torch.stack(losses).mean()


def _one_of(scores: Tensor) -> Tensor:
    return torch.logsumexp(scores, 0) - scores[0]


def _how_right(scores: Tensor, label: Tensor) -> Tensor:
    return nn.functional.binary_cross_entropy_with_logits(scores[0], label.float())


# -- read alone ---------------------------------------------------------------------------------------------


def mean_pooled(hidden: Tensor, mask: Tensor) -> Tensor:
    """Return `(batch, hidden)` unit vectors from `(batch, tokens, hidden)` and `(batch, tokens)`."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    pooled = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
    return nn.functional.normalize(pooled.float(), dim=1)


def info_nce(vectors: Tensor, groups: Tensor, temperature: float) -> Tensor:
    """Return the contrastive loss of a batch (van den Oord et al. 2018).

    Args:
        vectors: Unit vectors: the queries, as many products, then any number of hard negatives.
        groups: `(queries,)` numbers; queries of one group share a right product, which is no negative.
        temperature: Cosines are divided by it.
    """
    count = len(groups)
    logits = vectors[:count] @ vectors[count:].T / temperature
    same = groups.unsqueeze(1) == groups.unsqueeze(0)
    same.fill_diagonal_(False)
    hidden = torch.zeros_like(logits, dtype=torch.bool)
    hidden[:, :count] = same
    targets = torch.arange(count, device=logits.device)
    return nn.functional.cross_entropy(logits.masked_fill(hidden, -1e9), targets)


def text_encoder(recipe: Recipe, tokenizer: Any) -> Callable[[Example], Encoded]:
    """Return what turns an example of a dual encoder into token ids."""

    def ids(text: str) -> list[int]:
        found: list[int] = tokenizer(text, truncation=True, max_length=recipe.training.max_length)[
            "input_ids"
        ]
        return found

    def encode(example: Example) -> Encoded:
        return {
            "query": ids(example["query"]),
            "positive": ids(example["positive"]),
            "negatives": [ids(text) for text in example["negatives"]],
            "group": zlib.crc32(example["positive"].encode()),
        }

    return encode


@dataclass(frozen=True, slots=True)
class ApartCollator:
    """Puts queries, then their products, then the hard negatives into one batch of texts."""

    tokenizer: Any

    def __call__(self, features: list[Encoded]) -> dict[str, Any]:
        """Return the batch; `labels` is `(queries,)`, the same number where the product is the same."""
        texts: list[Sequence[int]] = [feature["query"] for feature in features]
        texts += [feature["positive"] for feature in features]
        texts += [text for feature in features for text in feature["negatives"]]
        batch: dict[str, Any] = dict(
            self.tokenizer.pad([{"input_ids": ids} for ids in texts], return_tensors="pt")
        )
        batch["labels"] = torch.tensor([feature["group"] for feature in features])
        return batch


def apart_loss(recipe: Recipe) -> Loss:
    """Return the contrastive loss of a recipe's dual encoder."""
    temperature = float(recipe.options.get("temperature", DEFAULT_TEMPERATURE))

    def loss(model: nn.Module, batch: Mapping[str, Any]) -> Tensor:
        inputs = {n: v for n, v in batch.items() if n in ("input_ids", "attention_mask")}
        hidden = model(**inputs).last_hidden_state
        vectors = mean_pooled(hidden, inputs["attention_mask"])
        return info_nce(vectors, batch["labels"], temperature)

    return loss
