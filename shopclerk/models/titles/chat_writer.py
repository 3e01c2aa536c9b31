"""Titles, bullet points and meta descriptions by the chat model, held to what the listing says."""

import logging
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from shopclerk.models.titles.checker import invented_words, plain_words
from shopclerk.models.titles.length import shorten
from shopclerk.models.titles.listing import Listing, OwnWords
from shopclerk.models.titles.title import MAX_TITLE_CHARS
from shopclerk.models.titles.words import fold, is_common, is_english
from shopclerk.prompts.loader import load_prompt

log = logging.getLogger(__name__)

Ask = Callable[[str], str]
"""Takes a prompt, gives the chat model's answer."""

MAX_META_CHARS = 155
MAX_BULLETS = 5
MAX_FIELD_CHARS = 800
UNSURE = 0.5
"""A chat model does not say how sure it is."""

_INNER_NAME = re.compile(r"(?<=[^.!?:\s]\s)[A-Z][^\W_]*")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d+[.)])\s*(.+)$", re.MULTILINE)


class ChatTitles:
    """The chat model as a writer of titles.

    Args:
        ask: Asks it.
        model: Its name.
        prompts: A folder of prompts that go before those that come along.
    """

    reads_rules = False

    def __init__(self, ask: Ask, model: str, prompts: Path | None = None) -> None:
        self._ask = ask
        self.id = f"chat-{model}"
        self._prompt = load_prompt("title_write", prompts)

    def write(self, titles: Sequence[str], owns: Sequence[OwnWords]) -> list[tuple[str, float]]:
        """Return (title, how sure); empty where the model fails."""
        return [self._write(title, own) for title, own in zip(titles, owns, strict=True)]

    def _write(self, title: str, own: OwnWords) -> tuple[str, float]:
        values = "; ".join(value for values in own.values.values() for value in values)
        prompt = self._prompt.render(
            title=title,
            brand=own.brand or "unknown",
            fields=values[:MAX_FIELD_CHARS] or "none",
            limit=MAX_TITLE_CHARS,
        )
        said = _asked(self._ask, prompt).strip().splitlines()
        return (said[0].strip(" \"'"), UNSURE) if said else ("", 0.0)


def _asked(ask: Ask, prompt: str) -> str:
    try:
        return ask(prompt)
    except Exception as error:
        # Whatever a client library raises, the rules write.
        log.info("the chat model cannot write: %s", error)
        return ""


def write_bullets(
    listing: Listing, title: str, ask: Ask | None = None, *, count: int = 4
) -> list[str]:
    """Return bullet points for a listing: by the chat model where one is given, else its fields one by one.

    A point that names a number or a word of content that no field holds is dropped.

    Args:
        listing: The listing.
        title: Its clean title.
        ask: Asks the chat model.
        count: How many are wanted.
    """
    count = min(count, MAX_BULLETS)
    by_rule = _fact_lines(listing)[:count]
    if ask is None:
        return by_rule
    prompt = load_prompt("listing_bullets").render(
        title=title, facts="\n".join(_facts(listing)), count=count
    )
    said = _BULLET.findall(_asked(ask, prompt))
    kept = [text.strip() for text in said if text.strip() and grounded(text, listing)]
    return kept[:count] or by_rule


def write_meta(listing: Listing, title: str, ask: Ask | None = None) -> str:
    """Return a description of at most 155 characters for a page of search results.

    By the chat model where one is given and says nothing that the listing does not; else title and fields.
    """
    if ask is not None:
        prompt = load_prompt("meta_description").render(
            title=title, facts="\n".join(_facts(listing)), limit=MAX_META_CHARS
        )
        said = " ".join(_asked(ask, prompt).split()).strip("\"'")
        if said and len(said) <= MAX_META_CHARS and grounded(said, listing):
            return said
    text = ". ".join([title, *_fact_lines(listing)])
    return shorten(text, OwnWords(listing), MAX_META_CHARS)


def grounded(text: str, listing: Listing) -> bool:
    """Tell whether a text names no number, no name, and no rare word that the listing does not hold."""
    inside = {fold(word) for word in _INNER_NAME.findall(text)}
    return not any(
        any(map(str.isdigit, word)) or not (is_english(word) and is_common(word)) or word in inside
        for word in invented_words(text, listing)
    )


def _facts(listing: Listing) -> list[str]:
    described = (listing.description or "")[:MAX_FIELD_CHARS]
    return [*_fact_lines(listing), *([described] if described else [])]


def _fact_lines(listing: Listing) -> list[str]:
    lines = [f"Brand: {listing.brand}"] if listing.brand else []
    for name, value in listing.attributes.items():
        values = [value] if isinstance(value, str) else [str(part) for part in value or ()]
        if values and plain_words(" ".join(values)):
            lines.append(f"{name[:1].upper()}{name[1:]}: {', '.join(values)}")
    return lines
