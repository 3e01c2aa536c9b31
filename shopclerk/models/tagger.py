"""A shop's own tagger: picture, words or both to the shop's tags.

Heads over frozen encoders (`linear_heads.py`), groups of tags that rule each other out (`tag_groups.py`), a threshold for
each tag (`tag_decisions.py`); learned from the shop's tagged products by `finetune/tagger.py`. Each tag says what spoke
for it: the picture, the words, or both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.head_files import load_folder, save_folder
from shopclerk.models.linear_heads import FusedHeads, Inputs, Pattern
from shopclerk.models.listing_features import Listing, ListingFeatures
from shopclerk.models.tag_decisions import Flags, decide, ranked
from shopclerk.models.tag_groups import TagGroup, chances

Vectors = NDArray[np.float32]

KIND = "tagger"
PICTURE, WORDS, BOTH = "picture", "words", "picture and words"
LEAST_TAGS, MOST_TAGS = 3, 10
SPEAKS = 0.5
"""Share of a tag's chance that a head must give it by itself to have spoken for it."""


@dataclass(frozen=True, slots=True)
class SuggestedTag:
    """A tag for a listing.

    Attributes:
        tag: The tag.
        score: How likely, 0 to 1.
        source: Where it came from: picture, words, picture and words, neighbours, catalogue words, chat model.
    """

    tag: str
    score: float
    source: str


@dataclass(frozen=True)
class TagRules:
    """How chances become tags.

    Attributes:
        groups: Tags that rule each other out.
        thresholds: `(labels,)`, from which chance on a tag is said.
        shares: `(labels,)`, the share of deserved tags that the data names; ones where it names all.
    """

    groups: tuple[TagGroup, ...]
    thresholds: Vectors
    shares: Vectors

    def chances(self, logits: Vectors) -> Vectors:
        """Return the chance of each tag."""
        return np.asarray(np.minimum(chances(logits, self.groups) / self.shares, 1.0), np.float32)


class Tagger:
    """Says which tags a listing has.

    Args:
        tags: The vocabulary.
        heads: The heads.
        features: Reads listings.
        rules: How chances become tags.
        addresses: Role to address of the encoders, as settings name them.
    """

    def __init__(
        self,
        tags: Sequence[str],
        heads: FusedHeads,
        features: ListingFeatures,
        rules: TagRules,
        addresses: Mapping[str, str | None],
    ) -> None:
        self.tags = tuple(tags)
        self.heads, self.features, self.rules = heads, features, rules
        self._addresses = dict(addresses)

    @property
    def id(self) -> str:
        """What it is made of."""
        parts = ", ".join(sorted(self.heads.heads))
        return f"linear heads ({parts}), {len(self.tags)} tags in {len(self.rules.groups)} groups"

    def judge(self, inputs: Inputs) -> tuple[Vectors, Flags]:
        """Return the chances `(n, tags)` and which tags are said; none for listings with nothing to read."""
        found = self.rules.chances(self.heads.logits(inputs))
        said = decide(found, self.rules.groups, self.rules.thresholds)
        able = self.heads.can_judge(inputs)[:, None]
        return found * able, said & able

    def suggest(
        self, listings: Sequence[Listing], *, least: int = LEAST_TAGS, most: int = MOST_TAGS
    ) -> list[list[SuggestedTag]]:
        """Return tags for each listing, the likeliest first; none for listings with nothing to read.

        Args:
            listings: The listings.
            least: Where fewer tags are likely enough, the likeliest others fill up.
            most: Tags a listing at most.
        """
        inputs = self.features.read(listings)
        found, said = self.judge(inputs)
        order, sources = ranked(found, said), self._sources(inputs)
        able = self.heads.can_judge(inputs)
        result = []
        for row, places in enumerate(order):
            count = min(max(least, int(said[row].sum())), most) if able[row] else 0
            result.append(
                [
                    SuggestedTag(self.tags[p], float(found[row, p]), sources[row][p])
                    for p in places[:count]
                ]
            )
        return result

    def _sources(self, inputs: Inputs) -> list[list[str]]:
        """Return what spoke for each tag of each listing: a head that alone makes it likely."""
        alone: dict[str, Vectors] = {}
        for name in ("picture", "text"):
            if name in self.heads.heads:
                mix = self.heads.mixes.get(_pattern(name), {})
                weight = np.float32(sum(mix.values()) or 1.0)
                alone[name] = self.rules.chances(self.heads.heads[name].logits(inputs) * weight)
        zeros = np.zeros((len(inputs), len(self.tags)), np.float32)
        seen = alone.get("picture", zeros) * inputs.has_picture[:, None]
        read = alone.get("text", zeros) * inputs.has_text[:, None]
        top = np.maximum(np.maximum(seen, read), 1e-9)
        by_picture, by_words = seen / top >= SPEAKS, read / top >= SPEAKS
        named = np.select([by_picture & by_words, by_picture], [BOTH, PICTURE], WORDS)
        return [[str(each) for each in row] for row in named]

    def save(self, folder: Path) -> None:
        """Write it into a folder."""
        groups = [
            {"tags": group.columns.tolist(), "always": group.always} for group in self.rules.groups
        ]
        save_folder(
            folder,
            KIND,
            self.tags,
            self.heads,
            self.features,
            tensors={"thresholds": self.rules.thresholds, "shares": self.rules.shares},
            facts={**self._addresses, "groups": groups},
        )

    @classmethod
    def load(cls, folder: Path, cache: Path, *, threads: int | None = None) -> "Tagger":
        """Read one from a folder.

        Raises:
            MissingModelError: There is none, or it is damaged.
        """
        held = load_folder(folder, KIND, cache, threads=threads)
        rules = TagRules(
            tuple(_group(each) for each in held.facts["groups"]),
            held.tensors["thresholds"],
            held.tensors["shares"],
        )
        addresses = {name: held.facts.get(name) for name in ("image_address", "text_address")}
        return cls(held.labels, held.heads, held.features, rules, addresses)


def _pattern(name: str) -> Pattern:
    return "picture" if name == "picture" else "text"


def _group(record: Mapping[str, Any]) -> TagGroup:
    return TagGroup(np.array(record["tags"], dtype=np.intp), bool(record["always"]))
