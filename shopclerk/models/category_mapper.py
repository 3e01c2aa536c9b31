"""A seller's category text, title, description or picture words mapped to a category of a taxonomy, or to none.

Candidates come from words, letters and meaning; a trained scorer weighs what speaks for each and what speaks for none of
them; confirmed mappings of the shop go before all else. It works for any taxonomy at once, without training.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.category_candidates import (
    Compared,
    Question,
    candidates,
    compare_questions,
    shortlist,
)
from shopclerk.models.category_features import features, statistics
from shopclerk.models.category_index import CategoryIndex, Floats, Ints, Nodes, Progress
from shopclerk.models.category_memory import NOTHING, Confirmed, MappingMemory
from shopclerk.models.category_reasons import reason
from shopclerk.models.category_scorer import CategoryScorer, shipped_folder
from shopclerk.models.category_words import Synonyms, read_source
from shopclerk.models.text_encoder import TextEncoder

MAX_CONTEXT_CHARS = 300
PICTURE_WORDS, SURE_WORD = 5, 0.2
KEPT_MEANINGS = 20_000
AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class CategoryInput:
    """What is known of a listing; at least one of the fields.

    Attributes:
        source: The seller's category text.
        title: The title.
        description: The description.
        picture_words: Words that its picture suggests, with how likely each is.
    """

    source: str | None = None
    title: str | None = None
    description: str | None = None
    picture_words: Mapping[str, float] | Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that may be meant.

    Attributes:
        id: The category's id.
        path: Its path, `A > B > C`.
        confidence: How likely it is right, 0 to 1.
        why: Which level matched what, in plain words.
    """

    id: str
    path: str
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class CategoryMapping:
    """The answer for one listing.

    Attributes:
        suggestions: The likeliest first.
        mapped: Whether the first one is good enough; if not, the listing is unmapped.
        none: How likely it is that no category fits, 0 to 1.
        made_by: The scorer's id, or `confirmed` where the shop decided before.
    """

    suggestions: tuple[Suggestion, ...]
    mapped: bool
    none: float
    made_by: str

    @property
    def best(self) -> Suggestion | None:
        """The category, None where the listing is unmapped."""
        return self.suggestions[0] if self.mapped and self.suggestions else None


class Tree(Protocol):
    """What a taxonomy must offer to be mapped to."""

    @property
    def digest(self) -> str:
        """Names the taxonomy."""
        ...

    def __iter__(self) -> "Iterator[Branch]":
        """Go through its categories."""
        ...


class Branch(Protocol):
    """A category of a taxonomy."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def path(self) -> tuple[str, ...]:
        """Names from the root to it."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names."""
        ...


def nodes_of(taxonomy: Tree) -> Nodes:
    """Return a taxonomy's categories as plain values."""
    found = list(taxonomy)
    return Nodes(
        [each.id for each in found],
        [each.path for each in found],
        [each.aliases for each in found],
        taxonomy.digest,
    )


class CategoryMapper:
    """Maps listings to the categories of a taxonomy.

    Args:
        index: The taxonomy.
        scorer: What weighs the candidates; None only while one is trained.
        confirmed: Mappings that the shop has confirmed.
    """

    def __init__(
        self,
        index: CategoryIndex,
        scorer: CategoryScorer | None,
        confirmed: Iterable[Confirmed] = (),
    ) -> None:
        self.index = index
        self.scorer = scorer
        self._meanings: dict[str, Floats] = {}
        # Another tree's levels are often called as this tree's are.
        self._named = dict(zip(index.meant_texts, index.term_meanings, strict=True))
        self._path = [" > ".join(path) for path in index.nodes.paths]
        self.memory = MappingMemory(confirmed, self._path, self.embed)

    @property
    def id(self) -> str:
        """Names the scorer."""
        return self.scorer.id if self.scorer else "none"

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return the meanings of texts, those seen lately from memory."""
        known = self._named
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if len(self._meanings) + len(new) > KEPT_MEANINGS:
            self._meanings.clear()
        due = [text for text in new if text not in self._meanings]
        if due:
            self._meanings |= zip(due, self.index.encoder.encode(due), strict=True)
        if not texts:
            return np.zeros((0, self.index.encoder.dimension), np.float32)
        return np.stack([known[text] if text in known else self._meanings[text] for text in texts])

    def forget(self) -> None:
        """Drop the meanings kept from earlier texts, for honest measuring of time."""
        self._meanings.clear()

    def evidence(
        self, texts: Sequence[tuple[str, str]], allowed: NDArray[np.bool_] | None = None
    ) -> tuple[Floats, Floats, Ints, Ints]:
        """Return (features, statistics, question, node) of the candidates of (source, title) pairs."""
        asked = [_question(CategoryInput(source, title)) for source, title in texts]
        _, table, about, question, node = self._weigh(asked, allowed)
        return table, about, question, node

    def _weigh(
        self, asked: Sequence[Question], allowed: NDArray[np.bool_] | None = None
    ) -> tuple[Compared, Floats, Floats, Ints, Ints]:
        compared = compare_questions(self.index, asked, self.embed)
        listed = shortlist(self.index, compared, allowed)
        question, node = candidates(self.index, compared, listed)
        return (
            compared,
            features(self.index, compared, question, node),
            statistics(self.index, compared, listed),
            question,
            node,
        )

    def map(
        self, listings: Sequence[CategoryInput], *, top: int = 5, progress: Progress | None = None
    ) -> list[CategoryMapping]:
        """Map listings, in order.

        Args:
            listings: What is known of each.
            top: How many suggestions each at most.
            progress: Called as the work goes on.
        """
        found: list[CategoryMapping] = []
        for start in range(0, len(listings), AT_ONCE):
            if progress:
                progress("Mapping", start, len(listings))
            found += self._map(listings[start : start + AT_ONCE], top)
        return found

    def _map(self, listings: Sequence[CategoryInput], top: int) -> list[CategoryMapping]:
        if self.scorer is None:
            raise ValueError("a mapper without a scorer weighs, but does not map")
        asked = [_question(each) for each in listings]
        compared, table, about, question, node = self._weigh(asked)
        bonus = self.memory.bonus([each.source.whole for each in asked], question, node)
        fit, none = self.scorer.probabilities(table, about, question, bonus)
        mapped = []
        for number, (each, listing) in enumerate(zip(asked, listings, strict=True)):
            mine = np.flatnonzero(question == number)
            best = mine[np.argsort(-fit[mine], kind="stable")[:top]]
            ranked = [(int(node[place]), float(fit[place])) for place in best]
            if not _says_something(each):
                mapped.append(CategoryMapping((), False, 1.0, self.scorer.id))
            elif (known := self._remembered(listing)) is not None:
                mapped.append(self._confirmed(known, ranked, compared, number, top))
            else:
                sure = float(none[number]) <= self.scorer.threshold
                said = tuple(self._suggestion(*hit, compared, number) for hit in ranked)
                mapped.append(CategoryMapping(said, sure, float(none[number]), self.scorer.id))
        return mapped

    def _remembered(self, listing: CategoryInput) -> int | None:
        return self.memory.exact(listing.source, listing.title) if listing.source else None

    def _suggestion(
        self, node: int, confidence: float, compared: Compared, number: int
    ) -> Suggestion:
        return Suggestion(
            str(self.index.nodes.ids[node]),
            self._path[node],
            round(confidence, 4),
            reason(self.index, compared, number, node),
        )

    def _confirmed(
        self,
        known: int,
        ranked: Sequence[tuple[int, float]],
        compared: Compared,
        number: int,
        top: int,
    ) -> CategoryMapping:
        if known == NOTHING:
            return CategoryMapping((), False, 1.0, "confirmed")
        first = Suggestion(
            str(self.index.nodes.ids[known]), self._path[known], 1.0, "confirmed before"
        )
        rest = [
            self._suggestion(node, confidence, compared, number)
            for node, confidence in ranked
            if node != known
        ]
        return CategoryMapping((first, *rest[: top - 1]), True, 0.0, "confirmed")


def _question(listing: CategoryInput) -> Question:
    """Put what is known of a listing as a question; without a category text, the title stands in."""
    words = listing.picture_words
    seen = (
        [word for word, chance in sorted(words.items(), key=lambda w: -w[1]) if chance >= SURE_WORD]
        if isinstance(words, Mapping)
        else list(words)
    )
    pictured = " ".join(seen[:PICTURE_WORDS])
    texts = [" ".join((text or "").split()) for text in (listing.title, listing.description)]
    context = " ".join(text[:MAX_CONTEXT_CHARS] for text in (*texts, pictured) if text)
    source = " ".join((listing.source or "").split())
    if source:
        return Question(read_source(source), context[: 2 * MAX_CONTEXT_CHARS])
    stand_in = texts[0] or pictured or texts[1]
    return Question(read_source(stand_in), context[: 2 * MAX_CONTEXT_CHARS], stands_in=True)


def _says_something(question: Question) -> bool:
    return any(char.isalpha() for char in question.source.whole + question.context)


def open_category_mapper(
    taxonomy: Tree,
    encoder: TextEncoder,
    synonyms: Iterable[Sequence[str]],
    *,
    address: str = "embedded",
    cache: Path | None = None,
    confirmed: Iterable[Confirmed] = (),
    progress: Callable[[str, int, int | None], None] | None = None,
) -> CategoryMapper:
    """Return a mapper to a taxonomy.

    Args:
        taxonomy: The categories.
        encoder: The text encoder.
        synonyms: Groups of names that mean the same.
        address: The scorer: `embedded`, or the folder of one.
        cache: Where embedded names are kept; None keeps nothing.
        confirmed: Mappings that the shop has confirmed.
        progress: Called while the taxonomy's names are embedded, once for a taxonomy.

    Raises:
        MissingModelError: There is no usable scorer at the address.
    """
    scorer = CategoryScorer.load(shipped_folder() if address == "embedded" else Path(address))
    index = CategoryIndex(
        nodes_of(taxonomy), encoder, Synonyms(synonyms), cache=cache, progress=progress
    )
    return CategoryMapper(index, scorer, confirmed)
