"""A shop's own classifier: picture, words or both to one label of a tree.

Heads over frozen encoders, see `linear_heads.py`; learned from the shop's labelled products by `finetune/classifier.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.head_files import load_folder, save_folder
from shopclerk.models.linear_heads import FusedHeads
from shopclerk.models.listing_features import Listing, ListingFeatures
from shopclerk.models.tag_groups import TagGroup, chances

Vectors = NDArray[np.float32]

KIND = "classifier"
SEPARATOR = ">"
FALLBACK = "commonest label"


@dataclass(frozen=True, slots=True)
class LabelGuess:
    """One label and how likely it is.

    Attributes:
        label: The path, `Fruit > Apple > Pink Lady`.
        score: The chance, 0 to 1.
    """

    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Classified:
    """What a classifier says of a listing.

    Attributes:
        guesses: The likeliest labels, the best first.
        made_by: What it was judged by: picture, text, both, or a fallback.
    """

    guesses: tuple[LabelGuess, ...]
    made_by: str

    @property
    def label(self) -> str:
        """The likeliest label."""
        return self.guesses[0].label


class ProductClassifier:
    """Says which label a listing has.

    Args:
        labels: The labels.
        heads: The heads.
        features: Reads listings.
        prior: `(labels,)` how common each label is; what is said of a listing with nothing to judge.
        addresses: Role to address of the encoders, as settings name them.
    """

    def __init__(
        self,
        labels: Sequence[str],
        heads: FusedHeads,
        features: ListingFeatures,
        prior: Vectors,
        addresses: dict[str, str | None],
    ) -> None:
        self.labels = tuple(labels)
        self.heads, self.features, self.prior = heads, features, prior
        self._addresses = addresses

    @property
    def id(self) -> str:
        """What it is made of."""
        return f"linear heads ({', '.join(sorted(self.heads.heads))}), {len(self.labels)} labels"

    def scores(self, listings: Sequence[Listing]) -> tuple[Vectors, list[str]]:
        """Return the chance of each label `(n, labels)`, and what each listing was judged by."""
        inputs = self.features.read(listings)
        everything = TagGroup(np.arange(len(self.labels)), always=True)
        found = chances(self.heads.logits(inputs), [everything])
        able = self.heads.can_judge(inputs)
        found[~able] = self.prior
        judged = np.select(
            [~able, inputs.has_picture & inputs.has_text, inputs.has_picture],
            [FALLBACK, "both", "picture"],
            "text",
        )
        return found, [str(each) for each in judged]

    def classify(self, listings: Sequence[Listing], *, top: int = 5) -> list[Classified]:
        """Return the likeliest labels of each listing, in the order given."""
        scores, judged = self.scores(listings)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :top]
        return [
            Classified(
                tuple(LabelGuess(self.labels[place], float(row[place])) for place in best), made_by
            )
            for row, best, made_by in zip(scores, order, judged, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write it into a folder."""
        save_folder(
            folder,
            KIND,
            self.labels,
            self.heads,
            self.features,
            tensors={"prior": self.prior},
            facts=self._addresses,
        )

    @classmethod
    def load(cls, folder: Path, cache: Path, *, threads: int | None = None) -> "ProductClassifier":
        """Read one from a folder.

        Raises:
            MissingModelError: There is none, or it is damaged.
        """
        held = load_folder(folder, KIND, cache, threads=threads)
        addresses = {name: held.facts.get(name) for name in ("image_address", "text_address")}
        return cls(held.labels, held.heads, held.features, held.tensors["prior"], addresses)


def levels(label: str) -> tuple[str, ...]:
    """Return the parts of a label's path, the broadest first."""
    return tuple(part.strip() for part in label.split(SEPARATOR) if part.strip())


def shared_levels(left: str, right: str) -> int:
    """Return how many levels two labels share, from the broadest on."""
    count = 0
    for one, other in zip(levels(left), levels(right), strict=False):
        if one != other:
            break
        count += 1
    return count
