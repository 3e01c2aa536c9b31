"""MiniLM with an adapter under ONNX Runtime: rows of tokens to one state a token.

The adapter is merged into the embedded weights and exported once; the file lies in the models folder and is named by
the adapter's hash, so that two adapters never share one.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.exporting import Writer, export_once, open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

States = NDArray[np.float32]

MAX_BATCH_TOKENS = 4096


class OnnxTokenEncoder:
    """The encoder of one adapter.

    Args:
        adapter: The folder that peft wrote.
        mark: Names the adapter's weights.
        cache: Where the exported file is kept.
        threads: Threads of a batch.

    Raises:
        MissingModelError: The file is not there yet, and torch or the embedded encoder, which make it, are missing.
    """

    def __init__(self, adapter: Path, mark: str, cache: Path, *, threads: int = 1) -> None:
        self._onnx = cache / f"attributes-{mark}.onnx"
        self._threads = threads
        export_once("attribute extractor", adapter, self._onnx, _writer)

    @cached_property
    def _session(self) -> "InferenceSession":
        return open_session(self._onnx, self._threads)

    def states(self, rows: Sequence[Sequence[int]]) -> list[States]:
        """Return `(tokens, 384) float32` for each row of token ids."""
        found: list[States] = [np.zeros((0, 0), np.float32)] * len(rows)
        order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
        for part in _parts(order, [len(row) for row in rows]):
            longest = max(len(rows[place]) for place in part)
            ids = np.zeros((len(part), longest), np.int64)
            mask = np.zeros_like(ids)
            for line, place in enumerate(part):
                ids[line, : len(rows[place])] = rows[place]
                mask[line, : len(rows[place])] = 1
            states = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            for line, place in enumerate(part):
                found[place] = states[line, : len(rows[place])]
        return found


def _parts(order: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """Cut rows, the shortest first, into batches of so many tokens, padding counted."""
    parts: list[list[int]] = []
    for place in order:
        if parts and (len(parts[-1]) + 1) * lengths[place] <= MAX_BATCH_TOKENS:
            parts[-1].append(place)
        else:
            parts.append([place])
    return parts


def _writer() -> Writer:
    from shopclerk.models.onnx_export import write_token_encoder

    return write_token_encoder
