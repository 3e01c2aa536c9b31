"""Skills that say what a listing is: its category and its attributes."""

from collections.abc import Callable, Mapping, Sequence

from shopclerk.agents.listing.draft import Draft, Made
from shopclerk.agents.listing.helper import Skill
from shopclerk.models.attribute_extractor import AttributeExtractor, Extracted, Listing
from shopclerk.models.attribute_schema import Schema
from shopclerk.models.category_mapper import CategoryInput, CategoryMapper
from shopclerk.models.value_normaliser import ValueNormaliser

SURE = 0.5
"""Confidence from which an attribute is filled in."""


def category_skill(
    mapper: CategoryMapper, picture_words: Callable[[Draft], Mapping[str, float]]
) -> Skill:
    """Return what puts a listing into a category.

    Args:
        mapper: Maps to the taxonomy.
        picture_words: What the draft's picture suggests, word to chance; empty without a picture.
    """

    def skill(draft: Draft) -> Made:
        given = draft.given
        asked = CategoryInput(
            given.fields.get("category"),
            given.text.strip() or None,
            given.fields.get("description"),
            picture_words(draft),
        )
        found = mapper.map([asked])[0]
        best = found.suggestions[0] if found.suggestions else None
        others = tuple((each.path, each.confidence) for each in found.suggestions)
        if best is None or not found.mapped:
            why = "Nothing in the taxonomy fits well enough."
            return Made(by=found.made_by, why=why, alternatives=others)
        return Made(
            value=best.path,
            confidence=best.confidence,
            by=found.made_by,
            why=best.why,
            alternatives=others[1:],
        )

    return skill


def attributes_skill(
    extractor: AttributeExtractor, schema: Schema, normaliser: ValueNormaliser
) -> Callable[[Draft, str | None], Made]:
    """Return what reads the attributes of a category out of a listing's words, with confidence and place of each."""

    def skill(draft: Draft, category: str | None) -> Made:
        known = draft.given.fields
        specs, _ = schema.attributes(str(known.get("category") or category or ""))
        if not specs:
            return Made(why="The shop's listings have no attributes to go by.")
        listing = Listing(
            draft.given.text,
            specs,
            known.get("description") or "",
            known.get("category") or category or "",
        )
        found = extractor.extract([listing])[0]
        return _told(list(found.values()), extractor.id, normaliser)

    return skill


def _told(found: Sequence[Extracted], made_by: str, normaliser: ValueNormaliser) -> Made:
    stated = [each for each in found if each.values and each.confidence >= SURE]
    if not stated:
        return Made(value={}, by=made_by, why="The words state none.")
    values = {
        each.name: texts[0] if len(texts := _in_one_spelling(each, normaliser)) == 1 else texts
        for each in stated
    }
    places = ", ".join(
        f"{each.name} at {each.values[0].field} {each.values[0].start} '{each.values[0].text}' ({each.confidence:.0%})"
        for each in stated
    )
    least = min(each.confidence for each in stated)
    return Made(value=values, confidence=round(least, 3), by=made_by, why=places)


def _in_one_spelling(found: Extracted, normaliser: ValueNormaliser) -> list[str]:
    """Return an answer's values as the shop and its tables spell them."""
    spelt = [
        (value.canonical,)
        if value.canonical
        else normaliser.normalise(value.text, found.name).values
        for value in found.values
    ]
    return list(dict.fromkeys(text for texts in spelt for text in texts))
