"""The recipe kind `align`: a picture head, and the projection below it, from pictures with words for them.

As a command: `shopclerk finetune align --set data.file=rows.jsonl`, rows of `image` and `text`, `caption` or `captions`;
or `--catalog FILE` for a catalogue's own pictures and listings; or both. The folder it writes serves as the setting
`picture_head`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.picture_indexing import listing_terms, listing_text
from shopclerk.catalog.picture_search import POINTING
from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import read_rows
from shopclerk.catalog.text import content_terms
from shopclerk.errors import TrainingError, unknown
from shopclerk.finetune.align import AlignOptions, train_head
from shopclerk.finetune.caption_data import Captioned, encode_pictures, read_captions
from shopclerk.finetune.card import card_facts, write_picture_card
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Outcome, Progress, silent
from shopclerk.models.image_encoder import (
    PROJECTION_FILE,
    ImageEncoder,
    OnnxImageEncoder,
    open_image_encoder,
)
from shopclerk.models.picture_fit import Listings
from shopclerk.models.text_encoder import open_text_encoder
from shopclerk.settings import load_settings

Vectors = NDArray[np.float32]

SAMPLE = "sample"
PROJECTED = 384


def train(recipe: Recipe, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Train by a recipe of kind `align` and return the facts of its card.

    Options: `where` picks rows by their values; `projection: true` fits the projection anew on the rows and writes it
    beside the head; the others are fields of `AlignOptions`.

    Raises:
        TrainingError: The recipe or its data cannot be used.
    """
    settings, options = load_settings(), dict(recipe.options)
    where, project = options.pop("where", None), options.pop("projection", False)
    numbers = _numbers(recipe, options)
    rows = read_captions(Path(recipe.data.file), where, plain=False) if recipe.data.file else []
    products = read_pictured(recipe.data.catalog) if recipe.data.catalog else []
    if not rows and not products:
        raise TrainingError(
            "There is nothing to learn from. Name rows by --set data.file=PATH, or a catalogue with "
            "pictures by --catalog PATH."
        )
    encoder = open_image_encoder(recipe.base, settings.models_folder, threads=settings.threads)
    texts = open_text_encoder(settings.text_encoder, settings.models_folder)
    pictures = [*rows, *(Captioned(path, (listing_text(product),)) for path, product in products)]
    cache = settings.models_folder / "captions"
    readable, features = encode_pictures(pictures, encoder, cache, progress)
    seen = {each.image: place for place, each in enumerate(readable)}
    if project:
        chosen = [seen[each.image] for each in rows if each.image in seen]
        save_projection(features[chosen], folder / PROJECTION_FILE)
    vectors, encoder_id = _vectors(encoder, features, folder if project else None)
    places, said, terms = _pairs(rows, products, seen)
    listings = Listings(vectors[places], texts.encode(said), terms)
    head, report = train_head(listings, encoder_id, texts.id, numbers, progress=progress)
    head.save(folder)
    metrics = {
        "agreement": report.agreement,
        "agreement_by_look_alone": report.agreement_before,
        "words": float(report.words),
    }
    outcome = Outcome(folder, metrics, 0, report.seconds, left_out=len(pictures) - len(readable))
    digest = hashlib.blake2b(json.dumps([str(s) for s in said]).encode(), digest_size=8).hexdigest()
    facts = card_facts(recipe, outcome, digest, (report.pairs, len(said) - report.pairs))
    what = (
        f"a hidden layer over the vectors of the image encoder `{recipe.base}`, saying words and meanings"
        + (", and the projection that makes these vectors" if project else "")
    )
    write_picture_card(folder, recipe, facts, what)
    return facts


def _numbers(recipe: Recipe, options: dict[str, Any]) -> AlignOptions:
    known = [each.name for each in fields(AlignOptions)]
    for name in options:
        if name not in known:
            raise TrainingError(f"Recipe {recipe.name}: " + unknown("option", name, known))
    training = recipe.training
    given: dict[str, Any] = {
        "epochs": round(training.epochs),
        "batch": training.batch,
        "held_out": training.eval_share,
        "seed": recipe.seed,
        "learning_rate": training.lr,
        "weight_decay": training.weight_decay,
    }
    return AlignOptions(**{**given, **options})


def read_pictured(address: str) -> list[tuple[Path, Product]]:
    """Return the products of a catalogue file, or of the `sample`, with the path of their first picture."""
    own = Path(str(files("shopclerk").joinpath("sample", "catalog.jsonl")))
    path = own if address == SAMPLE else Path(address)
    products = [row.product for row in read_rows(path) if row.product and row.product.images]
    return [(path.parent / product.images[0], product) for product in products]


def _vectors(encoder: ImageEncoder, features: Vectors, folder: Path | None) -> tuple[Vectors, str]:
    """Return the encoder's vectors from what was kept of the pictures, and its id."""
    if not isinstance(encoder, OnnxImageEncoder):
        return features, encoder.id
    projecting = encoder if folder is None else encoder.projecting_by(folder / PROJECTION_FILE)
    return projecting.project(features), projecting.id


def _pairs(
    rows: Sequence[Captioned], products: Sequence[tuple[Path, Product]], seen: dict[Path, int]
) -> tuple[list[int], list[str], list[list[str]]]:
    """Return place of the picture, text and words of each pair."""
    said = [(row.image, text) for row in rows if row.image in seen for text in row.captions]
    listed = [(path, product) for path, product in products if path in seen]
    places = [seen[image] for image, _ in said] + [seen[path] for path, _ in listed]
    words = [[term for term in content_terms(text) if term not in POINTING] for _, text in said]
    texts = [" ".join(terms) for terms in words] + [listing_text(product) for _, product in listed]
    return places, texts, words + [listing_terms(product) for _, product in listed]


def save_projection(features: Vectors, path: Path, size: int = PROJECTED) -> None:
    """Fit principal components (Pearson 1901) and write them as float16.

    Args:
        features: `(n, 1383) float32`, rows of length one.
        path: The file.
        size: How many components.

    Raises:
        TrainingError: Fewer pictures than components.
    """
    from safetensors.numpy import save_file

    if len(features) < size:
        raise TrainingError(
            f"{len(features)} pictures can be read; a projection to {size} numbers needs as many at least."
        )
    mean = features.mean(axis=0)
    _, _, directions = np.linalg.svd(features - mean, full_matrices=False)
    components = directions[:size]
    # The sign of a component is arbitrary; fixed, the same pictures give the same file.
    strongest = np.abs(components).argmax(axis=1)
    components = components * np.sign(components[np.arange(size), strongest])[:, None]
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({"mean": mean.astype(np.float16), "components": components.astype(np.float16)}, path)
