"""A trained classifier or tagger on disk: tensors, words and facts in one folder."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import MissingModelError
from shopclerk.models.linear_heads import PICTURE, TERMS, FusedHeads
from shopclerk.models.listing_features import ListingFeatures, Scaling
from shopclerk.models.picture_levels import open_picture_features
from shopclerk.models.text_encoder import open_text_encoder
from shopclerk.models.text_terms import Vocabulary

Vectors = NDArray[np.float32]

WEIGHTS_FILE, FACTS_FILE, EYE_FILE = "model.safetensors", "model.json", "eye.onnx"


@dataclass(frozen=True)
class HeadFolder:
    """What a folder holds.

    Attributes:
        labels: The labels, in the order of the heads' columns.
        heads: The heads.
        features: Reads listings for them.
        tensors: All tensors, those of the heads among them.
        facts: All facts.
    """

    labels: tuple[str, ...]
    heads: FusedHeads
    features: ListingFeatures
    tensors: Mapping[str, Vectors]
    facts: Mapping[str, Any]


def save_folder(
    folder: Path,
    kind: str,
    labels: Sequence[str],
    heads: FusedHeads,
    features: ListingFeatures,
    *,
    tensors: Mapping[str, Vectors],
    facts: Mapping[str, Any],
) -> None:
    """Write a model, weights as float16.

    Args:
        folder: Where to.
        kind: `classifier` or `tagger`.
        labels: The labels.
        heads: The heads.
        features: What reads listings for them.
        tensors: What else the model has.
        facts: What else is to be known: the addresses of the encoders at least.
    """
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    everything = {
        **heads.tensors(),
        **tensors,
        "terms.idf": features.vocabulary.idf,
        "scaling.mean": features.scaling.mean,
        "scaling.scale": features.scaling.scale,
    }
    # A weight is hardly above ten; float16 keeps three digits of it.
    halves = {name: np.ascontiguousarray(each, np.float16) for name, each in everything.items()}
    save_file(halves, folder / WEIGHTS_FILE)
    record = {
        "kind": kind,
        "labels": list(labels),
        "encoders": features.ids,
        "terms": list(features.vocabulary.terms),
        **facts,
    }
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    (folder / FACTS_FILE).write_text(text, encoding="utf-8")


def load_folder(folder: Path, kind: str, cache: Path, *, threads: int | None = None) -> HeadFolder:
    """Read a model.

    Args:
        folder: Where from.
        kind: `classifier` or `tagger`.
        cache: Where exported encoders are kept.
        threads: Threads for batches.

    Raises:
        MissingModelError: There is none of this kind, it is damaged, or it was trained over other encoders.
    """
    from safetensors.numpy import load_file

    try:
        facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
        if facts["kind"] != kind:
            raise ValueError(f"it holds a {facts['kind']}")
        tensors = {
            name: each.astype(np.float32) for name, each in load_file(folder / WEIGHTS_FILE).items()
        }
        heads = FusedHeads.of(tensors)
        labels = tuple(str(label) for label in facts["labels"])
        _check(heads, tensors, labels, facts["terms"])
    except Exception as error:
        # safetensors raises an error of its own kind, which is no subclass of ValueError.
        raise MissingModelError(
            f"There is no usable {kind} in '{folder}' ({error}). Make one with 'shopclerk train {kind} "
            f"--data FILE -o FOLDER', or set {kind} to 'none'."
        ) from error
    features = _features(folder, facts, tensors, cache, threads)
    _check_encoders(folder, kind, features, facts)
    return HeadFolder(labels, heads, features, tensors, facts)


def _check(
    heads: FusedHeads, tensors: Mapping[str, Vectors], labels: Sequence[str], terms: Sequence[str]
) -> None:
    if heads.labels != len(labels):
        raise ValueError(f"it has {len(labels)} labels and weights for {heads.labels}")
    widths = {TERMS: len(terms), PICTURE: len(tensors["scaling.mean"])}
    for head in heads.heads.values():
        for part, width in widths.items():
            if part in head.weights and len(head.weights[part]) != width:
                raise ValueError(f"its weights for {part} do not fit")
    if not (len(tensors["terms.idf"]) == len(terms) and (tensors["scaling.scale"] > 0).all()):
        raise ValueError("its words and their weights do not fit")


def _features(
    folder: Path,
    facts: Mapping[str, Any],
    tensors: Mapping[str, Vectors],
    cache: Path,
    threads: int | None,
) -> ListingFeatures:
    pictures, texts = facts.get("image_address"), facts.get("text_address")
    if pictures == EYE_FILE:
        pictures = str(folder / EYE_FILE)
    return ListingFeatures(
        open_picture_features(pictures, cache, threads=threads) if pictures else None,
        open_text_encoder(texts, cache, threads=threads) if texts else None,
        Vocabulary(tuple(facts["terms"]), tensors["terms.idf"]),
        Scaling(tensors["scaling.mean"], tensors["scaling.scale"]),
    )


def _check_encoders(
    folder: Path, kind: str, features: ListingFeatures, facts: Mapping[str, Any]
) -> None:
    for role, name in features.ids.items():
        if facts.get("encoders", {}).get(role) != name:
            raise MissingModelError(
                f"The {kind} in '{folder}' was trained over the {role} '{facts.get('encoders', {}).get(role)}', "
                f"and here is '{name}'. Train it anew with 'shopclerk train {kind}'."
            )
