"""The caption decoder as torch trains it; tensor names are those that `CaptionDecoder` reads."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from shopclerk.models.caption_decoder import NORM_EPS, DecoderShape


class Block(nn.Module):
    """Attention to what came before, then a feed-forward layer, the norms first."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.before_attention = nn.LayerNorm(width, eps=NORM_EPS)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.before_feed = nn.LayerNorm(width, eps=NORM_EPS)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return `(batch, places, width)`."""
        batch, places, width = hidden.shape
        qkv = self.qkv(self.before_attention(hidden)).view(batch, places, 3, self.heads, -1)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        hidden = hidden + self._drop(self.out(seen.transpose(1, 2).reshape(batch, places, width)))
        fed = functional.gelu(self.up(self.before_feed(hidden)), approximate="tanh")
        return hidden + self._drop(self.down(fed))

    def _drop(self, given: Tensor) -> Tensor:
        return functional.dropout(given, self.dropout, self.training)


class CaptionModel(nn.Module):
    """The decoder as torch trains it; tensor names are those that `CaptionDecoder` reads."""

    mean: Tensor
    scale: Tensor

    def __init__(
        self,
        shape: DecoderShape,
        vocabulary: int,
        *,
        dropout: float = 0.0,
        input_dropout: float = 0.0,
        noise: float = 0.0,
    ) -> None:
        super().__init__()
        self.shape, self.dropout, self.input_dropout = shape, dropout, input_dropout
        self.noise = noise
        self.register_buffer("mean", torch.zeros(shape.inputs))
        self.register_buffer("scale", torch.ones(shape.inputs))
        self.read = nn.Linear(shape.inputs, shape.hidden)
        self.place = nn.Linear(shape.hidden, shape.prefix * shape.width)
        self.words = nn.Parameter(torch.randn(vocabulary, shape.width) * 0.05)
        self.positions = nn.Parameter(
            torch.randn(shape.prefix + shape.max_words, shape.width) * 0.02
        )
        self.blocks = nn.ModuleList(
            Block(shape.width, shape.heads, dropout) for _ in range(shape.layers)
        )
        self.norm = nn.LayerNorm(shape.width, eps=NORM_EPS)
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def standardise(self, features: Tensor) -> None:
        """Take mean and spread of the training pictures' features `(n, inputs)`."""
        self.mean = features.mean(0)
        spread = features.std(0)
        # A feature that hardly varied here must not shout when it does elsewhere.
        self.scale = 1 / spread.clamp(min=max(1e-6, 0.1 * float(spread.mean())))

    def forward(self, features: Tensor, words: Tensor) -> Tensor:
        """Return logits `(batch, words, vocabulary)` of the word after each; features `(batch, inputs)`."""
        scaled = (features - self.mean) * self.scale
        if self.training:
            scaled = scaled + self.noise * torch.randn_like(scaled)
        scaled = functional.dropout(scaled, self.input_dropout, self.training)
        hidden = functional.gelu(self.read(scaled), approximate="tanh")
        hidden = functional.dropout(hidden, 2 * self.dropout, self.training)
        places = self.place(hidden).view(len(features), self.shape.prefix, self.shape.width)
        sequence = torch.cat([places, self.words[words]], dim=1)
        sequence = sequence + self.positions[: sequence.shape[1]]
        for block in self.blocks:
            sequence = block(sequence)
        read: Tensor = self.norm(sequence[:, self.shape.prefix :])
        return read @ self.words.T + self.bias
