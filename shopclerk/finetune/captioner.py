"""Training of the embedded captioner: pictures with captions to a small decoder.

The image encoder stays frozen and its features are computed once and kept. Part of the pictures is held out; the weights
kept are those of the epoch that says most of their next words right. The result is a folder that `EmbeddedCaptioner`
loads, with a card that says how it came about. As a command: `shopclerk finetune caption --set data.file=rows.jsonl`.
"""

import hashlib
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from safetensors.torch import save_file

from shopclerk.errors import TrainingError
from shopclerk.finetune.caption_data import (
    Captioned,
    encode_pictures,
    read_captions,
    read_catalog_captions,
)
from shopclerk.finetune.caption_fit import CaptionNumbers, Sides, fit
from shopclerk.finetune.caption_model import CaptionModel
from shopclerk.finetune.card import card_facts, write_picture_card
from shopclerk.finetune.recipe import Recipe
from shopclerk.finetune.run import Outcome, Progress, silent
from shopclerk.models.caption_decoder import (
    SPECIAL_WORDS,
    WEIGHTS_FILE,
    CaptionDecoder,
    DecoderShape,
    Vocabulary,
    cut_words,
)
from shopclerk.models.embedded_captioner import features_name
from shopclerk.models.image_encoder import ImageEncoder, Vectors, open_image_encoder
from shopclerk.settings import load_settings

LEAST_PICTURES = 20
JUDGED = 500
"""Held-out pictures that are captioned for the card at most."""
RECIPE_FILE, CARD_FILE = "recipe.yaml", "README.md"
SAMPLE = "sample"


def train(recipe: Recipe, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Train by a recipe of kind `caption` and return the facts of its card.

    Pictures come from `data.file` (JSON Lines), from `data.catalog` (a product file, or `sample`), or both. Options:
    `where` picks rows by their values, `plain: false` keeps captions with names, `catalog_weight` is how many times a
    product counts where rows are many and products few, the others are fields of `CaptionNumbers`.

    Raises:
        TrainingError: The recipe or its data cannot be used.
    """
    settings, options = load_settings(), dict(recipe.options)
    where, plain = options.pop("where", None), options.pop("plain", True)
    weight = options.pop("catalog_weight", 1)
    if not isinstance(weight, int) or weight < 1:
        raise TrainingError(
            f"Recipe {recipe.name}: the option 'catalog_weight' is {weight!r}. It takes a whole number "
            "from 1."
        )
    numbers = CaptionNumbers.of(recipe, options)
    pictures = []
    if recipe.data.file:
        pictures += read_captions(Path(recipe.data.file), where, plain=bool(plain))
    if recipe.data.catalog:
        products = read_catalog_captions(_catalog(recipe.data.catalog))
        pictures += [replace(each, captions=each.captions * weight) for each in products]
    if not pictures:
        raise TrainingError(
            "There is nothing to learn from. Name rows by --set data.file=PATH, or a catalogue with "
            "pictures by --catalog PATH."
        )
    pictures = pictures[: recipe.data.limit] if recipe.data.limit else pictures
    encoder = open_image_encoder(recipe.base, settings.models_folder, threads=settings.threads)
    outcome, counts = train_captioner(
        pictures,
        encoder,
        folder,
        numbers,
        cache=settings.models_folder / "captions",
        progress=progress,
    )
    facts = card_facts(recipe, outcome, captions_hash(pictures), counts)
    resolved = yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False)
    (folder / RECIPE_FILE).write_text(resolved, encoding="utf-8")
    what = f"a decoder over frozen features of the image encoder `{recipe.base}`; it says only the words in vocabulary.txt"
    write_picture_card(folder, recipe, facts, what)
    return facts


def _catalog(address: str) -> Path:
    if address == SAMPLE:
        return Path(str(files("shopclerk").joinpath("sample", "catalog.jsonl")))
    return Path(address)


def train_captioner(
    pictures: Sequence[Captioned],
    encoder: ImageEncoder,
    folder: Path,
    numbers: CaptionNumbers | None = None,
    *,
    cache: Path | None = None,
    progress: Progress = silent,
) -> tuple[Outcome, tuple[int, int]]:
    """Train a decoder on pictures with captions and write it into a folder.

    Args:
        pictures: What to learn from and to measure on.
        encoder: Turns pictures into features; it stays as it is.
        folder: Where the decoder goes.
        numbers: How to train.
        cache: Where features are kept; None for the folder itself.
        progress: Called as the work goes on.

    Returns:
        What the run came to, and how many pictures were learned from and held out.

    Raises:
        TrainingError: Too few pictures can be read, or no word is frequent enough.
    """
    numbers = numbers or CaptionNumbers()
    readable, features = encode_pictures(pictures, encoder, cache or folder, progress)
    if len(readable) < LEAST_PICTURES:
        raise TrainingError(
            f"Of {len(pictures)} pictures {len(readable)} can be read, and {LEAST_PICTURES} are "
            "needed at least. Check the paths: they are relative to the file that names them."
        )
    kept, held = split(len(readable), numbers)
    vocabulary = count_words([readable[place] for place in kept], numbers.min_count)
    shape = _shape(readable, features.shape[1], features_name(encoder), numbers)
    started = time.perf_counter()
    model, steps = fit(shape, vocabulary, Sides(readable, features, kept, held), numbers, progress)
    seconds = time.perf_counter() - started
    _save(model, vocabulary, folder)
    metrics = judge(model, vocabulary, [readable[p] for p in held], features[held])
    left_out = len(pictures) - len(readable)
    return Outcome(folder, metrics, steps, seconds, left_out=left_out), (len(kept), len(held))


def split(count: int, numbers: CaptionNumbers) -> tuple[list[int], list[int]]:
    """Return the places of the pictures to learn from and of those held out."""
    order = list(range(count))
    random.Random(numbers.seed).shuffle(order)
    held = max(1, round(count * numbers.heldout))
    return sorted(order[held:]), sorted(order[:held])


def count_words(pictures: Sequence[Captioned], least: int) -> Vocabulary:
    """Return the words that stand in so many captions at least.

    Raises:
        TrainingError: None does.
    """
    texts = [text for picture in pictures for text in set(picture.captions)]
    counts = Counter(word for text in texts for word in set(cut_words(text)))
    words = sorted(word for word, count in counts.items() if count >= least)
    if not words:
        raise TrainingError(
            f"No word stands in {least} captions or more. Add pictures, or lower min_count by "
            "--set options.min_count=1."
        )
    return Vocabulary([*SPECIAL_WORDS, *words])


def _shape(
    pictures: Sequence[Captioned], inputs: int, name: str, numbers: CaptionNumbers
) -> DecoderShape:
    if numbers.width % max(1, numbers.heads):
        raise TrainingError(
            f"The option 'width' is {numbers.width}, which {numbers.heads} heads cannot share. Make "
            "it a multiple of 'heads'."
        )
    longest = max(len(cut_words(text)) for picture in pictures for text in picture.captions)
    sizes = {
        name: getattr(numbers, name) for name in ("prefix", "width", "layers", "heads", "hidden")
    }
    return DecoderShape(inputs, name, max_words=longest + 1, **sizes)


def _save(model: CaptionModel, vocabulary: Vocabulary, folder: Path) -> None:
    """Write weights in half precision, words and sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, folder / WEIGHTS_FILE)
    vocabulary.save(folder)
    model.shape.save(folder)


def judge(
    model: CaptionModel, vocabulary: Vocabulary, pictures: Sequence[Captioned], features: Vectors
) -> dict[str, float]:
    """Caption held-out pictures and compare with the best of their captions.

    Returns:
        `word_f1`, the mean F-measure over the words (a word said twice counts twice), and `exact`, the share of captions
        that are one of the picture's own.
    """
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    decoder = CaptionDecoder(model.shape, weights)
    likeness, exact = [], []
    for picture, row in list(zip(pictures, features, strict=True))[:JUDGED]:
        said = cut_words(vocabulary.text(decoder.search(row)[0].words))
        references = [cut_words(text) for text in picture.captions]
        likeness.append(max(word_f1(said, wanted) for wanted in references))
        exact.append(said in references)
    return {"word_f1": float(np.mean(likeness)), "exact": float(np.mean(exact))}


def word_f1(said: Sequence[str], wanted: Sequence[str]) -> float:
    """Return the F-measure of two bags of words, 0 to 1."""
    common = (Counter(said) & Counter(wanted)).total()
    return 2 * common / (len(said) + len(wanted)) if common else 0.0


def captions_hash(pictures: Sequence[Captioned]) -> str:
    """Return sixteen hex digits that change when a caption or a picture's name does."""
    digest = hashlib.blake2b(digest_size=8)
    for picture in pictures:
        digest.update("\x00".join((picture.image.name, *picture.captions, "")).encode())
    return digest.hexdigest()
