"""The recipe kinds `classifier` and `tagger`: from a recipe to a folder with model, recipe and card.

Data is `data.file` (JSON Lines of `image`, `title`, `description` and `label` or `tags`), `data.catalog` (a product file,
a catalogue folder, or `sample`), or both. Options are the fields of `ClassifierOptions` and `TaggerOptions`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from shopclerk.catalog.store import STORE_FILE, Store
from shopclerk.errors import TrainingError
from shopclerk.finetune.card import card_facts, write_picture_card
from shopclerk.finetune.classifier import ClassifierOptions, train_classifier
from shopclerk.finetune.listing_rows import Key, LabelledListing, product_listing, read_listings
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Outcome, Progress, silent
from shopclerk.finetune.tagger import TaggerOptions, train_tagger
from shopclerk.models.picture_levels import PictureFeatures, open_picture_features
from shopclerk.models.text_encoder import TextEncoder, open_text_encoder
from shopclerk.settings import Settings, load_settings

SAMPLE = "sample"
PICTURE_FOLDER_KEY = "picture_folder"
"""Where a catalogue notes the folder that its pictures' paths are relative to."""
RECIPE_FILE = "recipe.yaml"


def train_classifier_recipe(
    recipe: Recipe, folder: Path, progress: Progress = silent
) -> dict[str, Any]:
    """Train by a recipe of kind `classifier` and return the facts of its card.

    Raises:
        TrainingError: The recipe or its data cannot be used.
    """
    settings = load_settings()
    options = ClassifierOptions.of(_options(recipe))
    listings = recipe_listings(recipe, "label")
    addresses = encoder_addresses(recipe, settings)
    base, texts = _encoders(addresses, settings)
    pictures = base
    if options.unfreeze and base is not None:
        from shopclerk.finetune.unfrozen_eye import tune_eye

        pictures = tune_eye(
            listings, folder, options.unfreeze, seed=options.seed, progress=progress
        )
        addresses["image_address"] = "eye.onnx"
    model, report = train_classifier(
        listings, pictures, texts, options, addresses=addresses, progress=progress
    )
    model.save(folder)
    metrics = {
        f"{name} ({read})": value
        for read, scores in report.scores.items()
        for name, value in scores.items()
    }
    outcome = Outcome(folder, metrics, 0, report.seconds, left_out=report.left_out)
    counts = (report.listings - report.held, report.held)
    facts = card_facts(recipe, outcome, listings_hash(listings), counts)
    facts["scores"] = report.scores
    facts["single"], facts["unreadable"] = report.single, report.unreadable
    what = f"linear heads over the frozen encoders {_named(addresses)}; labels in model.json"
    _write_papers(recipe, folder, facts, what)
    return facts


def train_tagger_recipe(
    recipe: Recipe, folder: Path, progress: Progress = silent
) -> dict[str, Any]:
    """Train by a recipe of kind `tagger` and return the facts of its card.

    Raises:
        TrainingError: The recipe or its data cannot be used.
    """
    settings = load_settings()
    options = TaggerOptions.of(_options(recipe))
    listings = recipe_listings(recipe, "tags")
    addresses = encoder_addresses(recipe, settings)
    pictures, texts = _encoders(addresses, settings)
    model, report = train_tagger(
        listings, pictures, texts, options, addresses=addresses, progress=progress
    )
    model.save(folder)
    metrics = {f"micro_f1 ({read})": value for read, value in report.micro_f1.items()}
    outcome = Outcome(folder, metrics, 0, report.seconds, left_out=report.left_out)
    counts = (report.listings - report.held + report.pseudo, report.held)
    facts = card_facts(recipe, outcome, listings_hash(listings), counts)
    facts["tags"], facts["groups"] = report.tags, report.groups
    facts["pseudo"], facts["unreadable"] = report.pseudo, report.unreadable
    what = f"linear heads over the frozen encoders {_named(addresses)}; tags in model.json"
    _write_papers(recipe, folder, facts, what)
    return facts


def recipe_listings(recipe: Recipe, key: Key) -> list[LabelledListing]:
    """Return the listings that a recipe names.

    Raises:
        TrainingError: It names none.
    """
    found: list[LabelledListing] = []
    if recipe.data.file:
        found += read_listings(Path(recipe.data.file), key)
    if recipe.data.catalog:
        found += catalog_listings(recipe.data.catalog, key)
    if not found:
        raise TrainingError(
            "There is nothing to learn from. Name rows or a product file by --data PATH, or a catalogue by "
            "--catalog."
        )
    return found[: recipe.data.limit] if recipe.data.limit else found


def catalog_listings(address: str, key: Key) -> list[LabelledListing]:
    """Return the products of a product file, a catalogue folder, or the `sample`."""
    if address == SAMPLE:
        sample = files("shopclerk").joinpath("sample", "catalog.jsonl")
        return read_listings(Path(str(sample)), key)
    path = Path(address)
    if not (path / STORE_FILE).exists():
        return read_listings(path, key)
    store = Store(path)
    try:
        folder = Path(store.meta(PICTURE_FOLDER_KEY) or path)
        return [product_listing(product, folder, key) for product in store.products()]
    finally:
        store.close()


def encoder_addresses(recipe: Recipe, settings: Settings) -> dict[str, str | None]:
    """Return the addresses of the encoders: the recipe's base for pictures, the shop's own for words."""
    image = recipe.base if settings.image_encoder == "embedded" else settings.image_encoder
    return {
        "image_address": None if image == "none" else image,
        "text_address": settings.text_encoder,
    }


def _encoders(
    addresses: Mapping[str, str | None], settings: Settings
) -> tuple[PictureFeatures | None, TextEncoder | None]:
    image, text = addresses["image_address"], addresses["text_address"]
    cache, threads = settings.models_folder, settings.threads
    return (
        open_picture_features(image, cache, threads=threads) if image else None,
        open_text_encoder(text, cache, threads=threads) if text else None,
    )


def _options(recipe: Recipe) -> dict[str, Any]:
    return {"held_out": recipe.training.eval_share, "seed": recipe.seed, **recipe.options}


def _named(addresses: Mapping[str, str | None]) -> str:
    return " and ".join(f"`{address}`" for address in addresses.values() if address)


def _write_papers(recipe: Recipe, folder: Path, facts: Mapping[str, Any], what: str) -> None:
    resolved = yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False)
    (folder / RECIPE_FILE).write_text(resolved, encoding="utf-8")
    write_picture_card(folder, recipe, facts, what)


def listings_hash(listings: Sequence[LabelledListing]) -> str:
    """Return sixteen hex digits that change when words, labels or a picture's name do."""
    digest = hashlib.blake2b(digest_size=8)
    for each in listings:
        name = each.image.name if each.image else ""
        digest.update("\x00".join((name, each.text, *each.labels, "")).encode("utf-8", "replace"))
    return digest.hexdigest()
