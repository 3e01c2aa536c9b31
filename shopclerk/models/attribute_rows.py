"""Listings with the values of their attributes, given by people or found where a catalogue's values stand in its texts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shopclerk.models.attribute_gazetteer import Labelled
from shopclerk.models.attribute_spans import find_value, windows

TITLE_WINDOWS, DESCRIPTION_WINDOWS = 1, 2

Values = Mapping[str, tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """A listing with its attributes.

    Attributes:
        title: As the seller wrote it.
        description: Longer text, may be empty.
        category: Its category, may be empty.
        values: Name to values as they stand in the text, None where it states none.
    """

    title: str
    description: str
    category: str
    values: Values


def stated(
    title: str, description: str, category: str, given: Mapping[str, Sequence[str]]
) -> AttributeRow | None:
    """Return a product with those of its attributes that its own texts state, a weak label; None where there are none."""
    pieces = [*windows(title, TITLE_WINDOWS), *windows(description, DESCRIPTION_WINDOWS)]
    values: dict[str, tuple[str, ...] | None] = {}
    for name, known in given.items():
        here = tuple(value for value in known if any(find_value(each, value)[1] for each in pieces))
        if here:
            values[name] = here
    return AttributeRow(title, description, category, values) if values else None


def labelled(row: AttributeRow) -> Iterator[Labelled]:
    """Yield the windows of a row's texts, each with the values that stand in it.

    A value that stands in another window is no evidence in this one, so its name is left out there.
    """
    found = list(windows(row.title, TITLE_WINDOWS))
    if row.description:
        found += windows(row.description, DESCRIPTION_WINDOWS)
    for pieces in found:
        values: dict[str, tuple[str, ...] | None] = {}
        for name, wanted in row.values.items():
            here = tuple(value for value in wanted or () if find_value(pieces, value)[0])
            if wanted is None or here:
                values[name] = here or None
        if values and len(pieces):
            yield Labelled(pieces, row.category, values)
