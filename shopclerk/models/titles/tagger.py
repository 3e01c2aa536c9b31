"""The title tagger: MiniLM with a small adapter under ONNX Runtime, and heads in numpy.

`finetune/title_tagger.py` trains it; its folder holds the adapter (LoRA on MiniLM's upper layers) and the heads. Base
and adapter are exported once to ONNX, as the text encoder is.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shopclerk.errors import MissingModelError
from shopclerk.models.exporting import Writer, export_once, open_session
from shopclerk.models.text_encoder import embedded_folder
from shopclerk.models.titles.listing import OwnWords
from shopclerk.models.titles.tagging import (
    Array,
    TaggerInput,
    Verdicts,
    apply_verdicts,
    tagger_input,
)

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

WEIGHTS_FILE, FACTS_FILE, ADAPTER = "tagger.safetensors", "title_tagger.json", "adapter"
MAX_TOKENS = 128
BATCH = 32
SURE = 0.8
"""A word is changed only where the tagger is at least so sure."""


def is_tagger_folder(folder: Path) -> bool:
    """Tell whether a folder holds a title tagger."""
    return (folder / FACTS_FILE).is_file()


class TitleTagger:
    """The tagger of a folder; it reads the titles that the rules wrote.

    Args:
        folder: What `shopclerk finetune titles-tagger` wrote.
        cache: Where the exported ONNX file is kept.
        threads: Threads for batches.

    Raises:
        MissingModelError: There is none, or torch, which exports it once, is not installed.
    """

    reads_rules = True

    def __init__(self, folder: Path, cache: Path, *, threads: int | None = None) -> None:
        from safetensors.numpy import load_file

        try:
            facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
            tensors = load_file(folder / WEIGHTS_FILE)
            self.id = str(facts["id"])
            self.sure = float(facts.get("sure", SURE))
        except Exception as error:
            # safetensors raises an error of its own kind.
            raise MissingModelError(
                f"There is no title tagger in '{folder}' ({error}). Make one with "
                "'shopclerk finetune titles-tagger', or set title_writer to 'embedded'."
            ) from error
        self._heads = {name: value.astype(np.float32) for name, value in tensors.items()}
        digest = hashlib.blake2b((folder / WEIGHTS_FILE).read_bytes(), digest_size=4).hexdigest()
        self._onnx = cache / f"title-tagger-{digest}.onnx"
        self._threads = threads or 1
        export_once("title tagger", folder / ADAPTER, self._onnx, _writer)

    @cached_property
    def _session(self) -> "InferenceSession":
        return open_session(self._onnx, self._threads)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return tagger_tokenizer(embedded_folder())

    def write(self, titles: Sequence[str], owns: Sequence[OwnWords]) -> list[tuple[str, float]]:
        """Return (title, how sure) for titles that the rules wrote."""
        inputs = [tagger_input(title, own) for title, own in zip(titles, owns, strict=True)]
        written: list[tuple[str, float]] = [("", 0.0)] * len(inputs)
        order = sorted(range(len(inputs)), key=lambda i: len(inputs[i].words))
        for start in range(0, len(order), BATCH):
            part = [i for i in order[start : start + BATCH] if inputs[i].words]
            for i, verdicts in zip(part, self._verdicts([inputs[i] for i in part]), strict=True):
                written[i] = apply_verdicts(inputs[i], verdicts, sure=self.sure)
        return written

    def _verdicts(self, inputs: Sequence[TaggerInput]) -> list[Verdicts]:
        if not inputs:
            return []
        ids, mask, words = encode_words(self._tokenizer, inputs)
        (hidden,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return [
            verdicts_of(pooled_words(states, places, len(given.words)), given, self._heads)
            for states, places, given in zip(hidden, words, inputs, strict=True)
        ]


def tagger_tokenizer(model: Path) -> "Tokenizer":
    """Return MiniLM's tokenizer, cut at the tagger's length."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()
    return tokenizer


def encode_words(
    tokenizer: "Tokenizer", inputs: Sequence[TaggerInput]
) -> tuple[np.ndarray, np.ndarray, list[list[int]]]:
    """Return ids and mask `(batch, tokens) int64`, and for each token the title's word it is of, -1 for none."""
    encoded = tokenizer.encode_batch(
        [(list(given.words), list(given.fields) or ["-"]) for given in inputs],
        is_pretokenized=True,
    )
    ids = np.array([item.ids for item in encoded], np.int64)
    mask = np.array([item.attention_mask for item in encoded], np.int64)
    words = [
        [
            word if word is not None and sequence == 0 else -1
            for word, sequence in zip(item.word_ids, item.sequence_ids, strict=True)
        ]
        for item in encoded
    ]
    return ids, mask, words


def pooled_words(states: Array, words: Sequence[int], count: int) -> Array:
    """Return `(count, width)`, the mean of each word's tokens; zeros where it has none."""
    pooled = np.zeros((count, states.shape[1]), np.float32)
    sizes = np.zeros((count, 1), np.float32)
    for state, word in zip(states, words, strict=True):
        if 0 <= word < count:
            pooled[word] += state
            sizes[word] += 1
    return np.asarray(pooled / np.maximum(sizes, 1), np.float32)


def verdicts_of(pooled: Array, given: TaggerInput, heads: dict[str, Array]) -> Verdicts:
    """Return the heads' verdicts; the network of `finetune/title_tagger.TaggerHeads` in numpy."""

    def linear(name: str, x: Array) -> Array:
        return np.asarray(x @ heads[f"{name}.weight"].T + heads[f"{name}.bias"], np.float32)

    x = np.concatenate([pooled, given.features], axis=1)
    x = np.maximum(linear("trunk", x), 0)
    # Neighbours to the left and the right, zeros at the ends.
    left = np.concatenate([np.zeros_like(x[:1]), x[:-1]])
    right = np.concatenate([x[1:], np.zeros_like(x[:1])])
    x = np.maximum(linear("mix", np.concatenate([left, x, right], axis=1)), 0)
    keys = np.concatenate([linear("key", x), heads["start"]])
    scores = linear("query", x) @ keys.T / np.sqrt(keys.shape[1], dtype=np.float32)
    return Verdicts(
        _softmax(linear("ops", x)),
        _softmax(linear("cases", x)),
        np.asarray(1 / (1 + np.exp(-np.clip(linear("moves", x)[:, 0], -30, 30))), np.float32),
        _softmax(scores),
    )


def _softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def _writer() -> Writer:
    from shopclerk.models.onnx_export import write_token_encoder

    return write_token_encoder
