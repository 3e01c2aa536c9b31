"""Cross-encoder rerankers: a query and a text together to a score. Optional, by setting."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from shopclerk.errors import MissingModelError
from shopclerk.models.adapted_encoder import FACTS_FILE
from shopclerk.models.address import check_address, hub_allowed
from shopclerk.models.trained_reranker import TrainedReranker

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class Reranker(Protocol):
    """Scores texts against a query; higher is better."""

    @property
    def id(self) -> str:
        """Names the model, for reports."""
        ...

    @property
    def weight(self) -> float | None:
        """How much its scores count beside the search's own; None: it alone decides."""
        ...

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score a text, in the order given."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder from a folder or a hub id.

    Raises:
        MissingModelError: The library is not installed or the model cannot be loaded.
    """

    weight: float | None = None

    def __init__(self, address: str) -> None:
        self.id = address
        self._model = _load(address)

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score a text, in the order given."""
        pairs = [(query, text) for text in texts]
        if not pairs:
            return []
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)]


def open_reranker(address: str, *, threads: int | None = None) -> Reranker:
    """Return the reranker at an address: a folder that `finetune` made, or what sentence-transformers loads."""
    folder = Path(address).expanduser()
    if (folder / FACTS_FILE).is_file():
        return TrainedReranker(folder, threads=threads or 1)
    return CrossEncoderReranker(address)


def _load(address: str) -> "CrossEncoder":
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise MissingModelError(
            f"The reranker '{address}' needs sentence-transformers: pip install 'shopclerk[train]', "
            "or leave the setting 'reranker' empty."
        ) from error
    try:
        check_address(address)
        model: CrossEncoder = CrossEncoder(
            address, trust_remote_code=False, local_files_only=not hub_allowed(address)
        )
        return model
    except (OSError, ValueError) as error:
        raise MissingModelError(
            f"The reranker '{address}' could not be loaded ({error}). Name an existing folder or a hub "
            "id that this machine can reach, or leave the setting 'reranker' empty."
        ) from error
