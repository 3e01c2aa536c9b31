"""Attribute values out of a listing's texts: verbatim, with their place, and null where the text states none.

`EmbeddedExtractor` joins three kinds of evidence in one trained scorer over candidate spans: what a shop's own listings
say (`attribute_gazetteer.py`), the shape of numbers and units, and MiniLM with an adapter that reads the name, the
category and the text together. Names that no training saw are read like any other word.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

from shopclerk.models.attribute_constraints import canonical, forbidden
from shopclerk.models.attribute_decode import Choice, choose, overlap_costs
from shopclerk.models.attribute_features import Evidence, span_features
from shopclerk.models.attribute_gazetteer import Gazetteer, Labelled
from shopclerk.models.attribute_head import Array
from shopclerk.models.attribute_model import ExtractorModel, load_model, shipped_folder
from shopclerk.models.attribute_prompt import MAX_NAMES, Prompt
from shopclerk.models.attribute_schema import AttributeSpec
from shopclerk.models.attribute_spans import Pieces, windows

Field = Literal["title", "description"]

WINDOWS: tuple[tuple[Field, int], ...] = (("title", 2), ("description", 6))
IMPOSSIBLE = -30.0
EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class Listing:
    """What is read, and what is asked for.

    Attributes:
        title: As the seller wrote it.
        attributes: What to look for.
        description: Longer text, may be empty.
        category: Its category, may be empty.
    """

    title: str
    attributes: tuple[AttributeSpec, ...]
    description: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One value.

    Attributes:
        text: As it stands in the listing.
        field: Where.
        start: Its first character there.
        end: The one behind its last.
        confidence: Its probability, 0 to 1.
        canonical: The allowed value that it stands for, None where any value is allowed.
    """

    text: str
    field: Field
    start: int
    end: int
    confidence: float
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """The answer for one attribute.

    Attributes:
        name: The attribute's name.
        values: Its values, empty where the text states none.
        confidence: Probability of the answer as a whole, 0 to 1.
        made_by: The extractor's id.
    """

    name: str
    values: tuple[Value, ...]
    confidence: float
    made_by: str

    @property
    def texts(self) -> list[str] | None:
        """The values alone, None where the text states none."""
        return [value.text for value in self.values] or None


class AttributeExtractor(Protocol):
    """Finds attribute values in listings."""

    @property
    def id(self) -> str:
        """Names the weights."""
        ...

    def extract(self, listings: Sequence[Listing]) -> list[dict[str, Extracted]]:
        """Return, for each listing in the order given, name to answer."""
        ...


@dataclass(frozen=True, slots=True)
class _Window:
    """One pass: some names of one listing over one window of its texts."""

    listing: int
    field: Field
    pieces: Pieces
    attributes: tuple[AttributeSpec, ...]
    given: Gazetteer | None


@dataclass(frozen=True)
class EmbeddedExtractor:
    """The trained span scorer.

    Attributes:
        model: Weights, counts and encoder.
        gazetteer: The shop's own counts; None for those that came with the model.
    """

    model: ExtractorModel
    gazetteer: Gazetteer | None = field(default=None, compare=False)

    @cached_property
    def id(self) -> str:
        """Names the weights; says so where they read counts alone."""
        return self.model.id

    @property
    def counts(self) -> Gazetteer:
        """The counts in use."""
        return self.model.gazetteer if self.gazetteer is None else self.gazetteer

    def extract(self, listings: Sequence[Listing]) -> list[dict[str, Extracted]]:
        """Return, for each listing, name to answer. A listing without text, or without names, gets nulls, or nothing."""
        passes = [
            one for number, listing in enumerate(listings) for one in _passes(number, listing)
        ]
        prompts = [self._prompt(one, listings[one.listing].category) for one in passes]
        states = self.model.states([prompt for prompt in prompts if prompt is not None])
        found: list[dict[str, Extracted]] = [
            {spec.name: Extracted(spec.name, (), 1.0, self.id) for spec in listing.attributes}
            for listing in listings
        ]
        read: set[tuple[int, str]] = set()
        for place, one in enumerate(passes):
            row = states[place] if states else None
            for answer in self._answers(one, listings[one.listing], prompts[place], row):
                before = found[one.listing][answer.name]
                first = (one.listing, answer.name) not in read
                read.add((one.listing, answer.name))
                found[one.listing][answer.name] = answer if first else _better(before, answer)
        return found

    def _prompt(self, one: _Window, category: str) -> Prompt | None:
        if self.model.writer is None:
            return None
        return self.model.writer.write(category, [spec.name for spec in one.attributes], one.pieces)

    def _answers(
        self, one: _Window, listing: Listing, prompt: Prompt | None, states: Array | None
    ) -> list[Extracted]:
        names = [spec.name for spec in one.attributes]
        evidence = Evidence(one.pieces, listing.category, self.counts, given=one.given)
        features, about = span_features(evidence, names)
        scores = self.model.head.scores(features, about, states, prompt, one.pieces.spans)
        for row, spec in enumerate(one.attributes):
            scores[row, 1:][forbidden(spec, one.pieces)] = IMPOSSIBLE
        several = [self.counts.has_several(name, listing.category) for name in names]
        costs = overlap_costs(self.counts, names)
        choices = choose(scores, one.pieces.spans, costs, several)
        return [
            self._answer(one, spec, listing.category, choice)
            for spec, choice in zip(one.attributes, choices, strict=True)
        ]

    def _answer(
        self, one: _Window, spec: AttributeSpec, category: str, choice: Choice
    ) -> Extracted:
        values = tuple(
            self._value(one, spec, category, span, sure)
            for span, sure in zip(choice.spans, choice.confidences, strict=False)
        )
        return Extracted(spec.name, values, max(choice.confidences), self.id)

    def _value(
        self, one: _Window, spec: AttributeSpec, category: str, span: tuple[int, int], sure: float
    ) -> Value:
        start, end = one.pieces.place(*span)
        text = one.pieces.text[start:end]
        wanted = self.counts.rewrite(spec.name, category, one.pieces.key(*span))
        inner = text.lower().find(wanted) if wanted else -1
        if wanted and inner >= 0:
            start, end = start + inner, start + inner + len(wanted)
            text = one.pieces.text[start:end]
        return Value(text, one.field, start, end, sure, canonical(spec, text))


def _passes(number: int, listing: Listing) -> list[_Window]:
    found = []
    for start in range(0, len(listing.attributes), MAX_NAMES):
        some = listing.attributes[start : start + MAX_NAMES]
        given = example_counts(some, listing.category)
        for where, limit in WINDOWS:
            text = listing.title if where == "title" else listing.description
            for pieces in windows(text, limit):
                if len(pieces):
                    found.append(_Window(number, where, pieces, some, given))
    return found


def example_counts(attributes: Sequence[AttributeSpec], category: str) -> Gazetteer | None:
    """Return counts of the examples and allowed values that a caller gave, None where there are none."""
    rows = [
        Labelled(pieces, category, {spec.name: (value,)})
        for spec in attributes
        for value in dict.fromkeys((*spec.examples, *spec.allowed))
        for pieces in windows(value, 1)
        if len(pieces)
    ]
    return Gazetteer.of(rows) if rows else None


def _better(one: Extracted, other: Extracted) -> Extracted:
    """Return the answer with values, or the surer of two; the first where they are equal."""
    if bool(one.values) != bool(other.values):
        return one if one.values else other
    if not one.values:
        return one if one.confidence <= other.confidence else other
    return other if other.confidence > one.confidence else one


def open_extractor(
    address: str, cache: Path, *, threads: int | None = None, gazetteer: Gazetteer | None = None
) -> EmbeddedExtractor:
    """Return the extractor at an address: `embedded`, or the folder of a trained one.

    Args:
        address: Where it comes from.
        cache: Where the exported encoder of the embedded one is kept; a trained one keeps its own beside it.
        threads: Threads of a batch.
        gazetteer: Counts of the shop's own listings; None for those that came with the model.

    Raises:
        MissingModelError: There is none, or it is damaged.
    """
    if address == EMBEDDED:
        return EmbeddedExtractor(load_model(shipped_folder(), cache, threads=threads), gazetteer)
    folder = Path(address)
    return EmbeddedExtractor(load_model(folder, folder, threads=threads), gazetteer)
