"""Faster training of adapters in the upper layers: what the frozen layers below them make is kept.

The lower layers of a decoder never change while adapters sit only above them, so what they make of each example
is computed once, kept on disk in bfloat16, and read again in every epoch. The upper layers are run on it, and logits
are computed for the answer's tokens alone. With right padding and a causal mask no real token sees a
padded one, so no mask is needed at all. The loss is that of the plain loop to within float error.
"""

import copy
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

CHUNK_BATCHES = 50


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenised example.

    Attributes:
        ids: All token ids.
        answer_from: Index of the first token of the answer; what stands before it is never a target.
    """

    ids: tuple[int, ...]
    answer_from: int


def split_layers(model: nn.Module, first: int) -> tuple[nn.Module, nn.Module]:
    """Return the decoder in two: layers below `first` without the last norm, and the others with it.

    Both share the model's own modules, adapters included.

    Args:
        model: A causal LM with `.model.layers` and `.model.norm`, as LLaMA has.
        first: The lowest layer with an adapter.
    """
    decoder: Any = model.model
    layers = list(decoder.layers)
    lower, upper = copy.copy(decoder), copy.copy(decoder)
    lower._modules = {
        **decoder._modules,
        "layers": nn.ModuleList(layers[:first]),
        "norm": nn.Identity(),
    }
    upper._modules = {**decoder._modules, "layers": nn.ModuleList(layers[first:])}
    return lower, upper


class HiddenStates:
    """What the lower layers make of the examples, in a file: `(tokens, hidden)` bfloat16, example after example.

    Args:
        path: The file.
        lengths: Tokens of each example.
        width: The hidden size.
    """

    def __init__(self, path: Path, lengths: Sequence[int], width: int) -> None:
        self._starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        shape = (int(self._starts[-1]), width)
        if path.exists():
            self._data = np.memmap(path, dtype=np.int16, mode="r+", shape=shape)
        else:
            self._data = np.memmap(path, dtype=np.int16, mode="w+", shape=shape)

    def put(self, index: int, hidden: Tensor) -> None:
        """Store an example's `(tokens, hidden)`."""
        span = slice(*self._starts[index : index + 2])
        self._data[span] = hidden.to(torch.bfloat16).view(torch.int16).numpy()

    def get(self, index: int) -> Tensor:
        """Return an example's `(tokens, hidden)` bfloat16."""
        span = slice(*self._starts[index : index + 2])
        return torch.from_numpy(np.array(self._data[span])).view(torch.bfloat16)


@torch.no_grad()
def fill_hidden_states(
    lower: nn.Module, examples: Sequence[Tokens], states: HiddenStates, *, batch_tokens: int = 4096
) -> Iterator[int]:
    """Run the lower layers over all examples, similar lengths together; yield how many are done."""
    order = sorted(range(len(examples)), key=lambda index: len(examples[index].ids))
    done = 0
    while done < len(order):
        size = max(1, batch_tokens // len(examples[order[done]].ids))
        part = order[done : done + size]
        ids = pad_ids([examples[index] for index in part])
        hidden = lower(input_ids=ids, use_cache=False).last_hidden_state
        for row, index in enumerate(part):
            states.put(index, hidden[row, : len(examples[index].ids)])
        done += len(part)
        yield done


def pad_ids(examples: Sequence[Tokens]) -> Tensor:
    """Return `(batch, tokens)` ids, padded on the right with 0."""
    width = max(len(example.ids) for example in examples)
    rows = [[*example.ids, *[0] * (width - len(example.ids))] for example in examples]
    return torch.tensor(rows)


def bucketed_batches(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """Return the indices of an epoch in batches of similar length, in random order."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    batches: list[list[int]] = []
    chunk = size * CHUNK_BATCHES
    for start in range(0, len(order), chunk):
        part = sorted(order[start : start + chunk], key=lambda index: lengths[index])
        batches += [part[i : i + size] for i in range(0, len(part), size)]
    rng.shuffle(batches)
    return batches


def answer_loss(
    upper: nn.Module, head: nn.Module, hidden: Tensor, examples: Sequence[Tokens]
) -> Tensor:
    """Return the mean cross entropy of the answers' tokens.

    Args:
        upper: The layers with adapters, and the last norm.
        head: Hidden states to logits.
        hidden: `(batch, tokens, hidden)` from the layers below, padded on the right.
        examples: The batch's examples, in its order.
    """
    last = upper(inputs_embeds=hidden, use_cache=False).last_hidden_state
    flat, targets = answer_places(examples, hidden.shape[1])
    chosen = last.reshape(-1, last.shape[-1])[flat]  # (answer tokens, hidden)
    return nn.functional.cross_entropy(head(chosen).float(), targets)


def answer_places(examples: Sequence[Tokens], width: int) -> tuple[Tensor, Tensor]:
    """Return where, in a flattened batch, the tokens before each answer token stand, and the answer tokens."""
    flat = [
        row * width + place - 1
        for row, example in enumerate(examples)
        for place in range(example.answer_from, len(example.ids))
    ]
    targets = [token for example in examples for token in example.ids[example.answer_from :]]
    return torch.tensor(flat), torch.tensor(targets)


def pad_hidden(states: HiddenStates, batch: Sequence[int]) -> Tensor:
    """Return `(batch, tokens, hidden)` of some examples, padded on the right with zeros."""
    return nn.utils.rnn.pad_sequence([states.get(index) for index in batch], batch_first=True)


class MasterAdamW:
    """AdamW for bfloat16 parameters, with float32 copies that small steps are added to.

    Args:
        parameters: What is trained.
        lr: Peak learning rate.
        weight_decay: Decoupled weight decay.
        max_norm: Gradients are clipped to this length.
    """

    def __init__(
        self,
        parameters: Sequence[nn.Parameter],
        *,
        lr: float,
        weight_decay: float = 0.0,
        max_norm: float = 1.0,
    ) -> None:
        self._parameters = list(parameters)
        self._masters = [nn.Parameter(p.detach().float().clone()) for p in self._parameters]
        self._max_norm = max_norm
        self.inner = torch.optim.AdamW(self._masters, lr=lr, weight_decay=weight_decay)

    def step(self) -> float:
        """Take a step; return the length of the gradient."""
        for master, parameter in zip(self._masters, self._parameters, strict=True):
            master.grad = None if parameter.grad is None else parameter.grad.float()
            parameter.grad = None
        norm = nn.utils.clip_grad_norm_(self._masters, self._max_norm)
        self.inner.step()
        with torch.no_grad():
            for master, parameter in zip(self._masters, self._parameters, strict=True):
                parameter.copy_(master)
        return float(norm)

    def state_dict(self) -> dict[str, Any]:
        """Return all that a resumed run needs."""
        return {"inner": self.inner.state_dict(), "masters": [p.detach() for p in self._masters]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up where `state_dict` left off."""
        self.inner.load_state_dict(state["inner"])
        with torch.no_grad():
            for master, saved in zip(self._masters, state["masters"], strict=True):
                master.copy_(saved)
            for master, parameter in zip(self._masters, self._parameters, strict=True):
                parameter.copy_(master)
