"""Queries for one shop's search: from its click log, or made out of its catalogue's own texts (`made_queries.py`).

Wrong products that search ranks high are the hard negatives; one that holds as many of the query's words as the right product is
none, it may be as right.
"""

import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shopclerk.catalog.indexing import index_file, update_vectors
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Searcher, SearchRequest
from shopclerk.catalog.store import STORE_FILE, Store
from shopclerk.catalog.text import content_terms
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import TrainingError
from shopclerk.finetune.examples import Example
from shopclerk.finetune.made_queries import QueryMaker
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Progress, silent
from shopclerk.models.text_encoder import TextEncoder, open_text_encoder

MAX_CLICKS = 5
HARD_DEPTH = 20

Negatives = Callable[[str, Product], list[Product]]


@contextmanager
def open_catalog(address: str) -> Iterator[Store]:
    """Open a catalogue folder, or index a product file in a temporary one.

    Raises:
        TrainingError: There is no such catalogue.
    """
    path = Path(address)
    if (path / STORE_FILE).exists():
        store = Store(path)
        try:
            yield store
        finally:
            store.close()
        return
    if not path.is_file():
        raise TrainingError(
            f"There is no catalogue at '{address}'. Name a product file or a folder that 'shopclerk index' made."
        )
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        try:
            index_file(path, store, None, None)
            yield store
        finally:
            store.close()


def catalog_examples(
    recipe: Recipe, progress: Progress = silent, *, models: Path | None = None
) -> tuple[list[Example], list[Example]]:
    """Return (train, held out) examples of a recipe's catalogue; products of the one are not in the other.

    Args:
        recipe: The recipe; `data.limit` is how many queries are made at most.
        progress: Called as the work goes on.
        models: Where the embedded encoder is kept: hard negatives come from hybrid search then, else from full text.

    Raises:
        TrainingError: The catalogue is not there or too small.
    """
    if not recipe.data.catalog:
        raise TrainingError("data.source is 'catalog': name it by --catalog FILE.")
    with open_catalog(recipe.data.catalog) as store:
        products = list(store.products())
        if len(products) < 2:
            raise TrainingError(f"The catalogue {recipe.data.catalog} has fewer than two products.")
        rng = random.Random(recipe.seed)
        train, heldout = _split(recipe, _queries(recipe, products, rng), rng)
        encoder = None if models is None else open_text_encoder(recipe.base, models)
        with hard_negatives(store, products, encoder, recipe, progress) as negatives:
            return (
                _examples(recipe, train, negatives, rng, progress),
                _examples(recipe, heldout, negatives, rng, silent),
            )


def heldout_queries(recipe: Recipe) -> list[tuple[str, str]]:
    """Return the (query, product id) pairs that a recipe never trains on."""
    with open_catalog(str(recipe.data.catalog)) as store:
        products, rng = list(store.products()), random.Random(recipe.seed)
        heldout = _split(recipe, _queries(recipe, products, rng), rng)[1]
        return [(query, product.id) for query, product in heldout]


Asked = list[tuple[str, Product]]


def _split(recipe: Recipe, asked: Asked, rng: random.Random) -> tuple[Asked, Asked]:
    """Return (train, held out); each product is on one side."""
    order = list(dict.fromkeys(product.id for _, product in asked))
    rng.shuffle(order)
    kept = set(order[: max(1, round(len(order) * recipe.training.eval_share))])
    train = [pair for pair in asked if pair[1].id not in kept]
    return train, [pair for pair in asked if pair[1].id in kept]


def _queries(recipe: Recipe, products: Sequence[Product], rng: random.Random) -> Asked:
    if recipe.data.clicks:
        asked = clicked_queries(Path(recipe.data.clicks), {p.id: p for p in products})
    else:
        maker, count = QueryMaker(products, rng), recipe.data.per_product
        many = recipe.data.limit and len(products) * count > recipe.data.limit
        some = rng.sample(products, -(-recipe.data.limit // count)) if many else products
        asked = [(query, product) for product in some for query in maker.queries(product, count)]
    limit = recipe.data.limit or len(asked)
    return rng.sample(asked, limit) if limit < len(asked) else asked


def clicked_queries(path: Path, products: dict[str, Product]) -> list[tuple[str, Product]]:
    """Read a click log, JSON Lines with `query`, `product`, `clicks`; products not there any more are skipped.

    Raises:
        TrainingError: A line is broken, or no line names a product of the catalogue.
    """
    pairs: list[tuple[str, Product]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            query, product_id, clicks = (
                str(data["query"]),
                str(data["product"]),
                int(data["clicks"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(
                f"{path}, line {number}: a click is an object with query, product and clicks; {error!r}."
            ) from error
        if product := products.get(product_id):
            pairs += [(query, product)] * max(0, min(MAX_CLICKS, clicks))
    if not pairs:
        raise TrainingError(f"No line of {path} names a product of the catalogue.")
    return pairs


@contextmanager
def hard_negatives(
    store: Store,
    products: Sequence[Product],
    encoder: TextEncoder | None,
    recipe: Recipe,
    progress: Progress = silent,
) -> Iterator[Negatives]:
    """Give what finds wrong products that search ranks high for a query, at random among the best.

    Args:
        store: The catalogue's store.
        products: Its products; chance fills up where search finds too few.
        encoder: For hybrid search; None searches full text alone.
        recipe: How many, and the seed.
        progress: Called as the work goes on.
    """
    count, rng = recipe.data.hard_negatives, random.Random(recipe.seed)
    with searching(store, encoder, progress) as searcher:

        def find(query: str, right: Product) -> list[Product]:
            if not count:
                return []
            terms = content_terms(query)
            hits = searcher.search(SearchRequest(query, limit=HARD_DEPTH)).hits
            wrong = [hit.product for hit in hits if _is_wrong(hit.product, right, terms)]
            chosen = rng.sample(wrong, min(count, len(wrong)))
            chance = rng.sample(products, min(2 * count + 1, len(products)))
            others = [item for item in chance if item.title != right.title and item not in chosen]
            return [*chosen, *others[: count - len(chosen)]]

        yield find


@contextmanager
def searching(
    store: Store, encoder: TextEncoder | None, progress: Progress = silent
) -> Iterator[Searcher]:
    """Give a search over a catalogue's products by an encoder, in a place of its own; None: by full text alone."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Store(Path(folder))
        vectors = VectorIndex(Path(folder), encoder.id) if encoder else None
        try:
            copied.upsert(list(store.products()))
            if vectors is not None and encoder is not None:
                update_vectors(copied, vectors, encoder, progress=progress)
            yield Searcher(copied, vectors, encoder)
        finally:
            if vectors is not None:
                vectors.close()
            copied.close()


def _is_wrong(product: Product, right: Product, terms: Sequence[str]) -> bool:
    """Tell whether a product is surely no answer: it holds fewer of the query's words than the right one."""
    if product.id == right.id or product.title == right.title:
        return False
    return _held(product, terms) < _held(right, terms)


def _held(product: Product, terms: Sequence[str]) -> int:
    text = set(content_terms(product.embedding_text()))
    return sum(term in text for term in terms)


def _examples(
    recipe: Recipe, pairs: Asked, negatives: Negatives, rng: random.Random, progress: Progress
) -> list[Example]:
    made: list[Example] = []
    for done, (query, product) in enumerate(pairs):
        if done % 200 == 0:
            progress("Queries", done, len(pairs))
        wrong = [item.embedding_text() for item in negatives(query, product)]
        right, about = product.embedding_text(), {"negatives": wrong, "product": product.id}
        if recipe.kind == "dual-encoder":
            made.append({"query": query, "positive": right, **about})
        else:
            made.append({"left": query, "right": right, "label": 1.0, **about})
    rng.shuffle(made)
    return made
