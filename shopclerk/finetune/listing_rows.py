"""Labelled listings: rows of a file or products of a catalogue, with the numbers that heads learn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import read_rows
from shopclerk.errors import PictureError, TrainingError
from shopclerk.finetune.examples import read_examples
from shopclerk.finetune.fusion_fit import Views
from shopclerk.models.linear_heads import Inputs
from shopclerk.models.listing_features import ListingFeatures, Scaling, listing_text, seed_of
from shopclerk.models.picture_levels import PictureFeatures
from shopclerk.models.picture_views import training_views
from shopclerk.models.text_encoder import TextEncoder
from shopclerk.models.text_terms import Vocabulary
from shopclerk.pictures import decode_many

Vectors = NDArray[np.float32]
Progress = Callable[[str, int, int | None], None]
Key = Literal["label", "tags"]

VIEW_BUDGET = 16_000
"""Views of all pictures together, about; two minutes of two cores."""
LEAST_VIEWS, MOST_VIEWS = 2, 8
LISTINGS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class LabelledListing:
    """A listing and what is to be said of it.

    Attributes:
        image: The file of its picture, None without one.
        text: Its words; empty without any.
        labels: Its label, or its tags; empty where nobody has said.
    """

    image: Path | None
    text: str
    labels: tuple[str, ...]


def read_listings(path: Path, key: Key) -> list[LabelledListing]:
    """Read rows of JSON Lines with `label` or `tags`, or the products of a catalogue file.

    A product's label is its category, its tags are its tags; rows without either come out with no labels.

    Raises:
        TrainingError: The file cannot be read, is empty, or a row is broken.
        CatalogError: It is a catalogue that cannot be read.
    """
    if path.suffix == ".jsonl":
        rows = read_examples(path, "listing")
        if not all("id" in row and "title" in row and "image" not in row for row in rows):
            return [_listing(row, path, n, key) for n, row in enumerate(rows, 1)]
    products = [row.product for row in read_rows(path) if row.product]
    if not products:
        raise TrainingError(f"{path} holds no product that can be read.")
    return [product_listing(product, path.parent, key) for product in products]


def product_listing(product: Product, folder: Path, key: Key) -> LabelledListing:
    """Return a product as a labelled listing; its pictures lie relative to a folder."""
    category = " > ".join(product.category_levels())
    labels = product.tags if key == "tags" else (category,) if category else ()
    text = listing_text({"title": product.title, "description": product.description})
    return LabelledListing(folder / product.images[0] if product.images else None, text, labels)


def _listing(row: Mapping[str, Any], path: Path, number: int, key: Key) -> LabelledListing:
    value = row.get(key)
    given = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(each, str) for each in given):
        kind = "a list of texts" if key == "tags" else "a text"
        raise TrainingError(f"{path}, row {number}: '{key}' is {value!r}; it must be {kind}.")
    image = row.get("image")
    if image is not None and not isinstance(image, str):
        raise TrainingError(
            f"{path}, row {number}: 'image' is {image!r}; it must be a path or null."
        )
    labels = tuple(dict.fromkeys(" ".join(each.split()) for each in given if each.strip()))
    return LabelledListing(path.parent / image if image else None, listing_text(row), labels)


@dataclass(frozen=True)
class Encoded:
    """Listings with their numbers.

    Attributes:
        listings: Those that have a picture that can be read, or words.
        views: Their numbers.
        features: What read them, to read others the same way.
        left_out: Listings with neither.
        unreadable: Pictures that could not be read; the first says why.
    """

    listings: tuple[LabelledListing, ...]
    views: Views
    features: ListingFeatures
    left_out: int
    unreadable: tuple[str, ...]


def encode_listings(
    listings: Sequence[LabelledListing],
    pictures: PictureFeatures | None,
    texts: TextEncoder | None,
    progress: Progress,
    *,
    views: int = 0,
) -> Encoded:
    """Read the pictures and words of listings.

    Args:
        listings: What to read.
        pictures: Makes features of pictures; None leaves pictures out.
        texts: Encodes texts; None leaves words out.
        progress: Called as the work goes on.
        views: Views of each picture; 0 for as many as the budget allows.

    Raises:
        TrainingError: No listing has a picture that can be read, or words.
    """
    readable, errors = _read_pictures(listings, pictures, progress, views)
    kept = [
        place
        for place, each in enumerate(listings)
        if place in readable or (texts is not None and each.text.strip())
    ]
    if not kept:
        why = f" The first picture that cannot be read: {errors[0]}" if errors else ""
        raise TrainingError(f"No listing has a picture that can be read, or words.{why}")
    chosen = [listings[place] for place in kept]
    words = [each.text for each in chosen] if texts else []
    stacked = [readable[place] for place in kept if place in readable]
    width = pictures.dimension if pictures else 0
    scaling = Scaling.of(np.concatenate([np.zeros((0, width), np.float32), *stacked]))
    features = ListingFeatures(
        pictures if stacked else None,
        texts if any(word.strip() for word in words) else None,
        Vocabulary.learn([word for word in words if word.strip()]),
        scaling,
    )
    arranged = _arranged(chosen, [readable.get(place) for place in kept], features)
    return Encoded(tuple(chosen), arranged, features, len(listings) - len(kept), tuple(errors))


def view_count(pictures: int) -> int:
    """Return how many views of each picture the budget allows."""
    return int(np.clip(VIEW_BUDGET // max(pictures, 1), LEAST_VIEWS, MOST_VIEWS))


def _read_pictures(
    listings: Sequence[LabelledListing],
    pictures: PictureFeatures | None,
    progress: Progress,
    views: int,
) -> tuple[dict[int, Vectors], list[str]]:
    """Return the place of each listing whose picture can be read with its views `(views, d)`, and what went wrong."""
    found: dict[int, Vectors] = {}
    errors: list[str] = []
    if pictures is None:
        return found, errors
    places = [place for place, each in enumerate(listings) if each.image is not None]
    count = views or view_count(len(places))
    waiting: list[tuple[int, list[Image.Image]]] = []
    paths = [str(listings[place].image) for place in places]
    decoded = zip(places, paths, decode_many(paths), strict=True)
    for done, (place, path, picture) in enumerate(decoded, 1):
        if isinstance(picture, PictureError):
            errors.append(str(picture))
        else:
            seed = seed_of(Path(path).name)
            waiting.append((place, list(training_views(picture.image, count, seed))))
        if len(waiting) == LISTINGS_AT_ONCE or done == len(places):
            found |= _look(waiting, pictures)
            waiting = []
            progress("Looking at pictures", done, len(places))
    return found, errors


def _look(
    waiting: Sequence[tuple[int, list[Image.Image]]], pictures: PictureFeatures
) -> dict[int, Vectors]:
    if not waiting:
        return {}
    rows = pictures.encode([view for _, views in waiting for view in views])
    each = rows.reshape(len(waiting), -1, rows.shape[1])
    return {place: each[number] for number, (place, _) in enumerate(waiting)}


def _arranged(
    listings: Sequence[LabelledListing],
    pictures: Sequence[Vectors | None],
    features: ListingFeatures,
) -> Views:
    """Return a row for each listing as it stands, then those of the further views of the pictures."""
    terms, meaning = features.read_texts([each.text if features.texts else "" for each in listings])
    read = np.array([bool(each.text.strip()) and features.texts is not None for each in listings])
    more = [
        (place, views[number])
        for place, views in enumerate(pictures)
        if views is not None
        for number in range(1, len(views))
    ]
    shown = np.array([*range(len(listings)), *(place for place, _ in more)], dtype=np.intp)
    picture = np.zeros((len(shown), len(features.scaling.mean)), np.float32)
    seen = np.array([each is not None for each in pictures], bool)
    firsts = [views[0] for views in pictures if views is not None]
    if firsts:
        picture[np.flatnonzero(seen)] = features.scaling(np.stack(firsts))
    if more:
        picture[len(listings) :] = features.scaling(np.stack([row for _, row in more]))
    inputs = Inputs(picture, terms[shown], meaning[shown], seen[shown], read[shown])
    return Views(inputs, shown, len(listings))
