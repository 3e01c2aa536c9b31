"""A small caption decoder in numpy: features of a picture to words, by beam search.

The features become the first few places of a sequence (a prefix, Mokady et al. 2021, ClipCap), and a transformer
decoder with the norms first (Vaswani et al. 2017; Xiong et al. 2020) goes on from there, word by word. Training is in
`shopclerk/finetune/captioner.py`; the two agree to float error, and a test holds them to it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

WEIGHTS_FILE, VOCABULARY_FILE, FACTS_FILE = "model.safetensors", "vocabulary.txt", "captioner.json"
BEGIN, END, UNKNOWN = 0, 1, 2
SPECIAL_WORDS = ("<begin>", "<end>", "<unknown>")
NORM_EPS = 1e-5

_WORD = re.compile(r"\w+(?:[-'’&/.]\w+)*|[^\w\s]")
_GLUED = re.compile(r"\s+([,.;:!?%)\]])|(?<=[(\[])\s+")


@dataclass(frozen=True, slots=True)
class DecoderShape:
    """The sizes of a decoder.

    Attributes:
        inputs: Length of a picture's features.
        features: Names the features; others do not fit.
        prefix: Places of the sequence that hold the picture.
        width: Length of a place.
        layers: Blocks of attention and feed-forward.
        heads: Heads of attention.
        hidden: Width of the layer between features and prefix.
        max_words: Words of the longest caption, with its end.
    """

    inputs: int
    features: str
    prefix: int = 4
    width: int = 192
    layers: int = 2
    heads: int = 4
    hidden: int = 512
    max_words: int = 20

    def save(self, folder: Path) -> None:
        """Write the sizes into a captioner's folder."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        (folder / FACTS_FILE).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "DecoderShape":
        """Read the sizes out of a captioner's folder."""
        return cls(**json.loads((folder / FACTS_FILE).read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Beam:
    """A caption in the making.

    Attributes:
        words: Word numbers, the end left out.
        log_probs: Natural logarithm of each word's probability, that of the end last.
    """

    words: tuple[int, ...]
    log_probs: tuple[float, ...]

    @property
    def total(self) -> float:
        """The logarithm of the whole caption's probability."""
        return sum(self.log_probs)

    @property
    def mean(self) -> float:
        """The mean of a word's logarithm, by which captions of several lengths are compared."""
        return self.total / max(1, len(self.log_probs))


class Vocabulary:
    """The words a captioner knows; the first three stand for begin, end and unknown."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._numbers = {word: number for number, word in enumerate(self.words)}

    def __len__(self) -> int:
        """Return how many words there are, the three special ones included."""
        return len(self.words)

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of a text's words, `UNKNOWN` for a word not known."""
        return [self._numbers.get(word, UNKNOWN) for word in cut_words(text)]

    def text(self, numbers: Sequence[int]) -> str:
        """Return words as a text."""
        return _GLUED.sub(r"\1", " ".join(self.words[number] for number in numbers))

    def save(self, folder: Path) -> None:
        """Write the words into a captioner's folder, one a line."""
        (folder / VOCABULARY_FILE).write_text("\n".join(self.words) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Read the words out of a captioner's folder."""
        return cls((folder / VOCABULARY_FILE).read_text("utf-8").removesuffix("\n").split("\n"))


def cut_words(text: str) -> list[str]:
    """Return the words and punctuation marks of a text."""
    return _WORD.findall(text)


class CaptionDecoder:
    """The decoder.

    Args:
        shape: Its sizes.
        weights: Its tensors by name, as `CaptionModel` in `shopclerk/finetune/captioner.py` names them.
    """

    def __init__(self, shape: DecoderShape, weights: Mapping[str, NDArray[np.floating]]) -> None:
        self.shape = shape
        self._weights = {name: tensor.astype(np.float32) for name, tensor in weights.items()}

    def search(self, features: Array, start: Sequence[int] = (), *, beams: int = 5) -> list[Beam]:
        """Return the best captions of one picture, best first, by the mean logarithm of a word's probability.

        The probability of the whole would prefer captions that leave things out (Wu et al. 2016, section 7).

        Args:
            features: `(inputs,) float32`.
            start: Words that every caption begins with; their probability does not count.
            beams: How many captions are followed side by side.
        """
        caches, last = self._read(features, [BEGIN, *start])
        rows = _log_softmax(last)[None]  # (beams, vocabulary)
        alive, finished = [Beam((), ())], list[Beam]()
        for place in range(self.shape.max_words - len(start)):
            alive, origins, ended = _extend(alive, rows, beams)
            finished += ended
            means = sorted((beam.mean for beam in finished), reverse=True)[:beams]
            if not alive or (len(means) == beams and means[-1] >= alive[0].mean):
                break
            caches = [cache[:, origins] for cache in caches]
            words = np.array([beam.words[-1] for beam in alive])
            at = self.shape.prefix + 1 + len(start) + place
            if at >= self.shape.prefix + self.shape.max_words:
                break
            hidden = self._embed(words, at)[:, None]
            rows = _log_softmax(self._logits(self._blocks(hidden, caches)[:, -1]))
        best = sorted(finished or alive, key=lambda beam: -beam.mean)
        return best[:beams]

    def _read(self, features: Array, words: Sequence[int]) -> tuple[list[Array], Array]:
        """Return the caches after the prefix and some words, and the logits of the next word."""
        places = np.arange(self.shape.prefix, self.shape.prefix + len(words))
        hidden = np.concatenate([self._prefix(features), self._embed(np.array(words), places)])
        empty = np.zeros((2, 1, 0, self.shape.width), np.float32)
        caches = [empty for _ in range(self.shape.layers)]
        return caches, self._logits(self._blocks(hidden[None], caches)[0, -1])

    def _prefix(self, features: Array) -> Array:
        """Return the picture's places, `(prefix, width)`."""
        scaled = (features - self._weights["mean"]) * self._weights["scale"]
        hidden = _gelu(self._linear("read", scaled))
        places = self._linear("place", hidden).reshape(self.shape.prefix, self.shape.width)
        return np.asarray(places + self._weights["positions"][: self.shape.prefix])

    def _embed(self, words: NDArray[np.int64], places: "int | NDArray[np.int64]") -> Array:
        return np.asarray(self._weights["words"][words] + self._weights["positions"][places])

    def _blocks(self, hidden: Array, caches: list[Array]) -> Array:
        """Run new places `(batch, new, width)` through the blocks; the caches grow by them."""
        for layer in range(self.shape.layers):
            name = f"blocks.{layer}"
            normed = self._norm(f"{name}.before_attention", hidden)
            query, key, value = np.split(self._linear(f"{name}.qkv", normed), 3, axis=-1)
            caches[layer] = np.concatenate([caches[layer], np.stack([key, value])], axis=2)
            seen = _attend(query, caches[layer][0], caches[layer][1], self.shape.heads)
            hidden = hidden + self._linear(f"{name}.out", seen)
            normed = self._norm(f"{name}.before_feed", hidden)
            hidden = hidden + self._linear(
                f"{name}.down", _gelu(self._linear(f"{name}.up", normed))
            )
        return hidden

    def _logits(self, hidden: Array) -> Array:
        normed = self._norm("norm", hidden)
        return np.asarray(normed @ self._weights["words"].T + self._weights["bias"])

    def _linear(self, name: str, given: Array) -> Array:
        return np.asarray(given @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"])

    def _norm(self, name: str, given: Array) -> Array:
        centred = given - given.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + NORM_EPS)
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return np.asarray(centred / spread * weight + bias)


def _extend(
    alive: Sequence[Beam], rows: Array, beams: int
) -> tuple[list[Beam], list[int], list[Beam]]:
    """Add the best next word to each beam: beams that go on, the beam each came from, beams that ended."""
    totals = np.array([beam.total for beam in alive])[:, None] + rows
    totals[:, [BEGIN, UNKNOWN]] = -np.inf
    going, origins, ended = list[Beam](), list[int](), list[Beam]()
    # Twice as many as wanted, since as many as there are beams may be the end.
    for index in np.argsort(-totals, axis=None, kind="stable")[: 2 * beams]:
        origin, word = divmod(int(index), rows.shape[1])
        if totals[origin, word] == -np.inf:
            break
        beam = alive[origin]
        logs = (*beam.log_probs, float(rows[origin, word]))
        if word == END:
            ended.append(Beam(beam.words, logs))
        elif len(going) < beams:
            going.append(Beam((*beam.words, word), logs))
            origins.append(origin)
    return going, origins, ended


def _attend(query: Array, key: Array, value: Array, heads: int) -> Array:
    """Attend from the last places `(batch, new, width)` to all `(batch, all, width)`, none to a later one."""
    batch, new, width = query.shape
    split = [
        each.reshape(batch, -1, heads, width // heads).transpose(0, 2, 1, 3)
        for each in (query, key, value)
    ]
    scores = split[0] @ split[1].transpose(0, 1, 3, 2) / np.sqrt(width // heads)
    later = np.triu(np.ones((new, key.shape[1]), bool), key.shape[1] - new + 1)
    mixed = np.exp(_log_softmax(np.where(later, -np.inf, scores))) @ split[2]
    return np.asarray(mixed.transpose(0, 2, 1, 3).reshape(batch, new, width), dtype=np.float32)


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def _gelu(given: Array) -> Array:
    """The tanh form of GELU (Hendrycks and Gimpel 2016, section 2)."""
    return np.asarray(0.5 * given * (1 + np.tanh(0.7978845608 * (given + 0.044715 * given**3))))
