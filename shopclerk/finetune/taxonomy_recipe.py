"""The recipe kind `taxonomy`: the scorer of the category mapper, from made examples of any taxonomies.

`shopclerk finetune taxonomy-scorer --set options.taxonomies='[a.txt, b.txt]'`. Views of each taxonomy are made: whole and
with parts hidden, with all synonyms known and with half of them, so that the scorer learns to trust words where words
are known and meaning where they are not.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.taxonomy import Taxonomy
from shopclerk.catalog.taxonomy_readers import EMBEDDED, open_taxonomy
from shopclerk.errors import TrainingError, unknown
from shopclerk.finetune.card import card_facts, write_picture_card
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Outcome, Progress, silent
from shopclerk.finetune.taxonomy_fit import Made, fit_scorer
from shopclerk.finetune.taxonomy_pairs import HIDDEN_SHARE, Pair, PairMaker, across
from shopclerk.models.category_index import CategoryIndex
from shopclerk.models.category_mapper import CategoryMapper, nodes_of
from shopclerk.models.category_words import Synonyms
from shopclerk.models.text_encoder import TextEncoder, open_text_encoder
from shopclerk.settings import load_settings

OPTIONS = ("taxonomies", "across_share")
AT_ONCE = 64
VIEWS = ((0.0, 1.0, 0.35), (HIDDEN_SHARE, 1.0, 0.35), (HIDDEN_SHARE, 0.5, 0.3))
"""Views of a taxonomy: share hidden, share of the synonyms that are known, share of the examples."""


@dataclass(frozen=True)
class View:
    """A taxonomy as a mapper sees it, with examples."""

    index: CategoryIndex
    allowed: NDArray[np.bool_]
    pairs: Sequence[Pair]


def train(recipe: Recipe, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Train by a recipe of kind `taxonomy` and return the facts of its card.

    Options: `taxonomies`, addresses of category files; `across_share`, the share of examples between two of them.

    Raises:
        TrainingError: An option is unknown, or a taxonomy cannot be used.
    """
    for name in recipe.options:
        if name not in OPTIONS:
            raise TrainingError(f"Recipe {recipe.name}: " + unknown("option", name, OPTIONS))
    settings = load_settings()
    encoder = open_text_encoder(recipe.base, settings.models_folder, threads=settings.threads)
    addresses = [str(each) for each in recipe.options.get("taxonomies", [EMBEDDED])]
    taxonomies = [open_taxonomy(address) for address in addresses]
    made = make_examples(recipe, taxonomies, encoder, settings.models_folder, progress)
    scorer, report = fit_scorer(recipe, made, progress)
    scorer.save(folder)
    outcome = Outcome(
        folder, report.metrics, report.steps, report.seconds, left_out=report.left_out
    )
    digest = "+".join(each.digest[:8] for each in taxonomies)
    facts = card_facts(recipe, outcome, digest, report.counts)
    names = ", ".join(each.version or each.name for each in taxonomies)
    write_picture_card(
        folder,
        recipe.model_copy(update={"data": recipe.data.model_copy(update={"file": names})}),
        facts,
        f"two small networks over features of a text and a category; words and meanings by `{recipe.base}`",
        of="examples",
    )
    return facts


def make_examples(
    recipe: Recipe,
    taxonomies: Sequence[Taxonomy],
    encoder: TextEncoder,
    cache: Path,
    progress: Progress,
) -> list[Made]:
    """Return the examples of all views with their features, those of one view one behind the other."""
    views = [
        view
        for number, taxonomy in enumerate(taxonomies)
        for view in _views(recipe, taxonomies, number, taxonomy, encoder, cache, progress)
    ]
    total = sum(len(view.pairs) for view in views)
    done = 0
    made: list[Made] = []
    for view in views:
        mapper = CategoryMapper(view.index, scorer=None)
        for start in range(0, len(view.pairs), AT_ONCE):
            progress("Examples", done, total)
            part = view.pairs[start : start + AT_ONCE]
            made += _featured(mapper, view, part)
            done += len(part)
    return made


def _views(
    recipe: Recipe,
    taxonomies: Sequence[Taxonomy],
    number: int,
    taxonomy: Taxonomy,
    encoder: TextEncoder,
    cache: Path,
    progress: Progress,
) -> list[View]:
    rng = random.Random(f"{recipe.seed} {number}")
    groups = synonym_groups()
    whole = np.sqrt([len(each) for each in taxonomies])
    count = (recipe.data.limit or 12_000) * whole[number] / whole.sum()
    across_share = float(recipe.options.get("across_share", 0.15)) if len(taxonomies) > 1 else 0.0
    views = []
    indexes: dict[float, CategoryIndex] = {}
    for hidden, known, share in VIEWS:
        if known not in indexes:
            some = rng.sample(groups, round(len(groups) * known))
            indexes[known] = CategoryIndex(
                nodes_of(taxonomy), encoder, Synonyms(some), cache=cache, progress=progress
            )
        maker = PairMaker(taxonomy, rng, groups, hidden=hidden)
        pairs = list(maker.pairs(round(count * share * (1 - across_share))))
        views.append(View(indexes[known], maker.allowed, pairs))
    others = [each for place, each in enumerate(taxonomies) if place != number]
    foreign = [
        pair
        for other in others
        for pair in across(other, taxonomy, rng, round(count * across_share / len(others)))
    ]
    everything = np.ones(len(taxonomy), bool)
    return [*views, View(indexes[1.0], everything, foreign)]


def synonym_groups() -> list[list[str]]:
    """Return names that mean the same, from the taxonomy that comes along."""
    return [[each.name, *each.aliases] for each in open_taxonomy(EMBEDDED)]


def _featured(mapper: CategoryMapper, view: View, pairs: Sequence[Pair]) -> list[Made]:
    """Return examples with the features of their candidates; without the target among them, an empty row."""
    features, statistics, question, node = mapper.evidence(
        [(pair.source, pair.title) for pair in pairs], view.allowed
    )
    made = []
    for number, pair in enumerate(pairs):
        mine = question == number
        place = np.flatnonzero(node[mine] == pair.target)
        found = int(place[0]) if len(place) else -1
        made.append(
            Made(
                features[mine].astype(np.float16),
                statistics[number],
                found,
                lost=pair.target >= 0 and found < 0,
            )
        )
    return made
