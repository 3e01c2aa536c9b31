"""Whether a shop's search is better with its adapter: hybrid search over held-out queries, with and without.

The adapter is kept only where it beats the base; the folder's facts say so (`kept`), and so does the card.
"""

import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shopclerk.catalog.indexing import update_vectors
from shopclerk.catalog.search import Searcher, SearchRequest
from shopclerk.catalog.store import Store
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.finetune.examples import Example
from shopclerk.finetune.export import export_merged, trained_recipe
from shopclerk.finetune.loop import FACTS_FILE, write_facts
from shopclerk.finetune.run import ADAPTER, Progress, silent
from shopclerk.finetune.search_data import catalog_examples, open_catalog
from shopclerk.models.adapted_encoder import MERGED, AdaptedTextEncoder
from shopclerk.models.agent_adapter import weights_hash
from shopclerk.models.text_encoder import TextEncoder, open_text_encoder

DEPTH = 10
MAX_QUERIES = 600


def judge(folder: Path, models: Path, progress: Progress = silent) -> dict[str, Any]:
    """Merge a trained search adapter, compare it with its base, and write what came out into its facts.

    Args:
        folder: What `finetune` made.
        models: Where the embedded base is kept.
        progress: Called as the work goes on.
    """
    recipe = trained_recipe(folder)
    facts: dict[str, Any] = json.loads((folder / FACTS_FILE).read_text("utf-8"))
    export_merged(folder, folder / MERGED, models)
    facts["adapter_hash"] = weights_hash(folder / ADAPTER / "adapter_model.safetensors")
    write_facts(folder, recipe, facts)
    pairs = query_pairs(catalog_examples(recipe)[1])[:MAX_QUERIES]
    encoders = {
        "base_ndcg@10": open_text_encoder(recipe.base, models),
        "ndcg@10": AdaptedTextEncoder(folder),
    }
    with open_catalog(str(recipe.data.catalog)) as store:
        for name, encoder in encoders.items():
            progress(f"Measuring {name}", 0, None)
            facts["metrics"][name] = round(hybrid_ndcg(store, encoder, pairs), 4)
    facts["kept"] = facts["metrics"]["ndcg@10"] > facts["metrics"]["base_ndcg@10"]
    write_facts(folder, recipe, facts)
    return facts


def hybrid_ndcg(store: Store, encoder: TextEncoder, queries: Sequence[tuple[str, str]]) -> float:
    """Return the mean ndcg@10 of hybrid search over (query, id of the one right product) pairs."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Store(Path(folder))
        vectors = VectorIndex(Path(folder), encoder.id)
        try:
            copied.upsert(list(store.products()))
            update_vectors(copied, vectors, encoder)
            searcher = Searcher(copied, vectors, encoder)
            gains = [gain(_rank(searcher, query, right)) for query, right in queries]
        finally:
            vectors.close()
            copied.close()
    return sum(gains) / len(gains)


def gain(rank: int | None) -> float:
    """Return ndcg@10 where a single product is right, by its rank from 1; 0 where it was not found."""
    return 0.0 if rank is None or rank > DEPTH else 1 / math.log2(rank + 1)


def _rank(searcher: Searcher, query: str, right: str) -> int | None:
    hits = searcher.search(SearchRequest(query, limit=DEPTH)).hits
    return next((n for n, hit in enumerate(hits, 1) if hit.product.id == right), None)


def query_pairs(heldout: Sequence[Example]) -> list[tuple[str, str]]:
    """Return the (query, product id) pairs of held-out examples."""
    return [(example["query"], example["product"]) for example in heldout if "product" in example]
