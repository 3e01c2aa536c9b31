"""Task `search`: known products against queries in words.

Files: catalog.jsonl, queries.jsonl with `id, query, image, box, filters, relevant`. Metrics: ndcg@10 (Järvelin
and Kekäläinen 2002, gains as given), mrr@10, recall@1, recall@10, recall@100.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.catalog.search import SearchRequest
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.settings import Settings
from shopclerk.shop import Shop

DEPTH = 100
REQUIRED = ("id", "relevant")


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    queries = read_records(data / "queries.jsonl", REQUIRED)
    worded = [query for query in queries if query.get("query") and not query.get("image")]
    watch = Stopwatch()
    with Shop(settings.model_copy(update={"catalog": str(data / "catalog.jsonl")})) as shop:
        shop.refresh()
        shop.search("warm up")
        ranked = [_search(shop, query, watch) for query in worded]
        models = {"text_encoder": shop.encoder.id, "reranker": settings.reranker or "none"}
    return Report(
        "search",
        len(worded),
        ranking_metrics(ranked, [query["relevant"] for query in worded]),
        watch.latency_ms(),
        watch.per_second(),
        models,
        _notes(queries, worded),
    )


def _notes(queries: Sequence[Any], worded: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    notes = []
    if skipped := len(queries) - len(worded):
        notes.append(f"{skipped} queries with a picture or without words were left out.")
    if not any(query["relevant"] for query in worded):
        notes.append("No metric could be computed: no query in words has relevant products.")
    return tuple(notes)


def _search(shop: Shop, query: Mapping[str, Any], watch: Stopwatch) -> list[str]:
    request = SearchRequest(query["query"], filters=query.get("filters") or {}, limit=DEPTH)
    with watch.lap():
        result = shop.search(request)
    return [hit.product.id for hit in result.hits]


def ranking_metrics(
    ranked: Sequence[Sequence[str]], relevant: Sequence[Mapping[str, float]]
) -> dict[str, Metric]:
    """Return the mean ranking metrics of some result lists, None where there are none.

    Args:
        ranked: Product ids, best first, one list a query.
        relevant: Product id to gain, one mapping a query.
    """
    pairs = [(found, gains) for found, gains in zip(ranked, relevant, strict=True) if gains]
    scores = {
        "ndcg@10": [ndcg(found, gains, 10) for found, gains in pairs],
        "mrr@10": [reciprocal_rank(found, gains, 10) for found, gains in pairs],
        **{
            f"recall@{depth}": [recall(found, gains, depth) for found, gains in pairs]
            for depth in (1, 10, 100)
        },
    }
    return {
        name: round(sum(values) / len(values), 4) if values else None
        for name, values in scores.items()
    }


def ndcg(found: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    """Return the normalised discounted cumulative gain of the first `depth` results."""
    gained = sum(
        gains.get(product, 0) / math.log2(rank + 2) for rank, product in enumerate(found[:depth])
    )
    best = sorted(gains.values(), reverse=True)[:depth]
    ideal = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))
    return gained / ideal if ideal else 0.0


def reciprocal_rank(found: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    """Return one over the rank of the first relevant result, 0 where none is in reach."""
    ranks = (rank for rank, product in enumerate(found[:depth], 1) if gains.get(product, 0) > 0)
    return next((1 / rank for rank in ranks), 0.0)


def recall(found: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    """Return the share of the relevant products among the first `depth` results."""
    wanted = {product for product, gain in gains.items() if gain > 0}
    return len(wanted & set(found[:depth])) / len(wanted) if wanted else 0.0
