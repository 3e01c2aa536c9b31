"""Hybrid search: full text and vectors, filtered before ranking, fused by score.

Fusion is a convex combination of normalised scores (Bruch, Gai and Ingber 2023, An Analysis of Fusion
Functions for Hybrid Retrieval, section 4.1), which keeps how much better a hit is; rank fusion throws
that away. Each half is divided by its best score, the cosine being clipped at zero. A request for
several things ('a kettle and a mug') is also searched item by item, each product counting by the item
it fits best.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.facets import FacetCount, facet_counts
from shopclerk.catalog.filters import FilterCompiler, parse_filters
from shopclerk.catalog.product import Product
from shopclerk.catalog.spelling import Speller, correct_query, store_vocabulary
from shopclerk.catalog.store import TEXT_COLUMNS, Store
from shopclerk.catalog.text import analyse, content_terms, request_items
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import FilterError, unknown

Sort = Literal["relevance", "price_asc", "price_desc", "rating_desc", "newest"]
SORTS: tuple[str, ...] = get_args(Sort)

COLUMN_WEIGHTS = (4.0, 2.0, 2.0, 1.5, 1.0)
"""BM25 weights of title, brand, category, attributes, description."""

LEXICAL_WEIGHT = 0.5
ITEMS_WEIGHT = 0.5
MAX_CANDIDATES = 200
MAX_QUERY_TERMS = 48
MAX_QUERY_CHARS = 2_000
RELEVANT_COSINE = 0.5
RELEVANT_COVERED_COSINE = 0.35
RELEVANT_COVERAGE = 0.6

_ORDER_BY = {
    "relevance": "(stock = 0), ifnull(rating, 0) DESC, row",
    "price_asc": "price IS NULL, price, row",
    "price_desc": "price IS NULL, price DESC, row",
    "rating_desc": "rating IS NULL, rating DESC, row",
    "newest": "row DESC",
}


class QueryEncoder(Protocol):
    """What search needs of a text encoder."""

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> NDArray[np.float32]:
        """Return `(len(texts), dimension) float32`, rows of length one."""
        ...


class PairScorer(Protocol):
    """What search needs of a reranker."""

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score a text."""
        ...


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is looked for.

    Attributes:
        text: Words, or empty to list by filters alone.
        filters: `{field: {operator: value}}`, all of which must hold.
        sort: The order; anything but relevance first drops what does not fit the words.
        offset: How many hits to skip.
        limit: How many hits to return.
        only_relevant: Drop hits that share too little with the words, even when nothing is left.
        facets: Count facet values over all hits.
    """

    text: str = ""
    filters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    only_relevant: bool = False
    facets: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A product found, and why.

    Attributes:
        product: The product.
        score: The fused score, 0 to 1; 0 where there were no words.
        lexical: BM25, higher is better, None where no word matched.
        semantic: Cosine of text and product, None where it was not computed.
        matched: The fields that hold a word of the query.
    """

    product: Product
    score: float = 0.0
    lexical: float | None = None
    semantic: float | None = None
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of hits.

    Attributes:
        hits: The page.
        total: How many products fit in all; with words, at most the candidates looked at.
        corrections: Misspelt words and what was searched instead.
        facets: Counts by field, empty unless asked for.
    """

    hits: tuple[Hit, ...]
    total: int
    corrections: Mapping[str, str] = field(default_factory=dict)
    facets: Mapping[str, list[FacetCount]] = field(default_factory=dict)


@dataclass(slots=True)
class _Scores:
    """The scores of one text over its candidates, by row."""

    fused: dict[int, float]
    lexical: dict[int, float]
    semantic: dict[int, float]


class Searcher:
    """Searches one catalogue.

    Args:
        store: Products and full text.
        vectors: Their vectors, or None to search by words alone.
        encoder: Encodes the query; needed with vectors.
        reranker: Reorders the best `rerank_depth` hits, where one is given.
    """

    def __init__(
        self,
        store: Store,
        vectors: VectorIndex | None = None,
        encoder: QueryEncoder | None = None,
        *,
        reranker: PairScorer | None = None,
        rerank_depth: int = 30,
    ) -> None:
        self.store = store
        self.vectors = vectors
        self.encoder = encoder
        self._reranker = reranker
        self._rerank_depth = rerank_depth
        self.filters = FilterCompiler(store)
        self._speller: tuple[int, Speller] | None = None

    @property
    def speller(self) -> Speller:
        """The spelling help over the present vocabulary."""
        generation = self.store.generation
        if self._speller is None or self._speller[0] != generation:
            self._speller = (generation, Speller(store_vocabulary(self.store)))
        return self._speller[1]

    def search(self, request: SearchRequest) -> SearchResult:
        """Return a page of hits.

        Raises:
            FilterError: An unknown field, operator or sort.
        """
        if request.sort not in SORTS:
            raise FilterError(unknown("sort", request.sort, SORTS))
        where, values = self.filters.where(parse_filters(request.filters))
        # Tokenizers refuse lone surrogates, which a terminal makes of bytes that are not UTF-8.
        text = request.text[:MAX_QUERY_CHARS].encode("utf-8", "replace").decode().strip()
        if not content_terms(text):
            return self._listed(request, where, values)
        allowed = None if where == "1" else self._rows(where, values)
        return self._ranked(request, text, allowed)

    def similar(self, product_id: str, request: SearchRequest) -> SearchResult:
        """Return the products most like one that the catalogue holds, without itself."""
        row = self.store.row_of(product_id)
        text = self.store.get(product_id).embedding_text()
        where, values = self.filters.where(parse_filters(request.filters))
        allowed = [other for other in self._rows(where, values) if other != row]
        scores = self._score([text], allowed)
        near = (other for other in scores.fused if _is_near(scores, other))
        ranked = sorted(near, key=lambda other: -scores.fused[other])
        page = ranked[request.offset : request.offset + request.limit]
        return SearchResult(self._hits(page, scores, ""), len(ranked))

    # -- without words -------------------------------------------------------------------------------

    def _rows(self, where: str, values: Sequence[Any]) -> list[int]:
        query = f"SELECT row FROM product WHERE {where}"
        return [row for (row,) in self.store.db.execute(query, values)]

    def _listed(self, request: SearchRequest, where: str, values: list[Any]) -> SearchResult:
        query = f"SELECT row FROM product WHERE {where} ORDER BY {_ORDER_BY[request.sort]}"
        rows = [row for (row,) in self.store.db.execute(query, values)]
        page = rows[request.offset : request.offset + request.limit]
        products = self.store.by_rows(page)
        hits = tuple(Hit(products[row]) for row in page if row in products)
        return SearchResult(hits, len(rows), facets=self._count(request, rows))

    def _count(self, request: SearchRequest, rows: list[int]) -> dict[str, list[FacetCount]]:
        return facet_counts(self.store, rows) if request.facets else {}

    # -- with words ----------------------------------------------------------------------------------

    def _ranked(self, request: SearchRequest, text: str, allowed: list[int] | None) -> SearchResult:
        corrections = correct_query(self.speller, text)
        wanted = _replace(text, corrections)
        scores = self._score([wanted, *request_items(wanted)], allowed)
        rows = sorted(scores.fused, key=lambda row: (-scores.fused[row], row))
        if request.only_relevant or request.sort != "relevance":
            rows = self._relevant(wanted, rows, scores)
        if request.sort != "relevance":
            rows = self._sorted(rows, request.sort)
        elif self._reranker:
            rows = self._reranked(wanted, rows)
        page = rows[request.offset : request.offset + request.limit]
        hits = self._hits(page, scores, wanted)
        return SearchResult(hits, len(rows), corrections, self._count(request, rows))

    def _score(self, texts: list[str], allowed: list[int] | None) -> _Scores:
        """Score one text, or a request (first) with its items (the rest)."""
        vectors = (
            self.encoder.encode(texts) if self.vectors and self.encoder else [None] * len(texts)
        )
        scored = [
            self._score_one(text, vector, allowed)
            for text, vector in zip(texts, vectors, strict=True)
        ]
        whole, items = scored[0], scored[1:]
        if items:
            whole.fused = _blend_items(whole.fused, [item.fused for item in items])
        return whole

    def _score_one(
        self, text: str, vector: NDArray[np.float32] | None, allowed: list[int] | None
    ) -> _Scores:
        lexical = self._lexical(text, allowed)
        if self.vectors is None or vector is None:
            return _Scores(_normalised(lexical), lexical, {})
        semantic = self.vectors.nearest(vector, MAX_CANDIDATES, allowed=allowed)
        unseen = [row for row in lexical if row not in semantic]
        semantic |= self.vectors.similarities(vector, unseen)
        for row in self.store.gone_vectors():
            semantic.pop(row, None)
        words, meaning = _normalised(lexical), _normalised(semantic)
        fused = {
            row: LEXICAL_WEIGHT * words.get(row, 0.0) + (1 - LEXICAL_WEIGHT) * meaning.get(row, 0.0)
            for row in words.keys() | meaning.keys()
        }
        return _Scores(fused, lexical, semantic)

    def _lexical(self, text: str, allowed: list[int] | None) -> dict[int, float]:
        terms = content_terms(text)[:MAX_QUERY_TERMS]
        if not terms or (allowed is not None and not allowed):
            return {}
        weights = ", ".join(str(weight) for weight in COLUMN_WEIGHTS)
        restriction = "" if allowed is None else "AND +rowid IN (SELECT value FROM json_each(?))"
        rows = self.store.db.execute(
            f"SELECT rowid, -bm25(product_text, {weights}) AS score FROM product_text"
            f" WHERE product_text MATCH ? {restriction} ORDER BY score DESC LIMIT {MAX_CANDIDATES}",
            [_any_of(terms), *([] if allowed is None else [_json(allowed)])],
        )
        return dict(rows)

    def _relevant(self, text: str, rows: list[int], scores: _Scores) -> list[int]:
        """Keep the rows that hold the words, or most of them and are near, or are very near."""
        covered = self._coverage(content_terms(text), rows)

        def fits(row: int) -> bool:
            coverage, cosine = covered.get(row, 0.0), scores.semantic.get(row, 0.0)
            near = cosine >= RELEVANT_COVERED_COSINE and coverage >= RELEVANT_COVERAGE
            return coverage == 1.0 or near or cosine >= RELEVANT_COSINE

        return [row for row in rows if fits(row)]

    def _coverage(self, terms: list[str], rows: list[int]) -> dict[int, float]:
        """Return the share of the terms that each row holds, in any field."""
        covered: dict[int, float] = {}
        wanted = _json(rows)
        for term in terms:
            found = self.store.db.execute(
                "SELECT rowid FROM product_text WHERE product_text MATCH ?"
                " AND +rowid IN (SELECT value FROM json_each(?))",
                (_any_of([term]), wanted),
            )
            for (row,) in found:
                covered[row] = covered.get(row, 0.0) + 1
        return {row: count / len(terms) for row, count in covered.items()}

    def _sorted(self, rows: list[int], sort: Sort) -> list[int]:
        query = (
            "SELECT row FROM product WHERE row IN (SELECT value FROM json_each(?))"
            f" ORDER BY {_ORDER_BY[sort]}"
        )
        return [row for (row,) in self.store.db.execute(query, (_json(rows),))]

    def _reranked(self, text: str, rows: list[int]) -> list[int]:
        head, tail = rows[: self._rerank_depth], rows[self._rerank_depth :]
        products = self.store.by_rows(head)
        texts = [products[row].embedding_text() for row in head]
        scores = self._reranker.score(text, texts) if self._reranker else []
        order = sorted(range(len(head)), key=lambda index: -scores[index])
        return [head[index] for index in order] + tail

    def _hits(self, page: list[int], scores: _Scores, text: str) -> tuple[Hit, ...]:
        products = self.store.by_rows(page)
        matched = self._matched(content_terms(text), page)
        return tuple(
            Hit(
                products[row],
                scores.fused[row],
                scores.lexical.get(row),
                scores.semantic.get(row),
                tuple(matched.get(row, ())),
            )
            for row in page
            if row in products
        )

    def _matched(self, terms: list[str], rows: list[int]) -> dict[int, list[str]]:
        matched: dict[int, list[str]] = {}
        if not terms:
            return matched
        for column in TEXT_COLUMNS:
            found = self.store.db.execute(
                "SELECT rowid FROM product_text WHERE product_text MATCH ?"
                " AND +rowid IN (SELECT value FROM json_each(?))",
                (f"{column} : ({_any_of(terms)})", _json(rows)),
            )
            for (row,) in found:
                matched.setdefault(row, []).append(column)
        return matched


def _is_near(scores: _Scores, row: int) -> bool:
    return not scores.semantic or scores.semantic.get(row, 0.0) >= RELEVANT_COSINE


def _any_of(terms: Sequence[str]) -> str:
    return " OR ".join(f'"{term}"' for term in terms)


def _json(rows: Sequence[int]) -> str:
    return "[" + ",".join(map(str, rows)) + "]"


def _normalised(scores: Mapping[int, float]) -> dict[int, float]:
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return dict.fromkeys(scores, 0.0)
    return {row: max(score, 0.0) / best for row, score in scores.items()}


def _blend_items(whole: dict[int, float], items: list[dict[int, float]]) -> dict[int, float]:
    rows = whole.keys() | set().union(*items)
    return {
        row: (1 - ITEMS_WEIGHT) * whole.get(row, 0.0)
        + ITEMS_WEIGHT * max(item.get(row, 0.0) for item in items)
        for row in rows
    }


def _replace(text: str, corrections: Mapping[str, str]) -> str:
    if not corrections:
        return text
    return " ".join(corrections.get(term, term) for term in analyse(text))


__all__ = ["SORTS", "Hit", "SearchRequest", "SearchResult", "Searcher", "Sort"]
