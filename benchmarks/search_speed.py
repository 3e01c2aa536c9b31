"""How fast a large catalogue is indexed and searched, and how much memory that takes.

Each indexing run is a process of its own, so that its peak memory is its own. Queries are single, one
after the other, in one warm process.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.processes import command_ms, first_answer_ms, fresh_home
from benchmarks.results import Options, ResultTable, peak_memory_mb, percentiles, time_each
from benchmarks.rivals import ExactVectors, StemmedBm25
from benchmarks.varied_catalog import varied_queries, write_varied
from shopclerk.catalog.indexing import IndexReport
from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import read_rows
from shopclerk.catalog.search import SearchRequest
from shopclerk.settings import Settings
from shopclerk.shop import Shop, sample_file

WARM_UP = 5
ENCODED = 1_000
"""Vectors made for the exact search and then repeated: its speed does not depend on their values."""


def run(options: Options) -> Iterator[ResultTable]:
    """Index and search a varied copy of the sample shop; each table comes when it is done."""
    with fresh_home(options.settings) as settings:
        path = settings.home / "varied.jsonl"
        sample = [row.product for row in read_rows(sample_file()) if row.product]
        write_varied(path, sample, options.products, seed=options.seed)
        settings = settings.model_copy(update={"catalog": str(path)})
        yield _indexing(settings, options)
        with Shop(settings) as shop:
            yield _queries(shop, options)
        yield _cold(settings, path, options)


# -- indexing ----------------------------------------------------------------------------------------


def index_once(settings: Settings) -> tuple[IndexReport, float, float]:
    """Index the configured file; return the report, seconds with opening, and peak memory in MB."""
    started = time.perf_counter()
    with Shop(settings) as shop:
        report = shop.index()
    return report, time.perf_counter() - started, peak_memory_mb()


def _in_own_process(settings: Settings) -> tuple[IndexReport, float, float]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(index_once, settings).result()


def _indexing(settings: Settings, options: Options) -> ResultTable:
    rows = []
    for name in ("first run", "second run, same rows"):
        report, elapsed_s, memory_mb = _in_own_process(settings)
        rest_s = elapsed_s - report.encode_s
        rows.append(
            (
                name,
                round(elapsed_s, 1),
                round(report.encode_s, 1),
                round(100 * rest_s / elapsed_s, 1),
                report.embedded,
                round(memory_mb),
            )
        )
    columns = ("indexing", "total s", "encoder s", "all else %", "vectors", "peak memory MB")
    title = f"Indexing {options.products:,} products"
    return ResultTable("search_speed", title, columns, tuple(rows))


# -- queries -----------------------------------------------------------------------------------------


def _queries(shop: Shop, options: Options) -> ResultTable:
    products = list(shop.store.products())
    texts = varied_queries(products, options.queries + WARM_UP, seed=options.seed)
    rows: list[tuple[str, float, float]] = []

    def measure(name: str, work: Any, items: Sequence[Any]) -> None:
        times = time_each(work, items)[WARM_UP:]
        rows.append((name, *percentiles(times)))

    def requests(filters: dict[str, Any], **more: Any) -> list[SearchRequest]:
        return [SearchRequest(text, filters, **more) for text in texts]

    measure("shopclerk", shop.search, requests({}))
    for name, filters in _filters(products).items():
        measure(f"shopclerk, {name}", shop.search, requests(filters))
    measure("shopclerk, with facets", shop.search, requests({}, facets=True))
    words = StemmedBm25(products)
    measure("bm25s, stemmed", lambda text: words.rank(text, 10), texts)
    vectors = ExactVectors(products[:ENCODED], shop.encoder).repeated(len(products))
    measure("MiniLM, exact cosine", lambda text: vectors.rank(text, 10), texts)
    title = (
        f"Queries of 1 to 8 words over {options.products:,} products (n={options.queries} a row)"
    )
    return ResultTable("search_speed", title, ("search", "p50 ms", "p95 ms"), tuple(rows))


def _filters(products: Sequence[Product]) -> dict[str, dict[str, Any]]:
    """Return filters that let much, some and little through; the name says how much."""
    brand = products[0].brand
    wanted: list[dict[str, Any]] = [
        {"price": {"<=": 100}},
        {"colour": {"==": "Blue"}, "rating": {">=": 3.5}},
        {"brand": {"==": brand}},
    ]
    left = (
        sum((product.price or 1e9) <= 100 for product in products),
        sum(
            "Blue" in product.attribute_values("colour") and (product.rating or 0) >= 3.5
            for product in products
        ),
        sum(product.brand == brand for product in products),
    )
    names = (f"filter leaves {count:,}" for count in left)
    return dict(zip(names, wanted, strict=True))


# -- cold --------------------------------------------------------------------------------------------


def _cold(settings: Settings, path: Path, options: Options) -> ResultTable:
    search = ("search", "blue running shoes", "--catalog", str(path))
    message = b'{"user": "blue running shoes under $80"}'
    runs = range(options.repeats)
    searches = time_each(lambda _: command_ms(settings, *search), runs)
    chats = time_each(lambda _: first_answer_ms(settings, str(path), message), runs)
    rows = tuple(
        (name, round(percentiles(times)[0] / 1000, 2), round(max(times) / 1000, 2))
        for name, times in (("search", searches), ("chat to its first answer", chats))
    )
    title = f"Process start to answer, {options.products:,} products (n={options.repeats} a row)"
    return ResultTable("search_speed", title, ("process", "median s", "slowest s"), rows)
