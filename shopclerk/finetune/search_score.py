"""Whether a shop's search is better with what was trained for it: hybrid search over held-out queries, with and without.

An encoder or reranker is kept where it is better by more than two standard errors of the difference; the folder's facts say
so (`kept`), and so does the card. How much a reranker counts beside the search is chosen on one half of the held-out
queries and judged on the other.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from shopclerk.catalog.reranking import reranked
from shopclerk.catalog.search import RERANK_DEPTH, Searcher, SearchRequest
from shopclerk.catalog.store import Store
from shopclerk.finetune.export import export_merged, trained_recipe
from shopclerk.finetune.loop import FACTS_FILE, write_facts
from shopclerk.finetune.run import ADAPTER, Progress, silent
from shopclerk.finetune.search_data import heldout_queries, open_catalog, searching
from shopclerk.models.adapted_encoder import MERGED, AdaptedTextEncoder
from shopclerk.models.agent_adapter import weights_hash
from shopclerk.models.text_encoder import TextEncoder, open_text_encoder
from shopclerk.models.trained_reranker import TrainedReranker

DEPTH = 10
MAX_QUERIES = 600
STANDARD_ERRORS = 2.0
WEIGHTS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2)

Asked = Sequence[tuple[str, str]]
"""Pairs of a query and the id of its one right product."""


def judge_encoder(folder: Path, models: Path, progress: Progress = silent) -> dict[str, Any]:
    """Merge a trained search encoder, compare it with its base, and write what came out into its facts.

    Args:
        folder: What `finetune` made.
        models: Where the embedded base is kept.
        progress: Called as the work goes on.
    """
    recipe, facts = trained_recipe(folder), merged_facts(folder, models)
    asked = heldout_queries(recipe)[:MAX_QUERIES]
    gains: dict[str, list[float]] = {}
    with open_catalog(str(recipe.data.catalog)) as store:
        for name, encoder in (
            ("base_ndcg@10", open_text_encoder(recipe.base, models)),
            ("ndcg@10", AdaptedTextEncoder(folder)),
        ):
            progress(f"Measuring {name}", 0, None)
            with searching(store, encoder) as searcher:
                gains[name] = [gain(_rank(searcher, *pair)) for pair in asked]
    facts |= verdict(gains["base_ndcg@10"], gains["ndcg@10"], facts["metrics"])
    write_facts(folder, recipe, facts)
    return facts


def judge_reranker(folder: Path, models: Path, progress: Progress = silent) -> dict[str, Any]:
    """Merge a trained reranker, find its weight, compare search with it and without, and write that into its facts.

    Args:
        folder: What `finetune` made.
        models: Where the embedded base is kept.
        progress: Called as the work goes on.
    """
    recipe, facts = trained_recipe(folder), merged_facts(folder, models)
    facts |= {"weight": None, "max_length": recipe.training.max_length}
    write_facts(folder, recipe, facts)
    asked, scorer = heldout_queries(recipe)[:MAX_QUERIES], TrainedReranker(folder)
    with (
        open_catalog(str(recipe.data.catalog)) as store,
        searching(store, open_text_encoder(recipe.base, models)) as searcher,
    ):
        read = [_read(searcher, scorer, *pair) for pair in asked]
    progress("Weighing", 0, None)
    chosen, judged = read[::2], read[1::2] or read
    facts["weight"] = max(WEIGHTS, key=lambda weight: _mean([r.gain(weight) for r in chosen]))
    before, after = ([r.gain(weight) for r in judged] for weight in (0.0, facts["weight"]))
    facts |= verdict(before, after, facts["metrics"])
    write_facts(folder, recipe, facts)
    return facts


def merged_facts(folder: Path, models: Path) -> dict[str, Any]:
    """Merge an adapter into its base and return the folder's facts with the adapter's digest."""
    recipe = trained_recipe(folder)
    facts: dict[str, Any] = json.loads((folder / FACTS_FILE).read_text("utf-8"))
    for stale in folder.glob("*.onnx"):
        stale.unlink()
    export_merged(folder, folder / MERGED, models)
    facts["adapter_hash"] = weights_hash(folder / ADAPTER / "adapter_model.safetensors")
    write_facts(folder, recipe, facts)
    return facts


def verdict(
    before: Sequence[float], after: Sequence[float], metrics: dict[str, Any]
) -> dict[str, Any]:
    """Return facts on a comparison of paired scores: the means, and whether the later are surely better."""
    gained = np.array(after) - np.array(before)
    error = float(gained.std() / math.sqrt(len(gained)))
    means = {"base_ndcg@10": _mean(before), "ndcg@10": _mean(after), "standard_error": error}
    return {
        "metrics": {**metrics, **{name: round(value, 4) for name, value in means.items()}},
        "kept": bool(gained.mean() > STANDARD_ERRORS * error),
        "judged_queries": len(gained),
    }


@dataclass(slots=True)
class Read:
    """A query's best hits, scored by search and by a reranker; itself a scorer that knows its answers.

    Attributes:
        query: The query.
        right: Place of the right product among the hits; None where it is not there.
        fused: Scores of the search.
        scores: Scores of the reranker.
    """

    query: str
    right: int | None
    fused: list[float]
    scores: list[float]
    weight: float | None = field(default=0.0)

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the scores that the reranker has given."""
        return self.scores

    def gain(self, weight: float) -> float:
        """Return ndcg@10 where the reranker counts so much."""
        if self.right is None:
            return 0.0
        self.weight, rows = weight, range(len(self.fused))
        order = reranked(
            rows, dict(enumerate(self.fused)), dict.fromkeys(rows, self.query), dict.fromkeys(rows, ""), self
        )  # fmt: skip
        return gain(order.index(self.right) + 1)


def _read(searcher: Searcher, scorer: TrainedReranker, query: str, right: str) -> Read:
    hits = searcher.search(SearchRequest(query, limit=RERANK_DEPTH)).hits
    places = {hit.product.id: place for place, hit in enumerate(hits)}
    scores = scorer.score(query, [hit.product.embedding_text() for hit in hits])
    return Read(query, places.get(right), [hit.score for hit in hits], scores)


def gain(rank: int | None) -> float:
    """Return ndcg@10 where a single product is right, by its rank from 1; 0 where it was not found."""
    return 0.0 if rank is None or rank > DEPTH else 1 / math.log2(rank + 1)


def hybrid_ndcg(store: Store, encoder: TextEncoder, asked: Asked) -> float:
    """Return the mean ndcg@10 of hybrid search over (query, id of the one right product) pairs."""
    with searching(store, encoder) as searcher:
        return _mean([gain(_rank(searcher, query, right)) for query, right in asked])


def _rank(searcher: Searcher, query: str, right: str) -> int | None:
    hits = searcher.search(SearchRequest(query, limit=DEPTH)).hits
    return next((n for n, hit in enumerate(hits, 1) if hit.product.id == right), None)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
