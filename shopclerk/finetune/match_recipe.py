"""The recipe kind `match`: a matcher from labelled pairs.

`data.file` are one shop's pairs, which the matcher will know best. `options.shops`, a list of such files, makes a
matcher for any shop instead; pairs made of the product file `data.catalog` count as one more shop.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from shopclerk.errors import TrainingError, unknown
from shopclerk.finetune.card import card_facts, write_picture_card
from shopclerk.finetune.examples import data_hash
from shopclerk.finetune.match_data import catalog_listings, made_pairs, read_pairs
from shopclerk.finetune.match_fit import Labelled, fit_across, fit_matcher
from shopclerk.finetune.match_score import average_precision, f1_at
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Outcome, Progress, silent
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.pair_features import pair_features
from shopclerk.models.matching.pair_set import PairSet
from shopclerk.models.product_matcher import ProductMatcher

OPTIONS = ("shops",)
RECIPE_FILE = "recipe.yaml"
WHAT = "boosted trees over what two listings share, alone and among their rivals"


def train(recipe: Recipe, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Train by a recipe and return the facts of its card.

    Raises:
        TrainingError: An option is unknown, or there are no pairs, or too few.
    """
    for name in recipe.options:
        if name not in OPTIONS:
            raise TrainingError(f"Recipe {recipe.name}: " + unknown("option", name, OPTIONS))
    started = time.perf_counter()
    shops = [Path(str(path)) for path in recipe.options.get("shops") or ()]
    if shops:
        matcher, metrics, pairs = _for_any_shop(recipe, shops, progress)
    elif recipe.data.file:
        matcher, metrics, pairs = _for_one_shop(recipe, Path(recipe.data.file), progress)
    else:
        raise TrainingError("Name labelled pairs by --set data.file=PAIRS.jsonl.")
    seconds = time.perf_counter() - started
    matcher.save(folder)
    count = sum(map(len, pairs))
    outcome = Outcome(folder, metrics, 0, seconds, facts={"shops": [str(path) for path in shops]})
    facts = card_facts(recipe, outcome, _hash(pairs), (count, count))
    resolved = yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False)
    (folder / RECIPE_FILE).write_text(resolved, encoding="utf-8")
    named = ", ".join(path.parent.name for path in shops)
    shown = recipe.data.model_copy(update={"file": named or recipe.data.file})
    write_picture_card(
        folder,
        recipe.model_copy(update={"data": shown}),
        facts,
        f"{WHAT}. {_how_measured(bool(shops))}",
        of="pairs",
    )
    return facts


def _how_measured(any_shop: bool) -> str:
    if any_shop:
        return "Each shop is judged by a matcher that has learned from the others alone; the one kept has learned from all"
    return "Measured by cross-validation in five parts"


def labelled(pairs: PairSet) -> Labelled:
    """Return pairs with their features."""
    listings = ListingSet.of(pairs.listings)
    features = pair_features(listings, pairs.left, pairs.right)
    return Labelled(features, pairs.left, pairs.right, pairs.labels)


def _for_one_shop(
    recipe: Recipe, path: Path, progress: Progress
) -> tuple[ProductMatcher, dict[str, float], list[PairSet]]:
    pairs = read_pairs(path)
    progress("Trees", 0, None)
    fitted = fit_matcher(labelled(pairs), name=f"{recipe.name}-{_hash([pairs])}", seed=recipe.seed)
    return fitted.matcher, fitted.metrics, [pairs]


def _for_any_shop(
    recipe: Recipe, paths: Sequence[Path], progress: Progress
) -> tuple[ProductMatcher, dict[str, float], list[PairSet]]:
    pairs = [read_pairs(path) for path in paths]
    names = [path.parent.name for path in paths]
    if recipe.data.catalog:
        listings = catalog_listings(recipe.data.catalog, recipe.data.limit)
        pairs.append(made_pairs(listings, recipe.seed))
        names.append("made pairs")
    shops = [labelled(each) for each in pairs]
    metrics: dict[str, float] = {}
    for place, (name, shop) in enumerate(zip(names, shops, strict=True)):
        progress("Shops left out", place, len(shops))
        others = [*shops[:place], *shops[place + 1 :]]
        if len(others) > 1:
            metrics |= left_out(name, others, shop, recipe.seed)
    name = f"{recipe.name}-{_hash(pairs)}"
    return fit_across(shops, name=name, seed=recipe.seed), metrics, pairs


def left_out(name: str, others: Sequence[Labelled], shop: Labelled, seed: int) -> dict[str, float]:
    """Return f1 and average precision on a shop by a matcher that has learned from others alone."""
    matcher = fit_across(others, name="others", seed=seed)
    found = matcher.from_features(shop.pairs, shop.left, shop.right)
    return {
        f"f1 ({name})": f1_at(shop.labels, found, matcher.threshold)["f1"],
        f"average_precision ({name})": average_precision(shop.labels, found),
    }


def _hash(pairs: Sequence[PairSet]) -> str:
    records = [
        {"left": part.listings[a].text, "right": part.listings[b].text, "label": int(label)}
        for part in pairs
        for a, b, label in zip(part.left, part.right, part.labels, strict=True)
    ]
    return data_hash(records)
