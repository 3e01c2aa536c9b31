"""Hybrid search: full text and vectors, filtered before ranking, fused by score.

Fusion is a convex combination of normalised scores (Bruch, Gai and Ingber 2023, An Analysis of Fusion
Functions for Hybrid Retrieval, section 4.1), which keeps how much better a hit is; rank fusion throws
that away. Each half is divided by its best score, the cosine being clipped at zero. A request for
several things ('a kettle and a mug') is also searched item by item, each product counting by the item
it fits best. Pictures, where the catalogue has them, are a third part, see `picture_search.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast, get_args

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.facets import FacetCount, facet_counts
from shopclerk.catalog.filters import FilterCompiler, parse_filters
from shopclerk.catalog.fulltext import FullText, as_json
from shopclerk.catalog.picture_search import PictureQuery, PictureSearch, scaled
from shopclerk.catalog.product import Product
from shopclerk.catalog.reranking import PairScorer, reranked
from shopclerk.catalog.spelling import Speller, correct_query, store_vocabulary
from shopclerk.catalog.store import Store
from shopclerk.catalog.text import analyse, content_terms, request_items
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import FilterError, unknown

Sort = Literal["relevance", "price_asc", "price_desc", "rating_desc", "newest"]
SORTS: tuple[str, ...] = get_args(Sort)

LEXICAL_WEIGHT = 0.5
ITEMS_WEIGHT = 0.5
PICTURE_WEIGHT = 0.4
"""How much pictures count beside texts for a query in words, where they were learned from."""
BESIDE_PICTURE_WEIGHT = 0.5
"""How much texts count for words beside a picture that no picture can show."""
MAX_CANDIDATES = 200
RERANK_DEPTH = 20
MAX_QUERY_CHARS = 2_000
MAX_SORTED = 50
"""Hits by picture that an order by price or rating is laid over; the rest looks less alike."""
RELEVANT_COSINE = 0.5
RELEVANT_COVERED_COSINE = 0.35
RELEVANT_COVERAGE = 0.6
RELEVANT_LOOK = 0.55
"""Share of the best hit's likeness to a picture from which another counts as like it."""

_ORDER_BY = {
    "relevance": "(ifnull(stock, 1) = 0), ifnull(rating, 0) DESC, row",
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


@dataclass(frozen=True, slots=True)
class Models:
    """The models that search with a catalogue, and the vectors that one of them made.

    Attributes:
        vectors: The products' vectors, or None to search by words alone.
        encoder: Encodes the query; needed with vectors.
        reranker: Reorders the best hits, where there is one.
    """

    vectors: VectorIndex | None = None
    encoder: QueryEncoder | None = None
    reranker: PairScorer | None = None


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
        picture: What the products should look like; the words then say what should differ.
    """

    text: str = ""
    filters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    only_relevant: bool = False
    facets: bool = False
    picture: PictureQuery | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A product found, and why.

    Attributes:
        product: The product.
        score: The fused score, 0 to 1; 0 where there were no words.
        lexical: BM25, higher is better, None where no word matched.
        semantic: Cosine of text and product, None where it was not computed.
        matched: The fields that hold a word of the query.
        visual: How well its picture fits, 0 to 1 of the best; None where pictures did not count.
        same_picture: It shows the very picture that was asked with.
    """

    product: Product
    score: float = 0.0
    lexical: float | None = None
    semantic: float | None = None
    matched: tuple[str, ...] = ()
    visual: float | None = None
    same_picture: bool = False


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
    lexical: dict[int, float] = field(default_factory=dict)
    semantic: dict[int, float] = field(default_factory=dict)
    visual: dict[int, float] = field(default_factory=dict)
    same: list[int] = field(default_factory=list)
    items: list[tuple[str, dict[int, float]]] = field(default_factory=list)

    def asked(self, text: str, row: int) -> str:
        """Return what a row is an answer to: the text, or the item of it that the row fits best."""
        best = max(self.items, key=lambda item: item[1].get(row, 0.0), default=None)
        return best[0] if best and best[1].get(row) else text

    def either(self, row: int) -> float:
        """Return how well a row fits by its text and its picture together, where it has one."""
        return (self.fused.get(row, 0.0) + self.visual.get(row, 0.0)) / (1 + bool(self.visual))


class Searcher:
    """Searches one catalogue.

    Args:
        store: Products and full text.
        vectors: Their vectors, or None to search by words alone.
        encoder: Encodes the query; needed with vectors.
        pictures: Searches the pictures, or None to look at none.
        reranker: Reorders the best `rerank_depth` hits, where one is given.
        renewed: Asked before each search: other models to search with from now on, or None.
    """

    def __init__(
        self,
        store: Store,
        vectors: VectorIndex | None = None,
        encoder: QueryEncoder | None = None,
        *,
        pictures: PictureSearch | None = None,
        reranker: PairScorer | None = None,
        rerank_depth: int = RERANK_DEPTH,
        renewed: Callable[[], Models | None] | None = None,
    ) -> None:
        self.store = store
        self.models = Models(vectors, encoder, reranker)
        self._renewed = renewed
        self.pictures = pictures
        self._fulltext = FullText(store, MAX_CANDIDATES)
        self._rerank_depth = rerank_depth
        self.filters = FilterCompiler(store)
        self._speller: tuple[int, Speller] | None = None

    @property
    def encoder(self) -> QueryEncoder | None:
        """What encodes the query."""
        return self.models.encoder

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
        if self._renewed and (models := self._renewed()):
            self.models = models
        where, values = self.filters.where(parse_filters(request.filters))
        # Tokenizers refuse lone surrogates, which a terminal makes of bytes that are not UTF-8.
        text = request.text[:MAX_QUERY_CHARS].encode("utf-8", "replace").decode().strip()
        if not content_terms(text) and request.picture is None:
            return self._listed(request, where, values)
        allowed = None if where == "1" else self._rows(where, values)
        if request.picture is not None:
            return self._pictured(request, request.picture, text, allowed)
        return self._ranked(request, text, allowed)

    def similar(self, product_id: str, request: SearchRequest) -> SearchResult:
        """Return the products most like one that the catalogue holds, without itself."""
        row = self.store.row_of(product_id)
        text = self.store.get(product_id).embedding_text()
        where, values = self.filters.where(parse_filters(request.filters))
        allowed = [other for other in self._rows(where, values) if other != row]
        scores = self._score([text], allowed)
        near = {other for other in scores.fused if _is_near(scores, other)}
        picture = self.pictures.query_of(row) if self.pictures else None
        if self.pictures and picture:
            scores.visual = self.pictures.by_picture(picture, "", allowed)
            alike = sorted(scores.visual, key=lambda other: -scores.visual[other])
            near |= set(alike[: request.offset + request.limit])
        ranked = sorted(near, key=lambda other: -scores.either(other))
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

    # -- with a picture ------------------------------------------------------------------------------

    def _pictured(
        self, request: SearchRequest, picture: PictureQuery, text: str, allowed: list[int] | None
    ) -> SearchResult:
        if self.pictures is None:
            raise FilterError(
                "This catalogue cannot be searched by picture. Give its products images, set "
                "image_encoder, and run 'shopclerk index' again."
            )
        scores = self._score_pictured(picture, text, allowed)
        rows = sorted(scores.fused, key=lambda row: (-scores.fused[row], row))
        if request.only_relevant:
            rows = [row for row in rows if scores.visual[row] >= RELEVANT_LOOK]
        rows = [*scores.same, *(row for row in rows if row not in scores.same)]
        if request.sort != "relevance":
            rows = self._sorted(rows[:MAX_SORTED], request.sort)
        page = rows[request.offset : request.offset + request.limit]
        return SearchResult(
            self._hits(page, scores, text), len(rows), facets=self._count(request, rows)
        )

    def _score_pictured(
        self, picture: PictureQuery, text: str, allowed: list[int] | None
    ) -> _Scores:
        assert self.pictures is not None
        visual = self.pictures.by_picture(picture, text, allowed)
        if self.pictures.only_points(text):
            return _Scores(visual, visual=visual, same=self.pictures.same(picture, visual))
        unseen = self.pictures.unseen_words(text)
        if not unseen:
            return _Scores(visual, visual=visual)
        scores = self._score([unseen], allowed)
        fused = {
            row: score + BESIDE_PICTURE_WEIGHT * scores.fused.get(row, 0.0)
            for row, score in visual.items()
        }
        return _Scores(scaled(fused), scores.lexical, scores.semantic, visual)

    # -- with words ----------------------------------------------------------------------------------

    def _ranked(self, request: SearchRequest, text: str, allowed: list[int] | None) -> SearchResult:
        corrections = correct_query(self.speller, text)
        wanted = _replace(text, corrections)
        speak = self.pictures if self.pictures and self.pictures.knows(wanted) else None
        seen = speak.by_words(wanted, allowed, ()) if speak else {}
        scores = self._score([wanted, *request_items(wanted)], allowed, seen)
        if speak:
            scores.visual = speak.by_words(wanted, allowed, scores.fused)
            scores.fused = _blend_pictures(scores)
        rows = sorted(scores.fused, key=lambda row: (-scores.fused[row], row))
        if request.only_relevant or request.sort != "relevance":
            rows = self._relevant(wanted, rows, scores)
        if request.sort != "relevance":
            rows = self._sorted(rows, request.sort)
        elif self.models.reranker:
            rows = self._reranked(self.models.reranker, wanted, rows, scores)
        page = rows[request.offset : request.offset + request.limit]
        hits = self._hits(page, scores, wanted)
        return SearchResult(hits, len(rows), corrections, self._count(request, rows))

    def _score(
        self, texts: list[str], allowed: list[int] | None, also: Iterable[int] = ()
    ) -> _Scores:
        """Score one text, or a request (first) with its items (the rest); some rows in any case."""
        index, encoder = self.models.vectors, self.models.encoder
        blind = index is None or encoder is None
        encoded = [None] * len(texts) if blind else cast(QueryEncoder, encoder).encode(texts)
        scored = [
            self._score_one(text, index, vector, allowed, also)
            for text, vector in zip(texts, encoded, strict=True)
        ]
        whole, items = scored[0], scored[1:]
        if items:
            whole.fused = _blend_items(whole.fused, [item.fused for item in items])
            whole.items = [(text, item.fused) for text, item in zip(texts[1:], items, strict=True)]
        return whole

    def _score_one(
        self,
        text: str,
        index: VectorIndex | None,
        vector: NDArray[np.float32] | None,
        allowed: list[int] | None,
        also: Iterable[int],
    ) -> _Scores:
        lexical = self._fulltext.ranked(text, allowed)
        if index is None or vector is None:
            return _Scores(scaled(lexical), lexical)
        semantic = index.nearest(vector, MAX_CANDIDATES, allowed=allowed)
        unseen = [row for row in {**lexical, **dict.fromkeys(also)} if row not in semantic]
        semantic |= index.similarities(vector, unseen)
        for row in self.store.gone_vectors():
            semantic.pop(row, None)
        words, meaning = scaled(lexical), scaled(semantic)
        fused = {
            row: LEXICAL_WEIGHT * words.get(row, 0.0) + (1 - LEXICAL_WEIGHT) * meaning.get(row, 0.0)
            for row in words.keys() | meaning.keys()
        }
        return _Scores(fused, lexical, semantic)

    def _relevant(self, text: str, rows: list[int], scores: _Scores) -> list[int]:
        """Keep the rows that hold the words, or most of them and are near, or are very near."""
        covered = self._fulltext.coverage(content_terms(text), rows)

        def fits(row: int) -> bool:
            coverage, cosine = covered.get(row, 0.0), scores.semantic.get(row, 0.0)
            near = cosine >= RELEVANT_COVERED_COSINE and coverage >= RELEVANT_COVERAGE
            return coverage == 1.0 or near or cosine >= RELEVANT_COSINE

        return [row for row in rows if fits(row)]

    def _sorted(self, rows: list[int], sort: Sort) -> list[int]:
        query = (
            "SELECT row FROM product WHERE row IN (SELECT value FROM json_each(?))"
            f" ORDER BY {_ORDER_BY[sort]}"
        )
        return [row for (row,) in self.store.db.execute(query, (as_json(rows),))]

    def _reranked(
        self, reranker: PairScorer, text: str, rows: list[int], scores: _Scores
    ) -> list[int]:
        head, tail = rows[: self._rerank_depth], rows[self._rerank_depth :]
        texts = {row: p.embedding_text() for row, p in self.store.by_rows(head).items()}
        asked = {row: scores.asked(text, row) for row in head}
        present = [row for row in head if row in texts]
        return [*reranked(present, scores.fused, asked, texts, reranker), *tail]

    def _hits(self, page: list[int], scores: _Scores, text: str) -> tuple[Hit, ...]:
        products = self.store.by_rows(page)
        matched = self._fulltext.matched(content_terms(text), page)
        return tuple(
            Hit(
                products[row],
                scores.fused.get(row, 0.0),
                scores.lexical.get(row),
                scores.semantic.get(row),
                tuple(matched.get(row, ())),
                scores.visual.get(row),
                row in scores.same,
            )
            for row in page
            if row in products
        )


def _is_near(scores: _Scores, row: int) -> bool:
    return not scores.semantic or scores.semantic.get(row, 0.0) >= RELEVANT_COSINE


def _blend_pictures(scores: _Scores) -> dict[int, float]:
    """Lay what pictures say of a query in words beside what texts say."""
    rows = scores.fused.keys() | scores.visual.keys()
    return {
        row: (scores.fused.get(row, 0.0) + PICTURE_WEIGHT * scores.visual.get(row, 0.0))
        / (1 + PICTURE_WEIGHT)
        for row in rows
    }


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
