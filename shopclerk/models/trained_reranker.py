"""A cross-encoder trained for one shop, under ONNX Runtime with weights of eight bits.

`shopclerk finetune rerank-minilm-lora` writes the folder: `merged/` with the weights, and `adapter.json`. The ONNX file is
exported once, beside them. Its scores are laid beside the search's own, as far as that was better on held-out queries.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from shopclerk.errors import MissingModelError
from shopclerk.models.adapted_encoder import FACTS_FILE, MERGED, trained_facts
from shopclerk.models.exporting import Writer, export_once, open_session
from shopclerk.models.text_encoder import encodable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

ONNX_FILE = "reranker.onnx"
PAIRS_A_BATCH = 8
DEFAULT_TOKENS = 64


class TrainedReranker:
    """Scores products against a query as one shop's listings have taught it.

    Args:
        folder: What `finetune` wrote.
        threads: Threads; one is best for a search.

    Raises:
        MissingModelError: The folder holds no merged reranker.
    """

    served: ClassVar[tuple[str, ...]] = (
        ONNX_FILE,
        FACTS_FILE,
        "README.md",
        f"{MERGED}/tokenizer.json",
    )

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        try:
            facts = trained_facts(folder)
            self.mark = str(facts["adapter_hash"])
            weight = facts.get("weight")
            self.weight: float | None = None if weight is None else float(weight)
            if not (folder / MERGED / "tokenizer.json").is_file():
                raise FileNotFoundError(folder / MERGED)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MissingModelError(
                f"There is no trained reranker in {folder} ({error!r}). Train one with 'shopclerk finetune "
                "rerank-minilm-lora --catalog FILE', or leave the setting 'reranker' empty."
            ) from error
        self.folder = folder
        self._tokens = int(facts.get("max_length", DEFAULT_TOKENS))
        self._threads = threads
        export_once("reranker", folder / MERGED, folder / ONNX_FILE, _pair_writer)

    @property
    def id(self) -> str:
        """The model's name and a digest of the adapter's weights."""
        return f"rerank-minilm+{self.mark}"

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / MERGED / "tokenizer.json"))
        tokenizer.enable_truncation(self._tokens, strategy="longest_first")
        tokenizer.enable_padding()
        return tokenizer

    @cached_property
    def _session(self) -> "InferenceSession":
        return open_session(self.folder / ONNX_FILE, self._threads)

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score a text, in the order given; higher is better."""
        return self.score_pairs([(query, text) for text in texts])

    def score_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return one score for each query and text, in the order given; higher is better."""
        scores = np.zeros(len(pairs), dtype=np.float32)
        by_length = np.argsort([len(query) + len(text) for query, text in pairs], kind="stable")
        for start in range(0, len(pairs), PAIRS_A_BATCH):
            part = by_length[start : start + PAIRS_A_BATCH]
            encoded = self._tokenizer.encode_batch(
                [(encodable(pairs[place][0]), encodable(pairs[place][1])) for place in part]
            )
            feed = {
                "input_ids": np.array([item.ids for item in encoded], np.int64),
                "attention_mask": np.array([item.attention_mask for item in encoded], np.int64),
                "token_type_ids": np.array([item.type_ids for item in encoded], np.int64),
            }
            scores[part] = self._session.run(None, feed)[0].reshape(-1)
        return [float(score) for score in scores]


def _pair_writer() -> Writer:
    from shopclerk.models.reranker_export import write_pair_scorer

    return write_pair_scorer
