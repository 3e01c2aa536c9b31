"""Queries for one shop's search: from its click log, or made out of its catalogue's own texts.

Made queries are what a shopper who has the product in mind might write: some of the title's words, brand and an attribute with
what the thing is, a piece of the description, a question, now and then with a typing error. Wrong products that full text
ranks high are the hard negatives.
"""

import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shopclerk.catalog.indexing import index_file
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import Searcher, SearchRequest
from shopclerk.catalog.store import STORE_FILE, Store
from shopclerk.errors import TrainingError
from shopclerk.finetune.examples import Example
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Progress, silent

MAX_CLICKS = 5
HARD_DEPTH = 12
TYPO_SHARE = 0.1
QUESTIONS = (
    "looking for {}",
    "show me {}",
    "{}",
    "{}",
    "do you have {}",
    "i need {}",
    "find {}",
    "where can i get {}",
    "{} please",
)


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
    recipe: Recipe, progress: Progress = silent
) -> tuple[list[Example], list[Example]]:
    """Return (train, held out) examples of a recipe's catalogue; products of the one are not in the other."""
    if not recipe.data.catalog:
        raise TrainingError("data.source is 'catalog': name it by --catalog FILE.")
    with open_catalog(recipe.data.catalog) as store:
        products = list(store.products())
        if len(products) < 2:
            raise TrainingError(f"The catalogue {recipe.data.catalog} has fewer than two products.")
        asked = _queries(recipe, products)
        rng = random.Random(recipe.seed)
        order = list(dict.fromkeys(product.id for _, product in asked))
        rng.shuffle(order)
        kept = set(order[: max(1, round(len(order) * recipe.training.eval_share))])
        train = [pair for pair in asked if pair[1].id not in kept]
        heldout = [pair for pair in asked if pair[1].id in kept]
        negatives = hard_negatives(store, recipe.data.hard_negatives)
        return (
            _examples(recipe, train, negatives, rng, progress),
            _examples(recipe, heldout, negatives, rng, silent),
        )


def _queries(recipe: Recipe, products: Sequence[Product]) -> list[tuple[str, Product]]:
    if recipe.data.clicks:
        return clicked_queries(Path(recipe.data.clicks), {p.id: p for p in products})
    rng = random.Random(recipe.seed)
    return [
        (query, product)
        for product in products
        for query in made_queries(product, recipe.data.per_product, rng)
    ]


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


def made_queries(product: Product, count: int, rng: random.Random) -> list[str]:
    """Return queries that a shopper with the product in mind might write."""
    makers: list[Callable[[Product, random.Random], str]] = [
        _some_words,
        _some_words,
        _by_attribute,
    ]
    if product.description:
        makers.append(_from_description)
    queries = []
    for number in range(count):
        query = makers[number % len(makers)](product, rng)
        if rng.random() < TYPO_SHARE:
            query = with_typo(query, rng)
        queries.append(rng.choice(QUESTIONS).format(query.lower()))
    return list(dict.fromkeys(queries))


def _some_words(product: Product, rng: random.Random) -> str:
    words = product.title.split()
    share = rng.uniform(0.35, 0.85)
    kept = [word for word in words if rng.random() < share] or words[-1:]
    if rng.random() < 0.3:
        rng.shuffle(kept)
    return " ".join(kept[:16])


def _by_attribute(product: Product, rng: random.Random) -> str:
    parts = [product.brand] if product.brand and rng.random() < 0.6 else []
    values = [value for name, value in product.facets() if name not in ("brand", "category")]
    parts += rng.sample(values, min(len(values), rng.randint(1, 2)))
    levels = product.category_levels()
    parts.append(levels[-1] if levels and rng.random() < 0.6 else _some_words(product, rng))
    return " ".join(parts)


def _from_description(product: Product, rng: random.Random) -> str:
    words = (product.description or "").split()
    start = rng.randrange(max(1, len(words) - 8))
    piece = words[start : start + rng.randint(5, 12)]
    head = product.title.split()[: rng.randint(1, 3)]
    return " ".join([*head, *piece]) if rng.random() < 0.6 else " ".join(piece)


def with_typo(text: str, rng: random.Random) -> str:
    """Return a text with one letter of a word of four or more lost or swapped with the next."""
    places = [i for i in range(1, len(text) - 2) if text[i - 1 : i + 3].isalpha()]
    if not places:
        return text
    place = rng.choice(places)
    if rng.random() < 0.5:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def hard_negatives(store: Store, count: int) -> Callable[[str, Product], list[Product]]:
    """Return what finds products that full text ranks high for a query and that are not the right one."""
    searcher = Searcher(store)

    def find(query: str, right: Product) -> list[Product]:
        if not count:
            return []
        hits = searcher.search(SearchRequest(query, limit=HARD_DEPTH)).hits
        return [hit.product for hit in hits if hit.product.title != right.title][:count]

    return find


def _examples(
    recipe: Recipe,
    pairs: Sequence[tuple[str, Product]],
    negatives: Callable[[str, Product], list[Product]],
    rng: random.Random,
    progress: Progress,
) -> list[Example]:
    made: list[Example] = []
    for done, (query, product) in enumerate(pairs):
        if done % 200 == 0:
            progress("Queries", done, len(pairs))
        wrong = [item.embedding_text() for item in negatives(query, product)]
        right = product.embedding_text()
        if recipe.kind == "dual-encoder":
            made.append(
                {"query": query, "positive": right, "negatives": wrong, "product": product.id}
            )
        else:
            made.append({"left": query, "right": right, "label": 1.0})
            made += [{"left": query, "right": text, "label": 0.0} for text in wrong]
    rng.shuffle(made)
    return made
