"""Training a picture head: pictures beside the words of their listings.

Two losses over one hidden layer on frozen image vectors: which words stand in the listing (binary cross-entropy
over a vocabulary of the commonest words), and where the listing lies in the text encoder's space (InfoNCE, Oord
et al. 2018, equation 4, with listings of nearly the same text counted as one). A tenth of the listings is held
out, and the head is worth keeping only where the pictures it finds for held-out pictures have listings more
alike than those that the image vectors alone find, by more than chance explains.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from shopclerk.errors import TrainingError
from shopclerk.models.chat_server import spare_threads
from shopclerk.models.picture_fit import Listings, agreements
from shopclerk.models.picture_head import TENSORS, PictureHead
from shopclerk.models.picture_space import PictureSpace

Vectors = NDArray[np.float32]
Progress = Callable[[str, int, int | None], None]

SAME_TEXT = 0.95
"""Cosine from which two listings count as one in the contrastive loss."""
MAX_ASKED = 1_000
"""Held-out pictures that are asked with, at most."""
SURE = 2.0
"""Standard errors by which a head must be better to be kept."""


@dataclass(frozen=True)
class AlignOptions:
    """How a head is trained."""

    epochs: int = 40
    """Passes over the pairs; fewer where there are many, see `max_steps`."""
    max_steps: int = 4_000
    """Upper limit on optimiser steps."""
    batch: int = 256
    """Listings a step."""
    hidden: int = 1_024
    """Width of the hidden layer."""
    learning_rate: float = 1e-3
    """Peak of the one-cycle schedule."""
    weight_decay: float = 1e-2
    """AdamW's."""
    dropout: float = 0.5
    """Share of hidden units left out in training."""
    noise: float = 0.1
    """Standard deviation of the noise on the inputs, whose own is about 1."""
    contrast: float = 1.0
    """Weight of the contrastive loss beside that of the words."""
    max_words: int = 384
    """Size of the vocabulary at most."""
    least_listings: int = 5
    """A word counts from so many listings on."""
    held_out: float = 0.1
    """Share of the listings that is kept for the check."""
    least_pairs: int = 200
    """Fewer pairs than this are not learned from."""
    refit: bool = False
    """Train once more on everything after the check: listings held out by their words may be whole kinds of goods."""
    seed: int = 7
    """Of the split, the weights and the order."""


@dataclass(frozen=True)
class AlignReport:
    """What a training run came to.

    Attributes:
        pairs: How many pairs it learned from.
        words: Size of the vocabulary.
        agreement: How much more the listing of a held-out picture has in common with the ten listings found
            for it through the head than other listings have, as a mean cosine.
        agreement_before: The same through the image vectors alone.
        error: Standard error of the difference of the two.
        seconds: How long it took.
        loss: The mean loss of the last epoch.
    """

    pairs: int
    words: int
    agreement: float
    agreement_before: float
    error: float
    seconds: float
    loss: float

    @property
    def better(self) -> bool:
        """Whether the head is worth keeping: better by more than chance explains."""
        return self.agreement - self.agreement_before > SURE * self.error

    def record(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


class _Network(nn.Module):
    def __init__(self, size: int, options: AlignOptions, words: int, meaning: int) -> None:
        super().__init__()
        self.trunk = nn.Linear(size, options.hidden)
        self.words = nn.Linear(options.hidden, words)
        self.meaning = nn.Linear(options.hidden, meaning)
        self.drop = nn.Dropout(options.dropout)
        self.sharpness = nn.Parameter(torch.tensor(np.log(1 / 0.07), dtype=torch.float32))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.drop(functional.gelu(self.trunk(x), approximate="tanh"))
        return self.words(hidden), functional.normalize(self.meaning(hidden), dim=-1)


def train_head(
    pairs: Listings,
    encoder: str,
    text_encoder: str,
    options: AlignOptions | None = None,
    *,
    progress: Progress | None = None,
) -> tuple[PictureHead, AlignReport]:
    """Train a head and measure it on what was held out.

    Args:
        pairs: Pictures with their listings; a picture may occur with several.
        encoder: The id of the image encoder.
        text_encoder: The id of the text encoder.
        options: How to train.
        progress: Called as the work goes on.

    Raises:
        TrainingError: Fewer pairs than `options.least_pairs`, or no word common enough.
    """
    options = options or AlignOptions()
    if len(pairs) < options.least_pairs:
        raise TrainingError(
            f"There are {len(pairs)} pictures with listings and {options.least_pairs} are needed to learn from. "
            "Add pairs of pictures and words with --pairs, or leave the default as it is."
        )
    started = time.perf_counter()
    kept, held_out = split(pairs, options)
    vocabulary = common_words(pairs.part(kept).terms, options)
    if not vocabulary:
        raise TrainingError(
            f"No word stands in {options.least_listings} listings or more, so there is nothing to learn. "
            "Give the products titles or categories."
        )
    network, loss = _train(pairs.part(kept), vocabulary, options, progress)
    head = _head_of(network, encoder, text_encoder, vocabulary)
    space = PictureSpace("own head", pairs.vectors.shape[1], head)
    told = agreements(space, pairs.part(kept), pairs.part(held_out[:MAX_ASKED]))
    if options.refit:
        vocabulary = common_words(pairs.terms, options)
        network, loss = _train(pairs, vocabulary, options, progress)
        head = _head_of(network, encoder, text_encoder, vocabulary)
    seconds = round(time.perf_counter() - started, 1)
    return head, AlignReport(len(kept), len(vocabulary), *_compared(told), seconds, round(loss, 4))


def _head_of(
    network: _Network, encoder: str, text_encoder: str, vocabulary: tuple[str, ...]
) -> PictureHead:
    tensors = {name: network.state_dict()[name].numpy() for name in TENSORS}
    digest = hashlib.blake2b(b"".join(t.tobytes() for t in tensors.values()), digest_size=6)
    return PictureHead(digest.hexdigest(), encoder, text_encoder, vocabulary, tensors)


def _compared(told: Vectors) -> tuple[float, float, float]:
    """Return both means and the standard error of their difference; one picture alone is no proof."""
    after, before = told.mean(axis=0)
    gains = told[:, 0] - told[:, 1]
    error = gains.std(ddof=1) / np.sqrt(len(gains)) if len(gains) > 1 else abs(gains[0])
    return round(float(after), 4), round(float(before), 4), round(float(error), 4)


def split(pairs: Listings, options: AlignOptions) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the places to learn from and those held out; equal listings stay on one side."""
    keys = [
        hashlib.blake2b(" ".join(sorted(set(terms))).encode()).hexdigest() for terms in pairs.terms
    ]
    rng = np.random.default_rng(options.seed)
    order = rng.permutation(sorted(set(keys)))
    out = set(order[: max(1, round(len(order) * options.held_out))].tolist())
    held = np.array([key in out for key in keys])
    return np.flatnonzero(~held), np.flatnonzero(held)


def common_words(terms: Sequence[Sequence[str]], options: AlignOptions) -> tuple[str, ...]:
    """Return the commonest words, most common first; one letter or digit is no word."""
    counts = Counter(word for listing in terms for word in set(listing) if len(word) > 1)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return tuple(w for w in ranked if counts[w] >= options.least_listings)[: options.max_words]


def _train(
    pairs: Listings, vocabulary: tuple[str, ...], options: AlignOptions, progress: Progress | None
) -> tuple[_Network, float]:
    torch.manual_seed(options.seed)
    # With every core taken by something else as well, all threads wait for the slowest: several times slower.
    torch.set_num_threads(spare_threads())
    x = torch.from_numpy(pairs.vectors * np.sqrt(pairs.vectors.shape[1], dtype=np.float32))
    texts = torch.from_numpy(np.ascontiguousarray(pairs.texts))
    words = torch.from_numpy(word_matrix(pairs.terms, vocabulary))
    network = _Network(x.shape[1], options, len(vocabulary), texts.shape[1])
    network.words.bias.data = torch.logit(words.mean(0).clamp(1e-4, 0.9))
    a_pass = -(-len(x) // options.batch)
    epochs = max(1, min(options.epochs, options.max_steps // a_pass))
    optimiser = torch.optim.AdamW(
        network.parameters(), options.learning_rate, weight_decay=options.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, options.learning_rate, total_steps=epochs * a_pass
    )
    total = 0.0
    for epoch in range(epochs):
        total = 0.0
        for chosen in torch.split(torch.randperm(len(x)), options.batch):
            noisy = x[chosen] + options.noise * torch.randn(len(chosen), x.shape[1])
            loss = _loss(network, noisy, words[chosen], texts[chosen], options.contrast)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch's own
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) / a_pass
        if progress:
            progress("Learning from pictures", epoch + 1, epochs)
    return network.eval(), total


def _loss(network: _Network, x: Tensor, words: Tensor, texts: Tensor, contrast: float) -> Tensor:
    logits, meanings = network(x)
    spoken = functional.binary_cross_entropy_with_logits(logits, words, reduction="sum") / len(x)
    near = network.sharpness.exp().clamp(max=100) * meanings @ texts.T
    same = (texts @ texts.T > SAME_TEXT).float()
    target = same / same.sum(1, keepdim=True)
    both = functional.cross_entropy(near, target) + functional.cross_entropy(near.T, target)
    return spoken + contrast * both / 2


def word_matrix(terms: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> Vectors:
    """Return which words each listing holds, `(n, V)`, 0 or 1."""
    places = {word: place for place, word in enumerate(vocabulary)}
    matrix = np.zeros((len(terms), len(vocabulary)), np.float32)
    for row, listing in enumerate(terms):
        for word in listing:
            if (place := places.get(word)) is not None:
                matrix[row, place] = 1.0
    return matrix
