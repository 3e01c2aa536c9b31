"""Whether two listings are the same product: how sure, and why.

Boosted trees weigh what two listings share (`matching/pair_features.py`). A second set of trees sees how the pair stands
among its rivals, the other candidates of either listing. The mean of both, on the scale of logits, is made a
probability by Platt's sigmoid (Platt 1999, Probabilistic Outputs for Support Vector Machines). A matcher that has
seen no label of this shop ships; `shopclerk finetune match` trains one on a shop's own labelled pairs in a minute.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.errors import MissingModelError
from shopclerk.models.address import EMBEDDED
from shopclerk.models.matching.group_features import distinct_pairs, group_features, rival_scores
from shopclerk.models.matching.listing import Listing
from shopclerk.models.matching.listing_set import ListingSet
from shopclerk.models.matching.pair_features import PairFeatures, pair_features
from shopclerk.models.matching.proof import proven
from shopclerk.models.matching.reasons import reasons
from shopclerk.models.matching.text_space import WordCounts
from shopclerk.models.matching.trees import PARTS, Trees, sigmoid

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

EVERY = slice(None)
WEIGHTS_FILE, FACTS_FILE = "matcher.safetensors", "matcher.json"
ALONE, AMONG = "alone", "among"
NUMBERS = ("mix", "slope", "intercept", "threshold")


@dataclass(frozen=True, slots=True)
class Match:
    """What is held of a pair.

    Attributes:
        left, right: Ids of the listings.
        probability: That they are one product, 0 to 1.
        same: Whether that is enough.
        reasons: What speaks for and against it, the strongest first.
        made_by: The matcher's id.
    """

    left: str
    right: str
    probability: float
    same: bool
    reasons: tuple[str, ...]
    made_by: str


@dataclass(frozen=True)
class ProductMatcher:
    """A trained matcher.

    Attributes:
        id: Names the weights.
        alone: Trees over a pair's own features.
        among: Trees over those and how the pair stands among its rivals.
        mix: How much `among` counts, 0 to 1; `alone` counts the rest.
        slope, intercept: Of the sigmoid.
        threshold: The probability from which a pair counts as one product.
        facts: What it learned from, for its card.
    """

    id: str
    alone: Trees
    among: Trees
    mix: float = 0.5
    slope: float = 1.0
    intercept: float = 0.0
    threshold: float = 0.5
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The id and a digest of the weights: training again with the same data may give other ones."""
        digest = hashlib.blake2b(digest_size=6)
        for trees in (self.alone, self.among):
            for part in PARTS:
                digest.update(np.ascontiguousarray(trees.tensors[part]).tobytes())
        numbers = "/".join(str(getattr(self, name)) for name in NUMBERS)
        return f"{self.id}/{numbers}/{digest.hexdigest()}"

    def by_itself(self) -> "ProductMatcher":
        """Return the matcher that asks for no rivals: a product may be listed any number of times."""
        return replace(self, mix=0.0)

    def read(self, listings: Sequence[Listing], known: WordCounts | None = None) -> ListingSet:
        """Read listings that are to be compared.

        Args:
            listings: The listings.
            known: How often words occur in the catalogue that they are from, where they are a part of it.
        """
        return ListingSet.of(listings, known=known)

    def features(self, listings: ListingSet, left: Ints, right: Ints) -> PairFeatures:
        """Return the features of pairs, each given by the rows of its two listings."""
        return pair_features(listings, left, right)

    def logits_alone(self, pairs: PairFeatures) -> Floats:
        """Return what each pair is held to be by itself."""
        return self.alone.logits(pairs.values)

    def from_features(
        self,
        pairs: PairFeatures,
        left: Ints,
        right: Ints,
        alone: Floats | None = None,
        only: slice = EVERY,
    ) -> Floats:
        """Return the probabilities of pairs that are one another's rivals, or of some of them.

        Args:
            pairs: Their features.
            left: Rows of the left listings.
            right: Rows of the right listings.
            alone: What each pair is held to be by itself, where that is known already.
            only: The pairs that are asked for.
        """
        if not len(left[only]):
            return np.zeros(0, np.float32)
        own = self.logits_alone(pairs) if alone is None else alone
        first, inverse = distinct_pairs(left, right)
        table = among_table(pairs, own, left, right, first)
        asked, back = np.unique(inverse[only], return_inverse=True)
        among = self.among.logits(table.values[asked])
        return self.calibrated((1 - self.mix) * own[first][asked] + self.mix * among)[back]

    def calibrated(self, logits: Floats) -> Floats:
        """Return probabilities."""
        return sigmoid(np.asarray(self.slope * logits + self.intercept, np.float32))

    def probabilities(self, listings: ListingSet, left: Ints, right: Ints) -> Floats:
        """Return the probability of each pair; all pairs given are one another's rivals."""
        return self.from_features(self.features(listings, left, right), left, right)

    def matches(
        self, listings: ListingSet, left: Ints, right: Ints, *, threshold: float | None = None
    ) -> list[Match]:
        """Return what is held of each pair, in the order given."""
        limit = self.threshold if threshold is None else threshold
        found = proven(listings, left, right, self.probabilities(listings, left, right))
        return [
            self.match(listings, int(a), int(b), float(p), limit)
            for a, b, p in zip(left, right, found, strict=True)
        ]

    def match(
        self, listings: ListingSet, left: int, right: int, probability: float, limit: float
    ) -> Match:
        """Return what is held of one pair of known probability."""
        ids = listings.listings[left].id, listings.listings[right].id
        why = reasons(listings, left, right)
        return Match(*ids, probability, probability >= limit, why, self.id)

    def save(self, folder: Path) -> None:
        """Write the matcher into a folder."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        tensors = {
            f"{name}.{part}": np.ascontiguousarray(trees.tensors[part])
            for name, trees in ((ALONE, self.alone), (AMONG, self.among))
            for part in PARTS
        }
        save_file(tensors, folder / WEIGHTS_FILE)
        facts = {
            "id": self.id,
            **{name: getattr(self, name) for name in NUMBERS},
            "facts": dict(self.facts),
            "features": {ALONE: list(self.alone.names), AMONG: list(self.among.names)},
        }
        (folder / FACTS_FILE).write_text(
            json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path) -> "ProductMatcher":
        """Read a matcher from a folder.

        Raises:
            MissingModelError: There is none, or it is damaged.
        """
        from safetensors.numpy import load_file

        try:
            facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))
            tensors = load_file(folder / WEIGHTS_FILE)
            alone, among = (
                Trees.of(
                    facts["features"][name],
                    {part: tensors[f"{name}.{part}"] for part in PARTS},
                )
                for name in (ALONE, AMONG)
            )
            mix, slope, intercept, threshold = (float(facts[name]) for name in NUMBERS)
            own = facts["facts"]
            matcher = cls(facts["id"], alone, among, mix, slope, intercept, threshold, facts=own)
            matcher._check()
        except Exception as error:
            # safetensors raises an error of its own kind, which is no subclass of ValueError.
            raise MissingModelError(
                f"There is no usable matcher in '{folder}' ({error}). Train one with 'shopclerk finetune match "
                "--set data.file=PAIRS.jsonl', or set matcher to 'embedded'."
            ) from error
        return matcher

    def _check(self) -> None:
        """Refuse trees that ask for features which this version does not make."""
        nothing = np.zeros(1, np.int64)
        pairs = self.features(self.read([Listing("1", "a")]), nothing, nothing)
        table = among_table(pairs, np.zeros(1, np.float32), nothing, nothing, nothing)
        for trees, made in ((self.alone, pairs), (self.among, table)):
            if trees.names != made.names:
                raise ValueError("it was trained by another version, on other features")


def among_table(
    pairs: PairFeatures, alone: Floats, left: Ints, right: Ints, first: Ints
) -> PairFeatures:
    """Return the features of distinct pairs with how each stands among its rivals.

    Args:
        pairs: Features of all pairs.
        alone: What each is held to be by itself.
        left: Rows of the left listings.
        right: Rows of the right listings.
        first: A place of each distinct pair, see `distinct_pairs`.
    """
    own = PairFeatures(pairs.names, pairs.values[first])
    standing = group_features(rival_scores(own, alone[first]), left[first], right[first])
    return joined_table(own, standing)


def joined_table(own: PairFeatures, standing: Mapping[str, Floats]) -> PairFeatures:
    """Return the features of pairs with how they stand among their rivals."""
    columns = np.stack(list(standing.values()), axis=1)
    values = np.concatenate([own.values, columns], axis=1).astype(np.float32)
    return PairFeatures((*own.names, *standing), values)


def shipped_folder() -> Path:
    """Return where the matcher lies that comes along."""
    return Path(str(files("shopclerk").joinpath("models", "weights", "matcher")))


def open_matcher(address: str = EMBEDDED) -> ProductMatcher:
    """Return the matcher at an address: `embedded` or a folder.

    Raises:
        MissingModelError: There is none.
    """
    return ProductMatcher.load(shipped_folder() if address == EMBEDDED else Path(address))
