"""How well search finds what is wanted, against BM25, vectors alone, and rank fusion of the two.

Every search gets the same products and the same encoder. The plain ones know no filters: what a query's
filters forbid is taken out of their full ranking, so that they are judged on ranking alone.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.results import Options, ResultTable
from benchmarks.rivals import ExactVectors, RankFusion, Rival, StemmedBm25
from shopclerk.catalog.filters import matches, parse_filters
from shopclerk.catalog.search import SearchRequest
from shopclerk.evals.frame import read_records
from shopclerk.evals.search import DEPTH, ranking_metrics
from shopclerk.shop import Shop, sample_file

METRICS = ("ndcg@10", "recall@10")

Query = Mapping[str, Any]
Ranker = Callable[[Query], list[str]]


def run(options: Options) -> list[ResultTable]:
    """Measure every folder."""
    folders = options.data or (sample_file().parent,)
    rows: dict[str, list[float | None]] = {}
    columns = []
    for folder in folders:
        queries = [query for query in read_records(folder / "queries.jsonl", ("id", "relevant"))]
        queries = [query for query in queries if query.get("query") and not query.get("image")]
        columns += [f"{folder.name} {metric}" for metric in METRICS]
        for name, metrics in _measure(folder, queries, options).items():
            rows.setdefault(name, []).extend(metrics)
        columns[-1] += f" (n={len(queries)})"
    table = tuple((name, *cells) for name, cells in rows.items())
    return [ResultTable("search_quality", "Search quality", ("search", *columns), table)]


def _measure(
    folder: Path, queries: list[dict[str, Any]], options: Options
) -> dict[str, list[float | None]]:
    relevant = [query["relevant"] for query in queries]
    settings = options.settings.model_copy(update={"catalog": str(folder / "catalog.jsonl")})
    measured = {}
    with Shop(settings) as shop:
        shop.refresh()
        for name, rank in _rankers(shop).items():
            metrics = ranking_metrics([rank(query) for query in queries], relevant)
            measured[name] = [metrics[metric] for metric in METRICS]
    return measured


def _rankers(shop: Shop) -> dict[str, Ranker]:
    products = list(shop.store.products())
    words, vectors = StemmedBm25(products), ExactVectors(products, shop.encoder)

    def plain(rival: Rival) -> Ranker:
        def rank(query: Query) -> list[str]:
            tests = parse_filters(query.get("filters"))
            found = (products[row] for row in rival.rank(query["query"], len(products)))
            return [product.id for product in found if matches(product, tests)][:DEPTH]

        return rank

    def hybrid(query: Query) -> list[str]:
        request = SearchRequest(query["query"], query.get("filters") or {}, limit=DEPTH)
        return [hit.product.id for hit in shop.search(request).hits]

    return {
        "shopclerk": hybrid,
        "bm25s, stemmed": plain(words),
        "MiniLM, exact cosine": plain(vectors),
        "reciprocal rank fusion of both": plain(RankFusion(words, vectors)),
    }
