"""Small taxonomies and a mapper over them, without real models."""

from collections.abc import Iterable

import numpy as np

from shopclerk.catalog.taxonomy import Category, Taxonomy
from shopclerk.models.category_features import FEATURES, STATISTICS
from shopclerk.models.category_index import CategoryIndex
from shopclerk.models.category_mapper import CategoryMapper, nodes_of
from shopclerk.models.category_memory import Confirmed
from shopclerk.models.category_scorer import CategoryScorer
from shopclerk.models.category_words import Synonyms
from tests.fakes import HashEncoder

PATHS = (
    "Pets",
    "Pets > Dog Food",
    "Pets > Small Pets",
    "Pets > Small Pets > Mice",
    "Home",
    "Home > Lighting",
    "Home > Lighting > Table Lamps",
    "Home > Lighting > Lanterns & Torches",
    "Home > Decor",
    "Home > Decor > Mirrors",
    "Clothing",
    "Clothing > Sweaters",
    "Clothing > Baby Clothing",
    "Clothing > Baby Clothing > Sweaters",
)
GROUPS = (("Sweaters", "jumpers", "pullovers"), ("Torches", "flashlights"))

SHOPIFY = "# Small tree: 2025-01\n\n" + "".join(
    f"gid://shopify/TaxonomyCategory/x-{number:<4} : {path}\n" for number, path in enumerate(PATHS)
)
GOOGLE = "# Google_Product_Taxonomy_Version: 2021-09-21\n" + "".join(
    f"{number} - {path}\n" for number, path in enumerate(PATHS)
)


def small(paths: Iterable[str] = PATHS) -> Taxonomy:
    """Return a taxonomy of paths, numbered."""
    return Taxonomy(
        [Category(f"n{number}", tuple(path.split(" > "))) for number, path in enumerate(paths)],
        name="small",
        version="1",
    )


def plain_scorer() -> CategoryScorer:
    """Return a scorer that adds up a few shares, and takes a text of unknown or vague words for none."""
    weights = {
        "last_match": 6.0, "last_letters": 4.0, "path_covered": 3.0, "path_cover": 2.0, "near": 2.0,
        "deeper_than_namesake": -4.0, "straight_share": 2.0, "context_near": 4.0, "context_head": 4.0,
    }  # fmt: skip
    doubts = {"generic": 14.0, "known": -6.0, "letters_best": -6.0, "is_path": -8.0}
    return CategoryScorer(
        "plain",
        {**_linear("fit", FEATURES, weights, 0.0), **_linear("none", STATISTICS, doubts, 13.0)},
        1.0,
        0.5,
    )


def _linear(
    name: str, columns: tuple[str, ...], weights: dict[str, float], bias: float
) -> dict[str, np.ndarray]:
    row = np.array([[weights.get(column, 0.0) for column in columns]], np.float32)
    return {
        f"{name}.0.weight": row,
        f"{name}.0.bias": np.array([bias], np.float32),
        f"{name}.mean": np.zeros(len(columns), np.float32),
        f"{name}.scale": np.ones(len(columns), np.float32),
    }


def small_index(taxonomy: Taxonomy | None = None) -> CategoryIndex:
    """Return the matrices of a small taxonomy."""
    return CategoryIndex(nodes_of(taxonomy or small()), HashEncoder(), Synonyms(GROUPS))


def small_mapper(confirmed: Iterable[Confirmed] = ()) -> CategoryMapper:
    """Return a mapper to the small taxonomy."""
    return CategoryMapper(small_index(), plain_scorer(), confirmed)
