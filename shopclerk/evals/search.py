"""Task `search`: known products against queries in words, by picture, by both, and by a region of a picture.

Files: catalog.jsonl, queries.jsonl with `id, query, image, box, filters, relevant`. Metrics: ndcg@10 (Järvelin
and Kekäläinen 2002, gains as given), mrr@10, recall@1, recall@10, recall@100; ndcg@10 for each `kind` as well, where
queries name one. A catalogue with enough pictures and listings teaches its own picture head first, from nothing
but itself, unless the setting `picture_head` says otherwise.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shopclerk.catalog.search import SearchRequest
from shopclerk.errors import ModelError, PictureError
from shopclerk.evals.frame import Metric, Report, Stopwatch, read_records
from shopclerk.gallery import HEAD_FOLDER
from shopclerk.pictures import open_picture
from shopclerk.settings import Settings
from shopclerk.shop import Shop

DEPTH = 100
REQUIRED = ("id", "relevant")


def run(data: Path, settings: Settings) -> Report:
    """Run the task."""
    queries = read_records(data / "queries.jsonl", REQUIRED)
    asked = [query for query in queries if query.get("query") or query.get("image")]
    watch, notes = Stopwatch(), []
    with Shop(settings.model_copy(update={"catalog": str(data / "catalog.jsonl")})) as shop:
        shop.refresh()
        notes += _adapt(shop)
        _warm_up(shop, data, asked)
        ranked = [_search(shop, data, query, watch, notes) for query in asked]
        reranker = shop.served.reranker
        models = {"text_encoder": shop.encoder.id, "reranker": reranker.id if reranker else "none"}
        notes += shop.served.notes
        models |= shop.gallery.models()
    if skipped := len(queries) - len(asked):
        notes.append(f"{skipped} queries with neither words nor a picture were left out.")
    if not any(query["relevant"] for query in asked):
        notes.append("No metric could be computed: no query has relevant products.")
    return Report(
        "search",
        len(asked),
        _metrics(asked, ranked),
        watch.latency_ms(),
        watch.per_second(),
        models,
        tuple(dict.fromkeys(notes)),
    )


def _adapt(shop: Shop) -> list[str]:
    """Let the shop learn from its pictures, once; return what came of it."""
    own = shop.settings.picture_head == "auto" and not (shop.place.folder / HEAD_FOLDER).exists()
    if not own or shop.settings.image_encoder == "none" or not shop.gallery.pictures.read_count():
        return []
    try:
        report = shop.adapt()
    except ModelError as error:  # too few pictures, or no torch to learn with
        return [f"No picture head of the shop's own: {error}"]
    kept = "kept" if report.better else "not kept"
    return [
        f"Picture head of the shop's own {kept}: listings found are like a picture's own by {report.agreement:.3f} "
        f"above chance, without it by {report.agreement_before:.3f}; {report.seconds:.0f} s."
    ]


def _warm_up(shop: Shop, data: Path, queries: Sequence[Mapping[str, Any]]) -> None:
    shop.search("warm up")
    for query in [query for query in queries if query.get("image")][:1]:
        _search(shop, data, query, Stopwatch(), [])


def _search(
    shop: Shop, data: Path, query: Mapping[str, Any], watch: Stopwatch, notes: list[str]
) -> list[str]:
    """Return the ids found, none where the picture cannot be read or the shop has none to lay beside it."""
    if query.get("image") and shop.searcher.pictures is None:
        notes.append(
            f"Query {query['id']} found nothing: this catalogue has no pictures to look at."
        )
        return []
    try:
        with watch.lap():
            picture = None
            if query.get("image"):
                opened = open_picture(query["image"], shop.gallery.limits, folder=data)
                picture = shop.gallery.query(opened, query.get("box"))
            result = shop.search(
                SearchRequest(
                    query.get("query") or "",
                    filters=query.get("filters") or {},
                    limit=DEPTH,
                    picture=picture,
                )
            )
    except PictureError as error:
        notes.append(f"Query {query['id']} found nothing: {error}")
        return []
    return [hit.product.id for hit in result.hits]


def _metrics(
    queries: Sequence[Mapping[str, Any]], ranked: Sequence[Sequence[str]]
) -> dict[str, Metric]:
    metrics = ranking_metrics(ranked, [query["relevant"] for query in queries])
    kinds = dict.fromkeys(str(query["kind"]) for query in queries if query.get("kind"))
    for kind in kinds:
        places = [place for place, query in enumerate(queries) if query.get("kind") == kind]
        part = ranking_metrics(
            [ranked[place] for place in places], [queries[place]["relevant"] for place in places]
        )
        metrics[f"ndcg@10 {kind}"] = part["ndcg@10"]
    return metrics


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
