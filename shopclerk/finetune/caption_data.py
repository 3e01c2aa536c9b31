"""Pictures with captions: rows of a file, products of a catalogue, and the features of their pictures.

A row is `{"image": path, "captions": [str]}`, or `caption` or `text` with one of them; rows of one picture are put
together. A path is relative to its file. What a picture cannot show should not be in its captions: where a picture has
captions with names in them and others without, `plain_captions` keeps the others.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import read_rows
from shopclerk.errors import PictureError, TrainingError
from shopclerk.finetune.examples import read_examples
from shopclerk.finetune.run import Progress, silent
from shopclerk.models.embedded_captioner import features_name, picture_features
from shopclerk.models.image_encoder import ImageEncoder, Vectors
from shopclerk.pictures import decode_many

CAPTION_KEYS = ("captions", "caption", "text")
WORD_KEYS = ("text", "caption", "captions", "title", "label")
"""Keys of any words for a picture, a category path among them."""
ENCODE_AT_ONCE = 32

IN_PAIRS = frozenset(
    "boots briefs earphones earrings flats flops glasses gloves headphones heels jeans joggers "
    "leggings mittens pants pyjamas sandals scissors shoes shorts slippers sneakers socks "
    "sunglasses tights trainers trousers tweezers".split()
)
"""English nouns that stay plural when one article of the kind is meant."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """A picture with its captions.

    Attributes:
        image: The picture's path.
        captions: What may be said of it.
    """

    image: Path
    captions: tuple[str, ...]


def read_captions(
    path: Path,
    where: Mapping[str, Any] | None = None,
    *,
    plain: bool = True,
    keys: Sequence[str] = CAPTION_KEYS,
) -> list[Captioned]:
    """Read rows of a JSON Lines file, one entry a picture.

    Args:
        path: The file.
        where: Key to the value, or the list of values, that a row must have to be read.
        plain: Keep only captions without names where a picture has some.
        keys: Where a row's captions may stand; the first that has some counts.

    Raises:
        TrainingError: The file cannot be read, a row has no picture or caption, or none is left.
    """
    found: dict[Path, list[str]] = {}
    for number, row in enumerate(read_examples(path, "caption"), 1):
        if not _fits(row, where or {}):
            continue
        texts = _texts(row, keys)
        if not texts or not isinstance(row.get("image"), str):
            raise TrainingError(
                f"{path}, row {number}: a picture with captions has the keys 'image' and one of "
                f"{', '.join(keys)}. Mend or delete the row."
            )
        found.setdefault(path.parent / row["image"], []).extend(texts)
    if not found:
        raise TrainingError(f"{path} holds no row with {dict(where or {})}.")
    keep = plain_captions if plain else tuple[str, ...]
    return [Captioned(image, keep(texts)) for image, texts in found.items()]


def _fits(row: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    return all(
        row.get(key) in (wanted if isinstance(wanted, list) else [wanted])
        for key, wanted in where.items()
    )


def _texts(row: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """Return the captions of the first key that has some."""
    for key in keys:
        value = row.get(key)
        values = value if isinstance(value, list) else [value]
        texts = [" ".join(v.split()) for v in values if isinstance(v, str) and v.strip()]
        if texts:
            return texts
    return []


def plain_captions(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the captions without a name (a capital after the first letter), or all where each has one."""
    plain = tuple(text for text in texts if not re.search(r"(?<=.)[A-Z]", text))
    return plain or tuple(texts)


def read_catalog_captions(path: Path) -> list[Captioned]:
    """Return the products of a catalogue file that have a picture on this machine and something to say of it.

    Raises:
        TrainingError: None has.
        CatalogError: The file cannot be read.
    """
    found = []
    for row in read_rows(path):
        if row.product is None:
            continue
        caption = product_caption(row.product)
        pictures = [path.parent / name for name in row.product.images[:1]]
        found += [Captioned(p, (caption,)) for p in pictures if caption and p.is_file()]
    if not found:
        raise TrainingError(f"{path} holds no product with a category and a picture file.")
    return found


def product_caption(product: Product) -> str:
    """Say what a product's picture shows: `a navy wool coat for women`; empty without a category.

    Colour, material and for whom come from the attributes, the type is the last step of the category.
    """
    if not product.category:
        return ""
    kind = singular(product.category.rpartition(">")[2].strip().lower())
    looks = [" and ".join(_values(product, name)) for name in ("colour", "color", "material")]
    whom = _values(product, "gender")
    text = " ".join(filter(None, [*looks, kind]))
    text = f"{text} for {whom[0]}" if whom and whom[0] != "unisex" else text
    return text if kind.split()[-1] in IN_PAIRS else f"{article(text)} {text}"


def _values(product: Product, name: str) -> list[str]:
    return [value.lower() for value in product.attribute_values(name)]


def article(text: str) -> str:
    """Return `an` before a vowel, else `a`."""
    return "an" if text[:1].lower() in tuple("aeiou") else "a"


def singular(kind: str) -> str:
    """Return a kind of goods in the singular, where it has one: `running shoes` stays, `knives` gives knife."""
    head, blank, noun = kind.rpartition(" ")
    for ending, instead in (
        ("ives", "ife"),
        ("rves", "rf"),
        ("lves", "lf"),
        ("ies", "y"),
        ("sses", "ss"),
        ("shes", "sh"),
        ("ches", "ch"),
        ("xes", "x"),
        ("ss", "ss"),
        ("s", ""),
    ):
        if noun not in IN_PAIRS and len(noun) > 3 and noun.endswith(ending):
            return head + blank + noun.removesuffix(ending) + instead
    return kind


def encode_pictures(
    pictures: Sequence[Captioned], encoder: ImageEncoder, cache: Path, progress: Progress = silent
) -> tuple[list[Captioned], Vectors]:
    """Return the pictures that can be read and their features, those seen before from the cache.

    Args:
        pictures: What to encode.
        encoder: Makes the features.
        cache: Folder that keeps them, a file for each kind of features.
        progress: Called as the work goes on.
    """
    name = hashlib.blake2b(features_name(encoder).encode(), digest_size=6).hexdigest()
    file = cache / f"{name}.npz"
    known = _read_cache(file)
    keys = {each.image: _key(each.image) for each in pictures}
    new = [each.image for each in pictures if keys[each.image] not in known]
    for done, (image, row) in enumerate(_encoded(new, encoder), 1):
        known[keys[image]] = row
        progress("Encoding pictures", done, len(new))
    if new:
        _write_cache(file, known)
    kept = [each for each in pictures if keys[each.image] in known]
    return kept, np.array([known[keys[each.image]] for each in kept], np.float32)


def _encoded(images: Iterable[Path], encoder: ImageEncoder) -> Iterator[tuple[Path, Vectors]]:
    waiting: list[tuple[Path, Any]] = []
    paths = list(images)
    for path, picture in zip(paths, decode_many(paths), strict=True):
        if not isinstance(picture, PictureError):
            waiting.append((path, picture.image))
        if len(waiting) == ENCODE_AT_ONCE:
            yield from _encode(waiting, encoder)
            waiting = []
    yield from _encode(waiting, encoder)


def _encode(
    waiting: Sequence[tuple[Path, Any]], encoder: ImageEncoder
) -> Iterator[tuple[Path, Vectors]]:
    if waiting:
        rows = picture_features(encoder, [image for _, image in waiting])
        yield from zip([path for path, _ in waiting], rows, strict=True)


def _key(image: Path) -> str:
    """Name a picture file as it is now."""
    try:
        facts = image.stat()
    except OSError:
        return str(image)
    return f"{image.resolve()}|{facts.st_size}|{facts.st_mtime_ns}"


def _read_cache(file: Path) -> dict[str, Vectors]:
    try:
        with np.load(file, allow_pickle=False) as held:
            return dict(zip(held["keys"].tolist(), held["rows"], strict=True))
    except (OSError, ValueError, KeyError):  # a cache that cannot be read is made again
        return {}


def _write_cache(file: Path, known: Mapping[str, Vectors]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".part.npz")
    np.savez(partial, keys=np.array(list(known)), rows=np.array(list(known.values()), np.float32))
    partial.replace(file)
