"""What makes the parts of a listing: the models, each behind the one signature that the graph calls."""

from collections.abc import Callable, Sequence
from typing import Any

from shopclerk.agents.listing.draft import Draft, Made
from shopclerk.agents.listing.helper import Skill
from shopclerk.models.captioner import Captioner
from shopclerk.models.quality.checker import ListingChecker
from shopclerk.models.title_writer import TitleWriter
from shopclerk.models.titles.chat_writer import MAX_BULLETS, Ask, write_bullets
from shopclerk.pictures import Picture

OpenPicture = Callable[[str], Picture]
FindSame = Callable[[Any], Sequence[tuple[str, float, str]]]


def caption_skill(captioner: Captioner, open_picture: OpenPicture) -> Skill:
    """Return what says what the main picture shows."""

    def skill(draft: Draft) -> Made:
        if not draft.given.images:
            return Made(why="There is no picture.")
        picture = open_picture(draft.given.images[0])
        caption = captioner.caption([picture.image])[0]
        return Made(
            value=caption.text,
            confidence=round(caption.score, 3),
            by=caption.made_by,
            why="picture",
        )

    return skill


def title_skill(writer: TitleWriter) -> Skill:
    """Return what writes the title from the words and all that is known."""

    def skill(draft: Draft) -> Made:
        title = writer.write([draft.product()])[0]
        changes = ", ".join(sorted({change.rule for change in title.changes}))
        return Made(
            value=title.title,
            confidence=round(title.confidence, 3),
            by=title.writer + (", mended by rule" if title.repaired else ""),
            why=f"changes: {changes}" if changes else "the words as they were",
            alternatives=((title.short_title, title.confidence),)
            if title.short_title != title.title
            else (),
        )

    return skill


def description_skill(ask: Ask | None = None) -> Skill:
    """Return what writes the description: the seller's own stands, else the title and a list of facts.

    Args:
        ask: The chat model, where it is to word the list; None lists the fields as they are.
    """

    def skill(draft: Draft) -> Made:
        own = draft.given.fields.get("description")
        if own:
            return Made(value=own, confidence=1.0, by="seller")
        product = draft.product()
        bullets = write_bullets(product, product.title, ask, count=MAX_BULLETS)
        text = "\n".join([product.title.rstrip(".") + ".", *(f"- {each}" for each in bullets)])
        by = "chat model, held to the fields" if ask else "template"
        return Made(value=text, confidence=1.0, by=by, why="title and attributes")

    return skill


def checks_skill(checker: Callable[[], ListingChecker]) -> Skill:
    """Return what finds faults; the value is a verdict as plain data."""

    def skill(draft: Draft) -> Made:
        verdict = checker().check(draft.product())
        return Made(
            value=verdict.record(), confidence=None, by="rules", why=f"score {verdict.score} of 100"
        )

    return skill


def duplicates_skill(find: FindSame) -> Skill:
    """Return what finds listings that are the same; the value is a list of id, probability and why."""

    def skill(draft: Draft) -> Made:
        same = [
            {"id": other, "probability": round(probability, 3), "why": why}
            for other, probability, why in find(draft.product())
        ]
        return Made(value=same, by="matcher")

    return skill
