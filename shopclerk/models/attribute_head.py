"""The span scorer: how well each span of a text answers for each name, by the encoder's states and by the counts.

A span's score is start + end + the sum of inside, each a product of a piece's and a name's projected state, plus a
small network over the features of `attribute_features.py`. Against all spans stands one score for `not stated`; a
softmax over them gives probabilities. A second network reads the counts alone; where a name has counts the two are
averaged, since the encoder is too sure of what it was trained on. Inference is numpy alone; `finetune/attribute_fit.py`
trains the same in torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.attribute_features import ASKED_BEFORE, NAME_FEATURES, SPAN_FEATURES
from shopclerk.models.attribute_prompt import Prompt

Array = NDArray[np.float32]

PARTS = ("start", "end", "inside")
SHARE = 0.5
"""The weight of the network that reads counts alone, where a name has counts."""
WEIGHTS_FILE = "head.safetensors"


@dataclass(frozen=True, slots=True)
class SpanHead:
    """A trained head.

    Attributes:
        tensors: `span.in (hidden, SPAN_FEATURES)`, `span.out (1, hidden)` with biases, `none.*` alike over
            NAME_FEATURES; and for the encoder's states `start|end|inside.piece|name (width, 384)` with biases and
            `none.state (1, 384)`, and `alone.span.*`, `alone.none.*` like the first ones. Without all these the head
            reads counts alone.
    """

    tensors: Mapping[str, Array]

    def __post_init__(self) -> None:
        """Refuse tensors that do not fit.

        Raises:
            ValueError: One is missing or of another shape.
        """
        for name, width in (("span.in", SPAN_FEATURES), ("none.in", NAME_FEATURES)):
            found = self.tensors[f"{name}.weight"].shape[1]
            if found != width:
                raise ValueError(f"{name} takes {found} features, and there are {width}")

    @property
    def reads_states(self) -> bool:
        """Whether the head wants an encoder's states."""
        return "start.piece.weight" in self.tensors

    def scores(
        self,
        features: Array,
        about: Array,
        states: Array | None,
        prompt: Prompt | None,
        spans: NDArray[np.int64],
    ) -> Array:
        """Return log-probabilities `(names, 1 + spans)`, the first of each row that of `not stated`.

        Args:
            features: `(names, spans, SPAN_FEATURES)`.
            about: `(names, NAME_FEATURES)`.
            states: `(tokens, 384)`, the encoder's last hidden states; None for a head that reads counts alone.
            prompt: Where names and pieces stand among the tokens.
            spans: `(spans, 2)`, first and last piece.
        """
        found = self._network("span", features)[:, :, 0]
        none = self._network("none", about)
        if states is None or prompt is None or not self.reads_states:
            return log_softmax(np.concatenate([none, found], axis=1))
        names = name_states(states, prompt)
        found = found + self._state_scores(states, prompt, names, spans)
        none = none + self._linear("none.state", names)
        read = log_softmax(np.concatenate([none, found], axis=1))
        found = self._network("alone.span", features)[:, :, 0]
        counted = log_softmax(np.concatenate([self._network("alone.none", about), found], axis=1))
        share = SHARE * (about[:, ASKED_BEFORE, None] > 0)
        return log_softmax((1 - share) * read + share * counted)

    def _state_scores(
        self, states: Array, prompt: Prompt, names: Array, spans: NDArray[np.int64]
    ) -> Array:
        first, last = states[prompt.pieces[:, 0]], states[prompt.pieces[:, 1]]
        by_part: dict[str, Array] = {
            "start": first,
            "end": last,
            "inside": np.asarray((first + last) / 2, np.float32),
        }
        logits = {part: self._match(part, names, by_part[part]) for part in PARTS}
        total = np.pad(np.cumsum(logits["inside"], axis=1), ((0, 0), (1, 0)))
        begin, end = spans[:, 0], spans[:, 1]
        inside = total[:, end + 1] - total[:, begin]
        return np.asarray(logits["start"][:, begin] + logits["end"][:, end] + inside)

    def _match(self, part: str, names: Array, pieces: Array) -> Array:
        left = self._linear(f"{part}.name", names)
        right = self._linear(f"{part}.piece", pieces)
        return np.asarray(left @ right.T / np.sqrt(left.shape[1], dtype=np.float32))

    def _network(self, name: str, x: Array) -> Array:
        hidden = self._linear(f"{name}.in", x)
        # GELU by tanh: Hendrycks and Gimpel 2016, section 2.
        hidden = 0.5 * hidden * (1 + np.tanh(0.79788456 * (hidden + 0.044715 * hidden**3)))
        return self._linear(f"{name}.out", hidden)

    def _linear(self, name: str, x: Array) -> Array:
        weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        return np.asarray(x @ weight.T + bias, np.float32)


def name_states(states: Array, prompt: Prompt) -> Array:
    """Return the mean state of each name's tokens, `(names, 384)`."""
    means = [states[begin:end].mean(axis=0) for begin, end in prompt.names.tolist()]
    return np.asarray(means, np.float32).reshape(len(means), states.shape[1])


def log_softmax(x: Array) -> Array:
    """Return log-probabilities along the last axis."""
    shifted = x - x.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float32)
